//! Answers of identity providers that other people wrote.

use chrono::{Duration, TimeZone, Utc};
use roster::base::clock::Moment;
use roster::saml::{Refusal, metadata};

use super::{read, read_at};
use crate::support::saml::{packed, provider};

const PYSAML2: &str = include_str!("../../support/saml/peers/pysaml2.xml");
const PYSAML2_BOTH: &str = include_str!("../../support/saml/peers/pysaml2-both.xml");
const PYSAML2_SHA1: &str = include_str!("../../support/saml/peers/pysaml2-sha1.xml");
const SAMLP: &str = include_str!("../../support/saml/peers/samlp.xml");
const PYSAML2_METADATA: &str = include_str!("../../support/saml/peers/pysaml2-metadata.xml");
const SAMLP_METADATA: &str = include_str!("../../support/saml/peers/samlp-metadata.xml");

/// Minutes after they were made.
fn made() -> Moment {
    Moment::new(Utc.with_ymd_and_hms(2026, 11, 22, 13, 40, 0).single().expect("a time"))
}

#[test]
fn answers_of_other_programs_are_read() {
    for (answer, email) in [
        (PYSAML2, "urn:oid:0.9.2342.19200300.100.1.3"),
        (PYSAML2_BOTH, "urn:oid:0.9.2342.19200300.100.1.3"),
        (SAMLP, "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"),
    ] {
        let read = read_at(&packed(answer), made()).unwrap_or_else(|why| panic!("{why}\n{answer}"));
        assert_eq!(read.name_id, "7f3c");
        assert_eq!(read.values(email).collect::<Vec<_>>(), ["bob@example.com"], "{read:?}");
    }
}

#[test]
fn an_answer_signed_with_sha_1_is_refused_whoever_made_it() {
    assert_eq!(read_at(&packed(PYSAML2_SHA1), made()), Err(Refusal::Algorithm));
}

#[test]
fn answers_of_other_programs_are_refused_when_changed_or_at_another_time() {
    for answer in [PYSAML2, PYSAML2_BOTH, SAMLP] {
        let changed = answer.replace("7f3c", "0001");
        assert_ne!(changed, answer);
        assert!(read_at(&packed(&changed), made()).is_err());
        assert_eq!(read(&packed(answer)), Err(Refusal::NotNow), "an hour before it was made");
        assert_eq!(read_at(&packed(answer), made().plus(Duration::days(3_700))), Err(Refusal::NotNow));
    }
}

#[test]
fn metadata_of_other_programs_are_read() {
    for text in [PYSAML2_METADATA, SAMLP_METADATA] {
        let read = metadata(text.as_bytes(), made()).unwrap_or_else(|why| panic!("{why}\n{text}"));
        assert_eq!((read.entity_id, read.certificates), (provider().entity_id, provider().certificates));
        assert!(read.sso_url.as_str().starts_with("https://idp.example/sso"), "{}", read.sso_url);
    }
}
