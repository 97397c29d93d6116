//! What happens by itself: letters before the end of a token, and the end of what is long over.

use chrono::Duration;

use super::{commands::tell_of_end, store};
use crate::{
    base::clock::Moment,
    db::{Fault, Tx},
};

/// Days before the end at which its person is told, the later letter first so that one who is told late is told once.
const LETTERS: [i32; 2] = [1, 7];
/// Letters of one run.
const BATCH: i64 = 500;
/// How long a token that is revoked or over can still say so.
const KEPT: Duration = Duration::days(90);

/// Mails people whose tokens end within seven days and within one, once each; returns how many letters that were.
/// Nobody is told of the end of a token that was made for no longer than that.
pub fn warn(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let (now, mut told) = (tx.now(), 0);
    for days in LETTERS {
        let ahead = Duration::days(days.into());
        for (id, owner, name, created_at, expires_at) in store::ending(tx, now.plus(ahead), days, BATCH)? {
            let is_first = store::set_warned(tx, id, days)?;
            if is_first && is_told(created_at, expires_at, ahead) {
                tell_of_end(tx, owner, name, expires_at)?;
                told += 1;
            }
        }
    }
    Ok(told)
}

/// Whether the person of a token with this life gets any letter before its end.
pub fn is_told_before(created_at: Moment, expires_at: Moment) -> bool {
    LETTERS.iter().any(|days| is_told(created_at, expires_at, Duration::days((*days).into())))
}

fn is_told(created_at: Moment, expires_at: Moment, ahead: Duration) -> bool {
    expires_at.since(created_at) > ahead
}

/// Removes tokens that have been revoked or over for 90 days; returns how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let before = tx.now().minus(KEPT);
    store::sweep(tx, before)
}
