//! Signing in with accounts elsewhere: a provider that runs in the tests, honest and not.

mod forged;
mod joining;
mod linking;
mod once;
mod proving;

use diesel::RunQueryDsl;
use reqwest::StatusCode;
use roster::base::ids::IdentityId;
use roster::db::{Fault, Tx};

use crate::support::page::Page;
use crate::support::person::Person;
use crate::support::providers::Providers;
use crate::support::world::{Database, World};

/// As `on_both!`, with providers that the console is set up for.
macro_rules! with_providers {
    ($($name:ident),+ $(,)?) => { $(
        mod $name {
            use crate::support::world::Database;

            #[test]
            fn sqlite() {
                crate::social::run(Database::Sqlite, super::$name);
            }

            #[test]
            fn postgres() {
                crate::social::run(Database::Postgres, super::$name);
            }
        }
    )+ };
}
use with_providers;

/// A linked account that no provider knows, where there is none yet; for what asks none.
pub fn has_linked(world: &World, email: &str, provider: &'static str) {
    let email = email.to_owned();
    let link = move |tx: &mut Tx<'_>| {
        let id = IdentityId::new();
        let statement = format!(
            "INSERT INTO identities (id, organization_id, user_id, provider, issuer, subject, email, created_at)
             SELECT '{id}', organization_id, id, '{provider}', 'https://github.com', '{id}', email, '2026-11-23 09:00:00'
             FROM users WHERE email = '{email}'
             AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.user_id = users.id)"
        );
        Ok::<_, Fault>(diesel::sql_query(statement).execute(tx.conn())?)
    };
    world.db().write_now(None, link).expect("a linked account");
}

const BOTH: [&str; 2] = ["Google", "GitHub"];

fn run(database: Database, test: impl FnOnce(World, Providers)) {
    let providers = Providers::open();
    let settings = providers.settings();
    let settings: Vec<_> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let world = World::with(database, &settings);
    providers.keep_time_with(&world.clock);
    test(world, providers);
}

/// Presses the button on this page and goes to the provider and back.
pub fn continues(page: &Page, provider: &str) -> Page {
    let going = page.form(&format!("Continue with {provider}")).press();
    assert_eq!(going.status, StatusCode::OK, "{}", going.text());
    going.follow(&format!("Go on to {provider}"))
}

pub fn comes_with(person: &Person, provider: &str) -> Page {
    continues(&person.opens("/sign-in"), provider)
}

/// Links what the provider knows now.
pub fn links(person: &Person, provider: &str) -> Page {
    let going = person.opens("/account/settings").form(&format!("Link {provider}")).press();
    going.follow(&format!("Go on to {provider}"))
}

/// Where the provider sends the browser back to, without going there.
pub fn way_back(person: &Person, provider: &str) -> String {
    let going = person.opens("/sign-in").form(&format!("Continue with {provider}")).press();
    let at_provider = person.get(going.link(&format!("Go on to {provider}")).as_str());
    at_provider.leads_to().expect("a way back").to_string()
}
