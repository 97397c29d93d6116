//! What the pages show.

use crate::{
    access::{Permit, actions::ReadAudit},
    audit::{
        details::Named,
        model::{Entry, Looked, Meant, Object, Party, Place, Slice, Span, Toward, View},
        store::{self, Found, Names},
    },
    base::ids::{OrganizationId, UserId},
    db::{AnyConnection, Fault},
};

/// Actors without a person, by the words that name them in a filter.
const KINDS: [&str; 4] = ["operator", "system", "stranger", "scim"];

/// One page of lines, at most `most`.
pub fn look(
    conn: &mut AnyConnection,
    permit: &Permit<ReadAudit>,
    view: View,
    (span, place): (Span, Place),
    most: usize,
) -> Result<Looked, Fault> {
    let organization = permit.organization();
    let (actor, target) = meant(conn, organization, &view)?;
    let found = found(conn, organization, &view, span, (actor.clone(), target.clone()))?;
    let is_unfolded =
        (!view.typed.is_empty() || view.address.is_some()) && store::is_unfolded(conn, organization)?;
    Ok(Looked {
        slice: slice(conn, organization, &found, place.toward, most)?,
        about: view.of.as_ref().map(|of| about(conn, organization, of)).transpose()?,
        all: store::head(conn, organization)?.0,
        is_lost: place.is_lost,
        is_unfolded,
        actor,
        target,
        view,
    })
}

/// The newest lines about a person or by them, at most `most`.
pub fn latest(
    conn: &mut AnyConnection,
    permit: &Permit<ReadAudit>,
    of: UserId,
    most: usize,
) -> Result<Vec<Entry>, Fault> {
    let of = Object { kind: "user".to_owned(), id: of.to_string() };
    let view = View { of: Some(of), ..View::default() };
    let organization = permit.organization();
    let found = found(conn, organization, &view, Span::default(), Default::default())?;
    Ok(slice(conn, organization, &found, Toward::Start, most)?.entries)
}

/// Who is meant by the filters of actor and subject.
pub(super) fn meant(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    view: &View,
) -> Result<(Meant, Meant), Fault> {
    let kind = KINDS.into_iter().find(|kind| *kind == view.actor);
    let actor = match kind {
        Some(kind) => Meant::Kind(kind),
        None => these(conn, organization, &view.actor, false)?,
    };
    Ok((actor, these(conn, organization, &view.target, true)?))
}

fn these(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    words: &str,
    with_things: bool,
) -> Result<Meant, Fault> {
    if words.is_empty() {
        return Ok(Meant::Anything);
    }
    if let Ok(id) = uuid::Uuid::try_parse(words) {
        let id = id.hyphenated().to_string();
        return Ok(Meant::These { words: id.clone(), ids: vec![id] });
    }
    let mut found = store::people_called(conn, organization, words)?;
    if with_things {
        found.extend(store::things_called(conn, organization, words)?);
    }
    if found.is_empty() {
        return Ok(Meant::Nothing);
    }
    let names: Vec<_> = found.iter().map(|(_, named)| named.shown().to_owned()).collect();
    Ok(Meant::These { ids: found.into_iter().map(|(id, _)| id).collect(), words: names.join(", ") })
}

pub(super) fn found(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    view: &View,
    span: Span,
    (actor, target): (Meant, Meant),
) -> Result<Found, Fault> {
    let asked = store::Asked {
        actor,
        target,
        action: view.action.clone(),
        address: view.address.map(|address| address.to_string()).unwrap_or_default(),
        of: view.of.as_ref().map(|of| store::Of { id: of.id.clone(), is_person: of.kind == "user" }),
        span,
        words: view.words(),
    };
    store::find(conn, organization, asked)
}

pub(super) fn slice(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    found: &Found,
    toward: Toward,
    most: usize,
) -> Result<Slice, Fault> {
    let numbers = found.slice(conn, toward, most)?;
    let entries = entries(conn, organization, &numbers.lines)?;
    Ok(Slice { entries, previous: numbers.previous, next: numbers.next, is_cut: numbers.is_cut })
}

/// The next lines after one, oldest first, at most `most`.
pub(super) fn entries_after(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    after: i64,
    most: i64,
) -> Result<Vec<Entry>, Fault> {
    let numbers = store::numbers_after(conn, organization, after, most)?;
    let mut entries = entries(conn, organization, &numbers)?;
    entries.reverse();
    Ok(entries)
}

/// The lines of these numbers, newest first, with everybody called as they are now.
fn entries(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    numbers: &[i64],
) -> Result<Vec<Entry>, Fault> {
    let mut entries = store::entries(conn, organization, numbers)?;
    let names = store::of_entries(conn, organization, &entries)?;
    for entry in &mut entries {
        call(&mut entry.actor, &names, true);
        call(&mut entry.target, &names, false);
    }
    Ok(entries)
}

/// Calls somebody as they are called now, if they are still there.
fn call(party: &mut Party, names: &Names, is_actor: bool) {
    let kind = if is_actor { store::kind_of_actor(&party.kind) } else { &party.kind };
    if let Some(Named { name, email }) = names.of(kind, &party.id) {
        party.is_there = true;
        party.name.clone_from(name);
        party.email.clone_from(email);
    }
}

fn about(conn: &mut AnyConnection, organization: OrganizationId, of: &Object) -> Result<Party, Fault> {
    let names = store::of_all(conn, organization, [(of.kind.as_str(), of.id.as_str())].into_iter())?;
    let mut party = Party { kind: of.kind.clone(), id: of.id.clone(), ..Party::default() };
    call(&mut party, &names, false);
    Ok(party)
}
