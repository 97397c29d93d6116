//! Sentences about people and what is done to them.

use super::model::{StatusRefusal, Who};
use crate::{groups::ChangeRefusal, passwords::RequireRefusal, people::Status, second_factor::ResetRefusal};

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

/// A new password is required of somebody.
pub fn password_required(name: &str, email: &str) -> String {
    format!("The password of {name} works no more. A letter with a link to set a new one goes to {email}.")
}

/// Why no new password is required of somebody.
pub fn password_not_required(refusal: RequireRefusal, name: &str) -> String {
    match refusal {
        RequireRefusal::NoSuchPerson => "There is no such person in the organization.".to_owned(),
        RequireRefusal::Oneself => "This is your own account. Change its password in Settings.".to_owned(),
        RequireRefusal::NotActive => {
            format!("{name} is not active, so no password lets them in. Nothing was changed.")
        }
        RequireRefusal::NoPassword => {
            format!("{name} has no password that could be replaced. Nothing was changed.")
        }
        RequireRefusal::LastAdministrator => {
            format!("Nothing was changed. {}", last_administrator(name, "require a new password"))
        }
    }
}

/// Why somebody's groups are as they were.
/// Why the membership of a pushed group stays as it is.
pub const GROUPS_PROVISIONED: &str =
    "Your identity provider settles who is in some of these groups. Nothing was changed.";

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
        ChangeRefusal::Provisioned => GROUPS_PROVISIONED.to_owned(),
        ChangeRefusal::LastAdministrator => format!(
            "Nothing was saved. {}",
            last_administrator(name, "take these groups away")
        ),
    }
}

/// Why somebody's second factor is as it was.
pub fn not_reset(refusal: ResetRefusal, name: &str) -> String {
    match refusal {
        ResetRefusal::NoSuchPerson => "There is no such person in the organization.".to_owned(),
        ResetRefusal::HasNone => format!("{name} has no second factor. Nothing was changed."),
        ResetRefusal::LastAdministrator => {
            format!("Nothing was changed. {}", last_administrator(name, "reset their second factor"))
        }
    }
}

/// Somebody whom an answer cannot name.
pub const THE_PERSON: &str = "this person";

/// There was no session to end.
pub fn signed_in_nowhere(name: &str) -> String {
    format!("{name} was signed in nowhere any more.")
}

/// What programs are told of groups.
pub const GROUPS_STALE: &str =
    "The user was changed since that version. Nothing was changed; read the user again.";
pub const NO_SUCH_GROUP: &str = "One of the groups does not exist in the organization.";
pub const GROUPS_MORE_THAN_OWN: &str =
    "One of the groups carries access that the token does not have, so it cannot give it.";

/// What programs are told of acts on many.
pub const NO_SUCH_ACT: &str = "The act is deactivate, reactivate, resend or revoke.";
pub const NO_SUCH_USER: &str = "One of these is no id of a user.";
pub const USERS_OR_MATCHING: &str = "Say either the ids of users, or which ones are matching.";
pub const EXPECTED_NEEDED: &str = "With matching, say how many people the preview named.";

/// The list is not what was agreed to.
pub fn selection_is_now(people: usize) -> String {
    format!("The list has changed: it would be done to {people} people now. Nothing was done.")
}

/// What became of one of many.
pub const DEACTIVATED: &str = "Deactivated and signed out.";
pub const REACTIVATED: &str = "Active again.";
pub const RESENT: &str = "Sent again; the older link works no more.";
pub const REVOKED: &str = "Revoked.";
pub const NOT_PENDING: &str = "There is no pending invitation any more.";
pub const NOT_ONESELF: &str = "Your own account is left out; deactivate it from its own page.";
pub const ASKER_GONE: &str = "Whoever asked for this may not do it any more. Nothing was changed.";

pub const SELECTION_CHANGED: &str =
    "The list has changed since you looked. Nothing was done; this is what it would be now.";
pub const SELECTION_EMPTY: &str = "There is nobody among the selected people whom this can be done to.";
pub const SELECTION_TOO_LARGE: &str =
    "One act takes at most 10,000 people. Nothing was done; narrow the list and select again.";
