//! What the machine around the console does to it.

use std::time::Instant;

use reqwest::StatusCode;

use crate::ground::{Ground, on_both_grounds};
use crate::small_disk::SmallDisk;
use crate::starting::set_up;
use crate::support::binary::Server;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::postgres::Cluster;
use crate::support::world::Database;
use crate::support::{PATIENCE, at_once};

on_both_grounds!(many_who_write_at_once_never_meet_a_locked_database);

/// Asks until the answer is this one.
fn comes_to(person: &Person, path: &str, status: StatusCode) {
    let until = Instant::now() + PATIENCE;
    loop {
        let page = person.get(path);
        if page.status == status {
            return;
        }
        assert!(Instant::now() < until, "{path} stays {}: {}", page.status, page.text());
    }
}

#[test]
fn a_database_that_goes_away_is_told_and_comes_back_by_itself() {
    let cluster = Cluster::start();
    let ground = Ground::at(cluster.url("postgres"));
    let server = ground.serves();
    let ada = set_up(&server);

    cluster.stop();
    comes_to(&ada, "/readyz", StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ada.get("/healthz").status, StatusCode::OK);
    for page in [
        ada.get("/organization/users"),
        ada.get("/sign-in"),
        server.visitor().get("/sign-in"),
        ada.post("/account/theme", &[("theme", "dark")]),
    ] {
        if page.url.path() == "/sign-in" && page.status == StatusCode::OK {
            continue; // Whoever has no session yet needs no database to see the form.
        }
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}: {}", page.url, page.text());
        assert!(page.headers.contains_key("retry-after"), "{}: {:?}", page.url, page.headers);
        assert!(page.says("Try again"), "{}", page.text());
    }

    cluster.resume();
    comes_to(&ada, "/readyz", StatusCode::OK);
    let page = ada.opens("/organization/users");
    assert!(page.status.is_success() && page.says("Ada Lovelace"), "{}", page.text());
    ada.invites("bob@example.com", &[]);
    ground.mailbox.letter_to("bob@example.com");
    ground.audit_is_whole();
}

#[test]
fn on_a_full_disk_reading_goes_on_and_nothing_is_half_written() {
    let ground = Ground::on(Database::Sqlite);
    let disk = SmallDisk::under(&ground);
    let server = &disk.server;
    let ada = set_up(server);
    ada.invites("before@example.com", &[]);

    disk.is_filled();
    let mut refused = 0;
    for nth in 0..200 {
        let page = tries_to_invite(&ada, &format!("person-{nth}@example.com"));
        if page.status == StatusCode::SERVICE_UNAVAILABLE {
            refused += 1;
            assert!(page.headers.contains_key("retry-after"), "{:?}", page.headers);
        }
        if refused == 3 {
            break;
        }
    }
    assert_eq!(refused, 3, "the disk is full at some time");
    let page = ada.opens("/organization/users");
    assert!(page.status.is_success() && page.says("Ada Lovelace"), "reading goes on: {}", page.text());
    assert_eq!(ada.get("/readyz").status, StatusCode::OK);

    disk.has_room();
    ada.invites("after@example.com", &[]);
    for address in ["before@example.com", "after@example.com"] {
        ground.mailbox.letter_to(address);
    }
    let page = ada.opens("/organization/users?q=after@example.com");
    assert!(page.says("after@example.com"), "{}", page.text());
    disk.is_consistent();
}

fn tries_to_invite(ada: &Person, email: &str) -> crate::support::page::Page {
    let page = ada.opens("/organization/users/invite");
    if !page.status.is_success() {
        return page;
    }
    page.form("Send invitation").fill("Email", email).press_once()
}

fn many_who_write_at_once_never_meet_a_locked_database(ground: Ground) {
    let server = ground.serves_with(&[("log", "info")]);
    let ada = set_up(&server);
    let statuses = at_once(50, |nth| {
        (0..4).map(|round| theme(&ada, nth + round)).chain([signs_in(&server, nth)]).collect::<Vec<_>>()
    });
    let wrong: Vec<_> =
        statuses.iter().flatten().filter(|status| **status != StatusCode::SEE_OTHER).collect();
    assert!(wrong.iter().all(|status| **status == StatusCode::TOO_MANY_REQUESTS), "{wrong:?}");
    let about_locks: Vec<_> = server.said().into_iter().filter(|line| line.contains("locked")).collect();
    assert!(about_locks.is_empty(), "{about_locks:#?}");
    ground.audit_is_whole();
}

fn theme(ada: &Person, nth: usize) -> StatusCode {
    ada.post("/account/theme", &[("theme", ["dark", "light", "system"][nth % 3])]).status
}

/// From fifty machines, so that nobody waits for a place of their address.
fn signs_in(server: &Server, nth: usize) -> StatusCode {
    let visitor = Person::at(&server.base_url(), std::net::Ipv4Addr::new(127, 0, 2, nth as u8 + 1).into());
    visitor.post("/sign-in", &[("email", ADMINISTRATOR), ("password", PASSWORD)]).status
}
