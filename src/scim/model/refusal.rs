//! Why a request was not done, in SCIM's words (RFC 7644 §3.12).

use std::borrow::Cow;

use crate::{access::Denied, base::ids::GroupId};

/// Each with the detail that the provider is told and the log keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The body is not what the protocol says.
    Syntax(String),
    BadFilter(String),
    BadPath(String),
    BadValue(String),
    /// An attribute that only this side sets.
    ReadOnly(String),
    /// The path of a PATCH fits nothing that is there.
    NoTarget(String),
    TooMany(String),
    NotFound,
    /// Somebody or something of that name is there already.
    Taken(String),
    /// A group of that name is there, and no administrator has linked it.
    Unlinked {
        group: GroupId,
        name: String,
    },
    /// If-Match names another version.
    Stale,
    /// Understood, and not the provider's to do.
    Forbidden(String),
}

impl Refusal {
    pub fn status(&self) -> u16 {
        match self {
            Self::Syntax(_)
            | Self::BadFilter(_)
            | Self::BadPath(_)
            | Self::BadValue(_)
            | Self::ReadOnly(_)
            | Self::NoTarget(_)
            | Self::TooMany(_) => 400,
            Self::Forbidden(_) => 403,
            Self::NotFound => 404,
            Self::Taken(_) | Self::Unlinked { .. } => 409,
            Self::Stale => 412,
        }
    }

    /// The keyword that goes with the status, where there is one.
    pub fn scim_type(&self) -> Option<&'static str> {
        match self {
            Self::Syntax(_) => Some("invalidSyntax"),
            Self::BadFilter(_) => Some("invalidFilter"),
            Self::BadPath(_) => Some("invalidPath"),
            Self::BadValue(_) => Some("invalidValue"),
            Self::ReadOnly(_) => Some("mutability"),
            Self::NoTarget(_) => Some("noTarget"),
            Self::TooMany(_) => Some("tooMany"),
            Self::Taken(_) | Self::Unlinked { .. } => Some("uniqueness"),
            Self::NotFound | Self::Stale | Self::Forbidden(_) => None,
        }
    }

    pub fn detail(&self) -> Cow<'_, str> {
        match self {
            Self::Unlinked { name, .. } => format!(
                "There is a group named “{name}” already. An administrator can link it on the SCIM page of the console; \
                 then push it again."
            )
            .into(),
            Self::Syntax(text)
            | Self::BadFilter(text)
            | Self::BadPath(text)
            | Self::BadValue(text)
            | Self::ReadOnly(text)
            | Self::NoTarget(text)
            | Self::TooMany(text)
            | Self::Taken(text)
            | Self::Forbidden(text) => text.into(),
            Self::NotFound => "There is no such resource, or the provider has let go of it.".into(),
            Self::Stale => "The resource was changed since; read it again.".into(),
        }
    }
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        Self::Forbidden(format!("A provider may not do {}.", denied.action))
    }
}
