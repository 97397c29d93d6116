//! What an organization is: its name, and what it has settled for everyone in it.

mod names;
mod settings;

pub use names::{MOST_CHARACTERS, NameRefusal, OrganizationName, PersonName};
pub use settings::{
    Affected, Change, ChangeRefusal, DAYS_OF_GRACE, DAYS_OF_INVITATION, Domains, IDLE_MINUTES, Limits,
    LimitsRefusal, MOST_NAMED, OVERALL_MINUTES, Settings, Topic, days, span,
};
