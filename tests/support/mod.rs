//! What every test stands on: a running console on either database, the people who use it, a mail server, a browser.
//! Everything is made on the spot, listens on loopback only, and is gone when the test process is, however it ends.
#![allow(dead_code, reason = "each test crate includes the whole rig and uses its part of it")]

pub mod authenticator;
pub mod binary;
pub mod browser;
pub mod driver;
pub mod element;
pub mod form;
pub mod keeper;
pub mod letter;
pub mod mailbox;
pub mod page;
pub mod passkey;
pub mod people;
pub mod person;
pub mod ports;
pub mod providers;
pub mod saml;
pub mod postgres;
pub mod world;

use std::path::Path;
use std::sync::Barrier;
use std::time::Duration;

use diesel_migrations::FileBasedMigrations;

/// Makes of each of these tests, which are functions of a [`world::World`], one on SQLite and one on PostgreSQL:
/// `on_both!(an_invitation_is_accepted_once)` makes `an_invitation_is_accepted_once::sqlite` and `…::postgres`.
#[allow(unused_macros, reason = "not every test crate runs on both")]
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => { $(
        mod $name {
            use crate::support::world::{Database, World};

            #[test]
            fn sqlite() {
                super::$name(World::on(Database::Sqlite));
            }

            #[test]
            fn postgres() {
                super::$name(World::on(Database::Postgres));
            }
        }
    )+ };
}
#[allow(unused_imports, reason = "as above")]
pub(crate) use on_both;

/// How long a test waits for something that must happen before it says that it did not. Nothing waits this long
/// when all is well, so the bound may be wide: it only keeps a broken test from hanging.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Runs the same act from `tries` threads that all start at once, and returns what each of them got.
pub fn at_once<T: Send>(tries: usize, act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(tries);
    let run = |nth| {
        start.wait();
        act(nth)
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..tries).map(|nth| scope.spawn(move || run(nth))).collect();
        threads.into_iter().map(|thread| thread.join().expect("a parallel try panicked")).collect()
    })
}

/// How often a race is run: 20 times in the suite, otherwise what `ROSTER_TEST_ROUNDS` says.
pub fn rounds() -> usize {
    std::env::var("ROSTER_TEST_ROUNDS")
        .ok()
        .map_or(20, |rounds| rounds.parse().expect("ROSTER_TEST_ROUNDS is a number"))
}

/// The migrations of one dialect, `sqlite` or `postgres`, as they lie in the repository.
pub fn migrations(dialect: &str) -> FileBasedMigrations {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(dialect);
    FileBasedMigrations::from_path(folder).expect("migrations")
}
