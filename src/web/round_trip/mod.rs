//! Ways to another site and back: begun in a browser, ended in the same one, once, within ten minutes.

mod pace;
mod store;

use actix_session::Session;
use chrono::Duration;
use serde::{Serialize, de::DeserializeOwned};

use super::{Problem, session};
use crate::{
    base::{clock::Moment, token},
    crypto::sealing::Sealer,
    db::{AnyConnection, Fault, Tx},
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
    let expires_at = tx.now().plus(LIFE);
    let sealed = sealed(sealer, purpose, attempt)?;
    store::begin(tx, (&token::hash(state), &token::hash(holder)), &sealed, expires_at)
}

fn sealed(sealer: &Sealer, purpose: &str, attempt: &impl Serialize) -> Result<String, Fault> {
    let written = serde_json::to_vec(attempt).map_err(|e| Fault::broken("writing a way that begins", e))?;
    let sealed = sealer.seal(purpose, &written);
    sealed.ok_or_else(|| Fault::broken("sealing a way that begins", "it cannot be sealed"))
}

/// What was kept so far, for an answer that does not come through the browser that began. The way goes on.
pub fn look<T: DeserializeOwned>(
    conn: &mut AnyConnection,
    (sealer, purpose): (&Sealer, &str),
    state: &str,
    now: Moment,
) -> Result<Option<Seen<T>>, Fault> {
    let Some(sealed) = store::look(conn, &token::hash(state), now)? else { return Ok(None) };
    let opened = sealer.open(purpose, &sealed);
    let attempt = opened.and_then(|opened| serde_json::from_slice(&opened.secret).ok());
    Ok(attempt.map(|attempt| Seen { attempt, sealed }))
}

/// A way as somebody saw it.
pub struct Seen<T> {
    pub attempt: T,
    sealed: String,
}

/// Keeps this instead of what was seen. Of many at once one does; false for the others, and when the way has ended.
pub fn go_on<T>(
    tx: &mut Tx<'_>,
    (sealer, purpose): (&Sealer, &str),
    (state, seen): (&str, &Seen<T>),
    attempt: &impl Serialize,
) -> Result<bool, Fault> {
    store::replace(tx, &token::hash(state), &seen.sealed, &sealed(sealer, purpose, attempt)?)
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
