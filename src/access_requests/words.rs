//! What is said of requests.

use super::model::{AskRefusal, ChangeRefusal, DecideRefusal, State};
use crate::web::when;

/// Shown at one's own request among those that wait.
pub const OWN: &str = "Your own request; somebody else decides.";

/// Shown at a request for IAM Admin to an approver without it.
pub const NEEDS_ADMINISTRATOR: &str = "Only somebody with IAM Admin approves this role.";

pub fn state(state: State) -> &'static str {
    match state {
        State::Pending => "Pending",
        State::Approved => "Approved",
        State::Denied => "Denied",
        State::Expired => "Expired",
        State::Ended => "Ended",
        State::Withdrawn => "Withdrawn",
    }
}

/// How long, told exactly: `90 minutes`, `2 hours`.
pub fn minutes(minutes: i32) -> String {
    match (minutes / 60, minutes % 60) {
        (1, 0) => "1 hour".to_owned(),
        (hours, 0) if hours > 1 => format!("{hours} hours"),
        _ => format!("{minutes} minutes"),
    }
}

/// The field it is about, and why a role was not asked for.
pub fn not_asked(refusal: AskRefusal, zone: &str) -> (&'static str, String) {
    match refusal {
        AskRefusal::NoSuchRole => ("role", "There is no such role. Choose one of the list.".to_owned()),
        AskRefusal::AlreadyHeld { until: None } => {
            ("role", "You hold this role already, so there is nothing to ask for.".to_owned())
        }
        AskRefusal::AlreadyHeld { until: Some(until) } => {
            ("role", format!("You hold this role until {}. Ask again when it has ended.", when::in_zone(until, zone)))
        }
        AskRefusal::AlreadyAsked => (
            "role",
            "You have asked for this role already and nobody has answered yet. To ask for something else, withdraw \
             that request first."
                .to_owned(),
        ),
        AskRefusal::TooMany => {
            ("", "20 of your requests wait for an answer. Withdraw one before you make another.".to_owned())
        }
    }
}

/// Why a request was neither approved nor denied.
pub fn not_decided(refusal: DecideRefusal) -> String {
    match refusal {
        DecideRefusal::NoSuchRequest => "There is no such request.".to_owned(),
        DecideRefusal::OwnRequest => {
            "This is your own request. Somebody else who may approve requests decides about it.".to_owned()
        }
        DecideRefusal::Is(state) => format!("{} Nothing was changed.", stands(state)),
        DecideRefusal::NeedsAdministrator => {
            "This role administers the organization, so only somebody who holds IAM Admin can approve it. You can \
             deny it."
                .to_owned()
        }
        DecideRefusal::RoleGone => {
            "The catalogue has no such role any more, so it cannot be given. You can deny the request.".to_owned()
        }
    }
}

/// Why a request was not withdrawn, or a grant not ended.
pub fn not_changed(refusal: ChangeRefusal) -> String {
    match refusal {
        ChangeRefusal::NoSuchRequest => "There is no such request.".to_owned(),
        ChangeRefusal::Is(state) => format!("{} Nothing was changed.", stands(state)),
    }
}

fn stands(state: State) -> &'static str {
    match state {
        State::Pending => "The request still waits for an answer.",
        State::Approved => "The request was approved meanwhile, and the role is held.",
        State::Denied => "The request was denied meanwhile.",
        State::Expired => "The request has expired, because nobody answered it in time.",
        State::Ended => "The role is held no more.",
        State::Withdrawn => "The request was withdrawn meanwhile.",
    }
}

/// After asking: who was told.
pub fn asked(role: &str, told: usize) -> String {
    match told {
        0 => format!(
            "Asked for {role}. Nobody else may approve it at this moment; tell an administrator of your organization."
        ),
        1 => format!("Asked for {role}. One person who may approve it is told by mail."),
        many => format!("Asked for {role}. {many} people who may approve it are told by mail."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_told_exactly() {
        let cases =
            [(15, "15 minutes"), (60, "1 hour"), (90, "90 minutes"), (120, "2 hours"), (480, "8 hours")];
        for (of, words) in cases {
            assert_eq!(minutes(of), words);
        }
    }
}
