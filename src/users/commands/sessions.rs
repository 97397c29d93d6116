//! Where somebody is signed in, and ending that.

use crate::{
    access::{Permit, actions::EndSessions},
    base::clock::Moment,
    db::{AnyConnection, Fault, Stop, Tx},
    sessions::{self, Session},
    users::{
        model::{EndRefusal, Who},
        store,
    },
};

/// What [`end_sessions`] would end now; nothing when there is no such person.
pub fn signed_in(
    conn: &mut AnyConnection,
    permit: &Permit<EndSessions>,
    now: Moment,
) -> Result<Option<(Who, Vec<Session>)>, Fault> {
    let user = permit.target().of;
    let Some(who) = store::who(conn, permit.organization(), user)? else { return Ok(None) };
    Ok(Some((who, sessions::of_person(conn, user, now)?)))
}

/// Ends all sessions of somebody, who is told by whom; returns how many there were.
pub fn end_sessions(tx: &mut Tx<'_>, permit: Permit<EndSessions>) -> Result<(Who, usize), Stop<EndRefusal>> {
    let now = tx.now();
    let found = signed_in(tx.conn(), &permit, now)?;
    let (who, sessions) = found.ok_or(Stop::Refused(EndRefusal::NoSuchPerson))?;
    if sessions.is_empty() {
        return Err(Stop::Refused(EndRefusal::NotSignedIn(who)));
    }
    sessions::end_all(tx, permit)?;
    Ok((who, sessions.len()))
}
