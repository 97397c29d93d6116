//! Rows of requests. Whatever is asked starts from one organization, but for what is due.

mod approvers;

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::model::{AccessRequest, List, Open, State, Toward, Who};
use crate::{
    base::{
        clock::Moment,
        ids::{AccessRequestId, OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{access_requests, users},
    },
};

pub use approvers::holders;

type Row = (
    (AccessRequestId, OrganizationId, UserId, String, String, i32, State),
    (Moment, Moment, Option<Moment>, Option<UserId>, String),
    (Option<Moment>, Option<Moment>, Option<UserId>),
);

macro_rules! columns {
    () => {
        (
            (
                access_requests::id,
                access_requests::organization_id,
                access_requests::user_id,
                access_requests::role,
                access_requests::reason,
                access_requests::minutes,
                access_requests::state,
            ),
            (
                access_requests::created_at,
                access_requests::expires_at,
                access_requests::decided_at,
                access_requests::decided_by,
                access_requests::decision_note,
            ),
            (access_requests::ends_at, access_requests::ended_at, access_requests::ended_by),
        )
    };
}

fn read(row: Row) -> AccessRequest {
    let ((id, organization, user, role, reason, minutes, state), decided, ended) = row;
    let (created_at, expires_at, decided_at, decided_by, note) = decided;
    let (ends_at, ended_at, ended_by) = ended;
    AccessRequest {
        id,
        organization,
        user,
        role,
        reason,
        minutes,
        state,
        created_at,
        expires_at,
        decided_at,
        decided_by,
        note,
        ends_at,
        ended_at,
        ended_by,
    }
}

pub fn insert(tx: &mut Tx<'_>, request: &AccessRequest) -> Result<(), Fault> {
    diesel::insert_into(access_requests::table)
        .values((
            access_requests::id.eq(request.id),
            access_requests::organization_id.eq(request.organization),
            access_requests::user_id.eq(request.user),
            access_requests::role.eq(&request.role),
            access_requests::reason.eq(&request.reason),
            access_requests::minutes.eq(request.minutes),
            access_requests::state.eq(request.state),
            access_requests::created_at.eq(request.created_at),
            access_requests::expires_at.eq(request.expires_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Compare-and-set: true when the request was in the state `from` and is now as `to` says.
pub fn change(tx: &mut Tx<'_>, from: State, to: &AccessRequest) -> Result<bool, Fault> {
    let row = access_requests::table
        .filter(access_requests::id.eq(to.id))
        .filter(access_requests::organization_id.eq(to.organization))
        .filter(access_requests::state.eq(from));
    let changed = diesel::update(row)
        .set((
            access_requests::state.eq(to.state),
            access_requests::decided_at.eq(to.decided_at),
            access_requests::decided_by.eq(to.decided_by),
            access_requests::decision_note.eq(&to.note),
            access_requests::ends_at.eq(to.ends_at),
            access_requests::ended_at.eq(to.ended_at),
            access_requests::ended_by.eq(to.ended_by),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: AccessRequestId,
) -> Result<Option<AccessRequest>, Fault> {
    let row: Option<Row> = access_requests::table
        .filter(access_requests::id.eq(id))
        .filter(access_requests::organization_id.eq(organization))
        .select(columns!())
        .first(conn)
        .optional()?;
    Ok(row.map(read))
}

/// The roles that somebody asks for and waits to hear about.
pub fn waiting_roles(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
    now: Moment,
) -> Result<Vec<String>, Fault> {
    Ok(access_requests::table
        .filter(access_requests::user_id.eq(user))
        .filter(access_requests::state.eq(State::Pending))
        .filter(access_requests::organization_id.eq(organization))
        .filter(access_requests::expires_at.gt(now))
        .select(access_requests::role)
        .load(conn)?)
}

/// What of somebody's is neither answered nor over, the oldest first.
pub fn open_of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
) -> Result<Vec<AccessRequest>, Fault> {
    let rows: Vec<Row> = access_requests::table
        .filter(access_requests::user_id.eq(user))
        .filter(access_requests::state.eq_any([State::Pending, State::Approved]))
        .filter(access_requests::organization_id.eq(organization))
        .order(access_requests::id)
        .select(columns!())
        .load(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

pub fn count_open(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
    now: Moment,
) -> Result<Open, Fault> {
    let open = open_of(conn, organization, user)?;
    let count = |state| open.iter().filter(|request| request.state_at(now) == state).count() as i64;
    Ok(Open { waiting: count(State::Pending), held: count(State::Approved) })
}

/// Up to `most` requests toward a place. Before a place they come in the opposite order.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    (list, now): (List, Moment),
    toward: Toward,
    most: usize,
) -> Result<Vec<AccessRequest>, Fault> {
    let mut rows = access_requests::table
        .filter(access_requests::organization_id.eq(organization))
        .select(columns!())
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .into_boxed();
    rows = match list {
        List::Of(user) => rows.filter(access_requests::user_id.eq(user)),
        List::Waiting => {
            rows.filter(access_requests::state.eq(State::Pending)).filter(access_requests::expires_at.gt(now))
        }
        List::History => rows.filter(access_requests::state.ne(State::Pending)),
    };
    let (is_rising, place) = match (list == List::Waiting, toward) {
        (oldest_first, Toward::Start) => (oldest_first, None),
        (oldest_first, Toward::After(id)) => (oldest_first, Some(id)),
        (oldest_first, Toward::Before(id)) => (!oldest_first, Some(id)),
    };
    rows = match (is_rising, place) {
        (true, Some(id)) => rows.filter(access_requests::id.gt(id)).order(access_requests::id),
        (false, Some(id)) => rows.filter(access_requests::id.lt(id)).order(access_requests::id.desc()),
        (true, None) => rows.order(access_requests::id),
        (false, None) => rows.order(access_requests::id.desc()),
    };
    Ok(rows.load::<Row>(conn)?.into_iter().map(read).collect())
}

/// Up to `most` requests and grants whose time is up, of every organization.
pub fn due(
    conn: &mut AnyConnection,
    now: Moment,
    most: i64,
) -> Result<Vec<(OrganizationId, AccessRequestId)>, Fault> {
    let columns = (access_requests::organization_id, access_requests::id);
    let mut due: Vec<(OrganizationId, AccessRequestId)> = access_requests::table
        .filter(access_requests::state.eq(State::Pending))
        .filter(access_requests::expires_at.le(now))
        .order(access_requests::expires_at)
        .limit(most)
        .select(columns)
        .load(conn)?;
    let ended: Vec<(OrganizationId, AccessRequestId)> = access_requests::table
        .filter(access_requests::state.eq(State::Approved))
        .filter(access_requests::ends_at.le(now))
        .order(access_requests::ends_at)
        .limit(most)
        .select(columns)
        .load(conn)?;
    due.extend(ended);
    Ok(due)
}

/// The people in these requests.
pub fn people_in(
    conn: &mut AnyConnection,
    requests: &[AccessRequest],
) -> Result<BTreeMap<UserId, Who>, Fault> {
    let named = |it: &AccessRequest| [Some(it.user), it.decided_by, it.ended_by];
    let ids: BTreeSet<UserId> = requests.iter().flat_map(named).flatten().collect();
    let rows: Vec<(UserId, String, String)> = users::table
        .filter(users::id.eq_any(ids))
        .select((users::id, users::name, users::email))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, name, email)| (id, Who { name, email })).collect())
}
