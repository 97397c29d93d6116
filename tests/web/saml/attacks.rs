//! Answers that somebody made or changed who is not the provider.

use base64::{Engine, engine::general_purpose::STANDARD};
use roster::saml::Refusal;

use super::read;
use crate::support::saml::{Draft, Key, Method, PROVIDER, packed};

/// The one whom nobody vouched for.
const MALLORY: &str = "mallory@example.com";

fn evil() -> Draft {
    Draft {
        response: "_evil".into(),
        assertion: "_evil_assertion".into(),
        name_id: MALLORY.into(),
        signs_response: false,
        ..Draft::default()
    }
}

fn extensions(inside: &str) -> String {
    format!("<samlp:Extensions>{inside}</samlp:Extensions>")
}

fn object(inside: &str) -> String {
    format!("<ds:Object xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{inside}</ds:Object>")
}

fn into_signature(signature: &str, inside: &str) -> String {
    signature.replace("</ds:Signature>", &format!("{inside}</ds:Signature>"))
}

fn into_assertion(assertion: &str, inside: &str) -> String {
    assertion.replace("</saml:Assertion>", &format!("{inside}</saml:Assertion>"))
}

/// The eight forms of "On Breaking SAML: Be Whoever You Want to Be" (Somorovsky and others, 2012): the first two on what
/// a signature of the response covers, the others on one of the assertion.
fn wrapped(good: &Draft, evil: &Draft) -> Vec<String> {
    let (assertion, mallory) = (good.assertion_around(""), evil.assertion_around(""));
    let bare = good.response_around("", &assertion);
    let over_response = good.signature(&bare, &good.response);
    let over_assertion = good.signature(&assertion, &good.assertion);
    let signed = good.assertion_around(&over_assertion);
    let with_signature = |signature: &str| evil.assertion_around(signature);
    vec![
        evil.response_around(&into_signature(&over_response, &object(&bare)), &mallory),
        evil.response_around(&format!("{bare}{over_response}"), &mallory),
        evil.response_around("", &format!("{mallory}{signed}")),
        evil.response_around("", &into_assertion(&mallory, &signed)),
        evil.response_around("", &format!("{}{assertion}", with_signature(&over_assertion))),
        evil.response_around("", &with_signature(&into_signature(&over_assertion, &assertion))),
        evil.response_around(&extensions(&mallory), &signed),
        evil.response_around("", &with_signature(&into_signature(&over_assertion, &object(&assertion)))),
    ]
}

#[test]
fn eight_forms_of_signature_wrapping_are_refused() {
    let good = Draft::default();
    let same_ids = Draft { response: good.response.clone(), assertion: good.assertion.clone(), ..evil() };
    for (evil, ids) in [(evil(), "other ids"), (same_ids, "the same ids")] {
        for (nth, xml) in wrapped(&good, &evil).iter().enumerate() {
            let outcome = read(&packed(xml));
            assert!(outcome.is_err(), "form {} with {ids}: {outcome:?}", nth + 1);
        }
    }
}

#[test]
fn a_signed_response_wrapped_whole_is_refused_wherever_it_stands() {
    let (good, evil) = (Draft::default(), evil());
    let (whole, mallory) = (good.xml(), evil.assertion_around(""));
    let signature = good.signature(&good.response_around("", &good.assertion_around("")), &good.response);
    let same_id = Draft { response: good.response.clone(), ..evil.clone() };
    for xml in [
        evil.response_around(&extensions(&whole), &mallory),
        evil.response_around("", &format!("{mallory}{whole}")),
        evil.response_around("", &format!("{whole}{mallory}")),
        evil.response_around("", &into_assertion(&mallory, &whole)),
        evil.response_around(&signature, &format!("{mallory}{}", extensions(&whole))),
        same_id.response_around(&signature, &mallory),
        same_id.response_around(&into_signature(&signature, &object(&whole)), &mallory),
        same_id.response_around(&signature, &format!("{mallory}{}", extensions(&whole))),
    ] {
        let outcome = read(&packed(&xml));
        assert!(outcome.is_err(), "{outcome:?}\n{xml}");
    }
}

#[test]
fn what_stands_in_the_signature_itself_is_never_read() {
    for inside in [evil().assertion_around(""), evil().xml()] {
        let sent = Draft { object: object(&inside), ..Draft::default() }.sent();
        let read = read(&sent);
        assert!(read.as_ref().is_ok_and(|it| it.name_id == "bob@example.com") || read.is_err(), "{read:?}");
    }
}

#[test]
fn what_was_changed_after_signing_is_refused() {
    let xml = Draft::default().xml();
    for (from, to) in [
        ("bob@example.com</saml:NameID>", "mallory@example.com</saml:NameID>"),
        ("Engineers", "Administrators"),
        ("2026-11-22T12:05:00Z", "2036-11-22T12:05:00Z"),
        ("ID=\"_assertion\"", "ID=\"_assertion2\""),
        ("<saml:AttributeValue>Writers", "<saml:AttributeValue>Writers "),
    ] {
        assert!(xml.contains(from));
        let outcome = read(&packed(&xml.replace(from, to)));
        assert!(matches!(outcome, Err(Refusal::OtherCertificate | Refusal::Changed)), "{from}: {outcome:?}");
    }
}

#[test]
fn other_algorithms_are_refused() {
    for method in [
        Method::OldDigest,
        Method::Hmac,
        Method::SaysHmac,
        Method::WithComments,
        Method::WholeDocument,
        Method::XPath,
    ] {
        let outcome = read(&Draft { method, ..Draft::default() }.sent());
        assert!(outcome.is_err(), "{method:?}: {outcome:?}");
    }
    let old = read(&Draft { method: Method::OldDigest, ..Draft::default() }.sent());
    assert_eq!(old, Err(Refusal::Algorithm));
}

#[test]
fn a_signature_that_is_empty_or_covers_the_assertion_alone_does_not_do() {
    let signed = Draft { signs_response: false, signs_assertion: true, ..Draft::default() };
    assert_eq!(read(&signed.sent()), Err(Refusal::SignedInPart));
    let xml = Draft::default().xml();
    let (start, end) =
        (xml.find("<ds:SignatureValue>").expect("one"), xml.find("</ds:SignatureValue>").expect("one"));
    let emptied = format!("{}<ds:SignatureValue>{}", &xml[..start], &xml[end..]);
    assert!(read(&packed(&emptied)).is_err());
    let (start, end) = (xml.find("<ds:Reference").expect("one"), xml.find("</ds:SignedInfo>").expect("one"));
    assert!(read(&packed(&format!("{}{}", &xml[..start], &xml[end..]))).is_err(), "no reference");
}

#[test]
fn a_key_that_the_answer_brings_along_is_not_believed() {
    for shows in [Some(PROVIDER), None] {
        let outcome = read(&Draft { key: Key::Stranger, shows, ..Draft::default() }.sent());
        assert_eq!(outcome, Err(Refusal::OtherCertificate), "{shows:?}");
    }
}

#[test]
fn document_types_entities_comments_and_the_like_are_refused_unread() {
    let xml = Draft::default().xml();
    let comment = Draft { name_id: "bob@example.com<!-- -->.evil.example".into(), ..Draft::default() };
    let bomb = (0..9).fold("<!ENTITY a0 \"ha\">".to_owned(), |text, n| {
        format!("{text}<!ENTITY a{} \"{}\">", n + 1, format!("&a{n};").repeat(10))
    });
    for text in [
        format!("<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{xml}"),
        format!("<!DOCTYPE r [{bomb}]>{}", xml.replace("bob@", "&a9;@")),
        format!("<!DOCTYPE r SYSTEM \"http://127.0.0.1:9/x.dtd\">{xml}"),
        format!("<?xml version=\"1.0\"?><!-- hello -->{xml}"),
        format!("<?xml version=\"1.0\"?><?xml-stylesheet href=\"x\"?>{xml}"),
        format!("{xml}<?x y?>"),
        xml.replace("bob@example.com</saml:NameID>", "<![CDATA[bob@example.com]]></saml:NameID>"),
        comment.xml(),
    ] {
        assert_eq!(read(&packed(&text)), Err(Refusal::Markup), "{text}");
    }
    assert!(read(&packed(&format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}"))).is_ok());
    assert!(read(&packed(&xml.replace("bob@", "&undefined;"))).is_err());
}

#[test]
fn two_assertions_are_refused_though_both_are_signed() {
    let draft = Draft::default();
    let second = Draft { assertion: "_second".into(), ..draft.clone() };
    let inside = format!("{}{}", draft.assertion_around(""), second.assertion_around(""));
    let signature = draft.signature(&draft.response_around("", &inside), &draft.response);
    let outcome = read(&packed(&draft.response_around(&signature, &inside)));
    assert_eq!(outcome, Err(Refusal::SeveralAssertions));
}

#[test]
fn what_is_encrypted_is_refused_in_words() {
    let draft = Draft::default();
    let inside = "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"></saml:EncryptedAssertion>";
    let signature = draft.signature(&draft.response_around("", inside), &draft.response);
    assert_eq!(read(&packed(&draft.response_around(&signature, inside))), Err(Refusal::Encrypted));
}

#[test]
fn what_is_too_long_too_deep_or_no_xml_is_refused() {
    assert_eq!(read(&"A".repeat(200_001)), Err(Refusal::TooLong));
    let deep = format!("{}{}", "<a>".repeat(5_000), "</a>".repeat(5_000));
    assert_eq!(read(&packed(&evil().response_around("", &deep))), Err(Refusal::TooLong));
    let wide = (0..100).fold("<a".to_owned(), |text, n| format!("{text} b{n}=\"c\"")) + "></a>";
    assert_eq!(read(&packed(&evil().response_around("", &wide))), Err(Refusal::TooLong));
    let wide16: Vec<u8> = Draft::default().xml().encode_utf16().flat_map(u16::to_le_bytes).collect();
    for rubbish in [
        "",
        "%%%",
        "AAAA",
        &packed("<html></html>"),
        &packed("<samlp:Response"),
        &packed(""),
        &STANDARD.encode(wide16),
    ] {
        let outcome = read(rubbish);
        assert!(matches!(outcome, Err(Refusal::Unreadable)), "{rubbish}: {outcome:?}");
    }
}

#[test]
fn no_byte_of_an_answer_can_be_changed_to_become_somebody_else() {
    let xml = Draft::default().xml();
    let honest = read(&packed(&xml)).expect("an assertion");
    for place in (0..xml.len()).step_by(7) {
        let mut bytes = xml.clone().into_bytes();
        bytes[place] ^= 0x01;
        if let Ok(read) = read(&STANDARD.encode(bytes)) {
            assert_eq!(read, honest, "byte {place}");
        }
    }
}
