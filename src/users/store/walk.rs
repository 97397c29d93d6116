//! Walking an index: the next people in an order, from a place on. What a walk costs does not depend on how many
//! people there are, only on how many it looks at, and that is bounded by [`WINDOW`].

use diesel::{
    dsl::{exists, sql},
    prelude::*,
    sql_types::{Bool, Text, Timestamp},
};

use super::PersonRow;
use crate::{
    base::{
        clock::Moment,
        ids::{GroupId, OrganizationId},
    },
    db::{
        AnyConnection, Fault,
        schema::{memberships, users},
    },
    people::{SecondFactor, Status},
    users::model::{Cursor, Key, Order, Person},
};

#[diesel::declare_sql_function]
extern "SQL" {
    /// SQLite's hint to its planner that few rows are so.
    fn unlikely(what: Bool) -> Bool;
}

pub(super) type Backend = <AnyConnection as Connection>::Backend;
pub(super) type Query = users::BoxedQuery<'static, Backend>;

/// How many people one request looks at when an index cannot tell which of them match.
pub const WINDOW: i64 = if cfg!(test) { 40 } else { 20_000 };
/// How many it looks at only to say how many match.
const GLANCE: i64 = if cfg!(test) { 20 } else { 2_000 };

/// A stretch of an index: people who have one thing in common, in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    Everybody,
    Status(Status),
    Factor(SecondFactor),
}

/// What to walk along, and whom to let pass on the way.
#[derive(Clone, Debug)]
pub struct Walk {
    pub on_sqlite: bool,
    pub organization: OrganizationId,
    pub order: Order,
    /// Walked side by side.
    pub lanes: Vec<Lane>,
    /// Only those whose key begins with this; then the order is by person.
    pub beginning: Option<String>,
    /// Only those last active before this; in an order by activity the index knows them.
    pub active_before: Option<Moment>,
    /// What no index knows in this order.
    pub rest: Filter,
}

/// What must be true of somebody who is found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    pub status: Option<Status>,
    pub second_factor: Option<bool>,
    pub group: Option<GroupId>,
    pub active_before: Option<Moment>,
}

impl Filter {
    pub fn is_nothing(&self) -> bool {
        self.status.is_none()
            && self.second_factor.is_none()
            && self.group.is_none()
            && self.active_before.is_none()
    }

    /// All but the group, which is not known here.
    pub fn admits(&self, person: &Person) -> bool {
        self.status.is_none_or(|status| person.status == status)
            && self
                .second_factor
                .is_none_or(|has_one| has_one == (person.second_factor != SecondFactor::None))
            && self.active_before.is_none_or(|before| person.last_active_at < before)
    }
}

/// A place in an index.
pub type Spot = (Key, i64);

impl Walk {
    /// Whether everybody of its lanes matches.
    pub fn is_whole_lane(&self) -> bool {
        self.beginning.is_none() && self.active_before.is_none() && self.rest.is_nothing()
    }

    /// The next people from a place on, in the order of the walk or against it, and the place where looking ended
    /// although there are more to look at.
    pub fn next(
        &self,
        conn: &mut AnyConnection,
        from: Option<&Cursor>,
        down: bool,
        most: i64,
    ) -> Result<(Vec<Person>, Option<Spot>), Fault> {
        let end = match self.rest.is_nothing() {
            true => None,
            false => self.window_end(conn, from, down, WINDOW)?,
        };
        let mut people = Vec::new();
        for lane in &self.lanes {
            let query = self.page(*lane, from, end.as_ref(), down).limit(most);
            let rows: Vec<PersonRow> = query.select(COLUMNS).load(conn)?;
            people.extend(rows.into_iter().map(Person::from));
        }
        if self.lanes.len() > 1 {
            Person::sort(&mut people, self.order.by_activity(), down);
            people.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        }
        Ok((people, end))
    }

    /// How many match from the start, as far as a glance shows, at most `most`; and whether that is all of them.
    pub fn count(&self, conn: &mut AnyConnection, most: i64) -> Result<(usize, bool), Fault> {
        let down = self.order.down();
        let end = match self.rest.is_nothing() {
            true => None,
            false => self.window_end(conn, None, down, GLANCE)?,
        };
        let mut found = 0;
        for lane in &self.lanes {
            // Whether there are more is seen without reading them; only when there are not, they are counted.
            let beyond = self.page(*lane, None, end.as_ref(), down).offset(most).limit(1);
            found += match beyond.select(users::number).first::<i64>(conn).optional()? {
                Some(_) => most + 1,
                None => self.matching(*lane, None, end.as_ref(), down).count().get_result::<i64>(conn)?,
            };
        }
        let known = usize::try_from(found.min(most)).unwrap_or(0);
        Ok((known, found <= most && end.is_none()))
    }

    fn page(&self, lane: Lane, from: Option<&Cursor>, end: Option<&Spot>, down: bool) -> Query {
        self.in_order(self.matching(lane, from, end, down), down)
    }

    /// The last place within so many, when the index goes on behind it.
    fn window_end(
        &self,
        conn: &mut AnyConnection,
        from: Option<&Cursor>,
        down: bool,
        size: i64,
    ) -> Result<Option<Spot>, Fault> {
        let mut ends: Vec<Spot> = Vec::new();
        for lane in &self.lanes {
            let query = self.in_order(self.known(*lane, from, down), down).offset(size - 1).limit(1);
            ends.extend(self.spot(conn, query)?);
        }
        Ok(if down { ends.into_iter().max() } else { ends.into_iter().min() })
    }

    fn spot(&self, conn: &mut AnyConnection, query: Query) -> Result<Option<Spot>, Fault> {
        if self.order.by_activity() {
            let spot: Option<(Moment, i64)> =
                query.select((users::last_active_at, users::number)).first(conn).optional()?;
            Ok(spot.map(|(at, number)| (Key::Activity(at), number)))
        } else {
            let spot: Option<(String, i64)> =
                query.select((users::person_key, users::number)).first(conn).optional()?;
            Ok(spot.map(|(key, number)| (Key::Person(key), number)))
        }
    }

    /// What the index itself finds.
    fn known(&self, lane: Lane, from: Option<&Cursor>, down: bool) -> Query {
        let mut query = users::table.filter(users::organization_id.eq(self.organization)).into_boxed();
        query = match lane {
            Lane::Everybody => query,
            // SQLite has no figures of its tables; without this it takes the index of names for a stretch of names.
            Lane::Status(status) if self.on_sqlite => query.filter(unlikely(users::status.eq(status))),
            Lane::Factor(factor) if self.on_sqlite => query.filter(unlikely(users::second_factor.eq(factor))),
            Lane::Status(status) => query.filter(users::status.eq(status)),
            Lane::Factor(factor) => query.filter(users::second_factor.eq(factor)),
        };
        if let Some(beginning) = &self.beginning {
            query = query.filter(users::person_key.ge(beginning.clone()));
            if let Some(end) = successor(beginning) {
                query = query.filter(users::person_key.lt(end));
            }
        }
        if let Some(before) = self.active_before {
            query = query.filter(users::last_active_at.lt(before));
        }
        match from {
            Some(cursor) => beyond(query, &cursor.key, cursor.number, down),
            None => query,
        }
    }

    /// Of these, those who match and stand within the window.
    fn matching(&self, lane: Lane, from: Option<&Cursor>, end: Option<&Spot>, down: bool) -> Query {
        let mut query = self.known(lane, from, down);
        if let Some((key, number)) = end {
            query = up_to(query, key, *number, down);
        }
        // Said in a way that no index answers, or the planner might take another one than the order needs.
        if let Some(status) = self.rest.status {
            query = query.filter(sql::<Text>("CASE WHEN TRUE THEN users.status END").eq(status));
        }
        if let Some(has_one) = self.rest.second_factor {
            let factor = || sql::<Text>("CASE WHEN TRUE THEN users.second_factor END");
            query = match has_one {
                true => query.filter(factor().ne(SecondFactor::None)),
                false => query.filter(factor().eq(SecondFactor::None)),
            };
        }
        if let Some(before) = self.rest.active_before {
            query = query.filter(sql::<Timestamp>("CASE WHEN TRUE THEN users.last_active_at END").lt(before));
        }
        if let Some(group) = self.rest.group {
            let membership = memberships::table
                .filter(memberships::user_id.eq(users::id))
                .filter(memberships::group_id.eq(group));
            query = query.filter(exists(membership));
        }
        query
    }

    fn in_order(&self, query: Query, down: bool) -> Query {
        match (self.order.by_activity(), down) {
            (false, false) => query.order((users::person_key.asc(), users::number.asc())),
            (false, true) => query.order((users::person_key.desc(), users::number.desc())),
            (true, false) => query.order((users::last_active_at.asc(), users::number.asc())),
            (true, true) => query.order((users::last_active_at.desc(), users::number.desc())),
        }
    }
}

type Columns = (
    users::number,
    users::id,
    users::email,
    users::name,
    users::person_key,
    users::status,
    users::second_factor,
    users::created_at,
    users::last_active_at,
);
pub const COLUMNS: Columns = (
    users::number,
    users::id,
    users::email,
    users::name,
    users::person_key,
    users::status,
    users::second_factor,
    users::created_at,
    users::last_active_at,
);

/// Behind a place. The first condition is what the index uses, the second sorts out who shares the key.
fn beyond(query: Query, key: &Key, number: i64, down: bool) -> Query {
    match (key.clone(), down) {
        (Key::Person(key), false) => query
            .filter(users::person_key.ge(key.clone()))
            .filter(users::person_key.gt(key).or(users::number.gt(number))),
        (Key::Person(key), true) => query
            .filter(users::person_key.le(key.clone()))
            .filter(users::person_key.lt(key).or(users::number.lt(number))),
        (Key::Activity(at), false) => query
            .filter(users::last_active_at.ge(at))
            .filter(users::last_active_at.gt(at).or(users::number.gt(number))),
        (Key::Activity(at), true) => query
            .filter(users::last_active_at.le(at))
            .filter(users::last_active_at.lt(at).or(users::number.lt(number))),
    }
}

/// Up to a place and the person who stands there.
fn up_to(query: Query, key: &Key, number: i64, down: bool) -> Query {
    match (key.clone(), down) {
        (Key::Person(key), false) => query
            .filter(users::person_key.le(key.clone()))
            .filter(users::person_key.lt(key).or(users::number.le(number))),
        (Key::Person(key), true) => query
            .filter(users::person_key.ge(key.clone()))
            .filter(users::person_key.gt(key).or(users::number.ge(number))),
        (Key::Activity(at), false) => query
            .filter(users::last_active_at.le(at))
            .filter(users::last_active_at.lt(at).or(users::number.le(number))),
        (Key::Activity(at), true) => query
            .filter(users::last_active_at.ge(at))
            .filter(users::last_active_at.gt(at).or(users::number.ge(number))),
    }
}

/// The first text behind all that begin with this one.
fn successor(text: &str) -> Option<String> {
    let mut text = text.to_owned();
    while let Some(last) = text.pop() {
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            text.push(next);
            return Some(text);
        }
    }
    None
}

#[cfg(test)]
#[path = "walk_tests.rs"]
mod tests;
