//! Words for what is refused, and for whom a rule names.

use crate::{
    access::Catalogue,
    policies::model::{
        Flaw, LONGEST_DESCRIPTION, MOST_CHARACTERS, MOST_IN_ALL, MOST_PRINCIPALS, MOST_RULES, NameRefusal,
        Refusal,
    },
};

/// Why a control is off for those who may only look.
pub const NO_RIGHT: &str = "Your access does not include changing policies";
pub const NOT_ANY_MORE: &str = "One of those you chose is not in this organization, or not any more. Look at who is chosen and save again.";
pub const NAME_TAKEN: &str =
    "Another policy has this name, or one that differs only in case. Choose another name.";
pub const NOBODY_LEFT: &str = "Nobody who administers the organization could sign in any more. Give somebody else IAM \
                               Admin and a way to sign in first.";
/// Told to programs.
pub const AGREEMENT_NEEDED: &str = "Look at the preview, and send its agreement with the change.";

pub fn name(refusal: NameRefusal) -> String {
    match refusal {
        NameRefusal::Empty => "Enter a name.".to_owned(),
        NameRefusal::TooLong => format!("Use at most {MOST_CHARACTERS} characters."),
    }
}

pub fn flaw(flaw: Flaw) -> String {
    match flaw {
        Flaw::DescriptionTooLong => format!("Use at most {LONGEST_DESCRIPTION} characters."),
        Flaw::NoRules => "A policy needs a rule. Add one.".to_owned(),
        Flaw::TooManyRules => {
            format!("A policy has at most {MOST_RULES} rules. Put the others into another policy.")
        }
        Flaw::TooManyInAll => format!(
            "All rules of a policy together name at most {MOST_IN_ALL} people and groups. Name a group instead of its \
             members."
        ),
        Flaw::TooManyPrincipals { rule } => format!(
            "Rule {} names more than {MOST_PRINCIPALS} people and groups. Name a group instead of its members.",
            rule + 1
        ),
        Flaw::NoPrincipal { rule } => format!("Choose a person or a group for rule {}.", rule + 1),
        Flaw::NoRole { rule } => format!("Choose a role for rule {}.", rule + 1),
        Flaw::UnknownRole { rule } => {
            format!("Rule {} gives a role that does not exist, or not any more.", rule + 1)
        }
        Flaw::SameAs { rule, other } => {
            format!("Rule {} says the same as rule {}. Delete one of them.", rule + 1, other + 1)
        }
    }
}

/// What is told above the form; flaws and names stand at their fields.
pub fn refusal(refusal: &Refusal, catalogue: &Catalogue) -> String {
    match refusal {
        Refusal::NoSuchPolicy => "This policy does not exist any more.".to_owned(),
        Refusal::ChangedMeanwhile => "Somebody changed this policy meanwhile.".to_owned(),
        Refusal::Nothing => "It is like that already. Nothing was changed.".to_owned(),
        Refusal::Flawed(flaws) => flaws.iter().map(|it| flaw(*it)).collect::<Vec<_>>().join(" "),
        Refusal::NameTaken => NAME_TAKEN.to_owned(),
        Refusal::NoSuchPrincipal { .. } => NOT_ANY_MORE.to_owned(),
        Refusal::MoreThanOwn(roles) => {
            let names: Vec<_> = roles.iter().map(|role| catalogue.role_name(role)).collect();
            format!(
                "You can give only roles that you hold yourself, and you do not hold {}.",
                names.join(", ")
            )
        }
        Refusal::IsDefault => {
            "This is a Default policy: whom it names can be changed; its name, its roles and its rules stay."
                .to_owned()
        }
        Refusal::LastAdministrator => NOBODY_LEFT.to_owned(),
        Refusal::NeedsAgreement(_) => "Somebody would lose IAM Admin or all access.".to_owned(),
    }
}

pub fn people(count: u64) -> String {
    match count {
        1 => "1 person".to_owned(),
        many => format!("{} people", number(many)),
    }
}

pub fn rules(count: u64) -> String {
    match count {
        1 => "1 rule".to_owned(),
        many => format!("{} rules", number(many)),
    }
}

/// With a comma before every three digits.
pub fn number(of: u64) -> String {
    let digits = of.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `Ada, Bob and 3 more`.
pub fn listed(names: &[String], all: u64) -> String {
    let more = all.saturating_sub(names.len() as u64);
    match (names, more) {
        ([], more) => number(more),
        ([only], 0) => only.clone(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (names, more) => format!("{} and {} more", names.join(", "), number(more)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_as_one_says_them() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(listed(&names(&["Ada"]), 1), "Ada");
        assert_eq!(listed(&names(&["Ada", "Bob", "Carol"]), 3), "Ada, Bob and Carol");
        assert_eq!(listed(&names(&["Ada", "Bob"]), 1_202), "Ada, Bob and 1,200 more");
    }
}
