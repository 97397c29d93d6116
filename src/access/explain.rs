//! Explaining: why somebody may do something, and for a no the smallest change that would make it a yes.

use std::collections::BTreeSet;

use super::{Catalogue, Decision, Grant, GroupRoles, Service, Standing, decide};
use crate::base::ids::{AccessRequestId, GroupId};

/// What could be done for somebody, as far as it is there already.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offers<'a> {
    /// Every group with the roles it carries.
    pub groups: &'a [GroupRoles],
    /// Requests of theirs that wait to be decided, each with its role.
    pub pending: &'a [(AccessRequestId, String)],
}

/// A change that would let somebody do what they may not do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Approve a request of theirs that waits.
    Approve { request: AccessRequestId, role: String },
    /// Add them to a group that carries a role which contains the action.
    Join { group: GroupId, name: String, role: String },
    /// Give them the role by a rule of an access policy, or for a time by a request.
    Give { role: String },
}

#[derive(Debug)]
pub enum Answer<'a> {
    /// No service has an action of this name.
    Unknown,
    /// With every reason.
    Yes(Vec<&'a Grant>),
    /// With one change of each kind that would help, the smallest first: that by which they gain the fewest other
    /// actions, and of equals the one that is least work. Empty when no role contains the action.
    No(Vec<Remedy>),
}

/// May they do this, and why; or what would let them.
pub fn explain<'a>(
    catalogue: &Catalogue,
    standing: &'a Standing,
    action: &str,
    offers: Offers<'_>,
) -> Answer<'a> {
    if !catalogue.has_action(action) {
        return Answer::Unknown;
    }
    let decision: Decision<'a> = decide(catalogue, standing, action);
    match decision.is_yes() {
        true => Answer::Yes(decision.because),
        false => Answer::No(remedies(catalogue, standing, action, offers)),
    }
}

fn remedies(
    catalogue: &Catalogue,
    standing: &Standing,
    action: &str,
    Offers { groups, pending }: Offers<'_>,
) -> Vec<Remedy> {
    let held = actions_of(catalogue, standing.grants.iter().map(|grant| &grant.role));
    let gain = |roles: &[String]| actions_of(catalogue, roles).difference(&held).count();
    let gives = |role: &&String| catalogue.gives(role, action);
    let approve = pending.iter().filter(|(_, role)| gives(&role)).map(|(request, role)| {
        (gain(std::slice::from_ref(role)), Remedy::Approve { request: *request, role: role.clone() })
    });
    let join = groups.iter().filter_map(|group| {
        let role = group.roles.iter().find(gives)?.clone();
        Some((gain(&group.roles), Remedy::Join { group: group.id, name: group.name.clone(), role }))
    });
    let give = catalogue.roles().iter().filter(|role| role.actions.contains(action)).map(|role| {
        (
            role.actions.iter().filter(|it| !held.contains(it.as_str())).count(),
            Remedy::Give { role: role.id.clone() },
        )
    });
    // Of equals the first is taken, so these stand in the order of the work they make.
    let least = [smallest(approve), smallest(join), smallest(give)];
    let mut found: Vec<_> = least.into_iter().flatten().collect();
    found.sort_by_key(|(gain, _)| *gain);
    found.into_iter().map(|(_, remedy)| remedy).collect()
}

fn smallest(remedies: impl Iterator<Item = (usize, Remedy)>) -> Option<(usize, Remedy)> {
    remedies.min_by_key(|(gain, _)| *gain)
}

fn actions_of<'c>(
    catalogue: &'c Catalogue,
    roles: impl IntoIterator<Item = &'c String>,
) -> BTreeSet<&'c str> {
    let roles = roles.into_iter().filter_map(|role| catalogue.role(role));
    roles.flat_map(|role| role.actions.iter().map(String::as_str)).collect()
}

/// An action somebody may do, and the roles of theirs that contain it.
#[derive(Debug)]
pub struct Ability<'c> {
    pub action: &'c str,
    pub roles: Vec<&'c str>,
}

/// All that somebody may do, by service in the order of the catalogue; services of which they may do nothing are left
/// out.
pub fn abilities<'c>(catalogue: &'c Catalogue, standing: &Standing) -> Vec<(&'c Service, Vec<Ability<'c>>)> {
    let held: Vec<_> = catalogue.roles().iter().filter(|role| standing.holds(&role.id)).collect();
    let ability = |action: &'c String| {
        let with = held.iter().filter(|role| role.actions.contains(action));
        let roles: Vec<&str> = with.map(|role| role.name.as_str()).collect();
        (!roles.is_empty()).then_some(Ability { action, roles })
    };
    let of = |service: &'c Service| (service, service.actions.iter().filter_map(ability).collect::<Vec<_>>());
    catalogue.services().iter().map(of).filter(|(_, abilities)| !abilities.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Source;
    use crate::base::ids::{PolicyId, RuleId};

    fn holding(roles: &[&str]) -> Standing {
        let grant = |role: &&str| Grant {
            role: (*role).to_owned(),
            source: Source::Rule {
                policy: PolicyId::new(),
                policy_name: "own".into(),
                rule: RuleId::new(),
                group: None,
            },
        };
        Standing::new(roles.iter().map(grant).collect(), Vec::new())
    }

    fn group(name: &str, roles: &[&str]) -> GroupRoles {
        let roles = roles.iter().map(|role| (*role).to_owned()).collect();
        GroupRoles { id: GroupId::new(), name: name.into(), roles }
    }

    fn told(standing: &Standing, action: &str, offers: Offers<'_>) -> Vec<String> {
        let catalogue = Catalogue::built_in().unwrap();
        match explain(&catalogue, standing, action, offers) {
            Answer::Unknown => vec!["unknown".into()],
            Answer::Yes(grants) => grants.iter().map(|grant| format!("yes by {}", grant.role)).collect(),
            Answer::No(remedies) => remedies
                .iter()
                .map(|remedy| match remedy {
                    Remedy::Approve { role, .. } => format!("approve {role}"),
                    Remedy::Join { name, role, .. } => format!("join {name} for {role}"),
                    Remedy::Give { role } => format!("give {role}"),
                })
                .collect(),
        }
    }

    #[test]
    fn a_yes_has_every_reason_and_what_nobody_knows_is_told_apart() {
        let standing = holding(&["iam_viewer", "cks_admin", "iam_admin"]);
        assert_eq!(
            told(&standing, "iam.users.read", Offers::default()),
            ["yes by iam_viewer", "yes by iam_admin"]
        );
        assert_eq!(told(&standing, "iam.users.eat", Offers::default()), ["unknown"]);
    }

    #[test]
    fn the_smallest_change_gives_the_fewest_other_actions() {
        let (write, list) =
            (group("write", &["cks_admin", "object_storage_admin"]), group("look", &["cks_viewer"]));
        let groups = [write, list];
        let offers = Offers { groups: &groups, pending: &[] };
        let nobody = Standing::default();
        assert_eq!(told(&nobody, "cks.vpcs.list", offers), ["join look for cks_viewer", "give cks_viewer"]);
        assert_eq!(told(&nobody, "cks.vpcs.create", offers), ["give cks_admin", "join write for cks_admin"]);
        assert_eq!(told(&nobody, "support.tickets.read", offers), ["give support_viewer"]);
        // Whoever holds the rest already gains as little by the group as by the role.
        let storage = holding(&["object_storage_admin"]);
        assert_eq!(told(&storage, "cks.vpcs.create", offers), ["join write for cks_admin", "give cks_admin"]);
    }

    #[test]
    fn a_request_that_waits_and_helps_is_least_work() {
        let (waiting, other) = (AccessRequestId::new(), AccessRequestId::new());
        let pending = [(other, "billing_viewer".to_owned()), (waiting, "cks_admin".to_owned())];
        let offers = Offers { groups: &[], pending: &pending };
        assert_eq!(
            told(&Standing::default(), "cks.vpcs.create", offers),
            ["approve cks_admin", "give cks_admin"]
        );
        assert_eq!(told(&Standing::default(), "support.tickets.read", offers), ["give support_viewer"]);
    }

    #[test]
    fn an_action_that_no_role_contains_has_no_remedy() {
        let text = "[[services]]\nid = 'games'\nname = 'Games'\nactions = ['games.play']\n";
        let catalogue = Catalogue::built_in().unwrap().extended(text).unwrap();
        let standing = Standing::default();
        let answer = explain(&catalogue, &standing, "games.play", Offers::default());
        assert!(matches!(answer, Answer::No(remedies) if remedies.is_empty()));
    }

    #[test]
    fn what_somebody_may_do_is_listed_by_service_with_the_roles_that_let_them() {
        let catalogue = Catalogue::built_in().unwrap();
        let all = abilities(&catalogue, &holding(&["cks_viewer", "cks_admin", "billing_viewer"]));
        let services: Vec<_> = all.iter().map(|(service, _)| service.id.as_str()).collect();
        assert_eq!(services, ["cks", "billing"]);
        let list = &all[0].1[0];
        assert_eq!(
            (list.action, list.roles.as_slice()),
            ("cks.clusters.list", &["CKS Viewer", "CKS Admin"][..])
        );
    }
}
