//! Passkeys with an authenticator that the browser pretends to have.

use chrono::Duration;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use roster::db::schema::{audit_details, organization_settings};
use roster::db::{AnyConnection, Fault, Tx};
use serde_json::{Value, json};

use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::{Database, World};

/// A device with a lock, whose owner always unlocks it.
fn plug_in(browser: &Browser) -> String {
    browser.tell("WebAuthn.enable", json!({ "enableUI": false }));
    let options = json!({ "options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
        "isUserVerified": true, "automaticPresenceSimulation": true,
    }});
    let added = browser.tell("WebAuthn.addVirtualAuthenticator", options);
    added["authenticatorId"].as_str().expect("an authenticator").to_owned()
}

fn credentials(browser: &Browser, authenticator: &str) -> Vec<Value> {
    let told = browser.tell("WebAuthn.getCredentials", json!({ "authenticatorId": authenticator }));
    told["credentials"].as_array().cloned().unwrap_or_default()
}

fn requires_a_factor(world: &World) {
    let require = |tx: &mut Tx<'_>| {
        let required = organization_settings::second_factor_required.eq(true);
        Ok::<_, Fault>(diesel::update(organization_settings::table).set(required).execute(tx.conn())?)
    };
    world.db().write_now(None, require).expect("a change");
}

fn signs_in(browser: &Browser) {
    browser.visit("/sign-in");
    browser.field("Email").fill(ADMINISTRATOR);
    browser.field("Password").fill(PASSWORD);
    browser.button("Sign in").press().arrives_at("/organization/users");
}

/// Leaves the page open: on the sign-in page the autofill would let them in again before the test goes on.
fn signs_out(browser: &Browser) {
    let left = browser.run("return fetch('/sign-out', { method: 'POST' }).then(answer => answer.url)");
    assert!(left.as_str().is_some_and(|url| url.contains("/sign-in")), "{left}");
}

fn adds(browser: &Browser, name: &str) {
    browser.visit("/account/settings").field("Name").is_there();
    browser.run("document.querySelector('#passkey-name').value = ''");
    browser.run("document.querySelector('#passkey-name').focus()");
    browser.types(name);
    browser.button("Add a passkey").press();
    browser.sees(&format!("The passkey “{name}” can sign in from now on."));
}

#[test]
fn a_passkey_is_added_named_used_alone_and_removed() {
    let world = World::on(Database::Sqlite);
    world.administrator();
    let ada = world.browser();
    signs_in(&ada);
    let authenticator = plug_in(&ada);
    adds(&ada, "Laptop");
    ada.keeps_nobody_out();
    ada.screenshot("passkeys");
    let made = credentials(&ada, &authenticator);
    assert_eq!(made.len(), 1);
    assert_eq!(made[0]["isResidentCredential"], true);

    ada.link("Rename Laptop").press();
    ada.dialog().field("Name").fill("Work laptop");
    ada.keeps_nobody_out();
    ada.dialog().button("Save name").press();
    ada.sees("The passkey is called “Work laptop” now.");

    signs_out(&ada);
    enters_alone(&ada);
    ada.visit("/account/settings").sees("last used");

    // A second time, so that the counter goes on.
    signs_out(&ada);
    enters_alone(&ada);

    ada.visit("/account/settings").link("Remove Work laptop").press();
    ada.dialog().is_there();
    ada.keeps_nobody_out();
    ada.dialog().button("Remove Work laptop").press();
    ada.sees("The passkey “Work laptop” is removed.");
    ada.visit("/account/settings").heading("Passkeys").is_there();
    ada.link("Remove Work laptop").is_gone();
    for letter in ["A passkey was added", "A passkey was removed"] {
        world.mailbox.wait_for(ADMINISTRATOR, |it| it.subject.contains(letter));
    }
    assert_eq!(ada.complaints(), [""; 0]);
}

/// Where the browser offers passkeys in the field for the address, the pretended owner takes it at once.
fn enters_alone(ada: &Browser) {
    ada.visit("/sign-in");
    ada.until("to be signed in by the passkey", || {
        if ada.path().starts_with("/sign-in") {
            ada.run(PRESS);
        }
        ada.path() == "/organization/users"
    });
}

#[test]
fn a_passkey_is_the_second_step_and_a_fresh_proof() {
    let world = World::on(Database::Sqlite);
    world.administrator();
    let ada = world.browser();
    signs_in(&ada);
    plug_in(&ada);
    adds(&ada, "Laptop");
    requires_a_factor(&world);
    signs_out(&ada);
    // The autofill of the sign-in page would do it alone: the password is sent from another.
    ada.run(
        "const form = Object.assign(document.createElement('form'), { method: 'post', action: '/sign-in' }); \
         for (const [name, value] of [['email', 'ada@example.com'], ['password', 'seven quiet rivers at dawn']]) \
         form.append(Object.assign(document.createElement('input'), { name, value })); \
         document.body.append(form); form.submit()",
    );
    ada.arrives_at("/sign-in/second-factor");
    ada.keeps_nobody_out();
    ada.button("Use a passkey").press().arrives_at("/organization/users");

    world.clock.advance(Duration::minutes(11));
    ada.visit("/account/settings").button("Add a passkey").press().arrives_at("/account/prove");
    ada.keeps_nobody_out();
    ada.button("Use a passkey").press().arrives_at("/account/passkeys");
    ada.button("Add a passkey").is_there();
}

#[test]
fn a_required_second_factor_is_set_up_as_a_passkey() {
    let world = World::on(Database::Sqlite);
    world.administrator();
    requires_a_factor(&world);
    for window in [Window::Phone, Window::Desktop] {
        let ada = world.browser_as(window, Script::On, Theme::Light);
        ada.visit("/sign-in").field("Email").fill(ADMINISTRATOR);
        ada.field("Password").fill(PASSWORD);
        ada.button("Sign in").press().arrives_at("/sign-in/second-factor/set-up");
        ada.button("Use an app").is_there();
        ada.looks_well(&format!("passkey-enrol-{}", window.word()));
        if window == Window::Desktop {
            plug_in(&ada);
            ada.button("Use a passkey").press().arrives_at("/organization/users");
            ada.sees("The passkey is your second factor from now on.");
            assert_eq!(ada.complaints(), [""; 0]);
        }
    }
}

#[test]
fn a_passkey_whose_counter_goes_back_is_refused_and_written_down() {
    let world = World::on(Database::Sqlite);
    world.administrator();
    let ada = world.browser();
    signs_in(&ada);
    let authenticator = plug_in(&ada);
    adds(&ada, "Laptop");
    let copy = credentials(&ada, &authenticator).remove(0);
    signs_out(&ada);
    enters_alone(&ada);
    signs_out(&ada);
    let id = json!({ "authenticatorId": authenticator });
    ada.tell("WebAuthn.clearCredentials", id);
    ada.tell("WebAuthn.addCredential", json!({ "authenticatorId": authenticator, "credential": copy }));
    ada.visit("/sign-in");
    ada.until("the copy to be written down", || {
        if ada.path().starts_with("/sign-in") {
            ada.run(PRESS);
        }
        details(&world).iter().any(|details| details.contains("signature counter went back"))
    });
}

const PRESS: &str = "const form = document.querySelector('form[data-passkey]:not([data-pressed])'); \
    form?.setAttribute('data-pressed', ''); form?.querySelector('button').click()";

fn details(world: &World) -> Vec<String> {
    let read = |conn: &mut AnyConnection| {
        Ok::<_, Fault>(audit_details::table.select(audit_details::details).load(conn)?)
    };
    world.db().read_now(read).expect("an answer")
}

#[test]
fn without_script_the_section_says_what_it_needs() {
    let world = World::on(Database::Sqlite);
    world.administrator();
    let ada = world.browser_as(Window::Desktop, Script::Off, Theme::Light);
    signs_in(&ada);
    ada.visit("/account/settings").sees("Adding a passkey needs script and a browser that has passkeys.");
    ada.button("Add a passkey").is_gone();
    ada.visit("/sign-in");
    ada.button("Use a passkey").is_gone();
}
