//! The chain: each line's HMAC-SHA256 covers the line and the HMAC of the one before, so that an edit, a deletion or
//! an insertion breaks all that follows. Personal details stand beside the line, bound by a salted commitment, so
//! that they can be erased without breaking it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::base::{clock::Moment, token};

pub const FORMAT: i32 = 1;

/// What of a line the chain covers.
pub struct Link<'a> {
    pub organization: &'a str,
    pub sequence: i64,
    pub format: i32,
    pub at: Moment,
    pub actor_kind: &'a str,
    pub actor_id: &'a str,
    pub action: &'a str,
    pub target_kind: &'a str,
    pub target_id: &'a str,
    pub request_id: &'a str,
    pub commitment: &'a str,
}

/// The HMAC of a line that follows the line with `previous`.
pub fn mac(key: &[u8; 32], previous: &str, link: &Link<'_>) -> String {
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    let numbers = [link.sequence.to_string(), link.format.to_string(), link.at.micros().to_string()];
    let texts = [
        previous,
        link.organization,
        link.actor_kind,
        link.actor_id,
        link.action,
        link.target_kind,
        link.target_id,
        link.request_id,
        link.commitment,
    ];
    for text in texts.into_iter().chain(numbers.iter().map(String::as_str)) {
        mac.update(&(text.len() as u64).to_be_bytes());
        mac.update(text.as_bytes());
    }
    token::hex(&mac.finalize().into_bytes())
}

/// Binds the details without telling anything of them.
pub fn commitment(salt: &str, details: &str) -> String {
    token::hex(&Sha256::new().chain_update(salt).chain_update([0]).chain_update(details).finalize())
}
