//! Passwords as values: what a new one must be (NIST SP 800-63B-4 §3.1.1, OWASP ASVS 5.0 §6.2), and one that is
//! presented to sign in. Long is good; there are no rules about kinds of characters, and nothing is ever cut.

mod common;
mod own_words;
mod pattern;

use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

pub use own_words::{OwnWord, Person};

/// The longest password, in bytes of its normal form.
pub const LONGEST: usize = 1024;

/// What a new password must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRules {
    /// In characters, which are Unicode code points of the normal form.
    pub minimum: usize,
}

/// A password that passed the rules, in NFC, to be hashed and stored.
#[derive(Clone, Debug)]
pub struct NewPassword(SecretString);

/// A password that somebody types to prove who they are, in NFC. Nothing is known of it but its bounds.
#[derive(Clone, Debug)]
pub struct PresentedPassword(SecretString);

/// Why a password is not taken, in words that help to find a better one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefusal {
    #[error("Enter a password.")]
    Empty,
    #[error("Use at least {minimum} characters; this one needs {missing} more.")]
    TooShort { minimum: usize, missing: usize },
    #[error("Use a shorter password; this one is longer than {LONGEST} bytes.")]
    TooLong,
    #[error(
        "This is one of the most common passwords, or one with a few digits added; those are guessed first."
    )]
    Common,
    #[error("This repeats one short piece; choose something with more variety.")]
    Repeated,
    #[error("This is a run of neighbouring letters, digits or keys; choose something less regular.")]
    Run,
    #[error("This is made of {0}; choose something that has nothing to do with you.")]
    MadeOf(OwnWord),
}

impl PasswordRules {
    /// For an account that signs in by password alone.
    pub const ALONE: Self = Self { minimum: 15 };
    /// For an account whose organization requires a second factor.
    pub const WITH_SECOND_FACTOR: Self = Self { minimum: 8 };

    /// Judges a new password for this person.
    ///
    /// # Errors
    /// The first rule it breaks.
    pub fn accept(self, typed: &str, person: &Person<'_>) -> Result<NewPassword, PasswordRefusal> {
        let password = normalized(typed)?;
        let length = password.chars().count();
        if length < self.minimum {
            let missing = self.minimum - length;
            return Err(PasswordRefusal::TooShort { minimum: self.minimum, missing });
        }
        if pattern::repeats_a_short_piece(&password) {
            return Err(PasswordRefusal::Repeated);
        }
        if pattern::is_made_of_runs(&password) {
            return Err(PasswordRefusal::Run);
        }
        if common::is_common(&password) {
            return Err(PasswordRefusal::Common);
        }
        if let Some(word) = person.is_all_of(&password) {
            return Err(PasswordRefusal::MadeOf(word));
        }
        Ok(NewPassword(SecretString::from(password.as_str())))
    }
}

impl NewPassword {
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl PresentedPassword {
    /// # Errors
    /// Only when it is empty or longer than any password can be.
    pub fn parse(typed: &str) -> Result<Self, PasswordRefusal> {
        Ok(Self(SecretString::from(normalized(typed)?.as_str())))
    }

    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// The same characters typed on another machine may come as other code points: NFC makes them one.
fn normalized(typed: &str) -> Result<Zeroizing<String>, PasswordRefusal> {
    if typed.is_empty() {
        return Err(PasswordRefusal::Empty);
    }
    // No text shrinks to less than a third in NFC, so nothing longer needs to be looked at.
    if typed.len() > 3 * LONGEST {
        return Err(PasswordRefusal::TooLong);
    }
    let mut password = Zeroizing::new(String::with_capacity(3 * typed.len()));
    password.extend(typed.nfc());
    if password.len() > LONGEST {
        return Err(PasswordRefusal::TooLong);
    }
    Ok(password)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::email_address::EmailAddress;

    fn judge(rules: PasswordRules, typed: &str) -> Result<NewPassword, PasswordRefusal> {
        let email = EmailAddress::parse("ada.lovelace@analytical-engines.example").expect("an address");
        let person =
            Person { name: "Ada Lovelace", email: Some(&email), organization: "Analytical Engines Ltd" };
        rules.accept(typed, &person)
    }

    fn refused(typed: &str) -> PasswordRefusal {
        judge(PasswordRules::ALONE, typed).map(|_| ()).expect_err(typed)
    }

    #[test]
    fn long_passwords_of_any_kind_are_taken_whole() {
        let long = "correct horse ".repeat(80);
        for typed in [
            "correct horse battery staple",
            "пароль из нескольких слов",
            "ada likes seven purple goats",
            &long[..1024],
        ] {
            let taken = judge(PasswordRules::ALONE, typed).expect(typed);
            assert_eq!(taken.expose(), typed);
        }
    }

    #[test]
    fn a_short_one_is_told_how_many_characters_it_needs() {
        assert_eq!(refused("tr0mbone-xylem"), PasswordRefusal::TooShort { minimum: 15, missing: 1 });
        assert_eq!(refused("héllo").to_string(), "Use at least 15 characters; this one needs 10 more.");
        assert!(judge(PasswordRules::WITH_SECOND_FACTOR, "xq7-vLmp").is_ok());
        assert_eq!(refused(""), PasswordRefusal::Empty);
    }

    #[test]
    fn a_too_long_one_is_refused_and_never_cut() {
        assert_eq!(refused(&"correct horse".repeat(100)), PasswordRefusal::TooLong);
        assert_eq!(refused(&"x".repeat(100_000)), PasswordRefusal::TooLong);
        assert!(PresentedPassword::parse(&"x".repeat(1024)).is_ok());
        assert!(PresentedPassword::parse(&"x".repeat(1025)).is_err());
    }

    #[test]
    fn both_ways_to_write_a_letter_are_the_same_password() {
        let one = PresentedPassword::parse("caf\u{e9}").expect("in bounds");
        let other = PresentedPassword::parse("cafe\u{301}").expect("in bounds");
        assert_eq!(one.expose(), other.expose());
    }

    #[test]
    fn common_ones_are_refused_in_any_case_with_digits_added_or_twice() {
        for typed in ["Password", "sunshine", "iloveyou!", "Princess123"] {
            let judged = judge(PasswordRules::WITH_SECOND_FACTOR, typed).map(|_| ());
            assert_eq!(judged, Err(PasswordRefusal::Common), "{typed}");
        }
        for typed in ["sunshine20242024", "PasswordPassword", "password!password!"] {
            assert_eq!(refused(typed), PasswordRefusal::Common, "{typed}");
        }
    }

    #[test]
    fn repetitions_and_runs_are_refused() {
        for typed in ["aaaaaaaaaaaaaaa", "abcabcabcabcabc", "12 12 12 12 12 12"] {
            assert_eq!(refused(typed), PasswordRefusal::Repeated, "{typed}");
        }
        for typed in [
            "123456789012345",
            "abcdefghijklmnop",
            "98765432109876543",
            "qwertyuiopasdfgh",
            "abcdefgh12345678",
        ] {
            assert_eq!(refused(typed), PasswordRefusal::Run, "{typed}");
        }
    }

    #[test]
    fn what_is_made_of_ones_own_words_is_refused_with_the_word() {
        for (typed, word) in [
            ("AdaLovelace1815", OwnWord::Name),
            ("lovelace-ada-1815-12", OwnWord::Name),
            ("adaadaadaadaadaX", OwnWord::Name),
            ("L0vel@ceL0vel@ce", OwnWord::Name),
            ("ada.lovelace@analytical-engines.example", OwnWord::Email),
            ("AnalyticalEngines1", OwnWord::Organization),
        ] {
            assert_eq!(refused(typed), PasswordRefusal::MadeOf(word), "{typed}");
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        let taken = judge(PasswordRules::ALONE, "correct horse battery staple").expect("taken");
        let presented = PresentedPassword::parse("correct horse").expect("in bounds");
        assert!(!format!("{taken:?}{presented:?}").contains("horse"));
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_panic(typed in "\\PC{0,60}", name in "\\PC{0,20}", organization in "\\PC{0,20}") {
            let person = Person { name: &name, email: None, organization: &organization };
            if let Ok(taken) = PasswordRules::WITH_SECOND_FACTOR.accept(&typed, &person) {
                let presented = PresentedPassword::parse(&typed).expect("in bounds");
                prop_assert_eq!(presented.expose(), taken.expose());
            }
        }

        #[test]
        fn random_passwords_are_taken(typed in "[a-zA-Z0-9]{20}") {
            prop_assume!(!pattern::repeats_a_short_piece(&typed) && !pattern::is_made_of_runs(&typed));
            prop_assert!(judge(PasswordRules::ALONE, &typed).is_ok());
        }
    }
}
