//! Single sign-on by an organization's own provider, which runs in the tests, honest and not.

mod admitting;
mod forged;
mod once;
mod proving;
mod requiring;
mod setting;
mod starting;
mod trying;

use diesel::RunQueryDsl;
use roster::db::{Fault, Tx};

use crate::support::form::Form;
use crate::support::page::Page;
use crate::support::person::Person;
use crate::support::providers::Providers;
use crate::support::world::{Database, World};

/// As `on_both!`, with a provider in a network that the operator allows.
macro_rules! with_a_provider {
    ($($name:ident),+ $(,)?) => { $(
        mod $name {
            use crate::support::world::Database;

            #[test]
            fn sqlite() {
                crate::sso::run(Database::Sqlite, super::$name);
            }

            #[test]
            fn postgres() {
                crate::sso::run(Database::Postgres, super::$name);
            }
        }
    )+ };
}
pub(crate) use with_a_provider;

pub fn run(database: Database, test: impl FnOnce(World, Providers)) {
    let providers = Providers::open();
    let world = World::with(database, &[("allow_private_targets", "true")]);
    providers.keep_time_with(&world.clock);
    test(world, providers);
}

/// An identity that no provider knows, at the only connection; for what asks none.
pub fn is_known_at_the_provider(world: &World, email: &str) {
    let email = email.to_owned();
    let link = move |tx: &mut Tx<'_>| {
        let statement = format!(
            "INSERT INTO sso_identities (connection_id, subject, organization_id, user_id, email, created_at, last_used_at)
             SELECT c.id, u.id, u.organization_id, u.id, u.email, '2026-11-23 09:00:00', '2026-11-23 09:00:00'
             FROM users u JOIN sso_connections c ON c.organization_id = u.organization_id WHERE u.email = '{email}'"
        );
        Ok::<_, Fault>(diesel::sql_query(statement).execute(tx.conn())?)
    };
    assert_eq!(world.db().write_now(None, link).expect("an identity"), 1);
}

/// Groups as they are offered: with the roles that they carry.
pub const READ: &str = "read (Access Token Viewer, CKS Viewer, IAM Viewer)";
const BILLING: &str = "billing_viewer (Billing Viewer)";
const ADMIN: &str = "admin (Access Request Approver, Access Token Admin, CKS Admin, IAM Admin, Object Storage Admin, Platform Member)";

/// The form of the connection, filled with what is right.
pub fn filled(ada: &Person, providers: &Providers) -> Form {
    let [issuer, id, secret] = providers.client();
    let form = ada.opens("/organization/iam/sso/oidc").form("Next");
    form.fill("Discovery URL", issuer)
        .fill("Client ID", id)
        .fill("Client secret", secret)
        .fill("Domains", "example.com")
}

/// Goes on to the confirmation and deploys it.
pub fn deploys(form: &Form) -> Page {
    let page = form.press();
    assert_eq!(page.heading(), "Deploy SSO", "{}", page.text());
    let page = page.form("Deploy SSO").press();
    assert_eq!(page.heading(), "Single sign-on", "{}", page.text());
    page
}

/// An organization whose single sign-on is on.
pub fn with_sso(world: &World, providers: &Providers) -> Person {
    let ada = world.administrator();
    deploys(&filled(&ada, providers));
    ada
}

/// Types an address and is led to the provider, without coming back yet.
pub fn is_led(person: &Person, address: &str) -> Page {
    let page = person.opens("/sign-in").follow("Continue with SSO");
    page.form("Continue").fill("Email", address).press()
}

/// Goes to the provider and back.
pub fn comes(person: &Person, address: &str) -> Page {
    goes_on(&is_led(person, address))
}

pub fn goes_on(going: &Page) -> Page {
    assert!(going.heading().starts_with("On to "), "{}", going.text());
    going.follow("Go on to 127.0.0.1")
}

/// Where the provider sends the browser back to, without going there.
pub fn way_back(person: &Person, address: &str) -> String {
    let at_provider = person.get(is_led(person, address).link("Go on to 127.0.0.1").as_str());
    at_provider.leads_to().expect("a way back").to_string()
}
