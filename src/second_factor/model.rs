//! Codes and recovery codes as values, and what becomes of a try.

use std::time::Duration;

use crate::{
    access::ProofMethod,
    base::{clock::Moment, token::random_bytes},
};

/// How many recovery codes somebody gets.
pub const RECOVERY_CODES: usize = 10;
/// How many codes may be tried in one step of thirty seconds.
pub const TRIES_PER_STEP: i32 = 5;

/// Crockford's base 32: no letter in it looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const HALF: usize = 5;

/// A code for the day on which the app is not at hand, `xxxxx-xxxxx`: 50 random bits, used once.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    pub fn random() -> Self {
        let letters = random_bytes::<{ 2 * HALF }>().map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
        Self(letters.iter().collect())
    }

    /// Reads what somebody typed: case, spaces and hyphens do not matter, nor whether an `o` was meant to be a zero.
    pub fn parse(typed: &str) -> Option<Self> {
        let letter = |letter: char| match letter.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        };
        let text: String = bare(typed).chars().map(letter).collect();
        let is_code = text.len() == 2 * HALF && text.bytes().all(|byte| ALPHABET.contains(&byte));
        is_code.then_some(Self(text))
    }

    /// As it is shown.
    pub fn shown(&self) -> String {
        format!("{}-{}", &self.0[..HALF], &self.0[HALF..])
    }

    /// What its fingerprint is made of.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(***)")
    }
}

/// What somebody presents as their second factor, in one field.
#[derive(Clone)]
pub enum Presented {
    /// Six digits of the app.
    Code(String),
    Recovery(RecoveryCode),
}

impl Presented {
    /// Spaces and hyphens are ignored. Nothing when it can be neither.
    pub fn parse(typed: &str) -> Option<Self> {
        let text = bare(typed);
        match text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            true => Some(Self::Code(text)),
            false => RecoveryCode::parse(typed).map(Self::Recovery),
        }
    }

    pub fn method(&self) -> ProofMethod {
        match self {
            Self::Code(_) => ProofMethod::Totp,
            Self::Recovery(_) => ProofMethod::RecoveryCode,
        }
    }
}

fn bare(typed: &str) -> String {
    let is_gap = |letter: &char| letter.is_whitespace() || matches!(letter, '-' | '\u{2010}'..='\u{2015}');
    typed.chars().filter(|letter| !is_gap(letter)).take(100).collect()
}

/// What became of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Right(ProofMethod),
    Wrong,
    /// Too many wrong ones: the next try is open after this long, and nothing was looked at.
    Wait(Duration),
    /// There is no app to have a code of.
    Off,
}

/// A person's app, as it is stored.
pub struct Credential {
    /// Sealed for this person.
    pub secret: String,
    pub last_step: i64,
    pub tried_step: i64,
    pub tries: i32,
}

impl Credential {
    /// How many tries this one is in its step, or that there is none left.
    pub fn next_try(&self, step: i64) -> Option<i32> {
        let tries = if self.tried_step == step { self.tries } else { 0 };
        (tries < TRIES_PER_STEP).then_some(tries + 1)
    }
}

/// What of two-factor authentication a person has, for their settings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing {
    /// Since when the app is on.
    pub since: Option<Moment>,
    pub codes_left: usize,
    /// The organization requires a second factor.
    pub is_required: bool,
    pub has_passkeys: bool,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_recovery_code_is_read_however_it_is_typed() {
        let code = RecoveryCode::random();
        let shown = code.shown();
        assert_eq!(shown.len(), 11);
        assert_eq!(shown.as_bytes()[5], b'-');
        for typed in
            [shown.clone(), shown.to_uppercase(), shown.replace('-', " "), format!("  {} ", code.secret())]
        {
            assert_eq!(RecoveryCode::parse(&typed), Some(code.clone()), "{typed}");
        }
        assert_eq!(RecoveryCode::parse("ooooo-iiill"), RecoveryCode::parse("00000-11111"));
        for wrong in ["", "12345", "abcde-fghju", "abcdefghjkm", "äbcde-fghjk"] {
            assert_eq!(RecoveryCode::parse(wrong), None, "{wrong:?}");
        }
        assert!(!format!("{code:?}").contains(code.secret()));
    }

    #[test]
    fn six_digits_are_a_code_with_whatever_gaps() {
        for typed in ["123456", " 123 456 ", "123-456", "12 34\u{2013}56"] {
            assert!(
                matches!(Presented::parse(typed), Some(Presented::Code(code)) if code == "123456"),
                "{typed}"
            );
        }
        assert!(matches!(Presented::parse("12345-67890"), Some(Presented::Recovery(_))));
        assert!(Presented::parse("12345").is_none());
        assert!(Presented::parse("１２３４５６").is_none());
    }

    proptest! {
        #[test]
        fn nothing_typed_is_too_much(typed in "\\PC{0,300}") {
            let _ = Presented::parse(&typed);
        }
    }

    #[test]
    fn five_tries_a_step_and_five_more_in_the_next() {
        let mut credential = Credential { secret: String::new(), last_step: 0, tried_step: 0, tries: 0 };
        for expected in [Some(1), Some(2), Some(3), Some(4), Some(5), None, None] {
            let next = credential.next_try(7);
            assert_eq!(next, expected);
            (credential.tried_step, credential.tries) = (7, next.unwrap_or(credential.tries));
        }
        assert_eq!(credential.next_try(8), Some(1));
    }
}
