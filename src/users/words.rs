//! Sentences about people and what is done to them.

use super::model::{StatusRefusal, Who};
use crate::{groups::ChangeRefusal, people::Status};

/// Shown at a control that is off because the person may not use it.
pub const NO_RIGHT: &str = "Your access does not include this.";

/// Shown at a control that is off because nobody would be left who administers the organization.
pub const LAST_ADMINISTRATOR: &str =
    "The last administrator who can sign in. Give IAM Admin to somebody else who can sign in first.";

/// What would make it possible to let the last administrator go.
pub fn last_administrator(name: &str, act: &str) -> String {
    format!(
        "{name} is the last administrator who can sign in. Give IAM Admin to somebody else who can sign in, then {act}."
    )
}

/// Why somebody was not deactivated, or not reactivated.
pub fn refused(refusal: &StatusRefusal) -> String {
    match refusal {
        StatusRefusal::NoSuchPerson => "There is no such person in the organization.".to_owned(),
        StatusRefusal::Is(who) => stale(who),
        StatusRefusal::LastAdministrator(who) => {
            let name = who.shown();
            format!("Nothing was changed. {}", last_administrator(name, &format!("deactivate {name}")))
        }
    }
}

/// Somebody else was faster.
fn stale(who: &Who) -> String {
    let name = who.shown();
    match who.status {
        Status::Active => format!("{name} is active already. Nothing was changed."),
        Status::Deactivated => format!("{name} is deactivated already. Nothing was changed."),
        Status::Invited => {
            format!("{name} has not joined yet. Nothing was changed; revoke the invitation instead.")
        }
    }
}

/// Why somebody's groups are as they were.
pub fn groups_refused(refusal: &ChangeRefusal, name: &str) -> String {
    match refusal {
        ChangeRefusal::NoSuchPerson => "There is no such person in the organization.".to_owned(),
        ChangeRefusal::Stale => format!(
            "Somebody changed {name} since this page was made. Nothing was saved; these are their groups now."
        ),
        ChangeRefusal::NoSuchGroup => {
            "A group that was ticked does not exist any more. Nothing was saved; look at the groups again."
                .to_owned()
        }
        ChangeRefusal::MoreThanOwn => {
            "A group that was ticked carries access that you do not have yourself, so you cannot give it. Nothing \
             was saved; an administrator can do it."
                .to_owned()
        }
        ChangeRefusal::LastAdministrator => format!(
            "Nothing was saved. {}",
            last_administrator(name, "take these groups away")
        ),
    }
}
