//! The key of an app and recovery codes, as they are kept.

use crate::{base::ids::UserId, crypto::totp::Key, db::Fault, second_factor::model::RecoveryCode, web::Site};

/// The key as it is stored, sealed for this person alone.
pub fn sealed(site: &Site, user: UserId, key: &Key) -> Result<String, Fault> {
    let sealed = site.sealer.seal(&purpose(user), key.bytes());
    sealed.ok_or_else(|| Fault::broken("sealing the secret of an app", "it could not be sealed"))
}

/// The key that [`sealed`] was given.
pub fn unsealed(site: &Site, user: UserId, text: &str) -> Option<Key> {
    Key::from_bytes(site.sealer.open(&purpose(user), text)?.secret)
}

pub fn purpose(user: UserId) -> String {
    format!("second factor of {user}")
}

pub fn fingerprints(site: &Site, user: UserId, code: &RecoveryCode) -> Vec<String> {
    site.signer.fingerprints(&format!("recovery code of {user}"), code.secret())
}
