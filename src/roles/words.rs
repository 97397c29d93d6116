//! Sentences about who may do what.

use crate::people::{Someone, Status};

pub const NOT_AN_ADDRESS: &str = "Enter the whole address of somebody, such as ada@example.com.";
pub const NO_SUCH_PERSON: &str = "Nobody in the organization has this address.";
pub const NO_SUCH_ACTION: &str = "No service has an action of this name. Choose one of the list.";

/// Why somebody may do nothing at all now, whatever policies give them.
pub fn not_active(who: &Someone) -> Option<String> {
    match who.status {
        Status::Active => None,
        Status::Invited => {
            Some(format!("{} has not accepted the invitation yet, and may do nothing before.", who.shown()))
        }
        Status::Deactivated => Some(format!(
            "{} is deactivated, and may do nothing until somebody reactivates them.",
            who.shown()
        )),
    }
}

pub fn number_of(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}
