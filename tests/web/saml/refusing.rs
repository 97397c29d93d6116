//! Answers that let nobody in: a page says why, a line is left.

use reqwest::StatusCode;

use super::way::{asks, at, code, comes, deploys, filled, posts, sends, with_saml};
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::people::PASSWORD;
use crate::support::saml::idp::{Asked, somebody};
use crate::support::saml::{Draft, Key};
use crate::support::world::World;
use crate::users::lines;

on_both!(
    what_is_not_to_be_believed_lets_nobody_in_and_leaves_one_line,
    what_is_no_answer_at_all_is_refused_as_well,
    an_answer_counts_in_its_own_organization_only,
    the_first_answer_counts,
    an_assertion_that_must_be_signed_is,
    a_way_that_was_begun_before_it_was_turned_off_leads_nowhere,
    other_layers_hold_for_other_addresses,
);

fn bob() -> Draft {
    somebody("bob@example.com", ["Bob", "Babbage"])
}

fn what_is_not_to_be_believed_lets_nobody_in_and_leaves_one_line(world: World) {
    with_saml(&world);
    let long_ago = "2020-01-01T00:00:00Z".to_owned();
    let other = || "https://other.example".to_owned();
    type Wrong = Box<dyn Fn(Draft) -> Draft>;
    let wrongs: Vec<(&str, Wrong)> = vec![
        ("unsigned", Box::new(|it| Draft { signs_response: false, ..it })),
        ("signed_in_part", Box::new(|it| Draft { signs_response: false, signs_assertion: true, ..it })),
        ("other_certificate", Box::new(|it| Draft { key: Key::Stranger, ..it })),
        ("other_audience", Box::new(move |it| Draft { audience: Some(other()), ..it })),
        ("other_issuer", Box::new(move |it| Draft { issuer: other(), ..it })),
        ("other_recipient", Box::new(move |it| Draft { recipient: other(), ..it })),
        ("other_request", Box::new(|it| Draft { in_response_to: "_another".into(), ..it })),
        ("not_now", Box::new(move |it| Draft { not_on_or_after: long_ago.clone(), ..it })),
        (
            "transient",
            Box::new(|it| Draft {
                name_id_format: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
                ..it
            }),
        ),
        (
            "not_success",
            Box::new(|it| Draft { status: "urn:oasis:names:tc:SAML:2.0:status:Responder".into(), ..it }),
        ),
    ];
    for (nth, (word, wrong)) in wrongs.into_iter().enumerate() {
        let visitor = world.visitor();
        let asked = asks(&visitor, "bob@example.com");
        let finish = sends(&world, &asked, &wrong(asked.answer(&bob(), world.db().now())));
        assert_eq!(lines(&world, "sso.refused"), nth as i64 + 1, "{word}: without anybody coming back");
        let page = visitor.get(&finish);
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{word}: {}", page.text());
        assert_eq!(page.heading(), "The provider’s answer was refused", "{word}");
        assert!(page.has_link("Back to sign in") && !visitor.is_signed_in(), "{word}");
        assert_eq!(lines(&world, "sso.refused"), nth as i64 + 1, "{word}: one line");
        let told = texts(&world, "SELECT details FROM audit_details").join(" ");
        assert!(told.contains(&format!("\"why\":\"{word}\"")), "{word}");
    }
    assert_eq!((lines(&world, "sso.join"), texts(&world, "SELECT email FROM users").len()), (0, 1));
    let visitor = world.visitor();
    comes(&world, &visitor, &bob());
    assert!(visitor.is_signed_in(), "and an honest answer does");
}

/// This text as the answer to what was asked.
fn answered(world: &World, asked: &Asked, text: &str) -> String {
    let page = posts(world, &asked.acs, &[("SAMLResponse", text), ("RelayState", &asked.relay_state)]);
    page.leads_to().unwrap_or_else(|| panic!("{}", page.text())).to_string()
}

fn what_is_no_answer_at_all_is_refused_as_well(world: World) {
    with_saml(&world);
    let evil = |asked: &Asked, xml: String| {
        let answer = asked.answer(&bob(), world.db().now());
        let mallory =
            Draft { assertion: "_evil".into(), name_id: "mallory@example.com".into(), ..answer.clone() };
        let wrapped = answer
            .xml()
            .replace("</samlp:Response>", &format!("{}</samlp:Response>", mallory.assertion_around("")));
        if xml == "wrapped" { wrapped } else { format!("{xml}{}", answer.xml()) }
    };
    for text in [
        "",
        "nonsense",
        "PGE+",
        "wrapped",
        "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
        "long",
    ] {
        let visitor = world.visitor();
        let asked = asks(&visitor, "bob@example.com");
        let sent = match text {
            "wrapped" => crate::support::saml::packed(&evil(&asked, text.to_owned())),
            "long" => "A".repeat(210_000),
            text if text.starts_with('<') => crate::support::saml::packed(&evil(&asked, text.to_owned())),
            text => text.to_owned(),
        };
        let page = visitor.get(&answered(&world, &asked, &sent));
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{text}: {}", page.text());
        assert!(!visitor.is_signed_in());
    }
    assert_eq!(lines(&world, "sso.refused"), 6);
    let asked = asks(&world.visitor(), "bob@example.com");
    let fields = [("SAMLResponse", "A".repeat(300_000)), ("RelayState", asked.relay_state.clone())];
    let page = posts(&world, &asked.acs, &[(fields[0].0, &fields[0].1), (fields[1].0, &fields[1].1)]);
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(lines(&world, "sso.refused"), 6);
}

fn an_answer_counts_in_its_own_organization_only(world: World) {
    with_saml(&world);
    let grace = crate::cast::another_organization(&world, "Second", "grace@second.example", PASSWORD);
    deploys(&filled(&grace).fill("Domains", "second.example"));
    let codes = texts(&world, "SELECT code FROM organizations ORDER BY created_at, id");
    assert_eq!(codes[0], code(&world));
    let visitor = world.visitor();
    let asked = asks(&visitor, "bob@example.com");
    let answer = asked.answer(&bob(), world.db().now());
    let elsewhere = Asked { acs: asked.acs.replace(&codes[0], &codes[1]), ..asked.clone() };
    let led = sends(&world, &elsewhere, &answer);
    assert!(led.contains("/login"), "there it is only a hint: {led}");
    let finish = sends(&world, &asked, &answer);
    let page = visitor.get(&finish.replace(&codes[0], &codes[1]));
    assert_eq!(page.status, StatusCode::GONE);
    assert!(!visitor.is_signed_in());
}

fn the_first_answer_counts(world: World) {
    with_saml(&world);
    let visitor = world.visitor();
    let asked = asks(&visitor, "bob@example.com");
    let honest = asked.answer(&bob(), world.db().now());
    let eve = Draft {
        name_id: "eve@example.com".into(),
        response: "_r2".into(),
        assertion: "_a2".into(),
        ..honest.clone()
    };
    sends(&world, &asked, &honest);
    visitor.opens(&sends(&world, &asked, &eve));
    assert!(visitor.is_signed_in());
    assert_eq!(texts(&world, "SELECT subject FROM sso_identities"), ["bob@example.com"]);
}

fn an_assertion_that_must_be_signed_is(world: World) {
    let ada = world.administrator();
    deploys(&filled(&ada).check("Require signed assertions"));
    let (one, other) = (world.visitor(), world.visitor());
    let page = comes(&world, &one, &bob());
    assert!(page.says("The assertion is not signed"), "{}", page.text());
    comes(&world, &other, &Draft { signs_assertion: true, ..bob() });
    assert!(other.is_signed_in() && !one.is_signed_in());
}

fn a_way_that_was_begun_before_it_was_turned_off_leads_nowhere(world: World) {
    let ada = with_saml(&world);
    let visitor = world.visitor();
    let asked = asks(&visitor, "bob@example.com");
    let finish = sends(&world, &asked, &asked.answer(&bob(), world.db().now()));
    ada.opens("/organization/iam/sso").form("Disable SAML").press();
    assert_eq!(visitor.get(&finish).status, StatusCode::GONE);
    assert!(!visitor.is_signed_in());
}

fn other_layers_hold_for_other_addresses(world: World) {
    with_saml(&world);
    let base = world.base_url();
    for act in ["login", "finish", "metadata"] {
        let to = base.join(&at(&world, act)).expect("an address").to_string();
        let page = posts(&world, &to, &[]);
        assert!(matches!(page.status, StatusCode::FORBIDDEN | StatusCode::METHOD_NOT_ALLOWED), "{act}");
    }
    let acs = base.join(&at(&world, "acs")).expect("an address").to_string();
    let visitor = world.visitor();
    let request =
        visitor.bare_request(reqwest::Method::POST, &acs).header("content-type", "application/json");
    let page = visitor.send(request.body("{}"), acs.parse().expect("an address"));
    assert_eq!(page.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}
