//! What happens to passkeys, and what they prove.

mod add;
mod change;
mod prove;

pub use add::{Enrolling, add, ask_to_add, enrol};
pub use change::{remove, rename};
pub use prove::{Signed, ask_any, ask_own, enter, note_copy, prove, verify};

use super::{model::Shown, store};
use crate::{
    base::ids::{PasskeyId, UserId},
    db::{AnyConnection, Fault},
};

/// The passkeys of somebody, oldest first.
pub fn list(conn: &mut AnyConnection, user: UserId) -> Result<Vec<Shown>, Fault> {
    store::of_person(conn, user)
}

/// One of one's own passkeys.
pub fn find(conn: &mut AnyConnection, user: UserId, id: PasskeyId) -> Result<Option<Shown>, Fault> {
    store::one_of_person(conn, user, id)
}

fn credential_id(raw: &[u8]) -> String {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    BASE64_URL_SAFE_NO_PAD.encode(raw)
}
