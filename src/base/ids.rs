//! Identifiers: UUIDv7 (RFC 9562), kept as their 36 characters because that is how both databases hold them.

use std::{fmt, str::FromStr};

use uuid::Uuid;

#[derive(Debug, thiserror::Error)]
#[error("not an identifier")]
pub struct NotAnId;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 36]);

        impl $name {
            /// A new one, later than all before it.
            #[allow(clippy::new_without_default)]
            pub fn new() -> Self {
                Self::of(Uuid::now_v7())
            }

            pub fn of(uuid: Uuid) -> Self {
                let mut text = [0; 36];
                uuid.hyphenated().encode_lower(&mut text);
                Self(text)
            }

            pub fn uuid(&self) -> Uuid {
                Uuid::try_parse_ascii(&self.0).unwrap_or_default()
            }

            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::try_parse(text).map(Self::of).map_err(|_| NotAnId)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

id! {
    OrganizationId;
    /// A person of one organization, invited, active or deactivated.
    UserId;
    InvitationId;
    GroupId;
    PolicyId;
    RuleId;
    SessionId;
    SetupLinkId;
    PasskeyId;
    /// An account elsewhere that signs in to one here.
    IdentityId;
    /// An organization's own provider of identities.
    ConnectionId;
    PasswordResetId;
    EmailChangeId;
    BrowserLinkId;
    AccessTokenId;
    AccessRequestId;
    ScimTokenId;
    /// A person as their identity provider knows them; another one after it has let go of them.
    ScimUserId;
    ScimGroupId;
    ScimNoteId;
    /// A letter in the outbox, or other work done later.
    JobId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_was_written_and_nothing_else_does() {
        let id = UserId::new();
        assert_eq!(id.to_string().parse::<UserId>().unwrap(), id);
        assert_eq!(UserId::of(id.uuid()), id);
        assert!("ada".parse::<UserId>().is_err());
    }
}
