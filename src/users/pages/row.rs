//! One row of the table, or one card on a narrow screen.

use std::collections::BTreeMap;

use chrono::Duration;

use crate::{
    access::Actor,
    base::{clock::Moment, ids::UserId},
    groups::GroupName,
    people::{SecondFactor, Status},
    users::{model::Person, words::{LAST_ADMINISTRATOR, NO_RIGHT}},
    web::{
        page::{hue, initials},
        shell::shown_name,
        url,
        when,
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
    pub status: Status,
    pub note: String,
    pub groups: Vec<GroupName>,
    pub second_factor: SecondFactor,
    pub at: String,
    pub when: String,
    pub act: Act,
}

/// What can be done to somebody from the list.
pub enum Act {
    Deactivate,
    Reactivate,
    /// The act's word, and why it is off.
    Off(&'static str, &'static str),
    Nothing,
}

impl Act {
    pub fn of(by: &Onlooker<'_>, status: Status, is_last_administrator: bool) -> Self {
        match status {
            Status::Invited => Self::Nothing,
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

/// Who looks at the rows.
pub struct Onlooker<'a> {
    pub actor: &'a Actor,
    pub zone: &'a str,
    pub now: Moment,
    pub last_administrator: Option<UserId>,
}

impl Row {
    pub fn new(by: &Onlooker<'_>, person: Person, groups: Vec<GroupName>) -> Self {
        let act = Act::of(by, person.status, by.last_administrator == Some(person.id));
        let name = shown_name(&person.name, &person.email).to_owned();
        Self {
            id: person.id,
            initials: initials(&name),
            hue: hue(person.id.as_str()),
            under: if person.name.is_empty() { String::new() } else { person.email },
            name,
            is_me: by.actor.user() == Some(person.id),
            status: person.status,
            note: String::new(),
            groups,
            second_factor: person.second_factor,
            at: person.last_active_at.rfc3339(),
            when: short(by, person.last_active_at),
            act,
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

/// With the time of day as long as that matters.
fn short(by: &Onlooker<'_>, at: Moment) -> String {
    if by.now.since(at) < Duration::days(10) { when::in_zone(at, by.zone) } else { when::day(at, by.zone) }
}

pub fn rows(
    by: &Onlooker<'_>,
    people: Vec<Person>,
    mut groups: BTreeMap<UserId, Vec<GroupName>>,
) -> Vec<Row> {
    people
        .into_iter()
        .map(|person| {
            let groups = groups.remove(&person.id).unwrap_or_default();
            Row::new(by, person, groups)
        })
        .collect()
}
