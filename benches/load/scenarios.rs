//! What is measured.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::client::{Connection, get};
use super::console::{ADA, Console, Ground, right_sign_in, sign_in};
use super::figures::{Latencies, Report, median};

/// How many hashes a sign-in computes, however many accounts the address has.
const HASHES: f64 = 3.0;
/// Connections that ask at the same time when a rate is measured.
pub const CONNECTIONS: usize = 16;

pub fn starts(ground: &Ground, report: &mut Report) {
    let took: Vec<f64> = (0..7).map(|_| Console::start(ground).took.as_secs_f64() * 1_000.0).collect();
    report.say(format!("start to ready: median {:.0} ms of {} starts", median(took.clone()), took.len()));
}

/// A page of the users, asked in so many ways.
struct Pages {
    name: &'static str,
    paths: Vec<String>,
}

fn all_pages() -> Vec<Pages> {
    let of = |words: &[&str]| words.iter().map(|it| format!("/organization/users?q={it}")).collect();
    // Cursors into the last tenth, and before it; none of these people need be there.
    let deep = ["r", "sa", "su", "ta", "tu", "v", "w", "y", "z", "г", "а", "ქ"];
    let cursor = |key: &&str| BASE64_URL_SAFE_NO_PAD.encode(format!("p 0 900000 {key}"));
    vec![
        Pages { name: "first page", paths: vec!["/organization/users".to_owned()] },
        Pages {
            name: "first page, Active, last active first",
            paths: vec!["/organization/users?status=active&sort=-active".to_owned()],
        },
        Pages {
            name: "deep page",
            paths: deep.iter().map(|key| format!("/organization/users?after={}", cursor(key))).collect(),
        },
        Pages {
            name: "prefix search",
            // Each fills a page in the small organization too, so that both answer with as many people.
            paths: of(&["a", "m", "s", "k", "j", "l"]),
        },
        Pages {
            name: "substring search, few hits",
            paths: of(&[
                "kathe+strau",
                "grace.hopper",
                "naoki.tanaka2",
                "chlo%C3%A9+rousseau",
                "zs%C3%B3fia",
                "xochitl",
            ]),
        },
        Pages {
            name: "substring search, a family name",
            paths: of(&["kobayashi", "petrova", "okonkwo", "rstein"]),
        },
        Pages {
            name: "substring search, a word everybody has",
            paths: of(&["engines", "example", "analytical"]),
        },
    ]
}

/// Asks both consoles in turn, so that whatever else the machine does hits both alike.
pub fn pages(small: &Console, large: &Console, requests: usize, report: &mut Report) {
    let mut connections = [small.connection(), large.connection()];
    for pages in all_pages() {
        let mut took = [Vec::new(), Vec::new()];
        for nth in 0..requests + 20 {
            let path = &pages.paths[nth % pages.paths.len()];
            for (which, console) in [small, large].into_iter().enumerate() {
                let begun = Instant::now();
                let answer = connections[which].ask(&get(path, &console.cookie)).expect("an answer");
                let lasted = begun.elapsed();
                assert!(answer.status == 200, "{path} is {}: {}", answer.status, connections[which].body());
                assert!(connections[which].body().contains("Ada Lovelace"), "{path} is a page for Ada");
                // The first ones open what later ones find open.
                if nth >= 20 {
                    took[which].push(lasted);
                }
            }
        }
        let [small, large] = took.map(Latencies::of);
        let (p50, p99) =
            ([small.percentile(50), large.percentile(50)], [small.percentile(99), large.percentile(99)]);
        report.say(format!(
            "{}: p50 {:.2} ms small, {:.2} ms large ({:.2} times); p99 {:.2} ms small, {:.2} ms large ({:.2} times)",
            pages.name,
            p50[0],
            p50[1],
            p50[1] / p50[0],
            p99[0],
            p99[1],
            p99[1] / p99[0],
        ));
    }
}

/// The users page against a handler that does nothing, of the same server, in turn.
pub fn rates(console: &Console, seconds: u64, report: &mut Report) {
    let empty = get("/healthz", "");
    let users = get("/organization/users?status=active&sort=-active", &console.cookie);
    let (mut empties, mut pages) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        empties.push(rate(console, CONNECTIONS, seconds, 200, |_, _| empty.clone()));
        pages.push(rate(console, CONNECTIONS, seconds, 200, |_, _| users.clone()));
    }
    let (empty, page) = (median(empties), median(pages));
    report.say(format!(
        "users page with session, filter and sort: {page:.0}/s; the empty handler: {empty:.0}/s; share {:.1} %",
        page / empty * 100.0
    ));
}

pub fn sign_ins(console: &Console, seconds: u64, report: &mut Report) {
    let cores = std::thread::available_parallelism().map_or(2, |it| it.get());
    let (mut bare, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        bare.push(hashes(cores, seconds));
        whole.push(rate(console, cores * 2, seconds, 303, |connection, _| {
            right_sign_in(&machine(connection))
        }));
    }
    let (bare, whole) = (median(bare), median(whole));
    report.say(format!(
        "sign-in: {whole:.1}/s with {HASHES} hashes each; bare Argon2id: {bare:.1}/s; share of the hashes {:.0} %",
        whole * HASHES / bare * 100.0
    ));
}

/// Other pages while programs try passwords: of one account, which is slowed down soon, or of a new address each time,
/// whose hash is computed like any other.
pub fn floods(console: &Console, seconds: u64, report: &mut Report) {
    let one = |_, _| ADA.to_owned();
    let many = |thread, nth| format!("nobody-{thread}-{nth}%40analytical-engines.example");
    flood(console, seconds, ("of one account", one), report);
    flood(console, seconds, ("of many addresses", many), report);
}

fn flood(
    console: &Console,
    seconds: u64,
    (whose, email): (&str, impl Fn(usize, usize) -> String + Sync),
    report: &mut Report,
) {
    let quiet = first_pages(console, seconds);
    let is_over = AtomicBool::new(false);
    let pour = |thread: usize| {
        let mut connection = console.connection();
        let mut nth = 0;
        while !is_over.load(Ordering::Relaxed) {
            nth += 1;
            let from = machine(thread * 1_000 + nth % 1_000);
            let wrong = sign_in(&from, &email(thread, nth), "wrong words in a row");
            connection.ask(&wrong).expect("an answer");
        }
        nth
    };
    let (flooded, tries) = std::thread::scope(|scope| {
        let pour = &pour;
        let all: Vec<_> = (0..8).map(|thread| scope.spawn(move || pour(thread))).collect();
        let flooded = first_pages(console, seconds);
        is_over.store(true, Ordering::Relaxed);
        (flooded, all.into_iter().map(|it| it.join().expect("tries")).sum::<usize>())
    });
    report.say(format!(
        "first page while {tries} wrong passwords {whose} pour in: p50 {:.2} ms, p99 {:.2} ms; without p99 {:.2} ms ({:.2} times)",
        flooded.percentile(50),
        flooded.percentile(99),
        quiet.percentile(99),
        flooded.percentile(99) / quiet.percentile(99)
    ));
}

/// The first page again and again, for so many seconds.
fn first_pages(console: &Console, seconds: u64) -> Latencies {
    let (mut connection, request) = (console.connection(), get("/organization/users", &console.cookie));
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut took = Vec::new();
    while Instant::now() < end {
        let begun = Instant::now();
        assert_eq!(connection.ask(&request).expect("an answer").status, 200);
        took.push(begun.elapsed());
    }
    Latencies::of(took)
}

/// Answers a second over so many connections, each with the status that is expected.
pub fn rate(
    console: &Console,
    connections: usize,
    seconds: u64,
    status: u16,
    request: impl Fn(usize, u64) -> Vec<u8> + Sync,
) -> f64 {
    let (count, length) = (AtomicU64::new(0), Duration::from_secs(seconds));
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for nth in 0..connections {
            let (request, count) = (&request, &count);
            scope.spawn(move || {
                let mut connection: Connection = console.connection();
                let mut asked = 0;
                while begun.elapsed() < length {
                    let answer = connection.ask(&request(nth, asked)).expect("an answer");
                    assert_eq!(answer.status, status, "{}", connection.body());
                    asked += 1;
                }
                count.fetch_add(asked, Ordering::Relaxed);
            });
        }
    });
    count.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64()
}

/// Password hashes a second on all cores, with nothing around them.
fn hashes(cores: usize, seconds: u64) -> f64 {
    let count = AtomicU64::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                let params = Params::new(19_456, 2, 1, Some(32)).expect("parameters");
                let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
                let mut hash = [0; 32];
                while begun.elapsed() < Duration::from_secs(seconds) {
                    argon2
                        .hash_password_into(b"engines weave algebra", b"salt of sixteen!", &mut hash)
                        .expect("a hash");
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    count.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64()
}

fn machine(nth: usize) -> String {
    format!("10.{}.{}.7", nth / 250 % 250, nth % 250)
}
