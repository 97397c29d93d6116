//! Lists of addresses: whom somebody wants to invite, and what stands behind each.

use std::collections::BTreeSet;

use crate::{
    base::{
        email_address::EmailAddress,
        fold,
        ids::{GroupId, InvitationId, UserId},
    },
    organization::PersonName,
};

/// How many people one form may invite.
pub const MOST_AT_ONCE: usize = 500;
/// How long a message may be, in characters.
pub const LONGEST_MESSAGE: usize = 1_000;

/// Somebody to be invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitee {
    pub email: EmailAddress,
    /// Empty when none was given.
    pub name: String,
}

/// One entry of a list of addresses, in the order in which they were typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Someone(Invitee),
    /// The same address as one before it.
    Again(EmailAddress),
    /// Not somebody who can be invited, and why.
    Wrong {
        text: String,
        why: String,
    },
}

/// Reads a list: one or many, separated by commas, spaces or lines, with or without names.
pub fn entries(text: &str) -> Vec<Entry> {
    let mut seen = BTreeSet::new();
    let read = EmailAddress::parse_list(text).into_iter();
    read.map(|entry| match entry {
        Err(bad) => Entry::Wrong { why: format!("{bad}."), text: bad.text },
        Ok(named) if !seen.insert(named.address.folded().to_owned()) => Entry::Again(named.address),
        Ok(named) => match named.name.as_deref().map(PersonName::parse) {
            Some(Err(_)) => Entry::Wrong {
                text: named.address.to_string(),
                why: format!("The name before {} is longer than 100 characters.", named.address),
            },
            name => Entry::Someone(Invitee {
                email: named.address,
                name: name.and_then(Result::ok).map_or_else(String::new, |name| name.as_str().to_owned()),
            }),
        },
    })
    .collect()
}

/// A message as it is kept: its lines without characters that cannot be seen.
pub fn message(typed: &str) -> String {
    typed.chars().filter(|c| *c == '\n' || !fold::is_invisible(*c)).collect::<String>().trim().to_owned()
}

/// Whether an organization that invites only to these domains invites this address; an empty list means all.
pub fn is_domain_allowed(email: &EmailAddress, domains: &[String]) -> bool {
    domains.is_empty() || domains.iter().any(|domain| domain == email.ascii_domain())
}

/// The domains of a setting, a comma list, in ASCII as they are compared.
pub fn domains(setting: &str) -> Vec<String> {
    let written = setting.split(',').map(|domain| domain.trim().trim_start_matches('@').to_lowercase());
    written
        .filter(|domain| !domain.is_empty())
        .map(|domain| {
            let address = EmailAddress::parse(&format!("x@{domain}"));
            address.map_or(domain, |address| address.ascii_domain().to_owned())
        })
        .collect()
}

/// What stands behind an address of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    New,
    /// The organization does not invite to this domain.
    DomainNotAllowed,
    Member(UserId),
    Deactivated(UserId),
    Invited {
        user: UserId,
        invitation: InvitationId,
        generation: i64,
    },
}

/// Whom to invite, at most [`MOST_AT_ONCE`] people, and to what.
#[derive(Clone, Debug)]
pub struct Invite {
    pub people: Vec<Invitee>,
    pub groups: BTreeSet<GroupId>,
    pub message: String,
    /// Whether those who are invited already get a fresh link; their groups stay as they are.
    pub resend: bool,
}

/// What was done with a list.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    pub invited: Vec<EmailAddress>,
    pub resent: Vec<EmailAddress>,
    /// Who got nothing, and why.
    pub left: Vec<(EmailAddress, Found)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_each_person_once_and_keeps_what_is_wrong_in_its_place() {
        let list =
            entries(&format!("Ada <ada@x.example>, ADA@X.example nobody\n{} <b@x.example>", "x".repeat(101)));
        let [
            Entry::Someone(ada),
            Entry::Again(_),
            Entry::Wrong { text, why },
            Entry::Wrong { why: long, .. },
        ] = list.as_slice()
        else {
            panic!("{list:?}")
        };
        assert_eq!((ada.name.as_str(), text.as_str()), ("Ada", "nobody"));
        assert!(why.contains("it has no @") && long.contains("100 characters"), "{why} {long}");
    }

    #[test]
    fn domains_are_compared_in_ascii() {
        let email = EmailAddress::parse("ada@bücher.example").unwrap();
        assert!(is_domain_allowed(&email, &[]));
        assert!(is_domain_allowed(&email, &domains("x.example, @BÜCHER.example")));
        assert!(!is_domain_allowed(&email, &domains("x.example")));
    }

    #[test]
    fn a_message_keeps_its_lines_and_loses_what_cannot_be_seen() {
        assert_eq!(message(" Hello\n\u{202E}there\u{0} "), "Hello\nthere");
    }
}
