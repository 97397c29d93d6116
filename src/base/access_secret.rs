//! The secret of an access token: `rst_`, 36 random letters and digits, and six that check them, so that scanners
//! find leaked ones without asking anybody and a mistyped one is refused without a look at the database.

use std::fmt;

use super::token;

pub const PREFIX: &str = "rst_";
const RANDOM: usize = 36;
const CHECK: usize = 6;
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A secret that is well formed; whether anybody ever gave it out is another question.
#[derive(Clone)]
pub struct AccessSecret(String);

impl AccessSecret {
    /// A new one, of 214 random bits.
    pub fn random() -> Self {
        Self(random(PREFIX))
    }

    /// Reads what somebody sent; none when it is no secret of this kind, or not as it was given out.
    pub fn parse(text: &str) -> Option<Self> {
        is_whole(PREFIX, text).then(|| Self(text.to_owned()))
    }

    /// What of it is stored and looked up.
    pub fn hash(&self) -> String {
        token::hash(&self.0)
    }

    /// The same in 32 bytes, for what is kept in memory.
    pub fn digest(&self) -> [u8; 32] {
        token::digest(&self.0)
    }

    /// To be shown once, to whom it belongs.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rst_***")
    }
}

/// The prefix, 214 random bits, and their check.
pub(super) fn random(prefix: &str) -> String {
    let mut text = String::with_capacity(prefix.len() + RANDOM + CHECK);
    text.push_str(prefix);
    while text.len() < prefix.len() + RANDOM {
        let bytes = token::random_bytes::<64>();
        // Of 256 values the last eight would make some digits more likely than others.
        let fair = bytes.iter().filter(|byte| **byte < 248);
        let left = prefix.len() + RANDOM - text.len();
        text.extend(fair.take(left).map(|byte| char::from(DIGITS[usize::from(*byte) % DIGITS.len()])));
    }
    let check = check_of(&text);
    text + &check
}

/// Whether a text is what [`random`] makes with this prefix.
pub(super) fn is_whole(prefix: &str, text: &str) -> bool {
    let Some(body) = text.strip_prefix(prefix) else { return false };
    let is_long = body.len() == RANDOM + CHECK && body.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let parts = text.split_at_checked(prefix.len() + RANDOM);
    is_long && parts.is_some_and(|(said, check)| check_of(said) == check)
}

/// The CRC-32 (ISO-HDLC) of the text, as six digits of base 62.
fn check_of(text: &str) -> String {
    let mut rest = crc32fast::hash(text.as_bytes()) as usize;
    let mut digits = [b'0'; CHECK];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[rest % DIGITS.len()];
        rest /= DIGITS.len();
    }
    digits.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_reads_back_and_no_other_spelling_of_it_does() {
        let secret = AccessSecret::random();
        let text = secret.reveal().to_owned();
        assert_eq!(text.len(), 46);
        assert_eq!(AccessSecret::parse(&text).map(|it| it.hash()), Some(secret.hash()));
        for at in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            assert!(AccessSecret::parse(&String::from_utf8(other).unwrap()).is_none(), "at {at}");
        }
        for wrong in ["", "rst_", &text[..45], &format!("{text}0"), &format!(" {text}"), "rst_scim_abc"] {
            assert!(AccessSecret::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn secrets_differ_and_do_not_show_in_a_log() {
        let (one, other) = (AccessSecret::random(), AccessSecret::random());
        assert_ne!(one.reveal(), other.reveal());
        assert_eq!(format!("{one:?}"), "rst_***");
    }
}
