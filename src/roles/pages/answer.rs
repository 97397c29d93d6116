//! Explanations: whether somebody may do something and why, and all that they may do.

use askama::{Template, filters::HtmlSafe};

use crate::{
    access::{Actor, Answer, Grant, Offers, Remedy, Source, abilities, explain},
    base::clock::Moment,
    roles::{model::Explained, words},
    web::{url, when},
};

/// Whether they may do this, and why; or what would let them.
#[derive(Template)]
#[template(path = "roles/answer.html")]
pub struct AnswerPart {
    name: String,
    action: String,
    verdict: Verdict,
    ways: Vec<Way>,
    remedies: Vec<Step>,
    /// Why they may do nothing at all now.
    not_active: Option<String>,
}

impl HtmlSafe for AnswerPart {}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Yes,
    /// Policies say yes, the person's status says no.
    NotYet,
    No,
    Unknown,
}

/// From the policy to the role, each with the page it has for whoever asks.
struct Way {
    steps: Vec<(String, Option<String>)>,
}

struct Step {
    words: String,
    link: Option<(String, &'static str)>,
}

impl AnswerPart {
    pub fn new(actor: &Actor, zone: &str, explained: &Explained, action: &str) -> Self {
        let offers = Offers { groups: &explained.groups, pending: &explained.pending };
        let not_active = words::not_active(&explained.who);
        let mut part = Self {
            name: explained.who.shown().to_owned(),
            action: action.to_owned(),
            verdict: Verdict::No,
            ways: Vec::new(),
            remedies: Vec::new(),
            not_active,
        };
        match explain(actor.catalogue(), &explained.standing, action, offers) {
            Answer::Unknown => part.verdict = Verdict::Unknown,
            Answer::Yes(grants) => {
                part.verdict = if part.not_active.is_some() { Verdict::NotYet } else { Verdict::Yes };
                part.ways = grants.into_iter().map(|grant| way(actor, zone, explained, grant)).collect();
            }
            Answer::No(remedies) => {
                part.remedies = remedies.into_iter().map(|remedy| step(actor, explained, remedy)).collect();
            }
        }
        part
    }

    fn is_yes(&self) -> bool {
        self.verdict == Verdict::Yes
    }

    fn is_not_yet(&self) -> bool {
        self.verdict == Verdict::NotYet
    }

    fn is_unknown(&self) -> bool {
        self.verdict == Verdict::Unknown
    }
}

fn way(actor: &Actor, zone: &str, explained: &Explained, grant: &Grant) -> Way {
    let linked = |action: &str, href: String| actor.may_do(action).then_some(href);
    let role = format!("role {}", actor.catalogue().role_name(&grant.role));
    let role = (role, linked("iam.roles.read", url::role(&grant.role)));
    let steps = match &grant.source {
        Source::Rule { policy, policy_name, rule, group } => {
            let number = explained.rules.get(rule).copied().unwrap_or(1);
            let through = match group {
                Some((id, group)) => (format!("group {group}"), linked("iam.groups.read", url::group(*id))),
                None => ("by name".to_owned(), None),
            };
            let policy =
                (format!("access policy {policy_name}"), linked("iam.policies.read", url::policy(*policy)));
            vec![policy, (format!("rule {number}"), None), through, role]
        }
        Source::Request { until, .. } => {
            vec![(format!("approved request, until {}", in_zone(*until, zone)), None), role]
        }
    };
    Way { steps }
}

fn in_zone(at: Moment, zone: &str) -> String {
    when::in_zone(at, zone)
}

fn step(actor: &Actor, explained: &Explained, remedy: Remedy) -> Step {
    let (name, id) = (explained.who.shown(), explained.who.id);
    let role_name = |role: &str| actor.catalogue().role_name(role).to_owned();
    match remedy {
        Remedy::Approve { role, .. } => Step {
            words: format!("Approve the request of {name} for {}, which waits.", role_name(&role)),
            link: actor
                .may_do("requests.decide")
                .then(|| (url::ACCESS_REQUESTS.to_owned(), "Access requests")),
        },
        Remedy::Join { group, name: group_name, role } => {
            let may = actor.may_do("iam.memberships.write")
                && explained
                    .groups
                    .iter()
                    .any(|it| it.id == group && actor.may_grant(it.roles.iter().map(String::as_str)));
            Step {
                words: format!("Add {name} to the group {group_name}, which carries {}.", role_name(&role)),
                link: may
                    .then(|| (format!("{}?user={id}", url::group_act(group, "members")), "Add to the group")),
            }
        }
        Remedy::Give { role } => Step {
            words: format!(
                "Give {name} the role {} by a rule of an access policy, or let them ask for it for a time.",
                role_name(&role)
            ),
            link: actor.may_do("iam.policies.write").then(|| (url::POLICIES.to_owned(), "Access policies")),
        },
    }
}

/// All that somebody may do, by service.
#[derive(Template)]
#[template(path = "roles/abilities.html")]
pub struct AbilitiesPart {
    services: Vec<Able>,
    count: usize,
}

impl HtmlSafe for AbilitiesPart {}

struct Able {
    service: String,
    actions: Vec<(String, String)>,
}

impl AbilitiesPart {
    pub fn new(actor: &Actor, explained: &Explained) -> Self {
        let services: Vec<Able> = abilities(actor.catalogue(), &explained.standing)
            .into_iter()
            .map(|(service, able)| Able {
                service: service.name.clone(),
                actions: able.into_iter().map(|it| (it.action.to_owned(), it.roles.join(", "))).collect(),
            })
            .collect();
        Self { count: services.iter().map(|able| able.actions.len()).sum(), services }
    }

    fn summary(&self) -> String {
        words::number_of(self.count, "action", "actions")
    }
}
