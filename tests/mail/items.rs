//! A job that does one act to many keeps what became of each.

use roster::base::ids::{JobId, OrganizationId};
use roster::jobs::Queue;
use roster::jobs::items::{self, ItemState, NewItem, Progress};

use crate::ground::{Ground, on_both};

fn with_items(ground: &Ground, count: usize) -> JobId {
    let job = ground.enqueue(Queue::Work);
    let new: Vec<_> =
        (1..=count).map(|n| NewItem { target: format!("user-{n}"), label: format!("Person {n}") }).collect();
    let organization = ground.organization;
    ground.db.write_now(organization, |tx| items::add(tx, organization, job, &new)).expect("items");
    job
}

fn progress(ground: &Ground, organization: OrganizationId, job: JobId) -> Progress {
    ground.db.read_now(|conn| items::progress(conn, organization, job)).expect("progress")
}

#[test]
fn items_are_worked_off_in_order_and_each_ends_once() {
    on_both(|ground| async move {
        let job = with_items(&ground, 3);
        let next = || ground.db.read_now(|conn| items::next_waiting(conn, job)).expect("an item");
        let first = next().expect("an item");
        assert_eq!((first.position, first.target.as_str()), (1, "user-1"));
        let end = |position, is_done: bool| {
            ground
                .db
                .write_now(None, |tx| match is_done {
                    true => items::done(tx, job, position, "deactivated"),
                    false => items::refused(tx, job, position, "the last administrator"),
                })
                .expect("an end")
        };
        assert!(end(1, true));
        assert!(!end(1, false), "it has an end");
        assert!(end(2, false));
        assert_eq!(next().expect("an item").position, 3);
        let so_far = progress(&ground, ground.organization, job);
        assert_eq!(so_far, Progress { waiting: 1, done: 1, refused: 1 });
        assert_eq!(so_far.percent(), 66);
        assert!(end(3, true));
        assert!(next().is_none());
        assert_eq!(progress(&ground, ground.organization, job).percent(), 100);
    });
}

#[test]
fn ten_thousand_items_fit_and_one_more_does_not() {
    on_both(|ground| async move {
        let job = with_items(&ground, items::MOST_ITEMS);
        assert_eq!(progress(&ground, ground.organization, job).total(), items::MOST_ITEMS as i64);
        let organization = ground.organization;
        let page =
            ground.db.read_now(|conn| items::list(conn, organization, job, 9_990, 50)).expect("a list");
        assert_eq!(page.len(), 10);
        assert_eq!((page[0].position, page[0].state), (9_991, ItemState::Waiting));

        let too_many = vec![NewItem { target: "x".into(), label: "x".into() }; items::MOST_ITEMS + 1];
        assert!(ground.db.write_now(None, |tx| items::add(tx, organization, job, &too_many)).is_err());
    });
}

#[test]
fn another_organization_sees_nothing_of_it() {
    on_both(|ground| async move {
        let job = with_items(&ground, 2);
        let other = OrganizationId::new();
        assert_eq!(progress(&ground, other, job), Progress::default());
        assert!(ground.db.read_now(|conn| items::list(conn, other, job, 0, 50)).expect("a list").is_empty());
    });
}
