//! Where lines are sent on to.

use url::Url;

use crate::base::clock::Moment;

/// An organization's stream, as it stands.
#[derive(Clone)]
pub struct Stream {
    pub url: String,
    pub sealed_secret: String,
    pub is_on: bool,
    /// The last line that was taken.
    pub sequence: i64,
    /// What went wrong the last time; empty when nothing did.
    pub problem: String,
    pub tried_at: Option<Moment>,
    pub delivered_at: Option<Moment>,
}

/// What is to be done with the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Sets it up, or leads it elsewhere.
    Lead(Url),
    TurnOn,
    TurnOff,
    RenewSecret,
    SendTest,
    Remove,
}

/// Why nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamRefusal {
    NoStream,
    SameAddress,
    /// On or off already, by somebody else's doing.
    IsSo,
}
