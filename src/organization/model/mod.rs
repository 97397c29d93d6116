//! What an organization is: its name, and what it has settled for everyone in it.

mod domains;
mod lengths;
mod limits;
mod names;
mod settings;

pub use domains::Domains;
pub use lengths::{days, span};
pub use limits::{IDLE_MINUTES, Limits, LimitsRefusal, OVERALL_MINUTES};
pub use names::{MOST_CHARACTERS, NameRefusal, OrganizationName, PersonName};
pub use settings::{
    Affected, Change, ChangeRefusal, DAYS_OF_GRACE, DAYS_OF_INVITATION, MOST_NAMED, Settings, Topic,
};
