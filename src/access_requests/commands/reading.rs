//! What the pages show.

use crate::{
    access::{Actor, Permit, actions::ReadRequests},
    access_requests::{
        model::{List, Looked, Place, Seen, Slice},
        store,
    },
    base::{
        clock::Moment,
        ids::{AccessRequestId, OrganizationId},
    },
    db::{AnyConnection, Fault},
};

/// A page of at most `most` of one's own requests, the newest first.
pub fn mine(
    conn: &mut AnyConnection,
    actor: &Actor,
    place: &Place,
    at: (usize, Moment),
) -> Result<Looked, Fault> {
    match actor.user() {
        Some(user) => page(conn, actor.organization(), List::Of(user), place, at),
        None => Err(Fault::broken("reading one's own requests", "only people ask")),
    }
}

/// A page of at most `most` of everybody's requests.
pub fn everybody(
    conn: &mut AnyConnection,
    permit: &Permit<ReadRequests>,
    list: List,
    place: &Place,
    at: (usize, Moment),
) -> Result<Looked, Fault> {
    page(conn, permit.organization(), list, place, at)
}

fn page(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    list: List,
    place: &Place,
    (most, now): (usize, Moment),
) -> Result<Looked, Fault> {
    let (toward, is_lost) = place.read();
    let slice = Slice::of(store::list(conn, organization, (list, now), toward, most + 1)?, toward, most);
    let people = store::people_in(conn, &slice.requests)?;
    Ok(Looked { slice, people, is_lost })
}

/// One request, for whoever asked and for those who may read everybody's; for others there is none.
pub fn seen(conn: &mut AnyConnection, actor: &Actor, id: AccessRequestId) -> Result<Option<Seen>, Fault> {
    let found = store::find(conn, actor.organization(), id)?;
    let may_read = actor.may(ReadRequests).is_ok();
    let found = found.filter(|request| may_read || Some(request.user) == actor.user());
    let Some(request) = found else { return Ok(None) };
    let people = store::people_in(conn, std::slice::from_ref(&request))?;
    Ok(Some(Seen { request, people }))
}

/// Up to `most` requests and grants whose time is up.
pub fn due(
    conn: &mut AnyConnection,
    now: Moment,
    most: i64,
) -> Result<Vec<(OrganizationId, AccessRequestId)>, Fault> {
    store::due(conn, now, most)
}
