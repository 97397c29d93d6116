//! Who is in one group.

use std::collections::BTreeSet;

use diesel::{dsl::exists, prelude::*};

use crate::{
    base::ids::{GroupId, OrganizationId, UserId},
    db::{
        AnyConnection, Fault, Tx,
        schema::{groups, memberships, users},
    },
    groups::model::{Group, MemberPlace, Members},
    people::{Someone, Status},
};

/// Of a group up to this large all members are sorted; in a larger one they are met often enough on a walk through
/// everybody by name.
const FEW: i64 = 1_000;

#[derive(Clone, Copy, Debug)]
pub enum Toward<'a> {
    Start,
    After(&'a MemberPlace),
    Before(&'a MemberPlace),
}

type Row = (i64, String, UserId, String, String, Status);

/// One page of at most `most` members by name. What it costs does not grow with the group.
pub fn members(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    group: &Group,
    toward: Toward<'_>,
    most: usize,
) -> Result<Members, Fault> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    let mut rows = if group.members <= FEW {
        of_few(conn, organization, group.id, toward, limit)?
    } else {
        of_many(conn, organization, group.id, toward, limit)?
    };
    let are_more = rows.len() > most;
    rows.truncate(most);
    let is_back = matches!(toward, Toward::Before(_));
    if is_back {
        rows.reverse();
    }
    let place = |row: Option<&Row>| row.map(|row| MemberPlace { number: row.0, key: row.1.clone() });
    let (has_previous, has_next) = match toward {
        Toward::Start => (false, are_more),
        Toward::After(_) => (true, are_more),
        Toward::Before(_) => (are_more, true),
    };
    Ok(Members {
        previous: place(rows.first()).filter(|_| has_previous),
        next: place(rows.last()).filter(|_| has_next),
        people: rows
            .into_iter()
            .map(|(number, key, id, name, email, status)| {
                (MemberPlace { key, number }, Someone { id, name, email, status })
            })
            .collect(),
    })
}

fn of_few(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    group: GroupId,
    toward: Toward<'_>,
    limit: i64,
) -> Result<Vec<Row>, Fault> {
    let query = memberships::table
        .inner_join(users::table.on(users::id.eq(memberships::user_id)))
        .filter(memberships::group_id.eq(group))
        .filter(memberships::organization_id.eq(organization))
        .select((users::number, users::person_key, users::id, users::name, users::email, users::status))
        .limit(limit)
        .into_boxed();
    Ok(match toward {
        Toward::Start => query.order((users::person_key, users::number)).load(conn)?,
        Toward::After(MemberPlace { key, number }) => query
            .filter(users::person_key.gt(key).or(users::person_key.eq(key).and(users::number.gt(number))))
            .order((users::person_key, users::number))
            .load(conn)?,
        Toward::Before(MemberPlace { key, number }) => query
            .filter(users::person_key.lt(key).or(users::person_key.eq(key).and(users::number.lt(number))))
            .order((users::person_key.desc(), users::number.desc()))
            .load(conn)?,
    })
}

fn of_many(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    group: GroupId,
    toward: Toward<'_>,
    limit: i64,
) -> Result<Vec<Row>, Fault> {
    let is_member =
        memberships::table.filter(memberships::group_id.eq(group)).filter(memberships::user_id.eq(users::id));
    let query = users::table
        .filter(users::organization_id.eq(organization))
        .filter(exists(is_member))
        .select((users::number, users::person_key, users::id, users::name, users::email, users::status))
        .limit(limit)
        .into_boxed();
    Ok(match toward {
        Toward::Start => query.order((users::person_key, users::number)).load(conn)?,
        // The first condition lets an index begin at the place.
        Toward::After(MemberPlace { key, number }) => query
            .filter(users::person_key.ge(key))
            .filter(users::person_key.gt(key).or(users::number.gt(number)))
            .order((users::person_key, users::number))
            .load(conn)?,
        Toward::Before(MemberPlace { key, number }) => query
            .filter(users::person_key.le(key))
            .filter(users::person_key.lt(key).or(users::number.lt(number)))
            .order((users::person_key.desc(), users::number.desc()))
            .load(conn)?,
    })
}

/// Who of these is in the group.
pub fn are_members(
    conn: &mut AnyConnection,
    group: GroupId,
    people: &[UserId],
) -> Result<BTreeSet<UserId>, Fault> {
    let found: Vec<UserId> = memberships::table
        .filter(memberships::group_id.eq(group))
        .filter(memberships::user_id.eq_any(people))
        .select(memberships::user_id)
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// Adds people who are not in the group yet; keeps its count and their versions.
pub fn add(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    group: GroupId,
    people: &[UserId],
) -> Result<(), Fault> {
    let now = tx.now();
    for user in people {
        diesel::insert_into(memberships::table)
            .values((
                memberships::group_id.eq(group),
                memberships::user_id.eq(user),
                memberships::organization_id.eq(organization),
                memberships::created_at.eq(now),
            ))
            .execute(tx.conn())?;
    }
    note_change(tx, group, people, people.len() as i64)
}

/// Takes people out who are in the group; keeps the same.
pub fn remove(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    group: GroupId,
    people: &[UserId],
) -> Result<(), Fault> {
    let rows = memberships::table
        .filter(memberships::group_id.eq(group))
        .filter(memberships::organization_id.eq(organization))
        .filter(memberships::user_id.eq_any(people));
    let removed = diesel::delete(rows).execute(tx.conn())?;
    note_change(tx, group, people, -(removed as i64))
}

fn note_change(tx: &mut Tx<'_>, group: GroupId, people: &[UserId], by: i64) -> Result<(), Fault> {
    diesel::update(groups::table.find(group))
        .set(groups::members.eq(groups::members + by))
        .execute(tx.conn())?;
    diesel::update(users::table.filter(users::id.eq_any(people)))
        .set(users::version.eq(users::version + 1))
        .execute(tx.conn())?;
    Ok(())
}
