//! An identity provider that knows nothing of the crate that reads its answers. It writes XML that is canonical already
//! (Exclusive XML Canonicalization 1.0), so that it signs the very text it sends.
//!
//! The keys beside this file are of the tests alone: `openssl req -x509 -newkey rsa:2048 -nodes -days 3650`.

pub mod idp;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use ring::{digest, rand::SystemRandom, signature};
use roster::saml::{Certificate, Own, Provider};
use sha2::Sha256;

pub const PROVIDER: &str = include_str!("provider.crt.pem");
pub const NEXT: &str = include_str!("next.crt.pem");
pub const STRANGER: &str = include_str!("stranger.crt.pem");
pub const SHORT: &str = include_str!("short.crt.pem");
pub const CURVE: &str = include_str!("ec.crt.pem");

/// Whose key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Provider,
    Next,
    Stranger,
}

impl Key {
    fn pem(self) -> &'static str {
        match self {
            Self::Provider => include_str!("provider.key.pem"),
            Self::Next => include_str!("next.key.pem"),
            Self::Stranger => include_str!("stranger.key.pem"),
        }
    }
}

/// How is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Sha256,
    Sha512,
    /// SHA-1 for the digest of what is signed.
    OldDigest,
    /// The certificate, which everybody knows, as the secret of an HMAC.
    Hmac,
    /// Says that it is HMAC, and is RSA.
    SaysHmac,
    /// Canonicalization that keeps comments.
    WithComments,
    /// Everything, by an empty reference.
    WholeDocument,
    /// A transform that chooses what counts.
    XPath,
}

/// An answer before it is signed.
#[derive(Clone, Debug)]
pub struct Draft {
    pub issued: String,
    /// When the person last proved to the provider who they are.
    pub authenticated: String,
    pub issuer: String,
    pub audience: Option<String>,
    pub recipient: String,
    pub destination: String,
    pub in_response_to: String,
    pub not_before: String,
    pub not_on_or_after: String,
    pub confirmed_until: String,
    pub response: String,
    pub assertion: String,
    pub status: String,
    /// As XML.
    pub name_id: String,
    pub name_id_format: &'static str,
    /// As XML, after the conditions that are known.
    pub condition: String,
    pub attributes: Vec<(String, Vec<String>)>,
    pub signs_response: bool,
    pub signs_assertion: bool,
    pub key: Key,
    pub method: Method,
    /// In the signature, for whoever would believe it.
    pub shows: Option<&'static str>,
    /// Stands in the signature of the response, after everything else.
    pub object: String,
}

pub const REQUEST: &str = "_5d2a7bd0-3a4f-4a7e-9a53-5f7c0a0b1c2d";
pub const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
pub const EMAIL: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// When answers are issued; they are good for five minutes.
const ISSUED: &str = "2026-11-22T12:00:00Z";

pub fn own() -> Own {
    Own::of("https://console.example", "5a1e20")
}

pub fn provider() -> Provider {
    Provider {
        entity_id: "https://idp.example/metadata".into(),
        sso_url: "https://idp.example/sso?tenant=7".parse().expect("an address"),
        certificates: vec![Certificate::parse(PROVIDER).expect("a certificate")],
        wants_signed_requests: false,
    }
}

impl Default for Draft {
    fn default() -> Self {
        let own = own();
        Self {
            issued: ISSUED.into(),
            authenticated: ISSUED.into(),
            issuer: provider().entity_id,
            audience: Some(own.entity_id),
            recipient: own.acs.clone(),
            destination: own.acs,
            in_response_to: REQUEST.into(),
            not_before: ISSUED.into(),
            not_on_or_after: "2026-11-22T12:05:00Z".into(),
            confirmed_until: "2026-11-22T12:05:00Z".into(),
            response: "_response".into(),
            assertion: "_assertion".into(),
            status: "urn:oasis:names:tc:SAML:2.0:status:Success".into(),
            name_id: "bob@example.com".into(),
            name_id_format: EMAIL,
            condition: String::new(),
            attributes: vec![
                ("email".into(), vec!["bob@example.com".into()]),
                ("groups".into(), vec!["Engineers".into(), "Writers".into()]),
            ],
            signs_response: true,
            signs_assertion: false,
            key: Key::Provider,
            method: Method::Sha256,
            shows: None,
            object: String::new(),
        }
    }
}

impl Draft {
    /// As it stands in the form.
    pub fn sent(&self) -> String {
        packed(&self.xml())
    }

    pub fn xml(&self) -> String {
        let assertion = self.assertion_xml();
        let bare = self.response_around("", &assertion);
        let signature =
            if self.signs_response { self.signature(&bare, &self.response) } else { String::new() };
        self.response_around(&signature, &assertion)
    }

    pub fn assertion_xml(&self) -> String {
        let signature = if self.signs_assertion {
            Self { object: String::new(), ..self.clone() }
                .signature(&self.assertion_around(""), &self.assertion)
        } else {
            String::new()
        };
        self.assertion_around(&signature)
    }

    /// The response with this signature and this inside.
    pub fn response_around(&self, signature: &str, inside: &str) -> String {
        format!(
            "<samlp:Response xmlns:samlp=\"{PROTOCOL}\" Destination=\"{}\" ID=\"{}\" InResponseTo=\"{}\" \
             IssueInstant=\"{}\" Version=\"2.0\"><saml:Issuer xmlns:saml=\"{SAML}\">{}</saml:Issuer>{signature}\
             <samlp:Status><samlp:StatusCode Value=\"{}\"></samlp:StatusCode></samlp:Status>{inside}</samlp:Response>",
            self.destination, self.response, self.in_response_to, self.issued, self.issuer, self.status
        )
    }

    /// The assertion with this signature.
    pub fn assertion_around(&self, signature: &str) -> String {
        let audience = self.audience.as_ref().map_or(String::new(), |audience| {
            format!(
                "<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>"
            )
        });
        let attributes: String =
            self.attributes.iter().map(|(name, values)| attribute(name, values)).collect();
        format!(
            "<saml:Assertion xmlns:saml=\"{SAML}\" ID=\"{}\" IssueInstant=\"{}\" Version=\"2.0\">\
             <saml:Issuer>{}</saml:Issuer>{signature}<saml:Subject><saml:NameID Format=\"{}\">{}</saml:NameID>\
             <saml:SubjectConfirmation Method=\"{BEARER}\"><saml:SubjectConfirmationData InResponseTo=\"{}\" \
             NotOnOrAfter=\"{}\" Recipient=\"{}\"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>\
             <saml:Conditions NotBefore=\"{}\" NotOnOrAfter=\"{}\">{audience}{}</saml:Conditions>\
             <saml:AuthnStatement AuthnInstant=\"{}\"><saml:AuthnContext><saml:AuthnContextClassRef>\
             urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>\
             </saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>",
            self.assertion,
            self.issued,
            self.issuer,
            self.name_id_format,
            self.name_id,
            self.in_response_to,
            self.confirmed_until,
            self.recipient,
            self.not_before,
            self.not_on_or_after,
            self.condition,
            self.authenticated,
        )
    }

    /// The signature of this text, whose root has this id.
    pub fn signature(&self, text: &str, id: &str) -> String {
        let signed =
            format!("<ds:SignedInfo xmlns:ds=\"{DSIG}\">{}</ds:SignedInfo>", self.signed_parts(text, id));
        let value = STANDARD.encode(self.sign(signed.as_bytes()));
        let shown = self.shows.map_or(String::new(), |certificate| {
            let body: String = certificate.lines().filter(|line| !line.starts_with("-----")).collect();
            format!(
                "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
            )
        });
        let object = &self.object;
        format!(
            "<ds:Signature xmlns:ds=\"{DSIG}\"><ds:SignedInfo>{}</ds:SignedInfo><ds:SignatureValue>{value}\
             </ds:SignatureValue>{shown}{object}</ds:Signature>",
            self.signed_parts(text, id)
        )
    }

    fn signed_parts(&self, text: &str, id: &str) -> String {
        let (by, hash) = match self.method {
            Method::Sha512 => (
                "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
                "http://www.w3.org/2001/04/xmlenc#sha512",
            ),
            Method::Hmac | Method::SaysHmac => (
                "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
                "http://www.w3.org/2001/04/xmlenc#sha256",
            ),
            Method::OldDigest => (
                "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                "http://www.w3.org/2000/09/xmldsig#sha1",
            ),
            _ => (
                "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                "http://www.w3.org/2001/04/xmlenc#sha256",
            ),
        };
        let digest = STANDARD.encode(match self.method {
            Method::Sha512 => digest::digest(&digest::SHA512, text.as_bytes()),
            Method::OldDigest => digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()),
            _ => digest::digest(&digest::SHA256, text.as_bytes()),
        });
        let comments = if self.method == Method::WithComments { "WithComments" } else { "" };
        let form = format!("{EXCLUSIVE}{comments}");
        let whole = self.method == Method::WholeDocument;
        let reference = if whole { String::new() } else { format!("#{id}") };
        let chosen = if self.method == Method::XPath {
            "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><ds:XPath>true()</ds:XPath>\
             </ds:Transform>"
        } else {
            ""
        };
        format!(
            "<ds:CanonicalizationMethod Algorithm=\"{form}\"></ds:CanonicalizationMethod><ds:SignatureMethod \
             Algorithm=\"{by}\"></ds:SignatureMethod><ds:Reference URI=\"{reference}\"><ds:Transforms><ds:Transform \
             Algorithm=\"{DSIG}enveloped-signature\"></ds:Transform>{chosen}<ds:Transform Algorithm=\"{form}\">\
             </ds:Transform></ds:Transforms><ds:DigestMethod Algorithm=\"{hash}\"></ds:DigestMethod><ds:DigestValue>\
             {digest}</ds:DigestValue></ds:Reference>"
        )
    }

    fn sign(&self, text: &[u8]) -> Vec<u8> {
        if self.method == Method::Hmac {
            let mut mac = Hmac::<Sha256>::new_from_slice(PROVIDER.as_bytes()).expect("a key");
            mac.update(text);
            return mac.finalize().into_bytes().to_vec();
        }
        let padding = match self.method {
            Method::Sha512 => &signature::RSA_PKCS1_SHA512,
            _ => &signature::RSA_PKCS1_SHA256,
        };
        let body: String = self.key.pem().lines().filter(|line| !line.starts_with("-----")).collect();
        let pair = signature::RsaKeyPair::from_pkcs8(&STANDARD.decode(body).expect("a key")).expect("a key");
        let mut signed = vec![0; pair.public().modulus_len()];
        pair.sign(padding, &SystemRandom::new(), text, &mut signed).expect("a signature");
        signed
    }
}

fn attribute(name: &str, values: &[String]) -> String {
    let values: String =
        values.iter().map(|value| format!("<saml:AttributeValue>{value}</saml:AttributeValue>")).collect();
    format!("<saml:Attribute Name=\"{name}\">{values}</saml:Attribute>")
}

/// XML as it stands in the form.
pub fn packed(xml: &str) -> String {
    STANDARD.encode(xml)
}
