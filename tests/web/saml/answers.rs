//! Answers of honest providers, and honest mistakes, told in words an administrator can act on.

use chrono::Duration;
use roster::saml::{Certificate, Expected, NotACertificate, Provider, Refusal, verify};

use super::{against, now, read, read_at};
use crate::support::saml::{
    CURVE, Draft, EMAIL, Key, Method, NEXT, PROVIDER, SHORT, STRANGER, own, packed, provider,
};

#[test]
fn what_a_provider_signed_is_read() {
    for method in [Method::Sha256, Method::Sha512] {
        let read = read(&Draft { method, ..Draft::default() }.sent()).expect("an assertion");
        assert_eq!(
            (read.issuer.as_str(), read.name_id.as_str()),
            ("https://idp.example/metadata", "bob@example.com")
        );
        assert_eq!(read.name_id_format.as_deref(), Some(EMAIL));
        assert_eq!(read.values("groups").collect::<Vec<_>>(), ["Engineers", "Writers"]);
        assert_eq!(read.values("email").collect::<Vec<_>>(), ["bob@example.com"]);
        assert_eq!(read.values("first_name").count(), 0);
    }
}

#[test]
fn an_answer_may_be_broken_into_lines_and_show_the_pinned_certificate() {
    let sent = Draft { shows: Some(PROVIDER), ..Draft::default() }.sent();
    let lines: Vec<_> = sent.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line)).collect();
    assert!(read(&lines.join("\r\n")).is_ok());
}

#[test]
fn escaped_letters_are_read_as_what_they_stand_for() {
    let read = read(&Draft { name_id: "o&amp;m@example.com".into(), ..Draft::default() }.sent());
    assert_eq!(read.expect("an assertion").name_id, "o&m@example.com");
}

#[test]
fn either_of_two_certificates_may_have_signed() {
    let certificates = [PROVIDER, NEXT].map(|pem| Certificate::parse(pem).expect("a certificate")).to_vec();
    let (both, own) = (Provider { certificates, ..provider() }, own());
    for (key, is_known) in [(Key::Provider, true), (Key::Next, true), (Key::Stranger, false)] {
        let outcome = verify(Draft { key, ..Draft::default() }.sent().as_bytes(), &against(&both, &own));
        assert_eq!(
            outcome.map(|_| ()),
            if is_known { Ok(()) } else { Err(Refusal::OtherCertificate) },
            "{key:?}"
        );
    }
}

#[test]
fn an_assertion_that_must_be_signed_is_looked_at_besides_the_response() {
    let (provider, own) = (provider(), own());
    let strict = Expected { signed_assertions: true, ..against(&provider, &own) };
    let outcome =
        |draft: Draft| verify(draft.sent().as_bytes(), &strict).map(|unspent| unspent.peek().name_id.clone());
    assert_eq!(outcome(Draft::default()), Err(Refusal::AssertionUnsigned));
    let both = Draft { signs_assertion: true, ..Draft::default() };
    assert_eq!(outcome(both.clone()), Ok("bob@example.com".to_owned()));
    assert!(read(&both.sent()).is_ok(), "and it may be signed where it need not");
}

#[test]
fn an_answer_is_good_for_its_time_and_a_minute_more_on_both_sides() {
    let sent = Draft::default().sent();
    let began = now().minus(Duration::minutes(1));
    for (seconds, is_good) in [(-61, false), (-60, true), (0, true), (359, true), (360, false)] {
        let outcome = read_at(&sent, began.plus(Duration::seconds(seconds)));
        assert_eq!(outcome.map(|_| ()), if is_good { Ok(()) } else { Err(Refusal::NotNow) }, "{seconds}");
    }
    let confirmed = Draft { confirmed_until: "2026-11-22T11:59:00Z".into(), ..Draft::default() };
    assert_eq!(read(&confirmed.sent()), Err(Refusal::NotNow));
}

#[test]
fn each_mistake_of_a_provider_has_its_own_words() {
    let draft = Draft::default;
    let other = || "https://other.example".to_owned();
    let (own, came) = (own(), other());
    let mistakes = [
        (
            Draft { issuer: other(), ..draft() },
            Refusal::OtherIssuer { expected: provider().entity_id, came: came.clone() },
        ),
        (
            Draft { audience: Some(other()), ..draft() },
            Refusal::OtherAudience { expected: own.entity_id.clone() },
        ),
        (Draft { audience: None, ..draft() }, Refusal::OtherAudience { expected: own.entity_id.clone() }),
        (Draft { recipient: other(), ..draft() }, Refusal::OtherRecipient { expected: own.acs.clone() }),
        (
            Draft { destination: other(), ..draft() },
            Refusal::OtherDestination { expected: own.acs.clone(), came },
        ),
        (Draft { in_response_to: "_another".into(), ..draft() }, Refusal::OtherRequest),
        (Draft { in_response_to: String::new(), ..draft() }, Refusal::OtherRequest),
        (Draft { signs_response: false, ..draft() }, Refusal::Unsigned),
        (Draft { key: Key::Stranger, ..draft() }, Refusal::OtherCertificate),
        (Draft { key: Key::Stranger, shows: Some(STRANGER), ..draft() }, Refusal::OtherCertificate),
        (Draft { condition: "<saml:Moon></saml:Moon>".into(), ..draft() }, Refusal::Condition("Moon".into())),
        (
            Draft { status: "urn:oasis:names:tc:SAML:2.0:status:Requester".into(), ..draft() },
            Refusal::NotSuccess("urn:oasis:names:tc:SAML:2.0:status:Requester".into()),
        ),
        (Draft { name_id: String::new(), ..draft() }, Refusal::NoSubject),
        (Draft { name_id: "x".repeat(257), ..draft() }, Refusal::NoSubject),
    ];
    for (draft, refusal) in mistakes {
        assert_eq!(read(&draft.sent()), Err(refusal), "{draft:?}");
    }
    let empty = draft();
    let bare = empty.response_around("", "");
    let signed = empty.response_around(&empty.signature(&bare, &empty.response), "");
    assert_eq!(read(&packed(&signed)), Err(Refusal::NoAssertion));
}

#[test]
fn refusals_say_what_to_do_and_blame_nobody() {
    let own = own();
    let words = Refusal::OtherAudience { expected: own.entity_id.clone() }.to_string();
    assert!(words.contains(&own.entity_id) && words.contains("Entity ID"), "{words}");
    assert!(Refusal::Encrypted.to_string().contains("Turn encryption off"));
    assert!(Refusal::NotNow.to_string().contains("60 seconds"));
}

#[test]
fn certificates_are_read_as_they_are_pasted_and_others_are_told_apart() {
    let parsed = Certificate::parse(PROVIDER).expect("a certificate");
    assert_eq!(Certificate::parse(parsed.as_str()), Ok(parsed.clone()), "bare, as it is kept");
    assert_eq!(
        Certificate::parse(&format!("\r\n  {}\r\n", PROVIDER.replace('\n', "\r\n"))),
        Ok(parsed.clone())
    );
    assert_eq!((parsed.subject.as_str(), parsed.fingerprint.len()), ("CN=provider of the tests", 95));
    assert!(!parsed.ends_soon(now()) && parsed.ends_soon(parsed.not_after.minus(Duration::days(30))));
    assert!(parsed.has_ended(parsed.not_after.plus(Duration::seconds(1))));
    let both = format!("{PROVIDER}{NEXT}");
    for (text, why) in [
        ("", NotACertificate::Unreadable),
        ("a certificate", NotACertificate::Unreadable),
        ("AAAA", NotACertificate::Unreadable),
        (both.as_str(), NotACertificate::Several),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", NotACertificate::PrivateKey),
        (SHORT, NotACertificate::KeyLength),
        (CURVE, NotACertificate::OtherKey),
    ] {
        assert_eq!(Certificate::parse(text), Err(why), "{text}");
    }
}
