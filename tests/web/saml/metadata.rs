//! What identity providers are told of us, and what is read of them.

use chrono::Duration;
use reqwest::StatusCode;
use roster::saml::{NotACertificate, NotMetadata, Own, metadata, own_metadata};

use super::now;
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::saml::{CURVE, NEXT, PROVIDER, STRANGER, provider};
use crate::support::world::World;

on_both!(
    our_metadata_answer_before_anything_is_set_up_and_to_anybody,
    nobody_learns_of_an_organization_that_is_not_there,
);

fn our_metadata_answer_before_anything_is_set_up_and_to_anybody(world: World) {
    world.administrator();
    let code = texts(&world, "SELECT code FROM organizations").remove(0);
    let answer = world.visitor().get(&format!("/accounts/saml/{code}/metadata"));
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["content-type"], "application/samlmetadata+xml");
    let own = Own::of(world.base_url().as_str().trim_end_matches('/'), &code);
    assert_eq!(answer.body, own_metadata(&own, None));
    assert!(answer.body.contains(&format!("entityID=\"{}\"", own.entity_id)), "{}", answer.body);
    assert!(answer.body.contains(&format!("Location=\"{}\"", own.acs)), "{}", answer.body);
    assert!(answer.body.contains("urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"), "{}", answer.body);
    assert!(!answer.body.contains("KeyDescriptor") && !answer.body.contains("Analytical"), "{}", answer.body);
}

fn nobody_learns_of_an_organization_that_is_not_there(world: World) {
    world.administrator();
    for code in ["ffffff0", "'", "%00", "a%2Fb"] {
        let answer = world.visitor().get(&format!("/accounts/saml/{code}/metadata"));
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{code}");
    }
}

const HEAD: &str =
    "xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";

fn key(usage: &str, pem: &str) -> String {
    let body: String =
        pem.lines().filter(|line| !line.starts_with("-----")).map(|line| format!("{line}\n")).collect();
    format!(
        "<md:KeyDescriptor{usage}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n{body}</ds:X509Certificate></ds:X509Data>\
         </ds:KeyInfo></md:KeyDescriptor>"
    )
}

fn described(keys: &str) -> String {
    let to = |binding: &str| {
        format!(
            "<md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-{binding}\" \
             Location=\"https://idp.example/{binding}\"/>"
        )
    };
    format!(
        "<?xml version=\"1.0\"?><!-- made by hand --><md:EntityDescriptor {HEAD} entityID=\"https://idp.example/metadata\">\
         <md:IDPSSODescriptor WantAuthnRequestsSigned=\"true\" \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{keys}{}{}</md:IDPSSODescriptor>\
         </md:EntityDescriptor>",
        to("POST"),
        to("Redirect")
    )
}

#[test]
fn metadata_say_what_would_be_entered_by_hand() {
    let one = key(" use=\"signing\"", PROVIDER);
    let read = metadata(described(&one).as_bytes(), now()).expect("a provider");
    assert_eq!(
        (read.entity_id.as_str(), read.sso_url.as_str()),
        ("https://idp.example/metadata", "https://idp.example/Redirect")
    );
    assert_eq!(read.certificates, provider().certificates);
    assert!(read.wants_signed_requests);
    let unsigned = described(&one).replace(" WantAuthnRequestsSigned=\"true\"", "");
    assert!(!metadata(unsigned.as_bytes(), now()).expect("a provider").wants_signed_requests);
    let marked = format!("\u{feff}{}", described(&one));
    assert!(metadata(marked.as_bytes(), now()).is_ok(), "with a byte order mark");
    let for_both = metadata(described(&key("", PROVIDER)).as_bytes(), now()).expect("a provider");
    assert_eq!(for_both.certificates, provider().certificates, "a key for everything");
}

#[test]
fn two_certificates_are_for_rollover_and_more_are_for_a_person_to_choose_from() {
    let (one, two) = (key(" use=\"signing\"", PROVIDER), key(" use=\"signing\"", NEXT));
    let count =
        |keys: &str, now| metadata(described(keys).as_bytes(), now).map(|read| read.certificates.len());
    assert_eq!(count(&format!("{one}{two}"), now()), Ok(2));
    assert_eq!(count(&format!("{one}{one}"), now()), Ok(1), "the same twice");
    let three = format!("{one}{two}{}", key(" use=\"signing\"", STRANGER));
    assert_eq!(count(&three, now()), Err(NotMetadata::TooManyCertificates));
    assert_eq!(count(&one, now().plus(Duration::days(9_000))), Ok(1), "ended, and the only one");
}

#[test]
fn metadata_that_do_not_do_are_refused_in_words() {
    let good = described(&key(" use=\"signing\"", PROVIDER));
    let outcome = |text: &str| metadata(text.as_bytes(), now()).map(|read| read.entity_id);
    let other_key = described(&key(" use=\"signing\"", CURVE));
    for (text, why) in [
        (String::new(), NotMetadata::Unreadable),
        ("<html><body>Sign in</body></html>".into(), NotMetadata::NoEntityId),
        ("{\"issuer\": \"x\"}".into(), NotMetadata::Unreadable),
        (format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{good}"), NotMetadata::DocumentType),
        (good.replace("https://idp.example/metadata", ""), NotMetadata::NoEntityId),
        (good.replace("HTTP-Redirect", "SOAP"), NotMetadata::NoAddress),
        (good.replace("https://idp.example/Redirect", "sso"), NotMetadata::NoAddress),
        (described(""), NotMetadata::NoCertificate),
        (other_key, NotMetadata::Certificate(NotACertificate::OtherKey)),
        (format!("{good}{}", " ".repeat(300_000)), NotMetadata::TooLong),
    ] {
        assert_eq!(outcome(&text), Err(why), "{text:.300}");
    }
    assert!(metadata(&[0xff, 0xfe, 0x00], now()).is_err());
}
