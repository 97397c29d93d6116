//! Whatever way somebody comes in, the same holds for them: states of accounts, second factors, what an organization
//! requires, and how often it may be tried.

mod addresses;
mod invited;
mod matrix;
mod meanwhile;
mod own;
mod pace;
mod person;
mod provisioned;

use diesel::RunQueryDsl;
use roster::db::{Fault, Tx};

use crate::support::providers::Providers;
use crate::support::world::{Database, World};

/// As `on_both!`, with providers for signing in by Google and GitHub and by an organization's own connection.
macro_rules! with_every_way {
    ($($name:ident),+ $(,)?) => { $(
        mod $name {
            use crate::support::world::Database;

            #[test]
            fn sqlite() {
                crate::ways::run(Database::Sqlite, super::$name);
            }

            #[test]
            fn postgres() {
                crate::ways::run(Database::Postgres, super::$name);
            }
        }
    )+ };
}
use with_every_way;

fn run(database: Database, test: impl FnOnce(World, Providers)) {
    let providers = Providers::open();
    let mut settings = providers.settings();
    settings.push(("allow_private_targets", "true".into()));
    let settings: Vec<_> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let world = World::with(database, &settings);
    providers.keep_time_with(&world.clock);
    test(world, providers);
}

/// Writes past the pages.
fn changes(world: &World, statement: &str) {
    let work = |tx: &mut Tx<'_>| {
        let rows = diesel::sql_query(statement).execute(tx.conn())?;
        crate::users::access_changed(tx)?;
        Ok::<_, Fault>(rows)
    };
    assert!(world.db().write_now(None, work).expect("a change") > 0, "{statement}");
}

/// From now on single sign-on is required of `everybody`, or of those in its `domains`.
fn is_required_of(world: &World, whom: &str) {
    changes(world, &format!("UPDATE sso_connections SET required_of = '{whom}', version = version + 1"));
}
