//! One row of the table, or one card on a narrow screen.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;

use crate::{
    access::Actor,
    base::{clock::Moment, ids::UserId},
    groups::GroupName,
    invitations::{self, Pending},
    people::{SecondFactor, Status},
    users::{
        model::Person,
        words::{LAST_ADMINISTRATOR, NO_RIGHT},
    },
    web::{
        SignedIn,
        page::{hue, initials},
        shell::shown_name,
        url, when,
    },
};

pub struct Row {
    pub id: UserId,
    pub initials: String,
    pub hue: u8,
    /// Their name, or their address while they have none.
    pub name: String,
    pub under: String,
    pub is_me: bool,
    /// An identity provider looks after them.
    pub is_provisioned: bool,
    pub status: Status,
    pub note: String,
    pub groups: Vec<GroupName>,
    pub second_factor: SecondFactor,
    pub at: String,
    pub when: String,
    pub acts: Acts,
}

/// What can be done to somebody from the list.
pub enum Acts {
    Invitation(InvitationActs),
    Deactivate,
    Reactivate,
    /// The act's word, and why it is off.
    Off(&'static str, &'static str),
}

impl Acts {
    pub fn of(
        by: &Onlooker<'_>,
        status: Status,
        pending: Option<&Pending>,
        is_last_administrator: bool,
    ) -> Self {
        match status {
            Status::Invited => Self::Invitation(InvitationActs::of(by, pending)),
            Status::Active if !by.actor.may_do("iam.users.deactivate") => Self::Off("Deactivate", NO_RIGHT),
            Status::Active if is_last_administrator => Self::Off("Deactivate", LAST_ADMINISTRATOR),
            Status::Active => Self::Deactivate,
            Status::Deactivated if !by.actor.may_do("iam.users.reactivate") => {
                Self::Off("Reactivate", NO_RIGHT)
            }
            Status::Deactivated => Self::Reactivate,
        }
    }
}

/// Where the acts on an invitation lead; what whoever looks may not do leads nowhere.
#[derive(Default)]
pub struct InvitationActs {
    pub link: Option<String>,
    pub resend: Option<String>,
    pub revoke: Option<String>,
    /// The link's number as this page knows it.
    pub generation: i64,
    /// The letter did not arrive, so the link is wanted.
    pub needs_link: bool,
}

impl InvitationActs {
    fn of(by: &Onlooker<'_>, pending: Option<&Pending>) -> Self {
        let Some(pending) = pending else { return Self::default() };
        let (may_resend, may_revoke) =
            (by.actor.may_do("iam.users.resend"), by.actor.may_do("iam.users.revoke"));
        Self {
            link: may_resend.then(|| url::pending(pending.id, "link")),
            resend: may_resend.then(|| url::pending(pending.id, "resend")),
            revoke: may_revoke.then(|| url::pending(pending.id, "revoke")),
            generation: pending.generation,
            needs_link: pending.mail_failed() || !by.is_mail_sent,
        }
    }
}

/// Who looks at the rows.
pub struct Onlooker<'a> {
    pub actor: &'a Actor,
    pub zone: &'a str,
    pub now: Moment,
    pub last_administrator: Option<UserId>,
    /// Letters go to a mail server, not into a folder.
    pub is_mail_sent: bool,
}

impl<'a> Onlooker<'a> {
    pub fn at(person: &'a SignedIn, now: Moment, last_administrator: Option<UserId>) -> Self {
        Self {
            actor: &person.actor,
            zone: &person.me.time_zone,
            now,
            last_administrator,
            is_mail_sent: person.site.settings.smtp_url.is_some(),
        }
    }
}

impl Row {
    pub fn new(by: &Onlooker<'_>, person: Person, groups: Vec<GroupName>, pending: Option<&Pending>) -> Self {
        let is_last = by.last_administrator == Some(person.id);
        let acts = Acts::of(by, person.status, pending, is_last);
        let name = shown_name(&person.name, &person.email).to_owned();
        Self {
            id: person.id,
            initials: initials(&name),
            hue: hue(person.id.as_str()),
            under: if person.name.is_empty() { invited_by(pending) } else { person.email },
            name,
            is_me: by.actor.user() == Some(person.id),
            is_provisioned: false,
            status: person.status,
            note: pending.map(|pending| invitations::note(pending, by.now)).unwrap_or_default(),
            groups,
            second_factor: person.second_factor,
            at: person.last_active_at.rfc3339(),
            when: short(by, person.last_active_at),
            acts,
        }
    }

    pub fn href(&self) -> String {
        url::user(self.id)
    }

    pub fn is_invited(&self) -> bool {
        self.status == Status::Invited
    }

    pub fn deactivate_href(&self) -> String {
        url::deactivate(self.id)
    }

    pub fn reactivate_href(&self) -> String {
        url::reactivate(self.id)
    }
}

fn invited_by(pending: Option<&Pending>) -> String {
    match pending {
        Some(pending) if !pending.inviter.is_empty() => format!("Invited by {}", pending.inviter),
        _ => String::new(),
    }
}

/// With the time of day as long as that matters.
fn short(by: &Onlooker<'_>, at: Moment) -> String {
    if by.now.since(at) < Duration::days(10) { when::in_zone(at, by.zone) } else { when::day(at, by.zone) }
}

pub fn rows(
    by: &Onlooker<'_>,
    people: Vec<Person>,
    mut groups: BTreeMap<UserId, Vec<GroupName>>,
    (pending, provisioned): (&BTreeMap<UserId, Pending>, &BTreeSet<UserId>),
) -> Vec<Row> {
    people
        .into_iter()
        .map(|person| {
            let groups = groups.remove(&person.id).unwrap_or_default();
            let pending = pending.get(&person.id);
            let is_provisioned = provisioned.contains(&person.id);
            Row { is_provisioned, ..Row::new(by, person, groups, pending) }
        })
        .collect()
}
