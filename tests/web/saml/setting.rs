//! Setting SAML up, by hand and from metadata.

use chrono::Duration;
use reqwest::StatusCode;

use super::way::{FORM, SETTINGS, asks, deploys, filled, with_saml};
use crate::snapshot::{Snapshot, texts};
use crate::support::form::Form;
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::person::Person;
use crate::support::saml::idp::{Idp, Served};
use crate::support::saml::{CURVE, NEXT, PROVIDER, SHORT, STRANGER, provider};
use crate::support::world::{Database, World};
use crate::users::lines;

on_both!(
    it_is_in_force_when_it_is_deployed,
    what_is_wrong_is_told_beside_its_field_and_nothing_is_kept,
    metadata_are_not_fetched_from_private_addresses,
    it_is_turned_off_and_on_and_removed,
    a_certificate_that_ends_soon_is_warned_of,
    requests_are_signed_by_a_key_that_the_metadata_name,
    another_kind_takes_the_place_of_the_one_before,
    a_member_of_read_looks_and_changes_nothing,
);

/// As `on_both!`, with a provider whose metadata are in a network that the operator allows.
macro_rules! with_metadata {
    ($($name:ident),+ $(,)?) => { $(
        mod $name {
            use crate::support::world::Database;

            #[test]
            fn sqlite() {
                crate::saml::setting::run(Database::Sqlite, super::$name);
            }

            #[test]
            fn postgres() {
                crate::saml::setting::run(Database::Postgres, super::$name);
            }
        }
    )+ };
}
pub(crate) use with_metadata;

with_metadata!(
    metadata_are_read_and_shown_before_they_count,
    metadata_that_do_not_do_are_told_beside_their_field
);

pub fn run(database: Database, test: impl FnOnce(World, Idp)) {
    test(World::with(database, &[("allow_private_targets", "true")]), Idp::open());
}

fn by_metadata(ada: &Person, address: &str) -> Form {
    let page = ada.opens(FORM).follow("Metadata URL");
    page.form("Next").fill("Metadata URL", address).fill("Domains", "example.com")
}

fn it_is_in_force_when_it_is_deployed(world: World) {
    let ada = world.administrator();
    let page = ada.opens(SETTINGS).follow("Configure SAML");
    for (label, act) in [("ACS URL", "acs"), ("Entity ID of this side", "metadata")] {
        let value = page.whole().control(label).attr("value").unwrap_or_default().to_owned();
        assert!(
            value.starts_with(world.base_url().as_str()) && value.ends_with(&super::way::at(&world, act))
        );
    }
    let page = filled(&ada).fill("Second certificate", NEXT).press();
    for words in ["https://idp.example/metadata", "CN=provider of the tests", "SHA-256", "example.com"] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    assert!(
        world.visitor().post("/sign-in/sso", &[("email", ADMINISTRATOR)]).status.is_client_error(),
        "not yet"
    );
    assert_eq!(lines(&world, "iam.sso.write"), 0);
    let page = page.form("Deploy SSO").press();
    assert!(page.toast().is_some_and(|toast| toast.contains("deployed")), "{}", page.text());
    assert!(page.has_button("Disable SAML") && page.says("Entity ID of this side"), "{}", page.text());
    assert_eq!(lines(&world, "iam.sso.write"), 1);
    assert_eq!(
        asks(&world.visitor(), ADMINISTRATOR).issuer,
        format!("{}{}", base(&world), super::way::at(&world, "metadata"))
    );
    let form = ada.opens(SETTINGS).follow("Edit").form("Next");
    assert_eq!(form.value("Entity ID"), "https://idp.example/metadata");
    assert!(form.value("Second certificate").starts_with("-----BEGIN CERTIFICATE-----"));
    deploys(&form.fill("Second certificate", ""));
    assert_eq!(lines(&world, "iam.sso.write"), 2);
}

fn base(world: &World) -> String {
    world.base_url().as_str().trim_end_matches('/').to_owned()
}

fn what_is_wrong_is_told_beside_its_field_and_nothing_is_kept(world: World) {
    let ada = world.administrator();
    let before = Snapshot::of(&world);
    let form = || filled(&ada);
    let key = include_str!("../../support/saml/stranger.key.pem");
    let both = format!("{PROVIDER}{NEXT}");
    for (field, form, words) in [
        ("SSO URL", form().fill("SSO URL", "sso"), "Write the whole address"),
        ("SSO URL", form().fill("SSO URL", "http://idp.example/sso"), "begin with https://"),
        ("Entity ID", form().fill("Entity ID", ""), "Enter the Entity ID"),
        ("X.509 certificate", form().fill("X.509 certificate", ""), "Enter the certificate"),
        ("X.509 certificate", form().fill("X.509 certificate", "a certificate"), "not an X.509 certificate"),
        ("X.509 certificate", form().fill("X.509 certificate", key), "a private key"),
        ("X.509 certificate", form().fill("X.509 certificate", both), "several certificates"),
        ("X.509 certificate", form().fill("X.509 certificate", SHORT), "shorter than"),
        ("Second certificate", form().fill("Second certificate", CURVE), "not RSA"),
        ("Email attribute", form().fill("Email attribute", ""), "Enter the name of the attribute"),
        ("Domains", form().fill("Domains", "a_b.com"), "is not a domain"),
        ("Groups attribute", form().fill("Groups attribute", ""), "Enter the name of the attribute"),
        ("Group 1", form().fill("Attribute value 1", "x"), "Choose the group"),
    ] {
        let page = form.press();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        let error = page.error_for(field).unwrap_or_default();
        assert!(error.contains(words), "{field}: {error}");
        let again = page.form("Next");
        if field != "Entity ID" {
            assert_eq!(again.value("Entity ID"), "https://idp.example/metadata", "what was typed stays");
        }
    }
    assert_eq!(Snapshot::of(&world), before);
    let more = form().press();
    assert_eq!(more.heading(), "Deploy SSO");
}

/// Where no metadata are fetched from, and why, unless the operator allows it.
pub const NOT_FETCHED: [(&str, &str); 6] = [
    ("https://127.0.0.1:9/metadata", "private network"),
    ("https://[::1]/", "private network"),
    ("https://10.1.2.3/x", "private network"),
    ("https://localhost/metadata", "private network"),
    ("http://login.example.com", "https://"),
    ("metadata", "Write the whole address"),
];

fn metadata_are_not_fetched_from_private_addresses(world: World) {
    let ada = world.administrator();
    for (address, words) in NOT_FETCHED.into_iter().chain([("", "Write the whole address")]) {
        let page = by_metadata(&ada, address).press();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let error = page.error_for("Metadata URL").unwrap_or_default();
        assert!(error.contains(words), "{address}: {error}");
    }
    assert_eq!(texts(&world, "SELECT id FROM sso_drafts").len(), 0);
}

fn metadata_are_read_and_shown_before_they_count(world: World, idp: Idp) {
    let ada = world.administrator();
    let page = by_metadata(&ada, &idp.metadata_url()).press();
    assert_eq!(page.heading(), "Deploy SSO", "{}", page.text());
    for words in [provider().entity_id, format!("{}/sso", idp.base), idp.metadata_url()] {
        assert!(page.says(&words), "{words}: {}", page.text());
    }
    page.form("Deploy SSO").press();
    let fingerprints = || ada.opens(SETTINGS).text().matches("SHA-256").count();
    assert_eq!(fingerprints(), 1);

    idp.serves(Served::Metadata(vec![PROVIDER, NEXT]));
    let page = ada.opens(SETTINGS).form("Read again").press();
    assert_eq!((page.heading().as_str(), page.text().matches("SHA-256").count()), ("Deploy SSO", 2));
    assert_eq!(fingerprints(), 1, "until it is confirmed");
    page.form("Deploy SSO").press();
    assert_eq!(fingerprints(), 2);

    idp.serves(Served::Fault);
    let page = ada.opens(SETTINGS).form("Read again").press();
    assert!(page.error_for("Metadata URL").is_some_and(|error| error.contains("500")), "{}", page.text());
    assert_eq!(lines(&world, "iam.sso.write"), 2);
}

fn metadata_that_do_not_do_are_told_beside_their_field(world: World, idp: Idp) {
    let ada = world.administrator();
    for (served, words) in [
        (Served::Text("<html><body>Sign in</body></html>".into()), "no Entity ID"),
        (Served::Text("{}".into()), "cannot be read"),
        (Served::Text("<!DOCTYPE x><x/>".into()), "document type"),
        (Served::Metadata(vec![]), "no signing certificate"),
        (Served::Metadata(vec![CURVE]), "not RSA"),
        (Served::Metadata(vec![PROVIDER, NEXT, STRANGER]), "more than two"),
        (Served::TooMuch, "could not be fetched"),
        (Served::Fault, "500"),
        (Served::Silence, "longer than"),
    ] {
        idp.serves(served.clone());
        let page = by_metadata(&ada, &idp.metadata_url()).press();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{served:?}");
        let error = page.error_for("Metadata URL").unwrap_or_default();
        assert!(error.contains(words), "{served:?}: {error}");
        assert_eq!(page.form("Next").value("Domains").trim(), "example.com");
    }
    assert_eq!(texts(&world, "SELECT id FROM sso_drafts").len(), 0);
}

fn it_is_turned_off_and_on_and_removed(world: World) {
    let ada = with_saml(&world);
    let page = ada.opens(SETTINGS).form("Disable SAML").press();
    let nobody = world.visitor();
    assert!(nobody.post("/sign-in/sso", &[("email", ADMINISTRATOR)]).status.is_client_error());
    let page_of_login = nobody.get(&super::way::at(&world, "login"));
    assert_eq!(page_of_login.status, StatusCode::NOT_FOUND);
    assert_eq!(page_of_login.heading(), "No single sign-on leads from here");
    page.form("Enable SAML").press();
    asks(&world.visitor(), ADMINISTRATOR);
    let page = ada.opens(SETTINGS).form("Disable SAML").press().form("Remove SAML").press();
    assert!(page.says("No provider yet"));
    assert_eq!(lines(&world, "iam.sso.write"), 5);
}

fn a_certificate_that_ends_soon_is_warned_of(world: World) {
    let ada = with_saml(&world);
    assert!(!ada.opens(SETTINGS).says("ends on"));
    let ends = roster::saml::Certificate::parse(PROVIDER).expect("a certificate").not_after;
    world.later(ends.since(world.db().now()) - Duration::days(29));
    let ada = world.visitor();
    ada.signs_in(ADMINISTRATOR, crate::support::people::PASSWORD);
    assert!(ada.opens(SETTINGS).says("The certificate of the identity provider ends on"));
    world.later(Duration::days(30));
    let ada = world.visitor();
    ada.signs_in(ADMINISTRATOR, crate::support::people::PASSWORD);
    assert!(ada.opens(SETTINGS).says("The certificate of the identity provider ended on"));
    let page = filled(&ada).press();
    assert!(
        page.heading() == "Deploy SSO" && page.says("ended on"),
        "it is taken, and told: {}",
        page.text()
    );
}

fn requests_are_signed_by_a_key_that_the_metadata_name(world: World) {
    let ada = world.administrator();
    let page = filled(&ada).check("Sign requests").press();
    let told = world.visitor().get(&super::way::at(&world, "metadata")).body;
    assert!(told.contains("AuthnRequestsSigned=\"true\"") && told.contains("X509Certificate"), "{told}");
    page.form("Deploy SSO").press();
    assert!(asks(&world.visitor(), ADMINISTRATOR).is_signed);
    deploys(&ada.opens(FORM).form("Next").uncheck("Sign requests"));
    assert!(!asks(&world.visitor(), ADMINISTRATOR).is_signed);
}

fn another_kind_takes_the_place_of_the_one_before(world: World) {
    let ada = with_saml(&world);
    let page = ada.opens("/organization/iam/sso/oidc");
    assert_eq!(page.form("Next").value("Discovery URL"), "", "what is there is of another kind");
    let before = Snapshot::of(&world);
    let form = page.form("Next").fill("Discovery URL", "https://127.0.0.1/x").fill("Client ID", "id");
    let page = form.fill("Domains", "example.com").press();
    assert!(page.error_for("Client secret").is_some_and(|error| error.contains("Enter the client secret")));
    assert_eq!(Snapshot::of(&world), before);
}

fn a_member_of_read_looks_and_changes_nothing(world: World) {
    let ada = with_saml(&world);
    let rita = world.member(&ada, "rita@example.com", "Rita", &["read"]);
    let page = rita.opens(SETTINGS);
    assert!(page.says("SHA-256") && !page.has_button("Disable SAML") && !page.has_link("Edit"));
    let before = Snapshot::of(&world);
    assert_eq!(rita.get(FORM).status, StatusCode::FORBIDDEN);
    assert_eq!(rita.post(FORM, &[("act", "again")]).status, StatusCode::FORBIDDEN);
    assert_eq!(Snapshot::of(&world), before);
}
