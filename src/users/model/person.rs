//! Somebody in the list, and a page of such people.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cursor, Key, Order, View};
use crate::{
    access::Grant,
    access_requests, audit,
    base::{
        clock::Moment,
        ids::{GroupId, UserId},
    },
    groups::GroupName,
    invitations::Pending,
    people::{Counts, SecondFactor, Status},
    roles::Explained,
    sessions::Session,
    tokens::Token,
};

#[derive(Clone, Debug)]
pub struct Person {
    pub number: i64,
    pub id: UserId,
    pub email: String,
    /// Empty as long as nobody knows it.
    pub name: String,
    pub person_key: String,
    pub status: Status,
    pub second_factor: SecondFactor,
    pub created_at: Moment,
    pub last_active_at: Moment,
}

impl Person {
    /// What they are sorted by in that order.
    pub fn key(&self, order: Order) -> Key {
        if order.by_activity() {
            Key::Activity(self.last_active_at)
        } else {
            Key::Person(self.person_key.clone())
        }
    }

    fn cmp(&self, other: &Self, by_activity: bool) -> std::cmp::Ordering {
        let by_key = if by_activity {
            self.last_active_at.cmp(&other.last_active_at)
        } else {
            self.person_key.cmp(&other.person_key)
        };
        by_key.then(self.number.cmp(&other.number))
    }

    /// Sorts people the way a list shows them, or the other way round.
    pub fn sort(people: &mut [Person], by_activity: bool, down: bool) {
        people.sort_by(|one, other| {
            let order = one.cmp(other, by_activity);
            if down { order.reverse() } else { order }
        });
    }
}

/// One page of people, and from where the pages beside it begin.
#[derive(Debug, Default)]
pub struct Slice {
    pub people: Vec<Person>,
    pub previous: Option<Cursor>,
    pub next: Option<Cursor>,
    /// How many stand before the first one here.
    pub before: u64,
    /// Not everybody on the way here could be looked at, only so many; the page may be shorter for it.
    pub is_cut: bool,
}

/// How many people match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    Exactly(u64),
    /// At least as many, and perhaps more.
    AtLeast(u64),
}

/// More people have the text in their name than can be sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// It is known that they are more than a thousand.
    pub is_counted: bool,
    /// Those whose name begins with the text are shown; otherwise some of them.
    pub are_beginnings: bool,
}

/// What was found for the page of the list.
#[derive(Debug)]
pub struct Looked {
    pub view: View,
    pub counts: Counts,
    pub order: Order,
    pub too_many: Option<TooMany>,
    pub slice: Slice,
    pub count: Count,
    pub groups_of: BTreeMap<UserId, Vec<GroupName>>,
    /// Those whom an identity provider looks after.
    pub provisioned: BTreeSet<UserId>,
    /// The invitations of those who are invited.
    pub pending: BTreeMap<UserId, Pending>,
    /// All groups of the organization.
    pub groups: Vec<GroupName>,
    /// The place in the address could not be read.
    pub is_lost: bool,
    /// Who must not be let go, if it is one of these.
    pub last_administrator: Option<UserId>,
}

/// Somebody, as sentences name them.
#[derive(Clone, Debug)]
pub struct Who {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub status: Status,
}

impl Who {
    /// Their name, or their address while they have none.
    pub fn shown(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }
}

impl From<Person> for Who {
    fn from(person: Person) -> Self {
        Self { id: person.id, name: person.name, email: person.email, status: person.status }
    }
}

/// One person, as their own page shows them.
#[derive(Clone, Debug)]
pub struct Details {
    pub who: Who,
    pub inviter: Option<Who>,
    /// Where they come from: `local`, or the provider that keeps them.
    pub source: String,
    pub second_factor: SecondFactor,
    /// Rises with every change; a page that was made before one is stale.
    pub version: i64,
    pub created_at: Moment,
    pub joined_at: Option<Moment>,
    pub last_active_at: Moment,
    pub deactivated_at: Option<Moment>,
}

/// One person and what they have, for their page.
#[derive(Clone, Debug)]
pub struct PersonSeen {
    pub details: Details,
    pub pending: Option<Pending>,
    /// Where they are signed in, the place used last first.
    pub sessions: Vec<Session>,
    pub is_last_administrator: bool,
    pub choices: Vec<GroupChoice>,
    pub grants: Vec<Grant>,
    /// For whoever may ask what others may do.
    pub explained: Option<Explained>,
    /// The newest lines about and by them, for who may read the audit.
    pub activity: Option<Vec<audit::Entry>>,
    /// Access tokens that are not revoked, the newest first; none for who may not read them.
    pub tokens: Option<Vec<Token>>,
    /// How many of their tokens open something, or will again.
    pub live_tokens: i64,
}

/// A group that somebody may be in.
#[derive(Clone, Debug)]
pub struct GroupChoice {
    pub id: GroupId,
    pub name: String,
    /// The names of the roles that policies give to it.
    pub roles: Vec<String>,
    pub is_theirs: bool,
    pub is_ticked: bool,
    /// Whoever asks holds all of these roles.
    pub may_be_given: bool,
    /// An identity provider settles who is in it.
    pub is_provisioned: bool,
}

/// What deactivating somebody would end, and whether it can be done.
#[derive(Clone, Debug)]
pub struct Parting {
    pub who: Who,
    pub sessions: i64,
    /// Access tokens that open nothing while the person is deactivated.
    pub tokens: i64,
    pub invitations: i64,
    pub requests: access_requests::Open,
    pub is_last_administrator: bool,
}

/// Why somebody is not deactivated or reactivated. Nothing was changed then.
#[derive(Clone, Debug)]
pub enum StatusRefusal {
    NoSuchPerson,
    /// Somebody else was faster, or they never joined; this is how it stands.
    Is(Who),
    /// Nobody would be left who administers the organization and can sign in.
    LastAdministrator(Who),
}

/// Why nobody's sessions were ended.
#[derive(Clone, Debug)]
pub enum EndRefusal {
    NoSuchPerson,
    NotSignedIn(Who),
}
