//! A SAML provider by the API.

mod refusing;

use reqwest::{Method, StatusCode};
use roster::saml::Certificate;
use serde_json::{Value, json};

use super::{json as of, problem, sends};
use crate::cast::{Cast, Kind, another_organization, has_a_token, with_token};
use crate::saml::setting::with_metadata;
use crate::saml::way::{self, FORM, SETTINGS};
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::saml::idp::{Idp, Served, somebody};
use crate::support::saml::{Draft, Key, NEXT, PROVIDER, provider};
use crate::support::world::World;
use crate::users::{group_id, lines};

on_both!(
    a_program_sets_it_up_by_hand_and_people_come_by_it,
    a_second_certificate_follows_the_first,
    requests_are_signed_by_a_key_that_only_a_change_makes,
    another_provider_knows_nobody_yet_and_the_same_one_everybody,
    another_organization_has_its_own,
);

with_metadata!(metadata_are_read_whenever_they_are_sent,);

const SSO: &str = "/api/v1/sso";
const SAML: &str = "/api/v1/sso/saml";

fn wanted() -> Value {
    let provider = provider();
    json!({
        "entityId": provider.entity_id, "ssoUrl": provider.sso_url.as_str(), "certificates": [PROVIDER],
        "domains": ["example.com"],
    })
}

fn deploys(robot: &Person, wanted: Value) -> Value {
    let page = sends(robot, Method::PUT, SAML, wanted);
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    of(&page)["provider"].clone()
}

/// The pointers of a refusal, with its words.
fn told(robot: &Person, wanted: Value) -> (Vec<String>, String) {
    let page = sends(robot, Method::PUT, SAML, wanted.clone());
    assert_eq!(problem(&page), "invalid", "{wanted}: {}", page.body);
    let document = of(&page);
    let pointer = |error: &Value| error["pointer"].as_str().expect("a pointer").to_owned();
    let pointers = document["errors"].as_array().into_iter().flatten().map(pointer).collect();
    (pointers, document["detail"].as_str().expect("words").to_owned())
}

fn bob() -> Draft {
    somebody("bob@example.com", ["Bob", "Babbage"])
}

/// Whether the provider's word lets somebody in.
fn comes(world: &World, who: &Draft) -> bool {
    let visitor = world.visitor();
    way::comes(world, &visitor, who);
    visitor.is_signed_in()
}

fn a_program_sets_it_up_by_hand_and_people_come_by_it(world: World) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let none = of(&robot.get(SSO));
    let ours = |member: &str| none["serviceProvider"][member].as_str().unwrap_or_default().to_owned();
    let base = world.base_url().as_str().trim_end_matches('/').to_owned();
    assert_eq!(ours("acsUrl"), format!("{base}{}", way::at(&world, "acs")));
    assert_eq!(ours("entityId"), format!("{base}{}", way::at(&world, "metadata")));

    let mut wanted = wanted();
    wanted["mapping"] = json!([{ "value": "engineers", "group": group_id(&world, "read") }]);
    wanted["requiresSignedAssertions"] = json!(true);
    wanted["attributes"] = json!({ "firstName": "given", "lastName": "family" });
    let made = deploys(&robot, wanted.clone());
    assert_eq!(
        (&made["kind"], &made["isOn"], &made["clientId"]),
        (&json!("saml"), &json!(true), &Value::Null)
    );
    assert_eq!((&made["mapping"], &made["domains"]), (&wanted["mapping"], &wanted["domains"]));
    let certificate = Certificate::parse(PROVIDER).expect("a certificate");
    assert_eq!(
        made["saml"],
        json!({
            "entityId": provider().entity_id, "ssoUrl": provider().sso_url.as_str(), "metadataUrl": null,
            "certificates": [{
                "fingerprint": certificate.fingerprint, "subject": certificate.subject,
                "endsAt": certificate.not_after.rfc3339(), "pem": made["saml"]["certificates"][0]["pem"],
            }],
            "requiresSignedAssertions": true, "signsRequests": false,
            "attributes": { "email": "email", "firstName": "given", "lastName": "family" },
        })
    );
    assert_eq!(of(&robot.get(SSO))["provider"], made);
    assert_eq!(lines(&world, "iam.sso.write"), 1);

    let ada = world.visitor();
    ada.signs_in(ADMINISTRATOR, PASSWORD);
    let page = ada.opens(SETTINGS);
    for words in [&provider().entity_id, &certificate.fingerprint, "email, given, family"] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    assert_eq!(ada.opens(FORM).form("Next").value("Entity ID"), provider().entity_id);
    assert!(!comes(&world, &Draft { signs_assertion: false, ..bob() }));
    assert!(comes(&world, &Draft { signs_assertion: true, ..bob() }));
}

fn a_second_certificate_follows_the_first(world: World) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let made = deploys(&robot, wanted());
    let mut wanted = wanted();
    wanted["certificates"] = json!([made["saml"]["certificates"][0]["pem"], NEXT]);
    let both = deploys(&robot, wanted.clone());
    assert_eq!(both["saml"]["certificates"][0], made["saml"]["certificates"][0]);
    assert_eq!(both["saml"]["certificates"].as_array().map(Vec::len), Some(2));
    assert!(comes(&world, &bob()) && comes(&world, &Draft { key: Key::Next, ..bob() }));
    wanted["certificates"] = json!([NEXT]);
    deploys(&robot, wanted);
    assert!(!comes(&world, &bob()) && comes(&world, &Draft { key: Key::Next, ..bob() }));
    assert_eq!(lines(&world, "iam.sso.write"), 3);
}

fn metadata_are_read_whenever_they_are_sent(world: World, idp: Idp) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let wanted = || json!({ "metadataUrl": idp.metadata_url(), "domains": ["example.com"] });
    let made = deploys(&robot, wanted())["saml"].clone();
    assert_eq!(
        (&made["entityId"], &made["ssoUrl"], &made["metadataUrl"]),
        (&json!(provider().entity_id), &json!(format!("{}/sso", idp.base)), &json!(idp.metadata_url()))
    );
    assert_eq!(made["certificates"].as_array().map(Vec::len), Some(1));
    idp.serves(Served::Metadata(vec![PROVIDER, NEXT]));
    assert_eq!(of(&robot.get(SSO))["provider"]["saml"], made, "nobody asked for it");
    let again = deploys(&robot, wanted())["saml"].clone();
    assert_eq!(again["certificates"].as_array().map(Vec::len), Some(2));
    assert_eq!(lines(&world, "iam.sso.write"), 2);
}

fn requests_are_signed_by_a_key_that_only_a_change_makes(world: World) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let of_ours = || world.visitor().get(&way::at(&world, "metadata")).body;
    let mut wanted = wanted();
    wanted["signsRequests"] = json!(true);
    wanted["mapping"] = json!([{ "value": "x", "group": "0190a5a0-0000-7000-8000-000000000000" }]);
    told(&robot, wanted.clone());
    assert!(!of_ours().contains("X509Certificate"), "it was refused");
    wanted["mapping"] = json!([]);
    assert_eq!(deploys(&robot, wanted.clone())["saml"]["signsRequests"], true);
    let ours = of_ours();
    assert!(ours.contains("X509Certificate"), "{ours}");
    assert!(way::asks(&world.visitor(), ADMINISTRATOR).is_signed);
    deploys(&robot, wanted.clone());
    assert_eq!(of_ours(), ours, "the key stays");
    wanted["signsRequests"] = json!(false);
    deploys(&robot, wanted);
    assert!(!way::asks(&world.visitor(), ADMINISTRATOR).is_signed);
}

fn another_provider_knows_nobody_yet_and_the_same_one_everybody(world: World) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    deploys(&robot, wanted());
    assert!(comes(&world, &bob()));
    let mut wanted = wanted();
    wanted["ssoUrl"] = json!("https://idp.example/moved");
    assert_eq!(deploys(&robot, wanted.clone())["people"], 1);
    wanted["entityId"] = json!("https://other.example/metadata");
    let other = deploys(&robot, wanted);
    assert_eq!((&other["people"], &other["requiredOf"]), (&json!(0), &json!("nobody")));
    assert_eq!(texts(&world, "SELECT user_id FROM sso_identities").len(), 0);
}

fn another_organization_has_its_own(world: World) {
    let cast = Cast::assemble(&world);
    deploys(&cast.bears(Kind::Administrator), wanted());
    another_organization(&world, "Second", "grace@second.example", PASSWORD);
    let (_, secret) = has_a_token(&world, "grace@second.example", None);
    let other = with_token(&world.visitor(), &secret);
    let shown = of(&other.get(SSO));
    assert_eq!(shown["provider"], Value::Null);
    let acs = shown["serviceProvider"]["acsUrl"].as_str().expect("an address").to_owned();
    assert!(!acs.contains(&way::code(&world)), "{acs}");
    let (pointers, detail) = told(&other, wanted());
    assert_eq!(pointers, ["/domains"]);
    assert!(detail.contains("Another organization has claimed example.com"), "{detail}");
    let mut theirs = wanted();
    theirs["domains"] = json!(["second.example"]);
    assert_eq!(deploys(&other, theirs)["domains"], json!(["second.example"]));
    assert!(comes(&world, &bob()), "the first one's is as it was");
}
