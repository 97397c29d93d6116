//! What a person is.

use crate::{
    base::{
        email_address::EmailAddress,
        fold,
        ids::{OrganizationId, UserId},
    },
    db::sql_text_enum,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    Invited,
    Active,
    Deactivated,
}

sql_text_enum!(Status { Invited = "invited", Active = "active", Deactivated = "deactivated" });

/// What a person needs besides their first proof to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecondFactor {
    None,
    /// Codes of an app (TOTP).
    App,
    Passkey,
}

sql_text_enum!(SecondFactor { None = "none", App = "app", Passkey = "passkey" });

/// A person about to have a row. The name may be empty as long as they are invited.
#[derive(Clone, Debug)]
pub struct NewPerson {
    pub id: UserId,
    pub organization: OrganizationId,
    pub email: EmailAddress,
    pub name: String,
    pub status: Status,
}

/// What a person is sorted by: their name, or their address while they have none.
pub fn person_key(name: &str, email: &EmailAddress) -> String {
    fold::key(if name.is_empty() { email.as_str() } else { name })
}

/// What search looks in.
pub fn search_text(name: &str, email: &EmailAddress) -> String {
    fold::key(&format!("{name} {}", email.as_str()))
}
