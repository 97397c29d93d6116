//! From what the address says to the people on the page, at a cost that does not grow with the organization.

use diesel::prelude::*;

use super::{
    search::{self, FEW, Inside},
    walk::{Filter, Lane, WINDOW, Walk},
};
use crate::{
    base::{
        clock::Moment,
        ids::{GroupId, OrganizationId},
    },
    db::{AnyConnection, Fault, on_each, schema::groups},
    people::{Counts, SecondFactor, Status},
    users::model::{Count, Cursor, Order, Person, Search, Slice, TooMany, Toward, View},
};

/// Who was asked for, ready to be looked at page by page.
pub struct Found {
    who: Who,
    /// How many match, where it is known without counting.
    size: Option<i64>,
    pub order: Order,
    pub too_many: Option<TooMany>,
}

enum Who {
    /// All of them, sorted.
    Few(Vec<Person>),
    Many(Walk),
}

/// The people that a view asks for at this moment.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    view: &View,
    counts: &Counts,
    now: Moment,
) -> Result<Found, Fault> {
    let filter = Filter {
        status: view.status,
        group: view.group,
        second_factor: view.second_factor,
        active_before: view.inactive.map(|inactive| now.minus(inactive.duration())),
    };
    let search = view.search();
    let on_sqlite = on_each!(conn, postgres _pg => false, sqlite _lite => true);
    let walk = |beginning: Option<String>| {
        let order = view.order_by_index(beginning.is_some());
        let mut rest = filter;
        let lanes = lanes(view, order, counts, &mut rest);
        let active_before = if order.by_activity() { rest.active_before.take() } else { None };
        let walk = Walk { on_sqlite, organization, order, lanes, beginning, active_before, rest };
        Found { order, who: Who::Many(walk), size: None, too_many: None }
    };
    if let Some(group) = view.group {
        match size_of(conn, organization, group)? {
            None => return Ok(few(Vec::new(), view)),
            Some(size) if size <= FEW as i64 => {
                return Ok(few(search::members(conn, organization, group, &search, &filter)?, view));
            }
            Some(size) if *view == (View { group: view.group, sort: view.sort, ..View::default() }) => {
                return Ok(Found { size: Some(size), ..walk(None) });
            }
            Some(_) => {}
        }
    }
    match search {
        Search::Nothing => Ok(walk(None)),
        Search::Beginning(text) => Ok(walk(Some(text))),
        Search::Inside(text) => {
            let (people, is_counted) = match search::inside(conn, organization, &text, &filter)? {
                Inside::All(people) => return Ok(few(people, view)),
                Inside::Some(people) => (people, true),
                Inside::TooManyToKnow(people) => (people, false),
            };
            let beginnings = walk(Some(text));
            let are_beginnings = !beginnings.slice(conn, &Toward::Start, 1)?.people.is_empty();
            let found = if are_beginnings { beginnings } else { few(people, view) };
            Ok(Found { too_many: Some(TooMany { is_counted, are_beginnings }), ..found })
        }
    }
}

fn few(mut people: Vec<Person>, view: &View) -> Found {
    let order = view.order();
    Person::sort(&mut people, order.by_activity(), order.down());
    Found { who: Who::Few(people), size: None, order, too_many: None }
}

fn size_of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    group: GroupId,
) -> Result<Option<i64>, Fault> {
    Ok(groups::table
        .filter(groups::id.eq(group))
        .filter(groups::organization_id.eq(organization))
        .select(groups::members)
        .first(conn)
        .optional()?)
}

/// Takes the index that knows most of what is asked; the rest is asked of each person on the way.
fn lanes(view: &View, order: Order, counts: &Counts, rest: &mut Filter) -> Vec<Lane> {
    match (view.status, view.second_factor) {
        (Some(status), factor) if order.by_activity() || is_rarer(status, factor, counts) => {
            rest.status = None;
            vec![Lane::Status(status)]
        }
        (_, Some(has_one)) if !order.by_activity() => {
            rest.second_factor = None;
            match has_one {
                true => vec![Lane::Factor(SecondFactor::App), Lane::Factor(SecondFactor::Passkey)],
                false => vec![Lane::Factor(SecondFactor::None)],
            }
        }
        _ => vec![Lane::Everybody],
    }
}

/// Whether the status says more than the second factor.
fn is_rarer(status: Status, second_factor: Option<bool>, counts: &Counts) -> bool {
    second_factor != Some(true) || counts.of(status) <= WINDOW
}

impl Found {
    /// One page of at most `most`.
    pub fn slice(&self, conn: &mut AnyConnection, toward: &Toward, most: usize) -> Result<Slice, Fault> {
        match &self.who {
            Who::Few(people) => Ok(self.slice_of_few(people, toward, most)),
            Who::Many(walk) => match toward {
                Toward::Start => self.forward(conn, walk, None, most),
                Toward::After(cursor) => self.forward(conn, walk, Some(cursor), most),
                Toward::Before(cursor) => self.backward(conn, walk, cursor, most),
            },
        }
    }

    fn slice_of_few(&self, people: &[Person], toward: &Toward, most: usize) -> Slice {
        let start = match toward {
            Toward::Start => 0,
            Toward::After(cursor) => people.partition_point(|person| !self.is_behind(person, cursor)),
            Toward::Before(cursor) => {
                let at = people.partition_point(|person| self.is_ahead(person, cursor));
                at.saturating_sub(most)
            }
        };
        let end = people.len().min(start + most);
        let shown = &people[start..end];
        Slice {
            previous: (start > 0).then(|| shown.first().map(|first| self.cursor(first, start))).flatten(),
            next: (end < people.len()).then(|| shown.last().map(|last| self.cursor(last, end))).flatten(),
            before: start as u64,
            people: shown.to_vec(),
            is_cut: false,
        }
    }

    fn forward(
        &self,
        conn: &mut AnyConnection,
        walk: &Walk,
        from: Option<&Cursor>,
        most: usize,
    ) -> Result<Slice, Fault> {
        let (mut people, end) = walk.next(conn, from, self.order.down(), most as i64 + 1)?;
        let are_more = people.len() > most;
        people.truncate(most);
        let before = from.map_or(0, |cursor| cursor.before);
        let after = before + people.len() as u64;
        let next = match (people.last(), end) {
            (Some(last), _) if are_more => Some(self.cursor(last, after as usize)),
            (_, Some((key, number))) => Some(Cursor { key, number, before: after }),
            _ => None,
        };
        let previous = from.map(|cursor| match people.first() {
            Some(first) => self.cursor(first, before as usize),
            None => cursor.clone(),
        });
        Ok(Slice { is_cut: next.is_some() && !are_more, people, previous, next, before })
    }

    fn backward(
        &self,
        conn: &mut AnyConnection,
        walk: &Walk,
        from: &Cursor,
        most: usize,
    ) -> Result<Slice, Fault> {
        let (mut people, end) = walk.next(conn, Some(from), !self.order.down(), most as i64 + 1)?;
        let are_more = people.len() > most;
        people.truncate(most);
        if !are_more && end.is_none() {
            // The first page is whole, even if fewer stand before the place that was asked for.
            return self.forward(conn, walk, None, most);
        }
        people.reverse();
        let before = from.before.saturating_sub(people.len() as u64);
        let previous = match (people.first(), end) {
            (Some(first), _) if are_more => Some(self.cursor(first, before as usize)),
            (_, end) => end.map(|(key, number)| Cursor { key, number, before }),
        };
        let next = match people.last() {
            Some(last) => self.cursor(last, from.before as usize),
            None => from.clone(),
        };
        Ok(Slice { is_cut: !are_more, people, previous, next: Some(next), before })
    }

    /// How many match: exactly where that is cheap, and up to [`FEW`] otherwise.
    pub fn count(&self, conn: &mut AnyConnection, counts: &Counts) -> Result<Count, Fault> {
        let exactly = |number: i64| Ok(Count::Exactly(u64::try_from(number).unwrap_or(0)));
        match &self.who {
            _ if let Some(size) = self.size => exactly(size),
            Who::Few(people) if self.too_many.is_some() => Ok(Count::AtLeast(people.len() as u64)),
            Who::Few(people) => Ok(Count::Exactly(people.len() as u64)),
            Who::Many(walk) => match walk.lanes[..] {
                [Lane::Everybody] if walk.is_whole_lane() => exactly(counts.all()),
                [Lane::Status(status)] if walk.is_whole_lane() => exactly(counts.of(status)),
                _ => {
                    let (number, is_all) = walk.count(conn, FEW as i64)?;
                    Ok(if is_all { Count::Exactly(number as u64) } else { Count::AtLeast(number as u64) })
                }
            },
        }
    }

    fn cursor(&self, person: &Person, before: usize) -> Cursor {
        Cursor { key: person.key(self.order), number: person.number, before: before as u64 }
    }

    fn is_behind(&self, person: &Person, cursor: &Cursor) -> bool {
        let (here, there) = ((person.key(self.order), person.number), (cursor.key.clone(), cursor.number));
        if self.order.down() { here < there } else { here > there }
    }

    fn is_ahead(&self, person: &Person, cursor: &Cursor) -> bool {
        let (here, there) = ((person.key(self.order), person.number), (cursor.key.clone(), cursor.number));
        if self.order.down() { here > there } else { here < there }
    }
}
