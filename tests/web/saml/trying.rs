//! A dry run by SAML: it shows what would happen, with the attributes that came, and changes nothing.

use chrono::Duration;
use reqwest::StatusCode;

use super::way::{SETTINGS, asked, asks, deploys, filled, sends, with_saml};
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::page::Page;
use crate::support::people::ADMINISTRATOR;
use crate::support::person::Person;
use crate::support::saml::idp::somebody;
use crate::support::saml::{Draft, Key};
use crate::support::world::World;
use crate::users::{lines, path};

on_both!(
    it_shows_what_would_happen_and_changes_nothing,
    it_shows_why_somebody_would_be_refused,
    it_goes_while_single_sign_on_is_off,
    only_who_may_change_single_sign_on_tries_it,
);

/// Goes there as this somebody, and back.
fn tries(world: &World, ada: &Person, who: &Draft) -> Page {
    let asked = asked(&ada.opens(SETTINGS).form("Try it").press());
    ada.get(&sends(world, &asked, &asked.answer(who, world.db().now())))
}

fn people(world: &World) -> Vec<String> {
    let mut all = texts(world, "SELECT id || status || name || email FROM users ORDER BY id");
    all.extend(texts(world, "SELECT user_id FROM sso_identities"));
    all.extend(texts(world, "SELECT user_id || group_id FROM memberships ORDER BY 1"));
    all.extend(texts(world, "SELECT id FROM invitations"));
    all
}

fn bob() -> Draft {
    somebody("bob@example.com", ["Bob", "Babbage"])
}

fn it_shows_what_would_happen_and_changes_nothing(world: World) {
    let ada = world.administrator();
    deploys(&filled(&ada).fill("Attribute value 1", "Readers").choose("Group 1", crate::sso::READ));
    ada.invites("guest@example.com", &["write"]);
    let with_groups = |mut who: Draft, groups: &[&str]| {
        who.attributes.push(("groups".into(), groups.iter().map(|it| (*it).to_owned()).collect()));
        who
    };
    let before = people(&world);
    let cases = [
        (
            with_groups(bob(), &["Readers", "x"]),
            "Bob Babbage would get an account",
            "Groups now: none. Afterwards: read.",
        ),
        (somebody(ADMINISTRATOR, ["A", "L"]), "Ada Lovelace would be signed in", "says nothing of groups"),
        (
            with_groups(somebody("guest@example.com", ["Gus", ""]), &["Readers"]),
            "guest@example.com would accept their invitation",
            "Afterwards: write, read.",
        ),
    ];
    for (nth, (who, heading, groups)) in cases.into_iter().enumerate() {
        let page = tries(&world, &ada, &who);
        assert_eq!((page.status, page.heading().as_str()), (StatusCode::OK, "Dry run"));
        for words in [heading, groups, "Attributes that came", &who.attributes[0].1[0]] {
            assert!(page.says(words), "{words}: {}", page.text());
        }
        assert_eq!(lines(&world, "sso.dry_run"), nth as i64 + 1);
        assert_eq!(people(&world), before);
    }
    assert_eq!((lines(&world, "sso.join"), lines(&world, "account.linked")), (0, 0));
    let asked = asks(&world.visitor(), ADMINISTRATOR);
    assert!(!asked.relay_state.is_empty(), "and sign-ins go on");
}

fn it_shows_why_somebody_would_be_refused(world: World) {
    let ada = with_saml(&world);
    world.member(&ada, "cyd@example.com", "Cyd", &[]);
    assert!(ada.post(&path(&world, "cyd@example.com", "deactivate"), &[]).status.is_redirection());
    let before = people(&world);
    for (nth, (who, title, words)) in [
        (somebody("cyd@example.com", ["Cyd", ""]), "Your account is deactivated", "Attributes that came"),
        (
            somebody("eve@elsewhere.example", ["Eve", ""]),
            "Your address is in another domain",
            "eve@elsewhere.example",
        ),
        (
            Draft { key: Key::Stranger, ..bob() },
            "The provider’s answer was refused",
            "not made with the configured certificate",
        ),
        (Draft { audience: None, ..bob() }, "The provider’s answer was refused", "/metadata"),
    ]
    .into_iter()
    .enumerate()
    {
        let asked = asked(&ada.opens(SETTINGS).form("Try it").press());
        let honest = asked.answer(&who, world.db().now());
        let sent = Draft { audience: who.audience.as_ref().and(honest.audience.clone()), ..honest };
        let page = ada.get(&sends(&world, &asked, &sent));
        assert_eq!(page.heading(), "Dry run", "{title}");
        assert!(page.says(title) && page.says(words) && page.says("Not let in"), "{title}: {}", page.text());
        assert_eq!((lines(&world, "sso.dry_run"), lines(&world, "sso.refused")), (nth as i64 + 1, 0));
        assert_eq!(people(&world), before);
    }
}

fn it_goes_while_single_sign_on_is_off(world: World) {
    let ada = with_saml(&world);
    ada.opens(SETTINGS).form("Disable SAML").press();
    let page = tries(&world, &ada, &bob());
    assert!(
        page.says("if single sign-on were on") && page.says("Bob Babbage would get an account"),
        "{}",
        page.text()
    );
    let again = asked(&page.form("Try it again").press());
    assert!(!again.is_forced);
    assert_eq!(texts(&world, "SELECT email FROM users").len(), 1);
}

fn only_who_may_change_single_sign_on_tries_it(world: World) {
    let ada = with_saml(&world);
    let rita = world.member(&ada, "rita@example.com", "Rita", &["read"]);
    assert!(!rita.opens(SETTINGS).has_button("Try it"));
    assert_eq!(rita.post("/organization/iam/sso/try", &[]).status, StatusCode::FORBIDDEN);
    let asked = asked(&ada.opens(SETTINGS).form("Try it").press());
    let finish = sends(&world, &asked, &asked.answer(&bob(), world.db().now()));
    assert_eq!(rita.get(&finish).status, StatusCode::GONE, "another browser");
    world.later(Duration::minutes(1));
    assert_eq!(ada.get(&finish).heading(), "Dry run");
    assert_eq!(ada.get(&finish).status, StatusCode::GONE, "once");
}
