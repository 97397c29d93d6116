//! Links that prove themselves: a token names a row and carries an HMAC-SHA256 over its purpose, so the database
//! holds nothing that opens anything, and the same link can be made again when a letter is sent once more.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::base::token::hex;

/// What a link is for; a token of one purpose opens nothing of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Invitation,
    Setup,
    /// Setting a new password without the old one.
    PasswordReset,
    /// Confirming a new address.
    EmailConfirmation,
    /// Taking a change of address back, from the old one.
    EmailUndo,
    /// Letting a browser that was never seen try passwords for an account under attack.
    Browser,
}

impl Purpose {
    fn label(self) -> &'static str {
        match self {
            Self::Invitation => "roster link: invitation",
            Self::Setup => "roster link: setup",
            Self::PasswordReset => "roster link: password reset",
            Self::EmailConfirmation => "roster link: e-mail confirmation",
            Self::EmailUndo => "roster link: e-mail undo",
            Self::Browser => "roster link: browser",
        }
    }
}

/// Makes and checks link tokens; knows the key in force and, while it is being changed, the one before.
#[derive(Clone)]
pub struct Signer {
    keys: Vec<[u8; 32]>,
}

/// What a token names: a row, and the generation of its link. A resend raises the row's generation, which ends older links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    pub id: Uuid,
    pub generation: u32,
}

const ID: usize = 16;
const NAMED: usize = ID + 4;
/// 160 bits of the HMAC.
const SIGNATURE: usize = 20;

impl Signer {
    pub fn new(current: [u8; 32], previous: Option<[u8; 32]>) -> Self {
        Self { keys: std::iter::once(current).chain(previous).collect() }
    }

    /// 54 characters that may stand in a URL.
    pub fn token(&self, purpose: Purpose, named: Named) -> String {
        let mut bytes = [0; NAMED + SIGNATURE];
        bytes[..ID].copy_from_slice(named.id.as_bytes());
        bytes[ID..NAMED].copy_from_slice(&named.generation.to_be_bytes());
        let signature = mac(&self.keys[0], purpose, &bytes[..NAMED]).finalize().into_bytes();
        bytes[NAMED..].copy_from_slice(&signature[..SIGNATURE]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What the token names, if this program made it for this purpose. Compares in constant time.
    pub fn open(&self, purpose: Purpose, token: &str) -> Option<Named> {
        let bytes: [u8; NAMED + SIGNATURE] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
        let (named, signature) = bytes.split_at(NAMED);
        self.keys.iter().find(|key| mac(key, purpose, named).verify_truncated_left(signature).is_ok())?;
        let (id, generation) = named.split_at(ID);
        Some(Named {
            id: Uuid::from_slice(id).ok()?,
            generation: u32::from_be_bytes(generation.try_into().ok()?),
        })
    }

    /// What of a short secret may be stored: an HMAC-SHA256 in hexadecimal, so that a copy of the database does not help
    /// to guess it. The first is of the key in force; one by the key before may still be stored.
    pub fn fingerprints(&self, label: &str, secret: &str) -> Vec<String> {
        let one = |key: &[u8; 32]| {
            let mut mac = keyed(key);
            mac.update(b"roster secret: ");
            mac.update(label.as_bytes());
            mac.update(&[0]);
            mac.update(secret.as_bytes());
            hex(&mac.finalize().into_bytes())
        };
        self.keys.iter().map(one).collect()
    }
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    <Hmac<Sha256> as KeyInit>::new(&block.into())
}

fn mac(key: &[u8; 32], purpose: Purpose, named: &[u8]) -> Hmac<Sha256> {
    let mut mac = keyed(key);
    mac.update(purpose.label().as_bytes());
    mac.update(&[0]);
    mac.update(named);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named() -> Named {
        Named { id: Uuid::now_v7(), generation: 3 }
    }

    #[test]
    fn a_token_opens_only_what_it_was_made_for() {
        let (signer, named) = (Signer::new([1; 32], None), named());
        let token = signer.token(Purpose::Invitation, named);
        assert_eq!(signer.open(Purpose::Invitation, &token), Some(named));
        assert_eq!(signer.open(Purpose::Setup, &token), None);
        assert_eq!(Signer::new([2; 32], None).open(Purpose::Invitation, &token), None);
    }

    #[test]
    fn a_changed_token_opens_nothing() {
        let signer = Signer::new([1; 32], None);
        let token = signer.token(Purpose::Setup, named());
        for at in 0..token.len() - 1 {
            let mut other = token.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(signer.open(Purpose::Setup, &String::from_utf8(other).unwrap()), None, "at {at}");
        }
        assert_eq!(signer.open(Purpose::Setup, ""), None);
    }

    #[test]
    fn links_of_the_previous_key_still_open_while_the_key_is_being_changed() {
        let named = named();
        let token = Signer::new([1; 32], None).token(Purpose::Setup, named);
        assert_eq!(Signer::new([2; 32], Some([1; 32])).open(Purpose::Setup, &token), Some(named));
    }

    #[test]
    fn a_fingerprint_depends_on_key_label_and_secret_and_the_older_key_comes_second() {
        let (old, new) = (Signer::new([1; 32], None), Signer::new([2; 32], Some([1; 32])));
        let of = |signer: &Signer, label: &str, secret: &str| signer.fingerprints(label, secret);
        assert_eq!(of(&new, "a", "b")[1], of(&old, "a", "b")[0]);
        assert_ne!(of(&new, "a", "b")[0], of(&new, "a", "b")[1]);
        assert_ne!(of(&old, "a", "b"), of(&old, "a", "c"));
        assert_ne!(of(&old, "a", "b"), of(&old, "ab", ""));
    }
}
