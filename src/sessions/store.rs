//! Rows of sessions, by the person they belong to.

use chrono::Duration;
use diesel::prelude::*;

use super::model::{Limits, Session};
use crate::{
    base::{
        clock::Moment,
        ids::{SessionId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{organization_settings, sessions, users},
    },
    web::session::Stage,
};

pub fn limits(conn: &mut AnyConnection, user: UserId) -> Result<Option<Limits>, Fault> {
    let row: Option<(i32, i32)> = users::table
        .inner_join(
            organization_settings::table
                .on(organization_settings::organization_id.eq(users::organization_id)),
        )
        .filter(users::id.eq(user))
        .select((organization_settings::session_idle_minutes, organization_settings::session_overall_minutes))
        .first(conn)
        .optional()?;
    Ok(row.map(|(idle, overall)| Limits {
        idle: Duration::minutes(idle.into()),
        overall: Duration::minutes(overall.into()),
    }))
}

type Row = (SessionId, String, String, Moment, Moment);

/// Complete sessions that no raised epoch has ended, those used last first.
pub fn of_person(conn: &mut AnyConnection, user: UserId, now: Moment) -> Result<Vec<Session>, Fault> {
    let rows: Vec<Row> = sessions::table
        .inner_join(users::table.on(sessions::user_id.eq(users::id.nullable())))
        .filter(sessions::user_id.eq(user))
        .filter(sessions::session_epoch.eq(users::session_epoch))
        .filter(sessions::stage.eq(Stage::Full))
        .filter(sessions::expires_at.gt(now))
        .order((sessions::last_seen_at.desc(), sessions::id.desc()))
        .select((
            sessions::id,
            sessions::agent,
            sessions::address,
            sessions::created_at,
            sessions::last_seen_at,
        ))
        .load(conn)?;
    let session = |(id, agent, address, first_seen_at, last_seen_at)| Session {
        id,
        agent,
        address,
        first_seen_at,
        last_seen_at,
    };
    Ok(rows.into_iter().map(session).collect())
}

/// What the browser of this session calls itself, if it is this person's.
pub fn agent(conn: &mut AnyConnection, user: UserId, session: SessionId) -> Result<Option<String>, Fault> {
    let row = sessions::table.filter(sessions::id.eq(session)).filter(sessions::user_id.eq(user));
    Ok(row.select(sessions::agent).first(conn).optional()?)
}

/// True when it was there.
pub fn delete(tx: &mut Tx<'_>, user: UserId, session: SessionId) -> Result<bool, Fault> {
    let row = sessions::table.filter(sessions::id.eq(session)).filter(sessions::user_id.eq(user));
    Ok(diesel::delete(row).execute(tx.conn())? == 1)
}
