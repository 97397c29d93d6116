//! E-mail addresses: one spelling to show, one to send to, and one key by which they are the same.

mod list;

use std::{cmp::Ordering, fmt, hash, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::fold::is_invisible;

pub use list::Named;

/// The longest address there may be (RFC 5321, errata 1690), in bytes.
pub const LONGEST: usize = 254;
/// The longest part before the @ (RFC 5321 §4.5.3.1.1), in bytes.
pub const LONGEST_LOCAL: usize = 64;

/// An address of the common form: no quoted local part, no address of numbers after the @. Letters of every script
/// are welcome on both sides (RFC 6531, UTS 46). Two addresses are equal when their [`folded`](Self::folded) keys are.
#[derive(Clone)]
pub struct EmailAddress {
    shown: String,
    folded: String,
    /// Where in `shown` the @ is.
    at: usize,
}

/// A text that is not an address, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{}” is not an e-mail address: {why}", shortened(text))]
pub struct BadAddress {
    pub text: String,
    pub why: WrongAddress,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongAddress {
    #[error("it is empty")]
    Empty,
    #[error("it is longer than {LONGEST} bytes")]
    TooLong,
    #[error("it has no @")]
    NoAt,
    #[error("it has more than one @")]
    ManyAts,
    #[error("nothing stands before the @")]
    NoLocal,
    #[error("what stands before the @ is longer than {LONGEST_LOCAL} bytes")]
    LongLocal,
    #[error("it has a space in it")]
    Space,
    #[error("it has the character “{0}” in it")]
    Character(char),
    #[error("it has a character in it that cannot be seen")]
    Invisible,
    #[error("a dot stands at the wrong place")]
    Dot,
    #[error("nothing stands after the @")]
    NoDomain,
    #[error("what stands after the @ is not the name of a domain")]
    Domain,
}

impl EmailAddress {
    /// Reads one address; white space around it does not matter.
    ///
    /// # Errors
    /// Says which rule the text breaks, in words for the person who typed it.
    pub fn parse(text: &str) -> Result<Self, BadAddress> {
        let text = text.trim();
        read(text).map_err(|why| BadAddress { text: text.to_owned(), why })
    }

    /// As it was typed, with the domain in lower case and in its own script.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The key by which addresses are compared and found: NFC, lower case, the domain in ASCII.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// What stands before the @, as it was typed.
    pub fn local(&self) -> &str {
        &self.shown[..self.at]
    }

    /// What stands after the @, in lower case and in its own script.
    pub fn domain(&self) -> &str {
        &self.shown[self.at + 1..]
    }

    /// The domain in ASCII, as name servers know it.
    pub fn ascii_domain(&self) -> &str {
        self.folded.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The address as a mail server takes it: the local part as typed, the domain in ASCII.
    pub fn for_delivery(&self) -> String {
        format!("{}@{}", self.local(), self.ascii_domain())
    }
}

fn read(text: &str) -> Result<EmailAddress, WrongAddress> {
    if text.is_empty() {
        return Err(WrongAddress::Empty);
    }
    if text.len() > LONGEST {
        return Err(WrongAddress::TooLong);
    }
    if text.chars().any(char::is_whitespace) {
        return Err(WrongAddress::Space);
    }
    if text.chars().any(is_invisible) {
        return Err(WrongAddress::Invisible);
    }
    let (local, domain) = text.split_once('@').ok_or(WrongAddress::NoAt)?;
    if domain.contains('@') {
        return Err(WrongAddress::ManyAts);
    }
    check_local(local)?;
    let ascii = ascii_domain(domain)?;
    let folded_local: String = local.nfc().flat_map(char::to_lowercase).nfc().collect();
    let folded = format!("{folded_local}@{ascii}");
    let shown = format!("{local}@{}", domain_to_show(&ascii));
    if shown.len() > LONGEST || folded.len() > LONGEST {
        return Err(WrongAddress::TooLong);
    }
    Ok(EmailAddress { shown, folded, at: local.len() })
}

/// RFC 5322 dot-atom, with the letters, digits and marks of every script (RFC 6532).
fn check_local(local: &str) -> Result<(), WrongAddress> {
    if local.is_empty() {
        return Err(WrongAddress::NoLocal);
    }
    if local.len() > LONGEST_LOCAL {
        return Err(WrongAddress::LongLocal);
    }
    if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return Err(WrongAddress::Dot);
    }
    let fits = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c) || is_combining_mark(c);
    match local.chars().find(|c| !fits(*c)) {
        Some(c) => Err(WrongAddress::Character(c)),
        None => Ok(()),
    }
}

fn ascii_domain(domain: &str) -> Result<String, WrongAddress> {
    if domain.is_empty() {
        return Err(WrongAddress::NoDomain);
    }
    let ascii = idna::domain_to_ascii_strict(domain).map_err(|_| WrongAddress::Domain)?;
    let last = ascii.rsplit('.').next().unwrap_or_default();
    if last.is_empty() || last.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(WrongAddress::Domain);
    }
    Ok(ascii)
}

/// The domain in its own script, unless that would not lead back to the same domain.
fn domain_to_show(ascii: &str) -> String {
    let (shown, read) = idna::domain_to_unicode(ascii);
    let leads_back = read.is_ok() && idna::domain_to_ascii_strict(&shown).is_ok_and(|back| back == ascii);
    if leads_back { shown } else { ascii.to_owned() }
}

/// Enough of a text to recognize it by, without what could spoil a line.
fn shortened(text: &str) -> String {
    let mut seen = text.chars().filter(|c| !is_invisible(*c));
    let mut short: String = seen.by_ref().take(80).collect();
    if seen.next().is_some() {
        short.push('…');
    }
    short
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.shown)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmailAddress({})", self.shown)
    }
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for EmailAddress {}

impl PartialOrd for EmailAddress {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for EmailAddress {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded.cmp(&other.folded)
    }
}

impl hash::Hash for EmailAddress {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}

impl FromStr for EmailAddress {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        Self::parse(text)
    }
}

impl Serialize for EmailAddress {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.shown)
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn why(text: &str) -> WrongAddress {
        EmailAddress::parse(text).expect_err(text).why
    }

    #[test]
    fn an_address_is_shown_as_typed_with_its_domain_in_lower_case() {
        let address = EmailAddress::parse("  Ada.Lovelace+x@Example.COM ").expect("an address");
        assert_eq!(address.as_str(), "Ada.Lovelace+x@example.com");
        assert_eq!(address.folded(), "ada.lovelace+x@example.com");
        assert_eq!((address.local(), address.domain()), ("Ada.Lovelace+x", "example.com"));
    }

    #[test]
    fn other_letter_case_and_spellings_are_the_same_address() {
        for (one, other) in [
            ("ada@example.com", "ADA@EXAMPLE.com"),
            ("ada@bücher.example", "Ada@xn--bcher-kva.example"),
            ("ada@BÜCHER.example", "ada@bu\u{308}cher.example"),
            ("josé@example.com", "JOSE\u{301}@example.com"),
        ] {
            assert_eq!(EmailAddress::parse(one), EmailAddress::parse(other), "{one} {other}");
        }
        let address = EmailAddress::parse("ada@xn--bcher-kva.example").expect("an address");
        assert_eq!(address.as_str(), "ada@bücher.example");
        assert_eq!(address.for_delivery(), "ada@xn--bcher-kva.example");
    }

    #[test]
    fn a_domain_may_have_one_label() {
        assert!(EmailAddress::parse("root@localhost").is_ok());
    }

    #[test]
    fn what_is_wrong_is_told_in_plain_words() {
        let bad = EmailAddress::parse("foo").expect_err("no address");
        assert_eq!(bad.to_string(), "“foo” is not an e-mail address: it has no @");
        assert_eq!(why(""), WrongAddress::Empty);
        assert_eq!(why("a@b@c"), WrongAddress::ManyAts);
        assert_eq!(why("@b"), WrongAddress::NoLocal);
        assert_eq!(why("a@"), WrongAddress::NoDomain);
        assert_eq!(why("a b@c"), WrongAddress::Space);
        assert_eq!(why("a@b\r\nBcc:x"), WrongAddress::Space);
        assert_eq!(why("a\u{202E}b@c"), WrongAddress::Invisible);
        assert_eq!(why("a\0@b"), WrongAddress::Invisible);
        assert_eq!(why("\"a\"@b"), WrongAddress::Character('"'));
        assert_eq!(why("<a@b"), WrongAddress::Character('<'));
        assert_eq!(why("a..b@c"), WrongAddress::Dot);
        assert_eq!(why(&format!("{}@b", "a".repeat(65))), WrongAddress::LongLocal);
        assert_eq!(why(&format!("a@{}", "b.".repeat(130))), WrongAddress::TooLong);
        for domain in ["-a.com", "a..com", "a.com.", ".a", "[1.2.3.4]", "1.2.3.4", "a_b.com", &"a".repeat(64)]
        {
            assert_eq!(why(&format!("a@{domain}")), WrongAddress::Domain, "{domain}");
        }
    }

    #[test]
    fn a_long_wrong_text_is_shortened() {
        let told = EmailAddress::parse(&"x".repeat(100)).expect_err("no address").to_string();
        assert_eq!(told, format!("“{}…” is not an e-mail address: it has no @", "x".repeat(80)));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic_and_reads_back_the_same(text in "\\PC{0,24}@\\PC{0,24}") {
            if let Ok(address) = EmailAddress::parse(&text) {
                let again = EmailAddress::parse(address.as_str()).expect("its own spelling");
                prop_assert_eq!(again.as_str(), address.as_str());
                prop_assert_eq!(again.folded(), address.folded());
                let key = EmailAddress::parse(address.folded()).expect("its key");
                prop_assert_eq!(key.folded(), address.folded());
            }
        }

        #[test]
        fn plain_addresses_are_read(local in "[a-zA-Z0-9+_-]{1,20}", domain in "[a-zA-Z][a-zA-Z0-9]{0,20}\\.[a-z]{2,6}") {
            let address = EmailAddress::parse(&format!("{local}@{domain}")).expect("an address");
            prop_assert_eq!(address.folded(), format!("{local}@{domain}").to_lowercase());
        }
    }
}
