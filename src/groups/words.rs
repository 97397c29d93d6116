//! Sentences about groups and who is in them.

use super::model::{
    Added, DeleteRefusal, MOST_AT_ONCE, MOST_DESCRIPTION, MOST_GROUPS, MOST_NAME, MembersRefusal,
    NamingRefusal, Removed,
};
use crate::people::Someone;

/// Shown at a control that is off because the person may not use it.
pub const NO_RIGHT: &str = "Your access does not include this.";

pub const NO_NAME: &str = "Enter a name that can be seen.";
pub const NO_SUCH_PERSON: &str = "Somebody who was ticked is not in the organization any more. Nothing was changed; look at the list again.";
pub const NOBODY_CHOSEN: &str = "Tick somebody, or enter an address.";

/// Why a group is not changed by hand.
pub const PROVISIONED: &str = "Your identity provider settles the name of this group and who is in it.";

/// Why nobody can be added by whoever looks.
pub const MORE_THAN_OWN: &str = "This group carries access that you do not have yourself, so you cannot add people to it. An administrator can.";

pub fn long_name(long: usize) -> String {
    format!("Use at most {MOST_NAME} characters; these are {long}.")
}

pub fn long_description(long: usize) -> String {
    format!("Use at most {MOST_DESCRIPTION} characters; these are {long}.")
}

pub fn too_many(many: usize) -> String {
    format!("One act takes at most {MOST_AT_ONCE} people; these are {many}. Add them in parts.")
}

/// What among the typed addresses is none.
pub fn not_addresses(wrong: &[String]) -> String {
    let shown: Vec<String> =
        wrong.iter().take(5).map(|text| format!("“{}”", text.chars().take(60).collect::<String>())).collect();
    let more = wrong.len() - shown.len();
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    match wrong.len() {
        1 => format!("{} is not an address.", shown[0]),
        _ => format!("{}{rest} are not addresses.", shown.join(", ")),
    }
}

/// Why a group is not named so. `NoSuchGroup` is a page of its own.
pub fn not_named(refusal: &NamingRefusal) -> String {
    match refusal {
        NamingRefusal::NoSuchGroup => "There is no such group any more.".to_owned(),
        NamingRefusal::Taken(name) => {
            format!(
                "There is a group “{name}” already, and two names must differ in more than case and look. Choose another."
            )
        }
        NamingRefusal::Standard => {
            "A group that every organization starts with keeps its name; its description can be changed."
                .to_owned()
        }
        NamingRefusal::Provisioned => format!("{PROVISIONED} Its description can be changed."),
        NamingRefusal::TooMany => {
            format!(
                "An organization has at most {MOST_GROUPS} groups. Delete one that is not needed, then try again."
            )
        }
    }
}

pub fn not_deleted(refusal: &DeleteRefusal) -> String {
    match refusal {
        DeleteRefusal::NoSuchGroup => "There is no such group any more.".to_owned(),
        DeleteRefusal::Standard => STANDARD_STAYS.to_owned(),
        DeleteRefusal::Provisioned => format!("{PROVISIONED} Nothing was changed."),
        DeleteRefusal::LastAdministrator => {
            "Nothing was changed. Without this group nobody would be left who administers the organization and can \
             sign in. Give IAM Admin to somebody else who can sign in, then delete it."
                .to_owned()
        }
    }
}

pub const STANDARD_STAYS: &str =
    "Every organization starts with this group, and its Default policy is bound to it, so it stays.";

pub fn members_refused(refusal: &MembersRefusal) -> String {
    match refusal {
        MembersRefusal::NoSuchGroup => "There is no such group any more.".to_owned(),
        MembersRefusal::NoSuchPerson => NO_SUCH_PERSON.to_owned(),
        MembersRefusal::UnknownAddresses(addresses) => unknown(addresses),
        MembersRefusal::MoreThanOwn => format!("{MORE_THAN_OWN} Nothing was changed."),
        MembersRefusal::Provisioned => format!("{PROVISIONED} Nothing was changed."),
        MembersRefusal::LastAdministrator => {
            "Nothing was changed. Nobody would be left who administers the organization and can sign in. Give IAM \
             Admin to somebody else who can sign in, then take these people out."
                .to_owned()
        }
    }
}

fn unknown(addresses: &[String]) -> String {
    let shown: Vec<&str> = addresses.iter().take(5).map(String::as_str).collect();
    let more = addresses.len() - shown.len();
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(
        "Nobody in the organization has {} {}{rest}. Nothing was changed; invite them first, or leave them out.",
        if addresses.len() == 1 { "the address" } else { "these addresses:" },
        shown.join(", ")
    )
}

/// What was done.
pub fn added(added: &Added) -> String {
    let were = match added.were_members {
        0 => String::new(),
        1 => " 1 was in it before.".to_owned(),
        many => format!(" {many} were in it before."),
    };
    match added.people.len() {
        0 => format!("Nobody was added to {}; all of them were in it before.", added.group),
        _ => format!("{} to {}.{were}", whom("Added", &added.people), added.group),
    }
}

pub fn removed(removed: &Removed) -> String {
    match removed.people.len() {
        0 => format!("Nobody was taken out of {}; they were not in it any more.", removed.group),
        _ => format!("{} from {}.", whom("Removed", &removed.people), removed.group),
    }
}

fn whom(act: &str, people: &[Someone]) -> String {
    match people {
        [one] => format!("{act} {}", one.shown()),
        [one, other] => format!("{act} {} and {}", one.shown(), other.shown()),
        many => format!("{act} {} people", many.len()),
    }
}

pub fn people(count: i64) -> String {
    match count {
        0 => "Nobody".to_owned(),
        1 => "1 person".to_owned(),
        many => format!("{many} people"),
    }
}
