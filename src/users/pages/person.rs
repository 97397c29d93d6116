//! One person's page: overview, groups, access.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::row::{Acts, Onlooker};
use crate::{
    access::{
        Grant, Source,
        actions::{Action, EndSessions, ResetSecondFactor},
    },
    audit,
    base::clock::Moment,
    groups::ChangeRefusal,
    invitations,
    people::{SecondFactor, Status},
    roles::{AbilitiesPart, AnswerPart},
    sessions::Session,
    tokens,
    users::{
        forms::GroupsDraft,
        model::{Details, GroupChoice, PersonSeen},
        words,
    },
    web::{
        field::ErrorSummary,
        page::{Shell, hue, initials},
        url, when,
    },
};

#[derive(Template)]
#[template(path = "users/show.html")]
pub struct PersonPage {
    frame: Shell,
    errors: ErrorSummary,
    details: Details,
    name: String,
    initials: String,
    hue: u8,
    is_me: bool,
    facts: Vec<Fact>,
    /// How many places they are signed in at, and those used last.
    sessions: usize,
    places: Vec<Place>,
    may_end_sessions: bool,
    choices: Vec<GroupChoice>,
    may_change_groups: bool,
    may_require_password: bool,
    access: Vec<Held>,
    /// All that they may do, and what was asked about; for whoever may ask what others may do.
    abilities: Option<AbilitiesPart>,
    asked: String,
    answer: Option<AnswerPart>,
    activity: Option<Vec<audit::Told>>,
    /// For who may read them.
    tokens: Option<Vec<tokens::Row>>,
    /// The choice to keep the tokens of somebody who is reactivated, if there are any.
    kept_tokens: Option<String>,
    note: String,
    acts: Acts,
    /// Where their second factor is reset, for who may and when there is one.
    reset_href: Option<String>,
    here: String,
}

/// A line of the overview.
pub struct Fact {
    label: &'static str,
    value: String,
    /// The moment, where the value is one.
    at: Option<String>,
    href: Option<String>,
}

/// Where somebody is signed in.
pub struct Place {
    device: String,
    last_seen: String,
    at: String,
}

/// More places than these are only counted.
const MOST_PLACES: usize = 5;

impl Place {
    fn of(by: &Onlooker<'_>, session: Session) -> Self {
        Self {
            device: session.device(),
            last_seen: when::in_zone(session.last_seen_at, by.zone),
            at: session.last_seen_at.rfc3339(),
        }
    }
}

/// A role that somebody holds, and every way by which they do.
pub struct Held {
    role: String,
    ways: Vec<Through>,
}

/// A way to a role: the policy, with its page for those who may read it, and what stands after its name.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Through {
    policy: Option<(String, Option<String>)>,
    words: String,
}

/// The form of groups as it was sent and not saved.
pub enum Unsaved<'a> {
    Refused(&'a GroupsDraft, ChangeRefusal),
    /// The session had ended meanwhile.
    Kept(&'a GroupsDraft),
}

impl PersonPage {
    pub fn new(
        frame: Shell,
        by: &Onlooker<'_>,
        seen: PersonSeen,
        asked: &str,
        unsaved: Option<Unsaved<'_>>,
    ) -> Self {
        let PersonSeen {
            details,
            pending,
            sessions,
            is_last_administrator,
            mut choices,
            grants,
            explained,
            activity,
            tokens,
            live_tokens,
        } = seen;
        let name = details.who.shown().to_owned();
        let mut errors = ErrorSummary::default();
        if let Some(Unsaved::Refused(_, refusal)) = &unsaved {
            errors = errors.with("groups", words::groups_refused(refusal, &name));
        }
        match unsaved {
            None | Some(Unsaved::Refused(_, ChangeRefusal::Stale)) => {}
            Some(Unsaved::Refused(draft, _) | Unsaved::Kept(draft)) => {
                choices.iter_mut().for_each(|choice| choice.is_ticked = draft.has(choice.id));
            }
        }
        Self {
            errors,
            initials: initials(&name),
            hue: hue(details.who.id.as_str()),
            is_me: by.actor.user() == Some(details.who.id),
            facts: facts(by, &details),
            sessions: sessions.len(),
            may_end_sessions: by.actor.may_do(EndSessions::NAME),
            places: sessions.into_iter().take(MOST_PLACES).map(|session| Place::of(by, session)).collect(),
            choices,
            may_require_password: details.who.status == Status::Active
                && by.actor.user() != Some(details.who.id)
                && by.actor.may_do("iam.users.require_password"),
            may_change_groups: by.actor.may_do("iam.memberships.write"),
            access: held(by, grants),
            abilities: explained.as_ref().map(|explained| AbilitiesPart::new(by.actor, explained)),
            answer: explained
                .as_ref()
                .filter(|_| !asked.is_empty())
                .map(|explained| AnswerPart::new(by.actor, by.zone, explained, asked)),
            asked: asked.to_owned(),
            activity: activity
                .map(|lines| lines.iter().map(|line| audit::Told::new(line, by.zone)).collect()),
            tokens: tokens.map(|tokens| {
                tokens.into_iter().map(|it| tokens::Row::of(it, by.actor, (by.now, by.zone))).collect()
            }),
            kept_tokens: kept_tokens(&details, live_tokens),
            note: pending.as_ref().map(|pending| invitations::note(pending, by.now)).unwrap_or_default(),
            acts: Acts::of(by, details.who.status, pending.as_ref(), is_last_administrator),
            reset_href: (details.second_factor != SecondFactor::None
                && by.actor.may_do(ResetSecondFactor::NAME))
            .then(|| url::reset_second_factor(details.who.id)),
            here: url::user(details.who.id),
            name,
            details,
            frame,
        }
    }

    fn audit_href(&self) -> String {
        url::audit_of("user", self.details.who.id)
    }

    fn groups_href(&self) -> String {
        url::user_groups(self.details.who.id)
    }

    fn deactivate_href(&self) -> String {
        url::deactivate(self.details.who.id)
    }

    fn reactivate_href(&self) -> String {
        url::reactivate(self.details.who.id)
    }

    fn end_sessions_href(&self) -> String {
        url::end_sessions(self.details.who.id)
    }

    /// For whoever may require a new password of this person.
    fn require_password_href(&self) -> Option<String> {
        self.may_require_password.then(|| url::require_password(self.details.who.id))
    }

    fn is_provisioned(&self) -> bool {
        self.details.source == "scim"
    }

    fn is_invited(&self) -> bool {
        self.details.who.status == Status::Invited
    }

    fn version(&self) -> i64 {
        self.details.version
    }
}

fn kept_tokens(details: &Details, live: i64) -> Option<String> {
    match (details.who.status, live) {
        (Status::Deactivated, 1) => Some("Keep the access token".to_owned()),
        (Status::Deactivated, many) if many > 1 => Some(format!("Keep the {many} access tokens")),
        _ => None,
    }
}

fn facts(by: &Onlooker<'_>, details: &Details) -> Vec<Fact> {
    let text = |label, value: &str| Fact { label, value: value.to_owned(), at: None, href: None };
    let time = |label, at: Moment| Fact {
        label,
        value: when::in_zone(at, by.zone),
        at: Some(at.rfc3339()),
        href: None,
    };
    let mut facts = vec![text("Email", &details.who.email)];
    let is_invited = details.who.status == Status::Invited;
    facts.push(match (details.joined_at, is_invited) {
        (Some(at), _) => time("Joined", at),
        (None, true) => time("Invited", details.created_at),
        (None, false) => time("Added", details.created_at),
    });
    if !is_invited {
        facts.push(time("Last active", details.last_active_at));
    }
    if let Some(at) = details.deactivated_at {
        facts.push(time("Deactivated", at));
    }
    if let Some(inviter) = &details.inviter {
        facts.push(Fact { href: Some(url::user(inviter.id)), ..text("Invited by", inviter.shown()) });
    }
    if !is_invited {
        facts.push(text("Two-factor", factor(details.second_factor)));
    }
    facts.push(text("Source", source(&details.source)));
    facts
}

fn source(word: &str) -> &str {
    match word {
        "local" => "Roster",
        "scim" => "Identity provider (SCIM)",
        other => other,
    }
}

fn factor(second_factor: SecondFactor) -> &'static str {
    match second_factor {
        SecondFactor::None => "Off",
        SecondFactor::App => "App",
        SecondFactor::Passkey => "Passkey",
    }
}

/// By role in the order of the catalogue; each way once, although a policy may have several rules that say the same.
fn held(by: &Onlooker<'_>, grants: Vec<Grant>) -> Vec<Held> {
    let href = |policy| by.actor.may_do("iam.policies.read").then(|| url::policy(policy));
    let mut ways: BTreeMap<String, BTreeSet<Through>> = BTreeMap::new();
    for Grant { role, source } in grants {
        let way = match source {
            Source::Rule { policy, policy_name, group, .. } => Through {
                policy: Some((policy_name, href(policy))),
                words: match group {
                    Some((_, group)) => format!(", through the group {group}"),
                    None => ", by name".to_owned(),
                },
            },
            Source::Request { until, .. } => Through {
                policy: None,
                words: format!("by an approved access request, until {}", when::in_zone(until, by.zone)),
            },
        };
        ways.entry(role).or_default().insert(way);
    }
    let place = |role: &str| by.actor.catalogue().roles().iter().position(|it| it.id == role);
    let mut held: Vec<_> = ways.into_iter().collect();
    held.sort_by_key(|(role, _)| place(role).unwrap_or(usize::MAX));
    held.into_iter()
        .map(|(role, ways)| Held {
            role: by.actor.catalogue().role_name(&role).to_owned(),
            ways: ways.into_iter().collect(),
        })
        .collect()
}
