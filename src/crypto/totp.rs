//! One-time codes of an authenticator app: TOTP (RFC 6238) with SHA-1, six digits and steps of thirty seconds, which is
//! what every app understands.

use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::{
    base::{clock::Moment, token::random_bytes},
    db::Fault,
};

/// How long a code is shown, in seconds.
pub const STEP: i64 = 30;
/// How many steps a clock may be off, either way.
const DRIFT: i64 = 1;
/// The length RFC 4226 §4 recommends, in bytes.
const LENGTH: usize = 20;
/// What fits an app's list, and a small picture.
const LONGEST_NAME: usize = 60;

/// The secret that the app and the console share.
#[derive(Clone)]
pub struct Key(Zeroizing<Vec<u8>>);

impl Key {
    pub fn random() -> Self {
        Self(Zeroizing::new(random_bytes::<LENGTH>().to_vec()))
    }

    /// Nothing when it is shorter than 128 bits, the least that RFC 4226 allows.
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() >= 16).then(|| Self(Zeroizing::new(bytes)))
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// For typing into an app: base 32 in groups of four.
    pub fn in_groups(&self) -> String {
        let text = self.secret().to_base32();
        let letters: Vec<char> = text.trim_end_matches('=').chars().collect();
        letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
    }

    /// What an app reads from the picture: the key with the names it is listed under.
    pub fn address(&self, issuer: &str, account: &str) -> Result<String, Fault> {
        let totp = self
            .totp(|builder| builder.with_issuer(Some(listed(issuer))).with_account_name(listed(account)))?;
        totp.to_url().map_err(|e| Fault::broken("writing the address of a key", e.to_string()))
    }

    /// The step that this code belongs to, when it is one near this moment and later than `after`; six digits, nothing
    /// else. Which of the near steps it was does not show in the time this takes.
    pub fn step_of(&self, code: &str, now: Moment, after: i64) -> Result<Option<i64>, Fault> {
        let totp = self.totp(|builder| builder.with_skew(0))?;
        let mut found = None;
        for step in (step_at(now) - DRIFT)..=(step_at(now) + DRIFT) {
            let at = u64::try_from(step * STEP).unwrap_or_default();
            if totp.check(code, at).is_some() && step > after {
                found = found.or(Some(step));
            }
        }
        Ok(found)
    }

    fn totp(&self, with: impl FnOnce(Builder) -> Builder) -> Result<Totp, Fault> {
        with(Builder::new().with_secret(self.secret()))
            .build()
            .map_err(|e| Fault::broken("preparing one-time codes", e.to_string()))
    }

    fn secret(&self) -> Secret {
        Secret::from(self.0.to_vec())
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(***)")
    }
}

/// The number of the step that this moment lies in.
pub fn step_at(now: Moment) -> i64 {
    now.utc().timestamp().div_euclid(STEP)
}

/// A name as it may stand in a label, where a colon divides issuer and account.
fn listed(name: &str) -> String {
    let name: String = name.replace(':', " ").chars().take(LONGEST_NAME).collect();
    if name.trim().is_empty() { "Roster".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment::from_micros(seconds * 1_000_000)
    }

    /// The secret of RFC 6238, Appendix B.
    fn example() -> Key {
        Key::from_bytes(b"12345678901234567890".to_vec()).unwrap()
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        // Appendix B has eight digits; six are the last six of them (RFC 4226 §5.3).
        let vectors = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (seconds, code) in vectors {
            assert_eq!(example().step_of(code, at(seconds), 0).unwrap(), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_works_one_step_early_and_one_step_late_and_no_more() {
        let (key, code, middle) = (example(), "081804", at(1_111_111_109));
        for (seconds, works) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            let found = key.step_of(code, middle.plus(Duration::seconds(seconds)), 0).unwrap();
            assert_eq!(found.is_some(), works, "{seconds} s");
        }
    }

    #[test]
    fn a_step_that_was_used_is_over() {
        let step = 1_111_111_109 / 30;
        let found = |after| example().step_of("081804", at(1_111_111_109), after).unwrap();
        assert_eq!(found(step - 1), Some(step));
        assert_eq!(found(step), None);
    }

    #[test]
    fn only_six_digits_are_a_code() {
        for wrong in ["", "81804", "0081804", "+81804", "08180４", " 081804", "abcdef"] {
            assert_eq!(example().step_of(wrong, at(1_111_111_109), 0).unwrap(), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_key_is_typed_in_groups_of_four_and_has_no_debug() {
        assert_eq!(example().in_groups(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(format!("{:?}", example()), "Key(***)");
        assert_ne!(Key::random().bytes(), Key::random().bytes());
        assert!(Key::from_bytes(vec![1; 15]).is_none());
    }

    #[test]
    fn the_address_names_organization_and_account_and_nothing_breaks_out_of_it() {
        let address = example().address("Ada: & Söhne", "ada@example.com").unwrap();
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let issuer = "Ada%20%20%26%20S%C3%B6hne";
        assert_eq!(
            address.replace("%40", "@"),
            format!("otpauth://totp/{issuer}:ada@example.com?secret={secret}&issuer={issuer}")
        );
    }
}
