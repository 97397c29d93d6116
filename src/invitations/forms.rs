//! What people type, read whole, and judged with all errors at once.

use std::collections::BTreeSet;

use super::model::{self, Entry, Invite, Invitee, LONGEST_MESSAGE, MOST_AT_ONCE};
use crate::{
    base::{
        email_address::EmailAddress,
        ids::GroupId,
        password::{NewPassword, PasswordRules, Person},
    },
    organization::{NameRefusal, PersonName},
    web::Fields,
};

/// Which button sent the form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    #[default]
    Send,
    Preview,
    /// From the preview: send to everybody it showed.
    Confirmed,
    /// From the preview: back to the form.
    Edit,
}

impl Step {
    pub fn word(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Preview => "preview",
            Self::Confirmed => "confirmed",
            Self::Edit => "edit",
        }
    }

    fn parse(word: &str) -> Self {
        let known = [Self::Preview, Self::Confirmed, Self::Edit].into_iter().find(|step| step.word() == word);
        known.unwrap_or_default()
    }
}

#[derive(Clone, Debug, Default)]
pub struct InviteDraft {
    pub email: String,
    pub groups: Vec<String>,
    pub message: String,
    pub resend: bool,
    pub step: Step,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InviteErrors {
    pub email: Option<String>,
    pub groups: Option<String>,
    pub message: Option<String>,
}

/// A list that can be sent or previewed.
#[derive(Clone, Debug)]
pub struct Listed {
    pub invite: Invite,
    /// As it was typed, with what cannot be invited.
    pub entries: Vec<Entry>,
}

pub const NO_SUCH_GROUP: &str =
    "One of the groups does not exist any more. Look at the groups and choose again.";
pub const PROVISIONED: &str = "Your identity provider settles who is in one of these groups, so nobody is invited to it. Choose others.";
pub const MORE_THAN_OWN: &str = "You can give only the access you have yourself, and one of these groups carries more. Choose others, or ask an \
     administrator to send the invitation.";

impl InviteDraft {
    pub fn read(fields: &Fields) -> Self {
        Self {
            email: fields.text("email"),
            groups: fields.all("group").map(str::to_owned).collect(),
            message: fields.text("message"),
            resend: fields.has("resend"),
            step: Step::parse(fields.get("step")),
        }
    }

    pub fn parse(&self) -> Result<Listed, InviteErrors> {
        let entries = model::entries(&self.email);
        let groups: Result<BTreeSet<GroupId>, _> = self.groups.iter().map(|id| id.parse()).collect();
        let message = model::message(&self.message);
        let errors = InviteErrors {
            email: wrong_list(&entries),
            groups: groups.is_err().then(|| NO_SUCH_GROUP.to_owned()),
            message: long_message(&message),
        };
        match groups {
            Ok(groups) if errors == InviteErrors::default() => {
                let invite = Invite { people: people(&entries), groups, message, resend: self.resend };
                Ok(Listed { invite, entries })
            }
            _ => Err(errors),
        }
    }
}

fn people(entries: &[Entry]) -> Vec<Invitee> {
    let someone = |entry: &Entry| match entry {
        Entry::Someone(invitee) => Some(invitee.clone()),
        Entry::Again(_) | Entry::Wrong { .. } => None,
    };
    entries.iter().filter_map(someone).collect()
}

/// A list in which somebody can be found is shown with what is wrong in it; one without stops the form.
fn wrong_list(entries: &[Entry]) -> Option<String> {
    let wrong: Vec<&str> = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Wrong { why, .. } => Some(why.as_str()),
            _ => None,
        })
        .collect();
    match (entries.len(), wrong.as_slice()) {
        (0, _) => Some("Enter the address of whom you want to invite, such as name@example.com.".to_owned()),
        (n, _) if n > MOST_AT_ONCE => Some(format!(
            "You can invite up to {MOST_AT_ONCE} people at once, and this list has {n} addresses. Invite the others \
             afterwards."
        )),
        (n, wrong) if n == wrong.len() => Some(match wrong {
            [only] => format!("{only} Write it like name@example.com."),
            [first, ..] => format!("None of these is an e-mail address. The first: {first}"),
            [] => String::new(),
        }),
        _ => None,
    }
}

fn long_message(message: &str) -> Option<String> {
    let length = message.chars().count();
    (length > LONGEST_MESSAGE).then(|| format!("Use at most 1,000 characters; this message has {length}."))
}

/// What an invited person fills in.
#[derive(Clone, Default)]
pub struct AcceptDraft {
    pub name: String,
    pub password: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AcceptErrors {
    pub name: Option<String>,
    pub password: Option<String>,
}

/// What was filled in, and is right.
pub struct Filled {
    pub name: PersonName,
    pub password: NewPassword,
}

impl AcceptDraft {
    pub fn read(fields: &Fields) -> Self {
        Self { name: fields.text("name"), password: fields.get("password").to_owned() }
    }

    pub fn parse(
        &self,
        email: &str,
        organization: &str,
        rules: PasswordRules,
    ) -> Result<Filled, AcceptErrors> {
        let email = EmailAddress::parse(email).ok();
        let person = Person { name: &self.name, email: email.as_ref(), organization };
        let name = PersonName::parse(&self.name).map_err(wrong_name);
        match (name, rules.accept(&self.password, &person)) {
            (Ok(name), Ok(password)) => Ok(Filled { name, password }),
            (name, password) => Err(AcceptErrors {
                name: name.err(),
                password: password.err().map(|refusal| refusal.to_string()),
            }),
        }
    }
}

/// The name alone, of somebody who brings their way in.
pub fn name(fields: &Fields) -> Result<PersonName, String> {
    PersonName::parse(&fields.text("name")).map_err(wrong_name)
}

fn wrong_name(refusal: NameRefusal) -> String {
    match refusal {
        NameRefusal::Empty => "Enter your name.".to_owned(),
        NameRefusal::TooLong => "Use at most 100 characters for your name.".to_owned(),
    }
}

/// An address alone: a correction, or whose letter to send again.
#[derive(Clone, Debug, Default)]
pub struct AddressDraft {
    pub email: String,
}

impl AddressDraft {
    pub fn read(fields: &Fields) -> Self {
        Self { email: fields.text("email") }
    }

    pub fn parse(&self) -> Result<EmailAddress, String> {
        if self.email.is_empty() {
            return Err("Enter an e-mail address, such as name@example.com.".to_owned());
        }
        EmailAddress::parse(&self.email).map_err(|bad| format!("{bad}. Write it like name@example.com."))
    }
}

/// The link's number that the page showed on which somebody acts; nothing fits one that cannot be read.
pub fn seen(fields: &Fields) -> i64 {
    fields.get("generation").parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(email: &str) -> InviteDraft {
        InviteDraft { email: email.to_owned(), ..InviteDraft::default() }
    }

    #[test]
    fn a_list_of_501_is_refused_with_the_bound_and_500_are_not() {
        let list = |n: usize| (0..n).map(|n| format!("p{n}@x.example")).collect::<Vec<_>>().join("\n");
        assert_eq!(draft(&list(500)).parse().unwrap().invite.people.len(), 500);
        let errors = draft(&list(501)).parse().unwrap_err();
        assert!(errors.email.unwrap().contains("up to 500 people at once, and this list has 501"));
    }

    #[test]
    fn all_errors_are_told_at_once() {
        let mut draft = draft("nobody");
        draft.groups = vec!["admin".to_owned()];
        draft.message = "é".repeat(1_001);
        let errors = draft.parse().unwrap_err();
        assert_eq!(
            errors.email.as_deref(),
            Some("“nobody” is not an e-mail address: it has no @. Write it like name@example.com.")
        );
        assert_eq!(errors.groups.as_deref(), Some(NO_SUCH_GROUP));
        assert_eq!(errors.message.as_deref(), Some("Use at most 1,000 characters; this message has 1001."));
    }

    #[test]
    fn an_empty_list_asks_for_an_address() {
        assert!(draft(" ,\n").parse().unwrap_err().email.unwrap().starts_with("Enter the address"));
    }

    #[test]
    fn a_password_is_judged_by_who_is_invited() {
        let draft = AcceptDraft { name: String::new(), password: "ada.lovelace@x.example".into() };
        let errors = draft.parse("ada.lovelace@x.example", "X", PasswordRules::ALONE).err().unwrap();
        assert_eq!(errors.name.as_deref(), Some("Enter your name."));
        assert!(errors.password.unwrap().contains("made of"));
    }
}
