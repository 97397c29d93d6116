//! Who is made, and what their lives with the organization were. Everything follows from the plan alone.

mod maker;

use chrono::Duration;
use uuid::Uuid;

use super::{
    dice::{Dice, Stream},
    names::{Name, slug_of},
};
use crate::{
    base::{
        clock::Moment,
        email_address::EmailAddress,
        ids::{GroupId, InvitationId, JobId, OrganizationId, UserId},
    },
    organization::OrganizationName,
    people::{SecondFactor, Status},
};
pub use maker::Maker;

/// The most people and the most invitations of one organization that is made this way.
pub const MOST: u64 = 10_000_000;

/// How long the organization has been there.
const HISTORY: Duration = Duration::days(3 * 365);

/// What is to be made. The same plan makes the same rows.
#[derive(Clone, Debug)]
pub struct Plan {
    pub organization: OrganizationName,
    /// People who have joined, the administrator among them.
    pub users: u64,
    /// People who are invited.
    pub invitations: u64,
    pub seed: u64,
    /// When the history that is made up ends.
    pub at: Moment,
}

/// Groups besides those that every organization starts with.
pub const FURTHER_GROUPS: &[(&str, &str)] = &[
    ("Analysts", "People who read what the engines print"),
    ("Operators", "Day and night shifts of the machine hall"),
    ("Research", "Notes, proofs and experiments"),
    ("Mill", "Everything that turns"),
    ("Store", "Everything that remembers"),
    ("Card punchers", "Programs on paper"),
    ("Guests", "Visiting for a season"),
    ("Zürich office", "Who works from Zürich"),
];

/// A group of the organization as the plan knows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// One that every organization starts with, by its name.
    Standard(String),
    /// One of [`FURTHER_GROUPS`], by its place there.
    Further(usize),
}

impl Group {
    fn standard(name: &str) -> Self {
        Self::Standard(name.to_owned())
    }

    pub fn name(&self) -> &str {
        match self {
            Self::Standard(name) => name,
            Self::Further(nth) => FURTHER_GROUPS[*nth].0,
        }
    }
}

/// Somebody who has joined or is invited.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: UserId,
    pub email: EmailAddress,
    /// Empty for some who are invited.
    pub name: Name,
    pub status: Status,
    pub second_factor: SecondFactor,
    pub groups: Vec<Group>,
    pub created_at: Moment,
    pub joined_at: Option<Moment>,
    pub last_active_at: Moment,
    pub deactivated_at: Option<Moment>,
}

/// An invitation with whom it invites and what became of its letter.
#[derive(Clone, Debug)]
pub struct Invited {
    pub id: InvitationId,
    pub person: Person,
    /// Which of the people who joined sent it.
    pub inviter: u64,
    pub generation: u32,
    pub message: &'static str,
    pub sent_at: Moment,
    pub expires_at: Moment,
    pub letter: JobId,
    /// Why the letter could not be delivered, for those that failed.
    pub problem: Option<&'static str>,
}

impl Plan {
    pub fn organization_id(&self) -> OrganizationId {
        OrganizationId::of(self.dice(Stream::Organization).uuid(self.begun_at()))
    }

    /// The Org ID: six hexadecimal digits.
    pub fn code(&self) -> String {
        format!("{:06x}", self.dice(Stream::Organization).below(1 << 24))
    }

    /// The address of the first administrator.
    pub fn administrator(&self) -> String {
        format!("{}@{}", ada().slug, self.domain())
    }

    pub fn begun_at(&self) -> Moment {
        self.at.minus(HISTORY)
    }

    /// The ids of groups, policies and rules, in the order in which they are asked for.
    pub fn ids_of_groups(&self) -> impl FnMut() -> Uuid {
        let (mut dice, at) = (self.dice(Stream::Groups), self.begun_at());
        move || dice.uuid(at)
    }

    /// The id of the nth of [`FURTHER_GROUPS`].
    pub fn further_group(&self, nth: usize) -> GroupId {
        GroupId::of(Dice::of(self.seed, Stream::Groups, nth as u64 + 1).uuid(self.begun_at()))
    }

    /// A domain that is nobody's: RFC 2606 keeps `.example` for such use.
    fn domain(&self) -> String {
        let words: Vec<_> = self.organization.as_str().split_whitespace().map(slug_of).collect();
        let words: Vec<_> =
            words.iter().map(|word| word.trim_matches('-')).filter(|it| !it.is_empty()).collect();
        let slug: String = words.join("-").chars().take(60).collect();
        match slug.trim_matches('-') {
            "" => "organization.example".to_owned(),
            slug => format!("{slug}.example"),
        }
    }

    fn dice(&self, stream: Stream) -> Dice {
        Dice::of(self.seed, stream, 0)
    }
}

fn ada() -> Name {
    Name {
        whole: "Ada Lovelace".into(),
        given: "Ada".into(),
        family: "Lovelace".into(),
        slug: "ada.lovelace".into(),
    }
}
