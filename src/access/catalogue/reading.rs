//! Reading a catalogue as it is written, with the line of every mistake.

use std::{collections::BTreeSet, ops::Range};

use serde::Deserialize;
use toml::Spanned;

use super::{Catalogue, Role, Service, StandardGroup};
use crate::base::fold;

/// What is wrong with a catalogue, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct Mistake {
    pub line: usize,
    pub reason: String,
}

/// The services that guard the console itself: an action that it does not know of would guard nothing.
const OWN: [&str; 3] = ["iam", "tokens", "requests"];
/// The longest name of an action, a service or a role, in characters.
const MOST: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    services: Vec<WrittenService>,
    roles: Vec<WrittenRole>,
    groups: Vec<StandardGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Addition {
    #[serde(default)]
    services: Vec<WrittenService>,
    #[serde(default)]
    roles: Vec<WrittenRole>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenService {
    id: Spanned<String>,
    name: Option<Spanned<String>>,
    actions: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRole {
    id: Spanned<String>,
    name: Spanned<String>,
    #[serde(default)]
    includes: Vec<Spanned<String>>,
    #[serde(default)]
    actions: Vec<Spanned<String>>,
}

/// A reason with the bytes it is about.
type Wrong = (Range<usize>, String);

pub(super) fn whole(text: &str) -> Result<Catalogue, Mistake> {
    let Whole { services, roles, groups } = written(text)?;
    let mut catalogue = Catalogue::default();
    add_all(&mut catalogue, services, roles, true).map_err(|wrong| located(text, wrong))?;
    for group in groups {
        if let Some(role) = group.roles.iter().find(|role| catalogue.role(role).is_none()) {
            let reason = format!("group {:?} names the role {role:?}, which is not described", group.name);
            return Err(located(text, (text.len()..text.len(), reason)));
        }
        catalogue.groups.push(group);
    }
    Ok(catalogue)
}

pub(super) fn added(mut catalogue: Catalogue, text: &str) -> Result<Catalogue, Mistake> {
    let Addition { services, roles } = written(text)?;
    let is_own = |service: &&WrittenService| OWN.contains(&service.id.get_ref().as_str());
    if let Some(own) = services.iter().find(is_own) {
        let reason = format!(
            "the service {:?} guards the console itself and has all its actions already",
            own.id.get_ref()
        );
        return Err(located(text, (own.id.span(), reason)));
    }
    add_all(&mut catalogue, services, roles, false).map_err(|wrong| located(text, wrong))?;
    Ok(catalogue)
}

fn written<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Mistake> {
    toml::from_str(text).map_err(|error| {
        let place = error.span().unwrap_or(0..0);
        located(text, (place, error.message().to_owned()))
    })
}

fn located(text: &str, (place, reason): Wrong) -> Mistake {
    let before = text.as_bytes().iter().take(place.start);
    Mistake { line: 1 + before.filter(|byte| **byte == b'\n').count(), reason }
}

fn add_all(
    catalogue: &mut Catalogue,
    services: Vec<WrittenService>,
    roles: Vec<WrittenRole>,
    is_built_in: bool,
) -> Result<(), Wrong> {
    let mut known: BTreeSet<String> =
        catalogue.services.iter().flat_map(|service| service.actions.iter().cloned()).collect();
    for service in services {
        add_service(catalogue, service, &mut known)?;
    }
    for role in roles {
        add_role(catalogue, role, &known, is_built_in)?;
    }
    Ok(())
}

/// A new service with its actions, or further actions of one that is there.
fn add_service(
    catalogue: &mut Catalogue,
    written: WrittenService,
    known: &mut BTreeSet<String>,
) -> Result<(), Wrong> {
    let WrittenService { id, name, actions } = written;
    must_be_an_id(&id, "service", "")?;
    let mut fresh = Vec::with_capacity(actions.len());
    for action in actions {
        must_be_an_id(&action, "action", ".")?;
        let place = action.span();
        let action = action.into_inner();
        if !action.starts_with(&format!("{}.", id.get_ref())) {
            let reason = format!(
                "the action {action:?} does not begin with the name of its service, {:?}",
                id.get_ref()
            );
            return Err((place, reason));
        }
        if !known.insert(action.clone()) {
            return Err((place, format!("the action {action:?} is described twice")));
        }
        fresh.push(action);
    }
    match catalogue.services.iter_mut().find(|service| service.id == *id.get_ref()) {
        Some(service) => {
            if let Some(name) = name.filter(|name| *name.get_ref() != service.name) {
                let reason = format!(
                    "the service {:?} is called {:?} already; leave the name out to add actions to it",
                    service.id, service.name
                );
                return Err((name.span(), reason));
            }
            service.actions.extend(fresh);
        }
        None => {
            let Some(name) = name else {
                return Err((id.span(), format!("the service {:?} has no name", id.get_ref())));
            };
            let name = must_be_a_name(name, "service", id.get_ref())?;
            catalogue.services.push(Service { id: id.into_inner(), name, actions: fresh });
        }
    }
    Ok(())
}

fn add_role(
    catalogue: &mut Catalogue,
    written: WrittenRole,
    known: &BTreeSet<String>,
    is_built_in: bool,
) -> Result<(), Wrong> {
    let WrittenRole { id, name, includes, actions } = written;
    must_be_an_id(&id, "role", "")?;
    let (place, id) = (id.span(), id.into_inner());
    if catalogue.role(&id).is_some() {
        return Err((place, format!("role {id:?} is described twice")));
    }
    let name_place = name.span();
    let name = must_be_a_name(name, "role", &id)?;
    let is_same = |role: &&Role| fold::name_key(&role.name) == fold::name_key(&name);
    if let Some(other) = catalogue.roles.iter().find(is_same) {
        return Err((name_place, format!("role {id:?} is called like role {:?}", other.id)));
    }
    if let Some(action) = actions.iter().find(|action| !known.contains(action.get_ref())) {
        let reason = format!("role {id:?} names the action {:?}, which no service has", action.get_ref());
        return Err((action.span(), reason));
    }
    let first = actions.first().map(|action| action.get_ref().clone());
    let mut all: BTreeSet<String> = actions.into_iter().map(Spanned::into_inner).collect();
    for included in &includes {
        let Some(role) = catalogue.role(included.get_ref()) else {
            let reason =
                format!("role {id:?} includes {:?}, which is not described before it", included.get_ref());
            return Err((included.span(), reason));
        };
        all.extend(role.actions.iter().cloned());
    }
    let Some(first) = first.or_else(|| all.first().cloned()) else {
        return Err((place, format!("role {id:?} has no action")));
    };
    catalogue.by_id.insert(id.clone(), catalogue.roles.len());
    catalogue.roles.push(Role {
        service: first.split('.').next().unwrap_or_default().to_owned(),
        includes: includes.into_iter().map(Spanned::into_inner).collect(),
        actions: all,
        id,
        name,
        is_built_in,
    });
    Ok(())
}

/// Lower-case letters, digits and underscores, and what else is allowed.
fn must_be_an_id(written: &Spanned<String>, what: &str, also: &str) -> Result<(), Wrong> {
    let id = written.get_ref();
    let is_fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || also.contains(c);
    match !id.is_empty() && id.len() <= MOST && id.chars().all(is_fine) {
        true => Ok(()),
        false => {
            let reason = format!(
                "{id:?} is no name of a {what}; it takes lower-case letters, digits and underscores, at most {MOST}"
            );
            Err((written.span(), reason))
        }
    }
}

fn must_be_a_name(written: Spanned<String>, what: &str, id: &str) -> Result<String, Wrong> {
    let name = fold::visible(written.get_ref());
    match name.chars().count() {
        0 => Err((written.span(), format!("the {what} {id:?} has an empty name"))),
        long if long > MOST => {
            Err((written.span(), format!("the name of the {what} {id:?} has more than {MOST} characters")))
        }
        _ => Ok(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str) -> Result<Catalogue, Mistake> {
        Catalogue::built_in().unwrap().extended(text)
    }

    const GAMES: &str = "[[services]]\nid = 'games'\nname = 'Games'\nactions = ['games.play', 'games.host']\n\n\
        [[roles]]\nid = 'player'\nname = 'Player'\nactions = ['games.play']\n\n\
        [[roles]]\nid = 'host'\nname = 'Host'\nincludes = ['player', 'billing_viewer']\nactions = ['games.host']\n";

    #[test]
    fn an_operators_file_adds_services_roles_and_actions() {
        let catalogue = with(GAMES).unwrap();
        assert!(catalogue.gives("host", "games.play") && catalogue.gives("host", "billing.balance.read"));
        assert!(catalogue.gives("iam_admin", "iam.users.invite"));
        let host = catalogue.role("host").unwrap();
        assert_eq!((host.service.as_str(), host.is_built_in), ("games", false));
        let more = "[[services]]\nid = 'support'\nactions = ['support.tickets.answer']\n";
        assert!(with(more).unwrap().has_action("support.tickets.answer"));
        assert_eq!(with("").unwrap().roles().len(), Catalogue::built_in().unwrap().roles().len());
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_reason() {
        let cases = [
            ("\n\nnonsense", 3, ""),
            ("[[groups]]\nname = 'x'\nroles = []", 1, "groups"),
            ("[[roles]]\nid = 'a'\nname = 'A'\ncolour = 'red'", 4, "colour"),
            (
                "[[roles]]\nid = 'a'\nname = 'A'\nactions = [\n  'cks.clusters.list',\n  'cks.nothing',\n]",
                6,
                "which no service has",
            ),
            ("[[roles]]\nid = 'iam_admin'\nname = 'Mine'\nactions = ['cks.vpcs.list']", 2, "described twice"),
            (
                "[[roles]]\nid = 'mine'\nname = 'IAM admin'\nactions = ['cks.vpcs.list']",
                3,
                "called like role \"iam_admin\"",
            ),
            ("[[roles]]\nid = 'a'\nname = 'A'\nincludes = ['later']", 4, "not described before it"),
            ("[[roles]]\nid = 'a'\nname = 'A'", 2, "has no action"),
            ("[[roles]]\nid = 'Big One'\nname = 'A'\nactions = ['cks.vpcs.list']", 2, "lower-case"),
            ("[[roles]]\nid = 'a'\nname = ' '\nactions = ['cks.vpcs.list']", 3, "empty name"),
            ("[[services]]\nid = 'iam'\nactions = ['iam.more']", 2, "guards the console"),
            ("[[services]]\nid = 'cks'\nname = 'Mine'\nactions = []", 3, "is called \"Kubernetes\" already"),
            ("[[services]]\nid = 'cks'\nactions = ['cks.clusters.list']", 3, "described twice"),
            ("[[services]]\nid = 'new'\nactions = ['new.a']", 2, "has no name"),
            ("[[services]]\nid = 'new'\nname = 'New'\nactions = ['old.a']", 4, "does not begin with"),
        ];
        for (text, line, reason) in cases {
            let mistake = with(text).unwrap_err();
            assert_eq!(mistake.line, line, "{text}: {mistake}");
            assert!(mistake.reason.contains(reason), "{text}: {mistake}");
        }
    }
}
