//! The page of the table: search, filters, order, pages, all of it in the address.

use askama::Template;

use super::row::{Acts, Onlooker, Row, rows};
use crate::{
    base::clock::Moment,
    groups::GroupName,
    people::{Counts, SecondFactor, Status},
    users::model::{Act, Count, Cursor, Inactive, Looked, MOST_SELECTED, Order, Slice, Sort, TooMany, View},
    web::{SignedIn, page::Shell, url},
};

#[derive(Template)]
#[template(path = "users/index.html", blocks = ["people"])]
pub struct UsersPage {
    frame: Shell,
    view: View,
    segments: [Segment; 4],
    groups: Vec<GroupName>,
    filters: Vec<Chip>,
    columns: [Column; 2],
    rows: Vec<Row>,
    notices: Vec<String>,
    /// How many match, in words.
    found: String,
    summary: String,
    previous: Option<String>,
    next: Option<String>,
    /// Where acts on rows return to.
    here: String,
    csv: String,
    without_search: String,
    may_invite: bool,
    /// Nobody but the one who looks: then the page says what comes next.
    is_alone: bool,
    /// What can be done to selected rows.
    acts: Vec<BulkAct>,
    /// The words of the choice of all who match, when they are more than a page.
    all: Option<String>,
}

/// An act on the selected rows.
pub struct BulkAct {
    word: &'static str,
    label: &'static str,
}

/// A choice of the status filter.
pub struct Segment {
    label: &'static str,
    href: String,
    count: String,
    is_current: bool,
}

/// A filter that is on, and the way to the list without it.
pub struct Chip {
    words: String,
    without: String,
}

/// A column that people can be sorted by.
pub struct Column {
    href: String,
    sorted: Option<Order>,
}

impl UsersPage {
    pub fn new(person: &SignedIn, looked: Looked, now: Moment) -> Self {
        let Looked {
            view,
            counts,
            order,
            too_many,
            slice,
            count,
            groups_of,
            provisioned,
            pending,
            groups,
            is_lost,
            last_administrator,
        } = looked;
        let by = Onlooker::at(person, now, last_administrator);
        let path = |cursor: Option<&Cursor>, name| cursor.map(|cursor| address(&view, Some((name, cursor))));
        let here = person.path().to_owned();
        Self {
            frame: person.frame(),
            segments: segments(&view, &counts),
            filters: chips(&view, &groups),
            columns: [column(&view, order, false), column(&view, order, true)],
            notices: notices(&view, too_many, &slice, is_lost),
            found: found(&view, count),
            summary: summary(&slice, count),
            previous: path(slice.previous.as_ref(), "before"),
            next: path(slice.next.as_ref(), "after"),
            here,
            csv: with_query(url::USERS_CSV, &view.pairs()),
            without_search: address(&View { typed: String::new(), ..view.clone() }, None),
            acts: acts(person, view.status),
            all: all(&slice, count),
            may_invite: person.actor.may_do("iam.users.invite"),
            is_alone: counts.all() == 1 && view.is_everybody(),
            rows: rows(&by, slice.people, groups_of, (&pending, &provisioned)),
            groups,
            view,
        }
    }

    /// What a form keeps of the view besides its own fields.
    fn kept_by_search(&self) -> Vec<(&'static str, String)> {
        View { typed: String::new(), ..self.view.clone() }.pairs()
    }

    fn kept_by_filters(&self) -> Vec<(&'static str, String)> {
        View { group: None, second_factor: None, inactive: None, ..self.view.clone() }.pairs()
    }

    fn is_group(&self, group: &GroupName) -> bool {
        self.view.group == Some(group.id)
    }

    fn is_second_factor(&self, word: &str) -> bool {
        self.view.second_factor == Some(word == "on")
    }

    fn is_inactive(&self, choice: &Inactive) -> bool {
        self.view.inactive == Some(*choice)
    }

    fn is_nobody_there(&self) -> bool {
        self.rows.is_empty() && self.view.is_everybody()
    }
}

/// The address of the list as this view shows it.
fn address(view: &View, place: Option<(&'static str, &Cursor)>) -> String {
    let mut pairs = view.pairs();
    pairs.extend(place.map(|(name, cursor)| (name, cursor.encode())));
    with_query(url::USERS, &pairs)
}

fn with_query(path: &str, pairs: &[(&str, String)]) -> String {
    let mut address = path.to_owned();
    for (number, (name, value)) in pairs.iter().enumerate() {
        address.push(if number == 0 { '?' } else { '&' });
        address.push_str(name);
        address.push('=');
        address.push_str(&url::encoded(value));
    }
    address
}

fn segments(view: &View, counts: &Counts) -> [Segment; 4] {
    let segment = |label, status: Option<Status>| Segment {
        label,
        href: address(&View { status, ..view.clone() }, None),
        count: number(status.map_or_else(|| counts.all(), |status| counts.of(status)) as u64),
        is_current: view.status == status,
    };
    [
        segment("All", None),
        segment("Active", Some(Status::Active)),
        segment("Invited", Some(Status::Invited)),
        segment("Deactivated", Some(Status::Deactivated)),
    ]
}

fn chips(view: &View, groups: &[GroupName]) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut chip = |words: String, without: View| {
        chips.push(Chip { words, without: address(&without, None) });
    };
    if let Some(group) = view.group {
        let name = groups.iter().find(|it| it.id == group).map_or("one that is gone", |it| &it.name);
        chip(format!("Group {name}"), View { group: None, ..view.clone() });
    }
    if let Some(has_one) = view.second_factor {
        let words = if has_one { "Two-factor on" } else { "Two-factor off" };
        chip(words.to_owned(), View { second_factor: None, ..view.clone() });
    }
    if let Some(inactive) = view.inactive {
        chip(format!("Not active for {} days", inactive.days()), View { inactive: None, ..view.clone() });
    }
    chips
}

fn column(view: &View, order: Order, by_activity: bool) -> Column {
    let sorted = (order.by_activity() == by_activity).then_some(order);
    let sort = match (by_activity, sorted.map(Order::down)) {
        (false, Some(false)) => Sort::PersonDown,
        (false, _) => Sort::Person,
        (true, Some(true)) => Sort::Active,
        (true, _) => Sort::ActiveDown,
    };
    Column { href: address(&View { sort, ..view.clone() }, None), sorted }
}

fn notices(view: &View, too_many: Option<TooMany>, slice: &Slice, is_lost: bool) -> Vec<String> {
    let mut notices = Vec::new();
    if is_lost {
        notices.push(
            "The place in the list that this address names cannot be found. This is its first page.".into(),
        );
    }
    if let Some(TooMany { is_counted, are_beginnings }) = too_many {
        let many = if is_counted { "More than 1,000" } else { "Very many" };
        let shown = if are_beginnings { "those whose name begins with it" } else { "some of them" };
        notices.push(format!("{many} people match “{}”. Showing {shown}; type more to narrow.", view.typed));
    }
    if slice.is_cut {
        let found = match slice.people.len() {
            0 => "none of them match".to_owned(),
            1 => "1 of them matches".to_owned(),
            many => format!("{many} of them match"),
        };
        notices
            .push(format!("Looked through 20,000 people from here; {found}. The next page looks further."));
    }
    notices
}

fn found(view: &View, count: Count) -> String {
    let (number_of, words) = match count {
        Count::Exactly(1) => (1, "1".to_owned()),
        Count::Exactly(exact) => (exact, number(exact)),
        Count::AtLeast(least) => (least, format!("{}+", number(least))),
    };
    let people = if number_of == 1 { "person" } else { "people" };
    match (view.is_everybody(), number_of) {
        (true, _) => format!("{words} {people}"),
        (false, 0) => "No one matches".to_owned(),
        (false, 1) => format!("{words} person matches"),
        (false, _) => format!("{words} {people} match"),
    }
}

/// `1–50 of 128`.
fn summary(slice: &Slice, count: Count) -> String {
    let last = slice.before + slice.people.len() as u64;
    let of = match count {
        Count::Exactly(exact) => number(exact.max(last)),
        Count::AtLeast(least) if last > least => return range(slice.before, last),
        Count::AtLeast(least) => format!("{}+", number(least)),
    };
    format!("{} of {of}", range(slice.before, last))
}

fn range(before: u64, last: u64) -> String {
    match last - before {
        0 => "0".to_owned(),
        1 => number(last),
        _ => format!("{}–{}", number(before + 1), number(last)),
    }
}

/// With a comma before every three digits.
pub fn number(of: u64) -> String {
    let digits = of.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Those that this person may do and that somebody in the list may need.
fn acts(person: &SignedIn, status: Option<Status>) -> Vec<BulkAct> {
    Act::ALL
        .into_iter()
        .filter(|act| person.actor.may_do(act.action()) && status.is_none_or(|status| status == act.takes()))
        .map(|act| BulkAct {
            word: act.word(),
            label: match act {
                Act::Deactivate => "Deactivate",
                Act::Reactivate => "Reactivate",
                Act::Resend => "Resend invitations",
                Act::Revoke => "Revoke invitations",
            },
        })
        .collect()
}

/// Only a number that is known can be agreed to.
fn all(slice: &Slice, count: Count) -> Option<String> {
    let is_one_page = slice.previous.is_none() && slice.next.is_none();
    match count {
        Count::Exactly(exact) if !is_one_page && exact <= MOST_SELECTED as u64 => {
            Some(format!("All {} that match", number(exact)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three_digits() {
        let cases = [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")];
        for (of, words) in cases {
            assert_eq!(number(of), words);
        }
    }
}
