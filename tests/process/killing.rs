//! SIGKILL at any moment: what was acknowledged is there, and nothing is half done.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use diesel::prelude::*;
use reqwest::{Method, StatusCode};
use roster::db::schema::{audit_lines, invitations, jobs, password_credentials, users};

use crate::ground::{Ground, on_both_grounds};
use crate::starting::set_up;
use crate::support::binary::Server;
use crate::support::people::PASSWORD;
use crate::support::person::{Person, wait};
use crate::support::ports::free_port;

on_both_grounds!(invitations_and_acceptances_survive_being_killed);

const ROUNDS: usize = 4;
/// What is acknowledged in a round before the plug is pulled.
const INVITED: usize = 15;
const ACCEPTED: usize = 4;

/// What was acknowledged so far, in all rounds.
#[derive(Default)]
struct Acknowledged {
    invited: Mutex<BTreeSet<String>>,
    accepted: Mutex<BTreeSet<String>>,
}

fn invitations_and_acceptances_survive_being_killed(ground: Ground) {
    let port = free_port();
    let mut server = ground.serves_at(port, &[]);
    let ada = set_up(&server);
    let acknowledged = Acknowledged::default();
    for round in 0..ROUNDS {
        until_it_is_killed(server, round, &ground, &ada, &acknowledged);
        server = ground.serves_at(port, &[]);
        assert!(ada.is_signed_in(), "whoever was signed in still is");
        is_whole(&ground, &acknowledged);
    }
    // A letter that was in the hands of a process that died is taken up again when its lease ends.
    let given_up: i64 =
        ground.asks(|conn| jobs::table.filter(jobs::state.eq("failed")).count().get_result(conn));
    assert_eq!(given_up, 0);
}

fn until_it_is_killed(
    server: Server,
    round: usize,
    ground: &Ground,
    ada: &Person,
    acknowledged: &Acknowledged,
) {
    let (is_over, tries, visitor) = (AtomicBool::new(false), AtomicUsize::new(0), server.visitor());
    let before = |all: &Mutex<BTreeSet<String>>| all.lock().expect("no panic").len();
    let (invited, accepted) = (before(&acknowledged.invited), before(&acknowledged.accepted));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    let nth = tries.fetch_add(1, Ordering::Relaxed);
                    let address = format!("person-{round}-{nth}@example.com");
                    let fields = [("email", address.as_str()), ("step", "send")];
                    if tries_to(ada, "/organization/users/invite", &fields) == Some(StatusCode::SEE_OTHER) {
                        acknowledged.invited.lock().expect("no panic").insert(address);
                    }
                }
            });
        }
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                accepts_one(ground, &Person::new(visitor.base()), acknowledged);
            }
        });
        while before(&acknowledged.invited) < invited + INVITED
            || before(&acknowledged.accepted) < accepted + ACCEPTED
        {
            std::thread::yield_now();
        }
        server.dies();
        is_over.store(true, Ordering::Relaxed);
    });
}

/// Accepts an invitation whose letter has come and that was not accepted yet, as far as is known.
fn accepts_one(ground: &Ground, visitor: &Person, acknowledged: &Acknowledged) {
    let accepted = acknowledged.accepted.lock().expect("no panic").clone();
    let letters = ground.mailbox.letters();
    let open = letters
        .iter()
        .filter(|letter| letter.text.contains("/invitations/"))
        .find(|letter| !letter.recipients.iter().any(|it| accepted.contains(it)));
    let Some(letter) = open else { return std::thread::yield_now() };
    let (address, link) = (letter.recipients[0].clone(), letter.link("/invitations/"));
    let fields = [("name", "Somebody"), ("password", PASSWORD)];
    // Gone: it was accepted in a round before, and the answer to that got lost.
    if let Some(StatusCode::SEE_OTHER | StatusCode::GONE) = tries_to(visitor, &link, &fields) {
        acknowledged.accepted.lock().expect("no panic").insert(address);
    }
}

/// The status of the answer, if one came.
fn tries_to(person: &Person, address: &str, fields: &[(&str, &str)]) -> Option<StatusCode> {
    let request = person.request(Method::POST, address).form(fields);
    wait(async { request.send().await }).ok().map(|answer| answer.status())
}

fn is_whole(ground: &Ground, acknowledged: &Acknowledged) {
    ground.counts_agree();
    ground.audit_is_whole();
    let people: Vec<(String, String, String)> = ground.asks(|conn| {
        let others = users::table.filter(users::email.like("person-%"));
        others.select((users::id, users::email, users::status)).load(conn)
    });
    let statuses: BTreeMap<_, _> = people.iter().map(|(_, email, status)| (email, status)).collect();
    for address in acknowledged.invited.lock().expect("no panic").iter() {
        assert!(statuses.contains_key(address), "{address} was invited and is not there");
    }
    for address in acknowledged.accepted.lock().expect("no panic").iter() {
        assert_eq!(statuses[address], "active", "{address} has accepted");
    }
    for (id, email, status) in &people {
        assert_eq!(traces(ground, id, email), Traces::of(status), "{email} is {status}");
    }
}

/// What there is of somebody who was invited.
#[derive(Debug, PartialEq)]
struct Traces {
    invitations: Vec<String>,
    letters: i64,
    passwords: i64,
    lines_of_invitation: i64,
    lines_of_acceptance: i64,
}

impl Traces {
    /// All that there has to be, once.
    fn of(status: &str) -> Traces {
        let joined = i64::from(status == "active");
        Traces {
            invitations: vec![if status == "active" { "accepted" } else { "pending" }.to_owned()],
            letters: 1,
            passwords: joined,
            lines_of_invitation: 1,
            lines_of_acceptance: joined,
        }
    }
}

fn traces(ground: &Ground, id: &str, email: &str) -> Traces {
    ground.asks(|conn| {
        let invited: Vec<(String, String)> = invitations::table
            .filter(invitations::email.eq(email))
            .select((invitations::id, invitations::state))
            .load(conn)?;
        let about: Vec<&str> = invited.iter().map(|(id, _)| id.as_str()).collect();
        let letters =
            jobs::table.filter(jobs::about.eq_any(about)).filter(jobs::kind.eq("invitation")).count();
        let lines = |action: &'static str| {
            audit_lines::table
                .filter(audit_lines::target_id.eq(id.to_owned()))
                .filter(audit_lines::action.eq(action))
                .count()
        };
        Ok(Traces {
            letters: letters.get_result(conn)?,
            passwords: password_credentials::table
                .filter(password_credentials::user_id.eq(id))
                .count()
                .get_result(conn)?,
            lines_of_invitation: lines("iam.users.invite").get_result(conn)?,
            lines_of_acceptance: lines("invitation.accept").get_result(conn)?,
            invitations: invited.into_iter().map(|(_, state)| state).collect(),
        })
    })
}
