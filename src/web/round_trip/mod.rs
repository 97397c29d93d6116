//! Ways to another site and back: begun in a browser, ended in the same one, once, within ten minutes.

mod pace;
mod store;

use actix_session::Session;
use chrono::Duration;
use serde::{Serialize, de::DeserializeOwned};

use super::{Problem, session};
use crate::{
    base::token,
    crypto::sealing::Sealer,
    db::{Fault, Tx},
};

pub use pace::{came_back, wait};
pub use store::sweep;

/// How long another site is waited for before the way back is closed.
pub const LIFE: Duration = Duration::minutes(10);

/// Where the session keeps the key of the ways that were begun in it.
const HOLDER: &str = "round_trips";

/// What binds the way back to this browser; made at the first way that begins in it.
pub fn holder(session: &Session) -> Result<String, Problem> {
    if let Some(holder) = held(session) {
        return Ok(holder);
    }
    let holder = token::random_token();
    session::put(session, HOLDER, &holder)?;
    Ok(holder)
}

/// Nothing when no way was begun in this browser.
pub fn held(session: &Session) -> Option<String> {
    session.get(HOLDER).ok().flatten()
}

/// Keeps what has to be known at the end, sealed for its purpose, for whoever brings the state and holds the key.
pub fn begin(
    tx: &mut Tx<'_>,
    (sealer, purpose): (&Sealer, &str),
    (state, holder): (&str, &str),
    attempt: &impl Serialize,
) -> Result<(), Fault> {
    let written = serde_json::to_vec(attempt).map_err(|e| Fault::broken("writing a way that begins", e))?;
    let sealed = sealer
        .seal(purpose, &written)
        .ok_or_else(|| Fault::broken("sealing a way that begins", "it cannot be sealed"))?;
    let expires_at = tx.now().plus(LIFE);
    store::begin(tx, (&token::hash(state), &token::hash(holder)), &sealed, expires_at)
}

/// What was kept, once: nothing when the way was begun in another browser, for another purpose or too long ago, or has
/// ended already.
pub fn take<T: DeserializeOwned>(
    tx: &mut Tx<'_>,
    (sealer, purpose): (&Sealer, &str),
    (state, holder): (&str, &str),
) -> Result<Option<T>, Fault> {
    let sealed = store::take(tx, &token::hash(state), &token::hash(holder))?;
    let opened = sealed.and_then(|sealed| sealer.open(purpose, &sealed));
    Ok(opened.and_then(|opened| serde_json::from_slice(&opened.secret).ok()))
}
