//! Secrets at rest: ChaCha20-Poly1305 (RFC 8439) under the installation's key, bound to what they are for.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit, Nonce,
    aead::{Aead, Payload},
};

use crate::base::token::random_bytes;

/// Seals with the key in force; opens with that or, while it is being changed, the one before.
#[derive(Clone)]
pub struct Sealer {
    keys: Vec<[u8; 32]>,
}

/// What was sealed, and whether the older key had sealed it, so that it should be sealed anew.
pub struct Opened {
    pub secret: Vec<u8>,
    pub with_previous_key: bool,
}

const NONCE: usize = 12;

impl Sealer {
    pub fn new(current: [u8; 32], previous: Option<[u8; 32]>) -> Self {
        Self { keys: std::iter::once(current).chain(previous).collect() }
    }

    /// Text that only [`Sealer::open`] with the same purpose turns back.
    pub fn seal(&self, purpose: &str, secret: &[u8]) -> Option<String> {
        let nonce = random_bytes::<NONCE>();
        let payload = Payload { msg: secret, aad: purpose.as_bytes() };
        let sealed = cipher(&self.keys[0]).encrypt(Nonce::from_slice(&nonce), payload).ok()?;
        Some(STANDARD_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    pub fn open(&self, purpose: &str, sealed: &str) -> Option<Opened> {
        let bytes = STANDARD_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
        self.keys.iter().enumerate().find_map(|(age, key)| {
            let payload = Payload { msg: sealed, aad: purpose.as_bytes() };
            let secret = cipher(key).decrypt(Nonce::from_slice(nonce), payload).ok()?;
            Some(Opened { secret, with_previous_key: age > 0 })
        })
    }
}

fn cipher(key: &[u8; 32]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(key.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_only_with_its_key_and_purpose() {
        let sealer = Sealer::new([1; 32], None);
        let sealed = sealer.seal("audit", b"secret").unwrap();
        assert_eq!(sealer.open("audit", &sealed).unwrap().secret, b"secret");
        assert!(sealer.open("other", &sealed).is_none());
        assert!(Sealer::new([2; 32], None).open("audit", &sealed).is_none());
        assert!(Sealer::new([2; 32], Some([1; 32])).open("audit", &sealed).unwrap().with_previous_key);
        assert!(sealer.open("audit", "AA").is_none());
    }
}
