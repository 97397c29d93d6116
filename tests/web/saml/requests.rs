//! Requests as identity providers receive them.

use std::collections::BTreeMap;
use std::io::Read;

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::read::DeflateDecoder;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use roster::crypto::sealing::Sealer;
use roster::saml::{
    Certificate, NotBegun, Provider, SigningKey, begin, keep_signing_key, own_metadata, reseal_signing_key,
};
use url::Url;

use super::now;
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::saml::{NEXT, PROVIDER, own, provider};
use crate::support::world::World;

on_both!(the_key_for_requests_is_made_once_sealed_and_told_in_the_metadata);

fn the_key_for_requests_is_made_once_sealed_and_told_in_the_metadata(world: World) {
    world.administrator();
    let keep = |body: &str, pem: &str| {
        let key = SigningKey::of_text(&format!("{} {}", bare(body), bare(pem))).expect("a key");
        let sealer = world.site().sealer.clone();
        world.db().write_now(None, move |tx| keep_signing_key(tx, &sealer, key.clone())).expect("kept")
    };
    let first = keep(include_str!("../../support/saml/next.key.pem"), NEXT);
    let second = keep(include_str!("../../support/saml/provider.key.pem"), PROVIDER);
    assert_eq!(first.certificate(), second.certificate(), "the one that providers know stays");
    let sealed = texts(&world, "SELECT value FROM installation WHERE name = 'saml_signing_key'");
    assert!(sealed.len() == 1 && !sealed[0].contains(&bare(NEXT)), "{sealed:?}");
    let other = Sealer::new([7; 32], None);
    assert!(
        world.db().write_now(None, |tx| reseal_signing_key(tx, &other)).is_err(),
        "with another key alone"
    );
    world.db().write_now(None, |tx| reseal_signing_key(tx, &world.site().sealer)).expect("sealed anew");
    assert_ne!(texts(&world, "SELECT value FROM installation WHERE name = 'saml_signing_key'"), sealed);
    let code = texts(&world, "SELECT code FROM organizations").remove(0);
    let told = world.visitor().get(&format!("/accounts/saml/{code}/metadata")).body;
    assert!(told.contains(&bare(NEXT)) && told.contains("AuthnRequestsSigned=\"true\""), "{told}");
}

/// The lines of a PEM in one.
fn bare(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with("-----")).collect()
}

fn certificate(key: &SigningKey) -> Certificate {
    Certificate::parse(key.certificate()).expect("a certificate")
}

fn query(address: &str) -> BTreeMap<String, String> {
    Url::parse(address).expect("an address").query_pairs().into_owned().collect()
}

fn unpacked(request: &str) -> String {
    let packed = STANDARD.decode(request).expect("Base64");
    let mut text = String::new();
    DeflateDecoder::new(packed.as_slice()).read_to_string(&mut text).expect("deflated text");
    text
}

#[test]
fn a_request_names_both_sides_and_leads_to_the_provider() {
    let (provider, own) = (provider(), own());
    let begun = begin(&provider, &own, ("state", false), None).expect("a request");
    assert!(begun.address.starts_with("https://idp.example/sso?tenant=7&"), "{}", begun.address);
    let query = query(&begun.address);
    assert_eq!((query["RelayState"].as_str(), query["tenant"].as_str()), ("state", "7"));
    assert!(!query.contains_key("Signature"));
    let text = unpacked(&query["SAMLRequest"]);
    for part in [
        format!("ID=\"{}\"", begun.request_id),
        "Destination=\"https://idp.example/sso?tenant=7\"".to_owned(),
        format!("AssertionConsumerServiceURL=\"{}\"", own.acs),
        format!(">{}</saml:Issuer>", own.entity_id),
    ] {
        assert!(text.contains(&part), "{part}: {text}");
    }
    let again = begin(&provider, &own, ("state", false), None).expect("a request");
    assert_ne!(again.request_id, begun.request_id);
}

#[test]
fn a_request_is_signed_when_the_provider_wants_it_and_not_otherwise() {
    let (wants, own) = (Provider { wants_signed_requests: true, ..provider() }, own());
    assert!(matches!(begin(&wants, &own, ("state", false), None), Err(NotBegun::NoKey)));
    let key = SigningKey::fresh(now()).expect("a key");
    let begun = begin(&wants, &own, ("a state+", false), Some(&key)).expect("a request");
    let (signed, signature) = begun.address.split_once("&Signature=").expect("a signature");
    let signed = &signed[signed.find("SAMLRequest=").expect("a request")..];
    assert!(
        signed.ends_with("SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256"),
        "{signed}"
    );
    assert!(signed.contains("&RelayState="), "{signed}");
    let signature = query(&format!("https://x/?s={signature}")).remove("s").expect("a value");
    let der = STANDARD.decode(certificate(&key).as_str()).expect("DER");
    let (_, parsed) = x509_parser::parse_x509_certificate(&der).expect("a certificate");
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &parsed.public_key().subject_public_key.data)
        .verify(signed.as_bytes(), &STANDARD.decode(signature).expect("Base64"))
        .expect("the signature is good");
    let plain = begin(&provider(), &own, ("state", false), Some(&key)).expect("a request");
    assert!(!plain.address.contains("Signature"));
    let told = own_metadata(&own, Some(&key));
    assert!(told.contains(certificate(&key).as_str()), "{told}");
    assert!(told.contains("AuthnRequestsSigned=\"true\"") && told.contains("use=\"signing\""), "{told}");
}

#[test]
fn a_state_that_is_too_long_is_not_sent() {
    assert!(begin(&provider(), &own(), (&"x".repeat(81), false), None).is_err());
}
