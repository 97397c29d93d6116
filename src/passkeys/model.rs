//! What a passkey is, and a ceremony: a question to the browser's authenticator, and its answer.

use chrono::Duration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyAuthentication, PasskeyRegistration, Webauthn,
    WebauthnBuilder,
};

use crate::{
    base::{
        clock::Moment,
        fold,
        ids::{OrganizationId, PasskeyId, UserId},
    },
    settings::Settings,
};

/// How long an answer is awaited.
pub const CEREMONY_LIFE: Duration = Duration::minutes(5);
/// How many passkeys one person may have.
pub const MOST_PASSKEYS: usize = 20;
pub const LONGEST_NAME: usize = 60;
/// The most that an answer of an authenticator may be.
pub const LONGEST_ANSWER: usize = 32 * 1024;

/// A passkey of somebody, as their settings show it.
#[derive(Clone, Debug)]
pub struct Shown {
    pub id: PasskeyId,
    pub name: String,
    pub created_at: Moment,
    pub last_used_at: Option<Moment>,
}

/// A passkey as its row holds it. The credential is a public key with what belongs to it: no secret.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: PasskeyId,
    pub user: UserId,
    pub organization: OrganizationId,
    pub credential: Passkey,
}

/// What the server remembers of a question, in the session's row.
#[derive(Clone, Serialize, Deserialize)]
pub struct Ceremony {
    /// Ids of later ceremonies are greater.
    pub id: String,
    pub at: i64,
    pub asked: Asked,
}

#[derive(Clone, Serialize, Deserialize)]
pub enum Asked {
    /// To make a passkey for this person.
    ToAdd(UserId, PasskeyRegistration),
    /// For whatever passkey the browser has.
    ForAny(DiscoverableAuthentication),
    /// For a passkey of this person.
    ForOwn(UserId, PasskeyAuthentication),
}

impl Ceremony {
    pub fn new(asked: Asked, now: Moment) -> Self {
        Self { id: Uuid::now_v7().to_string(), at: now.micros(), asked }
    }

    pub fn is_open(&self, now: Moment) -> bool {
        now.since(Moment::from_micros(self.at)) <= CEREMONY_LIFE
    }
}

/// Why a passkey was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddRefusal {
    /// No open question fits the answer, or the answer is not right.
    Unfit,
    /// The passkey belongs to an account already.
    Known,
    TooMany,
}

/// Why a passkey was not renamed or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeRefusal {
    NoSuchPasskey,
    /// There would be no way left to sign in to this account.
    LastWay,
    LastAdministrator,
}

/// Why an assertion does not prove anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unproved {
    /// Whatever it was: the answer to a stranger is the same.
    Wrong,
    /// The signature was right and its counter was not: the passkey may have been copied.
    Copied(PasskeyId, UserId, OrganizationId),
}

/// The relying party: the host of the public URL; nothing where that is an address of numbers, which passkeys cannot
/// belong to.
pub fn party(settings: &Settings) -> Option<Webauthn> {
    let host = settings.public_url.host_str()?;
    let builder = WebauthnBuilder::new(host, &settings.public_url).ok()?;
    builder.rp_name("Roster").build().ok()
}

/// A name as it is kept: in one line, of what can be seen.
///
/// # Errors
/// Says what is wrong with it.
pub fn name(typed: &str) -> Result<String, String> {
    let seen: String = typed
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !fold::is_invisible(*c))
        .collect();
    let name = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err("Enter a name for the passkey.".to_owned()),
        count if count > LONGEST_NAME => Err(format!("Use at most {LONGEST_NAME} characters.")),
        _ => Ok(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_of_what_can_be_seen() {
        assert_eq!(name(" My\u{202e}\n key ").as_deref(), Ok("My key"));
        assert!(name("\u{200b} ").is_err() && name(&"x".repeat(61)).is_err());
    }

    #[test]
    fn a_later_ceremony_has_a_greater_id_and_none_stays_open_for_long() {
        let now = Moment::from_micros(0);
        let party = WebauthnBuilder::new("localhost", &"http://localhost:1".parse().unwrap())
            .unwrap()
            .build()
            .unwrap();
        let begin =
            || Ceremony::new(Asked::ForAny(party.start_discoverable_authentication().unwrap().1), now);
        let (one, other) = (begin(), begin());
        assert!(one.id < other.id);
        assert!(one.is_open(now.plus(CEREMONY_LIFE)) && !one.is_open(now.plus(Duration::minutes(6))));
    }
}
