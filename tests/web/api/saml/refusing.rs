//! What the API refuses of a SAML provider, and that nothing comes of it.

use diesel::RunQueryDsl;
use reqwest::Method;
use roster::db::{Fault, Tx};
use serde_json::{Value, json};

use super::{SAML, SSO, comes, deploys, told, wanted};
use crate::api::{json as of, problem, sends};
use crate::cast::{Cast, Kind};
use crate::saml::setting::{NOT_FETCHED, with_metadata};
use crate::snapshot::Snapshot;
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::saml::idp::{Idp, Served, somebody};
use crate::support::saml::{CURVE, NEXT, PROVIDER, SHORT, STRANGER, provider};
use crate::support::world::World;
use crate::users::id_of;

on_both!(
    what_is_wrong_names_its_member_and_changes_nothing,
    everything_that_is_wrong_is_told_at_once,
    metadata_are_not_fetched_from_private_addresses,
    a_change_decided_on_an_older_version_changes_nothing,
    the_last_administrator_is_not_left_outside,
    whoever_may_not_changes_nothing,
);

with_metadata!(metadata_that_do_not_do_are_told_beside_their_member,);

fn what_is_wrong_names_its_member_and_changes_nothing(world: World) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let before = Snapshot::of(&world);
    let nowhere = "0190a5a0-0000-7000-8000-000000000000";
    let private = include_str!("../../../support/saml/stranger.key.pem");
    for (member, value, pointer, words) in [
        ("ssoUrl", json!("sso"), "/ssoUrl", "Write the whole address"),
        ("ssoUrl", json!("http://idp.example/sso"), "/ssoUrl", "begin with https://"),
        ("entityId", json!(" "), "/entityId", "Enter the Entity ID"),
        ("entityId", json!("x".repeat(1_025)), "/entityId", "Enter the Entity ID"),
        ("certificates", json!([]), "/certificates", "Enter the certificate"),
        ("certificates", json!(["a certificate"]), "/certificates/0", "not an X.509 certificate"),
        ("certificates", json!([private]), "/certificates/0", "a private key"),
        ("certificates", json!([SHORT]), "/certificates/0", "shorter than"),
        ("certificates", json!([PROVIDER, CURVE]), "/certificates/1", "not RSA"),
        ("certificates", json!([PROVIDER, NEXT, STRANGER]), "/certificates", "one certificate, or two"),
        ("metadataUrl", json!("https://idp.example/metadata"), "/metadataUrl", "not both"),
        ("attributes", json!({ "email": "" }), "/attributes/email", "name of the attribute"),
        ("attributes", json!({ "firstName": " " }), "/attributes/firstName", "name of the attribute"),
        (
            "attributes",
            json!({ "lastName": "x".repeat(201) }),
            "/attributes/lastName",
            "name of the attribute",
        ),
        ("domains", json!([]), "/domains", "Enter at least one domain"),
        ("domains", json!(["a_b.com"]), "/domains", "is not a domain"),
        ("groupsClaim", json!(""), "/groupsClaim", "name of the attribute"),
        ("mapping", json!([{ "value": "", "group": nowhere }]), "/mapping/0/value", "Enter the value"),
        ("mapping", json!([{ "value": "x", "group": "read" }]), "/mapping/0/group", "Choose the group"),
        ("mapping", json!([{ "value": "x", "group": nowhere }]), "/mapping", "not there any more"),
    ] {
        let mut wanted = wanted();
        wanted[member] = value;
        let (pointers, detail) = told(&robot, wanted.clone());
        assert_eq!(pointers, [pointer], "{wanted}");
        assert!(detail.contains(words), "{wanted}: {detail}");
    }
    for (member, value) in
        [("unknown", json!(1)), ("attributes", json!({ "surname": "x" })), ("signsRequests", json!("yes"))]
    {
        let mut wanted = wanted();
        wanted[member] = value;
        assert_eq!(problem(&sends(&robot, Method::PUT, SAML, wanted)), "invalid", "{member}");
    }
    assert_eq!(Snapshot::of(&world), before);
}

fn everything_that_is_wrong_is_told_at_once(world: World) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let (pointers, _) = told(&robot, json!({ "attributes": { "email": "" }, "domains": [] }));
    assert_eq!(pointers, ["/ssoUrl", "/entityId", "/certificates", "/attributes/email", "/domains"]);
    let (pointers, _) = told(&robot, json!({ "metadataUrl": "", "domains": [] }));
    assert_eq!(pointers, ["/metadataUrl", "/domains"]);
}

fn metadata_are_not_fetched_from_private_addresses(world: World) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let before = Snapshot::of(&world);
    for (address, words) in NOT_FETCHED {
        let (pointers, detail) = told(&robot, json!({ "metadataUrl": address, "domains": ["example.com"] }));
        assert_eq!(pointers, ["/metadataUrl"], "{address}");
        assert!(detail.contains(words), "{address}: {detail}");
    }
    assert_eq!(Snapshot::of(&world), before);
}

fn metadata_that_do_not_do_are_told_beside_their_member(world: World, idp: Idp) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let before = Snapshot::of(&world);
    for (served, words) in [
        (Served::Text("<html><body>Sign in</body></html>".into()), "no Entity ID"),
        (Served::Text("<!DOCTYPE x><x/>".into()), "document type"),
        (Served::Metadata(vec![]), "no signing certificate"),
        (Served::Metadata(vec![PROVIDER, NEXT, STRANGER]), "more than two"),
        (Served::TooMuch, "could not be fetched"),
        (Served::Fault, "500"),
        (Served::Silence, "longer than"),
    ] {
        idp.serves(served.clone());
        let wanted = json!({ "metadataUrl": idp.metadata_url(), "domains": ["example.com"] });
        let (pointers, detail) = told(&robot, wanted);
        assert_eq!(pointers, ["/metadataUrl"], "{served:?}");
        assert!(detail.contains(words), "{served:?}: {detail}");
    }
    assert_eq!(Snapshot::of(&world), before);
}

fn a_change_decided_on_an_older_version_changes_nothing(world: World) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let mut wanted = wanted();
    wanted["version"] = json!(1);
    assert_eq!(problem(&sends(&robot, Method::PUT, SAML, wanted.clone())), "conflict", "there is none yet");
    wanted["version"] = Value::Null;
    wanted["version"] = deploys(&robot, wanted.clone())["version"].clone();
    deploys(&robot, wanted.clone());
    wanted["domains"] = json!(["third.example"]);
    assert_eq!(problem(&sends(&robot, Method::PUT, SAML, wanted)), "conflict");
    assert_eq!(of(&robot.get(SSO))["provider"]["domains"], json!(["example.com"]));
}

fn the_last_administrator_is_not_left_outside(world: World) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    deploys(&robot, wanted());
    assert!(comes(&world, &somebody(ADMINISTRATOR, ["Ada", "Lovelace"])));
    let id = id_of(&world, ADMINISTRATOR);
    let disable = move |tx: &mut Tx<'_>| {
        let statement = format!("UPDATE password_credentials SET disabled = TRUE WHERE user_id = '{id}'");
        Ok::<_, Fault>(diesel::sql_query(statement).execute(tx.conn())?)
    };
    assert_eq!(world.db().write_now(None, disable).expect("a change"), 1);
    let before = Snapshot::of(&world);
    let mut wanted = wanted();
    wanted["entityId"] = json!("https://other.example/metadata");
    let page = sends(&robot, Method::PUT, SAML, wanted);
    assert_eq!(problem(&page), "conflict");
    assert!(page.body.contains("Nobody who administers the organization"), "{}", page.body);
    assert_eq!(Snapshot::of(&world), before);
}

fn whoever_may_not_changes_nothing(world: World) {
    let cast = Cast::assemble(&world);
    deploys(&cast.bears(Kind::Administrator), wanted());
    let (reader, member) = (cast.bears(Kind::Reader), cast.bears(Kind::Member));
    let before = Snapshot::of(&world);
    assert_eq!(of(&reader.get(SSO))["provider"]["saml"]["entityId"], provider().entity_id.as_str());
    assert_eq!(problem(&member.get(SSO)), "not-permitted");
    for person in [reader, member] {
        assert_eq!(problem(&sends(&person, Method::PUT, SAML, wanted())), "not-permitted");
        let nothing = json!({ "domains": [] });
        assert_eq!(
            problem(&sends(&person, Method::PUT, SAML, nothing)),
            "not-permitted",
            "before what is wrong"
        );
    }
    assert_eq!(Snapshot::of(&world), before);
}
