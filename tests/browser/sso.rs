//! Single sign-on in a real browser: set up by an administrator, required, and used by somebody new.

use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::providers::{Lie, Providers};
use crate::support::world::{Database, World};

#[test]
fn an_administrator_deploys_it_and_somebody_new_comes_by_it() {
    deploys_and_comes(Window::Desktop, Script::On, "wide");
}

#[test]
fn an_administrator_deploys_it_on_a_phone() {
    deploys_and_comes(Window::Phone, Script::On, "phone");
}

#[test]
fn an_administrator_deploys_it_without_script() {
    deploys_and_comes(Window::Desktop, Script::Off, "plain");
}

fn deploys_and_comes(window: Window, script: Script, kind: &str) {
    let providers = Providers::open();
    let world = World::with(Database::Sqlite, &[("allow_private_targets", "true")]);
    providers.keep_time_with(&world.clock);
    let admin = world.administrator();
    let see = |browser: &Browser, name: &str| browser.looks_well(&format!("sso-{name}-{kind}"));
    let ada = world.browser_as(window, script, Theme::Light);
    ada.visit("/sign-in");
    ada.field("Email").fill(ADMINISTRATOR);
    ada.field("Password").fill(PASSWORD);
    ada.button("Sign in").press().arrives_at("/organization/users");
    ada.visit("/organization/iam/sso");
    see(&ada, "nothing");
    ada.link("Configure OpenID Connect").press().arrives_at("/organization/iam/sso/oidc");
    let [issuer, id, secret] = providers.client();
    ada.field("Discovery URL").fill(&issuer);
    ada.field("Client ID").fill(&id);
    ada.field("Client secret").fill(&secret);
    ada.field("Domains").fill("example.com");
    ada.field("Claim value 1").fill("Readers");
    see(&ada, "form");
    ada.button("Next").press();
    ada.text("Choose the group that this value leads to.").is_there();
    see(&ada, "wrong");
    ada.field("Group 1").choose("read (Access Token Viewer, CKS Viewer, IAM Viewer)");
    ada.field("Client secret").fill(&secret);
    ada.button("Next").press().arrives_at("/organization/iam/sso/deploy");
    see(&ada, "deploy");
    ada.button("Deploy SSO").press().arrives_at("/organization/iam/sso");
    ada.text("Single sign-on is deployed.").is_there();
    see(&ada, "deployed");

    providers.knows("2002", "bob@example.com", "Bob Babbage");
    providers.knows_groups(serde_json::json!(["Readers"]));
    let bob = world.browser_as(window, script, Theme::Light);
    bob.visit("/sign-in");
    see(&bob, "sign-in");
    bob.link("Continue with SSO").press().arrives_at("/sign-in/sso");
    bob.field("Email").fill("bob@unheard.example");
    bob.button("Continue").press();
    bob.text("No single sign-on leads from addresses in this domain.").is_there();
    see(&bob, "nowhere");
    bob.field("Email").fill("bob@example.com");
    bob.button("Continue").press().arrives_at("/organization/users");
    see(&bob, "in");
    bob.visit("/account/settings#single-sign-on");
    bob.heading("Single sign-on").is_there();
    see(&bob, "own");
    bob.link("Unlink single sign-on").press();
    bob.heading("Unlink single sign-on").is_there();
    bob.button("Unlink single sign-on").press();
    bob.text("This is your only way to sign in.").is_there();
    see(&bob, "last-way");

    admin.invites("carol@example.com", &["read", "metrics"]);
    let link = world.invitation_link("carol@example.com");
    let carol = world.browser_as(window, script, Theme::Light);
    carol.visit(&link);
    see(&carol, "invitation");
    providers.knows("2004", "eve@example.com", "Eve");
    carol.button("Continue with SSO").press();
    carol.heading("The invitation is for another address").is_there();
    see(&carol, "other-address");
    carol.link("Back to the invitation").press();
    providers.knows("2003", "carol@example.com", "Carol");
    carol.button("Continue with SSO").press().arrives_at("/organization/users");

    ada.visit("/organization/iam/sso/require");
    ada.field("Required of").choose("Everybody");
    ada.button("Preview").press();
    ada.text("has not come by it yet").is_there();
    see(&ada, "require");
    ada.button("Save requirement").press();
    ada.text("Nobody who administers the organization could sign in any more").is_there();
    see(&ada, "refused");

    providers.lies(Lie::NoCode);
    let eve = world.browser_as(window, script, Theme::Light);
    eve.visit("/sign-in/sso");
    eve.field("Email").fill("eve@example.com");
    eve.button("Continue").press();
    eve.heading("Single sign-on was not used").is_there();
    see(&eve, "declined");
    eve.link("Back to sign in").press().arrives_at("/sign-in");
    for browser in [&ada, &bob, &carol, &eve] {
        assert_eq!(browser.complaints(), [""; 0]);
    }
}
