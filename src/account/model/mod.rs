//! What a person may say about themselves.

mod email;

use crate::{organization::PersonName, web::when};

pub use email::{
    AskRefusal, CONFIRM_WITHIN, ChangeState, EmailChange, LinkFor, LinkRefusal, UNDO_WITHIN, Waiting,
};

/// A time zone of the IANA database, by a name that still stands for itself or is kept for older ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeZone(&'static str);

impl TimeZone {
    /// Nothing when there is no zone of this name.
    pub fn parse(name: &str) -> Option<Self> {
        when::zone(name).map(Self)
    }

    pub fn as_str(&self) -> &'static str {
        self.0
    }
}

#[derive(Clone, Debug)]
pub struct Profile {
    pub name: PersonName,
    pub time_zone: TimeZone,
}
