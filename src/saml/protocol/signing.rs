//! The key that requests are signed with. Providers pin its certificate, as we pin theirs.

use std::str::FromStr;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::Duration;
use crypto_glue::{
    rsa::{self, RS256Signature, RS256SigningKey},
    traits::{EncodeDer, Keypair, Pkcs8EncodePrivateKey},
    x509::{
        Builder, CertBuilderError, CertificateBuilder, Extension, Name, SubjectPublicKeyInfoOwned,
        SubjectPublicKeyInfoRef, TbsCertificate, Time, Validity, profile::BuilderProfile, uuid_to_serial,
    },
};
use ring::{rand::SystemRandom, signature};
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use crate::base::clock::Moment;

const BITS: usize = 2_048;
/// Changing it needs every provider to change theirs, so it lasts.
const LIFE: Duration = Duration::days(3_650);
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

#[derive(Clone)]
pub struct SigningKey {
    /// PKCS#8 as DER.
    private: Zeroizing<Vec<u8>>,
    /// DER as Base64 in one line.
    certificate: String,
}

impl SigningKey {
    /// A new one, with a certificate that it signed itself. It takes up to seconds: not for a thread that others wait for.
    pub fn fresh(now: Moment) -> Option<Self> {
        let key = rsa::new_key(BITS).ok()?;
        let private = key.to_pkcs8_der().ok()?;
        let signer = RS256SigningKey::new(key);
        let public = SubjectPublicKeyInfoOwned::from_key(&signer.verifying_key()).ok()?;
        let time = |moment: Moment| Time::try_from(std::time::SystemTime::from(moment.utc())).ok();
        let validity = Validity::new(time(now)?, time(now.plus(LIFE))?);
        let serial = uuid_to_serial(uuid::Uuid::new_v4());
        let builder = CertificateBuilder::new(Plain, serial, validity, public).ok()?;
        let certificate = builder.build::<_, RS256Signature>(&signer).ok()?.to_der().ok()?;
        Some(Self {
            private: Zeroizing::new(private.as_bytes().to_vec()),
            certificate: STANDARD.encode(certificate),
        })
    }

    /// What [`SigningKey::to_text`] wrote.
    pub fn of_text(text: &str) -> Option<Self> {
        let (private, certificate) = text.split_once(' ')?;
        let private = Zeroizing::new(STANDARD.decode(private).ok()?);
        signature::RsaKeyPair::from_pkcs8(&private).ok()?;
        Some(Self { private, certificate: certificate.to_owned() })
    }

    /// To be sealed and kept: the private key and the certificate in Base64, with a space between them.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{} {}", STANDARD.encode(&self.private), self.certificate))
    }

    /// DER as Base64 in one line.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// The address with the algorithm and a signature of the request in its query (SAML 2.0 Bindings, section 3.4.4.1).
    pub(super) fn sign(&self, address: &str) -> Option<String> {
        let request = address.find("SAMLRequest=")?;
        let (before, signed) = address.split_at(request);
        let signed = format!("{signed}&SigAlg={}", encoded(RSA_SHA256));
        let pair = signature::RsaKeyPair::from_pkcs8(&self.private).ok()?;
        let mut value = vec![0; pair.public().modulus_len()];
        pair.sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut value).ok()?;
        Some(format!("{before}{signed}&Signature={}", encoded(&STANDARD.encode(value))))
    }
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// A certificate that says whose the key is, and no more.
struct Plain;

impl BuilderProfile for Plain {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        Name::from_str("CN=Roster").unwrap_or_default()
    }

    fn build_extensions(
        &self,
        _own: SubjectPublicKeyInfoRef<'_>,
        _issuers: SubjectPublicKeyInfoRef<'_>,
        _certificate: &TbsCertificate,
    ) -> Result<Vec<Extension>, CertBuilderError> {
        Ok(Vec::new())
    }
}
