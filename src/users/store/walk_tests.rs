//! The list over a few hundred people: what indexes it takes, and that it misses nobody.

use std::collections::BTreeSet;

use diesel::{
    query_builder::{AstPass, Query as SqlQuery, QueryFragment, QueryId},
    sql_types::{Integer, Text},
};

use super::*;
use crate::{
    base::{
        clock::SetClock,
        email_address::EmailAddress,
        ids::{GroupId, UserId},
    },
    db::{Db, Place, Tx, schema::groups, schema::organizations},
    groups::set_memberships,
    people::{self, NewPerson},
    users::{
        model::{Place as At, Sort, Toward, View},
        store::find::{Found, find},
    },
};

struct House {
    db: Db,
    organization: OrganizationId,
    other: OrganizationId,
    groups: [GroupId; 2],
    now: Moment,
    _folder: tempfile::TempDir,
}

const FIRST: [&str; 9] = ["Ada", "Adèle", "Grace", "Ken", "Zoë", "李", "a_b", "50%", "Łukasz"];
const LAST: [&str; 7] = ["Lovelace", "Smith", "Smithson", "Blacksmith", "雷", "O'Neil", "de la Cruz"];
const PEOPLE: usize = 300;

impl House {
    /// Two organizations; the first has people of every kind, many with the same name.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Moment::from_micros(1_800_000_000_000_000);
        let clock = SetClock::starting_at(now);
        let db =
            Db::open(Place::Sqlite(folder.path().join("test.sqlite3")), std::sync::Arc::new(clock)).unwrap();
        db.migrate().unwrap();
        let (organization, other) = (OrganizationId::new(), OrganizationId::new());
        let groups = [GroupId::new(), GroupId::new()];
        db.write_now(None, |tx| {
            for (id, code) in [(organization, "000001"), (other, "000002")] {
                found_organization(tx, id, code)?;
            }
            for (group, name) in groups.iter().zip(["few", "many"]) {
                found_group(tx, organization, *group, name)?;
            }
            Ok::<_, Fault>(())
        })
        .unwrap();
        let house = Self { db, organization, other, groups, now, _folder: folder };
        house.fill(organization, PEOPLE);
        house.fill(other, 30);
        house
    }

    fn fill(&self, organization: OrganizationId, people: usize) {
        let groups = self.groups;
        let with_groups = organization == self.organization;
        self.db
            .write_now(organization, |tx| {
                (0..people).try_for_each(|nth| add(tx, organization, nth, with_groups.then_some(groups)))
            })
            .unwrap();
    }

    fn read<T>(&self, work: impl FnOnce(&mut AnyConnection) -> Result<T, Fault>) -> T {
        self.db.read_now(work).unwrap()
    }

    fn find(&self, view: &View) -> Found {
        self.read(|conn| {
            let counts = people::counts(conn, self.organization)?;
            find(conn, self.organization, view, &counts, self.now)
        })
    }
}

fn found_organization(tx: &mut Tx<'_>, id: OrganizationId, code: &str) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(organizations::table)
        .values((
            organizations::id.eq(id),
            organizations::code.eq(code),
            organizations::name.eq(code),
            organizations::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

fn found_group(tx: &mut Tx<'_>, of: OrganizationId, id: GroupId, name: &str) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(groups::table)
        .values((
            groups::id.eq(id),
            groups::organization_id.eq(of),
            groups::name.eq(name),
            groups::name_key.eq(name),
            groups::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

fn add(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    nth: usize,
    groups: Option<[GroupId; 2]>,
) -> Result<(), Fault> {
    let id = UserId::new();
    let status =
        [Status::Active, Status::Active, Status::Invited, Status::Active, Status::Deactivated][nth % 5];
    let name = match status {
        Status::Invited => String::new(),
        _ => format!("{} {}", FIRST[nth * 7 % FIRST.len()], LAST[nth * 5 % LAST.len()]),
    };
    let email = EmailAddress::parse(&format!("person{nth}.{:03}@example.com", nth * 37 % 1_000)).unwrap();
    people::insert(tx, &NewPerson { id, organization, email, name, status })?;
    let factor = [SecondFactor::None, SecondFactor::App, SecondFactor::None, SecondFactor::Passkey][nth % 4];
    let active = tx.now().minus(chrono::Duration::days((nth * 13 % 250) as i64));
    diesel::update(users::table.filter(users::id.eq(id)))
        .set((users::second_factor.eq(factor), users::last_active_at.eq(active)))
        .execute(tx.conn())?;
    let Some([few, many]) = groups else { return Ok(()) };
    let mut wanted = BTreeSet::new();
    wanted.extend((nth % 10 == 3).then_some(few));
    wanted.extend((!nth.is_multiple_of(3)).then_some(many));
    set_memberships(tx, organization, id, &wanted)
}

/// A statement that tells how another would be run.
struct Explained<Q>(Q);

impl<Q: QueryFragment<Backend>> QueryFragment<Backend> for Explained<Q> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        pass.unsafe_to_cache_prepared();
        pass.push_sql("EXPLAIN QUERY PLAN ");
        self.0.walk_ast(pass)
    }
}

impl<Q> QueryId for Explained<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> SqlQuery for Explained<Q> {
    type SqlType = (Integer, Integer, Integer, Text);
}

impl<Q, C> RunQueryDsl<C> for Explained<Q> {}

fn plan(house: &House, query: Query) -> String {
    let query = query.select(COLUMNS).limit(51);
    let steps: Vec<(i32, i32, i32, String)> = house.read(|conn| Ok(Explained(query).load(conn)?));
    steps.into_iter().map(|(.., step)| step).collect::<Vec<_>>().join("; ")
}

fn walk(house: &House) -> Walk {
    Walk {
        on_sqlite: true,
        organization: house.organization,
        order: Order::Person { down: false },
        lanes: vec![Lane::Everybody],
        beginning: None,
        active_before: None,
        rest: Filter::default(),
    }
}

#[test]
fn each_page_is_read_along_the_index_of_its_order_and_nothing_is_sorted() {
    let house = House::new();
    let by_person = Cursor { key: Key::Person("m".into()), number: 7, before: 0 };
    let by_activity = Cursor { key: Key::Activity(house.now), number: 7, before: 0 };
    let lanes = [Lane::Everybody, Lane::Status(Status::Invited), Lane::Factor(SecondFactor::App)];
    let indexes = ["users_by_person", "users_by_status_person", "users_by_factor_person"];
    let rest = Filter {
        status: Some(Status::Active),
        second_factor: Some(true),
        group: Some(house.groups[1]),
        active_before: Some(house.now),
    };
    for (lane, index) in lanes.into_iter().zip(indexes) {
        for beginning in [None, Some("sm".to_owned())] {
            for rest in [Filter::default(), rest] {
                let walk = Walk { beginning: beginning.clone(), rest, ..walk(&house) };
                let end = (Key::Person("x".into()), 9);
                for (from, end, down) in [
                    (None, None, false),
                    (Some(&by_person), Some(&end), false),
                    (Some(&by_person), None, true),
                ] {
                    let plan = plan(&house, walk.page(lane, from, end, down));
                    assert!(plan.starts_with(&format!("SEARCH users USING INDEX {index} ")), "{plan}");
                    assert!(!plan.contains("SCAN") && !plan.contains("B-TREE"), "{plan}");
                }
            }
        }
    }
    for (lane, index) in [(lanes[0], "users_by_activity"), (lanes[1], "users_by_status_activity")] {
        for rest in [Filter::default(), Filter { active_before: None, ..rest }] {
            let order = Order::Activity { down: true };
            let walk = Walk { order, active_before: Some(house.now), rest, ..walk(&house) };
            for (from, down) in [(None, true), (Some(&by_activity), true), (Some(&by_activity), false)] {
                let plan = plan(&house, walk.page(lane, from, None, down));
                assert!(plan.starts_with(&format!("SEARCH users USING INDEX {index} ")), "{plan}");
                assert!(!plan.contains("SCAN") && !plan.contains("B-TREE"), "{plan}");
            }
        }
    }
}

/// The rows of everybody, for asking the same question without any index.
fn everybody(house: &House) -> Vec<(Person, String, Vec<GroupId>)> {
    house.read(|conn| {
        let rows: Vec<(PersonRow, String)> = users::table
            .filter(users::organization_id.eq(house.organization))
            .select((COLUMNS, users::search_text))
            .load(conn)?;
        let of: Vec<(UserId, GroupId)> =
            memberships::table.select((memberships::user_id, memberships::group_id)).load(conn)?;
        let groups =
            |id: UserId| of.iter().filter(|(user, _)| *user == id).map(|(_, group)| *group).collect();
        Ok(rows
            .into_iter()
            .map(|(row, text)| {
                let person = Person::from(row);
                let groups = groups(person.id);
                (person, text, groups)
            })
            .collect())
    })
}

fn views(house: &House) -> Vec<View> {
    let mut views = Vec::new();
    for typed in ["", "a", "Sm", "smith", "SON", "é", "_", "a_b", "50%", "example", "nobody at all"] {
        for status in [None, Some(Status::Invited), Some(Status::Active)] {
            for second_factor in [None, Some(true), Some(false)] {
                for group in [None, Some(house.groups[0]), Some(house.groups[1]), Some(GroupId::new())] {
                    for inactive in [None, Some(crate::users::model::Inactive::Quarter)] {
                        let typed = typed.to_owned();
                        let sort = Sort::ALL[views.len() % 4];
                        views.push(View { typed, status, group, second_factor, inactive, sort });
                    }
                }
            }
        }
    }
    views
}

fn matches(
    house: &House,
    view: &View,
    found: &Found,
    (person, text, groups): &(Person, String, Vec<GroupId>),
) -> bool {
    use crate::users::model::Search;
    let before = |days| house.now.minus(chrono::Duration::days(days));
    let by_name = |beginning: &str| person.person_key.starts_with(beginning);
    let has_text = match view.search() {
        Search::Nothing => true,
        Search::Beginning(beginning) => by_name(&beginning),
        Search::Inside(inside) if found.too_many.is_some() => by_name(&inside),
        Search::Inside(inside) => text.contains(&inside),
    };
    has_text
        && view.status.is_none_or(|status| person.status == status)
        && view.second_factor.is_none_or(|has_one| has_one == (person.second_factor != SecondFactor::None))
        && view.group.is_none_or(|group| groups.contains(&group))
        && view.inactive.is_none_or(|inactive| person.last_active_at < before(inactive.days()))
}

#[test]
fn a_walk_over_the_pages_meets_everybody_who_matches_exactly_once_forth_and_back() {
    let house = House::new();
    let everybody = everybody(&house);
    for view in views(&house) {
        let found = house.find(&view);
        let mut expected: Vec<Person> = everybody
            .iter()
            .filter(|row| matches(&house, &view, &found, row))
            .map(|(person, ..)| person.clone())
            .collect();
        Person::sort(&mut expected, found.order.by_activity(), found.order.down());
        let expected: Vec<i64> = expected.iter().map(|person| person.number).collect();
        let (mut forth, mut toward) = (Vec::new(), Toward::Start);
        let last = loop {
            let slice = house.read(|conn| found.slice(conn, &toward, 11));
            forth.extend(slice.people.iter().map(|person| person.number));
            assert_eq!(forth.len() as u64, slice.before + slice.people.len() as u64);
            let Some(next) = slice.next else { break slice.previous };
            toward = Toward::After(reread(&next, found.order));
        };
        assert_eq!(forth, expected, "{view:?}");
        let mut back = Vec::new();
        let mut toward = last;
        while let Some(cursor) = toward {
            let slice = house.read(|conn| found.slice(conn, &Toward::Before(cursor), 11));
            let page: Vec<i64> = slice.people.iter().map(|person| person.number).collect();
            back.splice(0..0, page);
            toward = slice.previous;
        }
        // The first page of the way back is a whole one and may show again what the second shows.
        let back: BTreeSet<i64> = back.into_iter().collect();
        assert!(expected.len() < 12 || back.len() + 11 >= expected.len(), "{view:?}");
    }
}

fn reread(cursor: &Cursor, order: Order) -> Cursor {
    let place = At { after: cursor.encode(), before: String::new() };
    match place.read(order) {
        (Toward::After(read), false) => read,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_people_of_another_organization_are_never_met() {
    let house = House::new();
    let others: Vec<i64> = house.read(|conn| {
        let theirs = users::table.filter(users::organization_id.eq(house.other));
        Ok(theirs.select(users::number).load(conn)?)
    });
    assert_eq!(others.len(), 30);
    for typed in ["", "s", "smith", "example"] {
        let found = house.find(&View { typed: typed.into(), ..View::default() });
        let slice = house.read(|conn| found.slice(conn, &Toward::Start, 1_000));
        assert!(slice.people.iter().all(|person| !others.contains(&person.number)), "{typed}");
    }
}
