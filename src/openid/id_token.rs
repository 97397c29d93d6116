//! ID tokens: a JWS (RFC 7515) signed by a key of the provider (RFC 7517), and its claims, checked as OpenID Connect
//! Core 1.0, section 3.1.3.7, says. The signature itself is checked by ring; only algorithms with a public key are known,
//! so neither `none` nor a shared secret ever signs anything.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::signature::{
    self, ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RsaParameters, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::LONGEST_SUBJECT;
use crate::base::clock::Moment;

/// How far the clocks may be apart.
const LEEWAY: i64 = 60;

#[derive(Deserialize)]
pub struct Keys {
    keys: Vec<Value>,
}

/// One key; members that another kind of key has are left out.
#[derive(Deserialize)]
struct Key {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default, rename = "use")]
    used_for: Option<String>,
    #[serde(default)]
    crv: String,
    #[serde(default)]
    n: String,
    #[serde(default)]
    e: String,
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    /// Extensions that must be understood; none is.
    #[serde(default)]
    crit: Option<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
pub struct Claims {
    iss: String,
    pub sub: String,
    aud: Audience,
    #[serde(default)]
    azp: Option<String>,
    exp: f64,
    iat: f64,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    auth_time: Option<f64>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub email_verified: Value,
    #[serde(default)]
    pub name: Option<String>,
    /// Whatever else the provider tells.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// What a token must say to be about this very sign-in.
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub audience: &'a str,
    pub nonce: &'a str,
    /// The person must have proved who they are there since then, where the token tells when that was.
    pub signed_in_since: Option<Moment>,
    pub now: Moment,
}

/// The claims of a token that is signed by one of these keys and says what is expected.
///
/// # Errors
/// Says what is wrong, without quoting the token.
pub fn verify(token: &str, keys: &Keys, expected: &Expected<'_>) -> Result<Claims, &'static str> {
    let (signed, signature) = token.rsplit_once('.').ok_or("the token has no signature")?;
    let (header, claims) = signed.split_once('.').ok_or("the token has no claims")?;
    let header: Header = part(header).ok_or("the header of the token cannot be read")?;
    if header.crit.is_some() {
        return Err("the token needs an extension");
    }
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(|_| "the signature cannot be read")?;
    if !is_signed(&header, keys, signed.as_bytes(), &signature)? {
        return Err("no key of the provider made the signature");
    }
    let claims: Claims = part(claims).ok_or("the claims of the token cannot be read")?;
    check(&claims, expected)?;
    Ok(claims)
}

/// Whom a token claims to be about, whether it is to be trusted or not.
pub fn claimed_subject(token: &str) -> Option<String> {
    let claims: Value = part(token.split('.').nth(1)?)?;
    claims.get("sub")?.as_str().filter(|subject| subject.len() <= LONGEST_SUBJECT).map(str::to_owned)
}

fn part<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

/// Whether a key that fits the header made this signature. The header chooses among the keys and never brings one.
fn is_signed(header: &Header, keys: &Keys, signed: &[u8], signature: &[u8]) -> Result<bool, &'static str> {
    let algorithm =
        Algorithm::named(&header.alg).ok_or("the token is signed in a way that proves nothing")?;
    let keys = keys.keys.iter().filter_map(|key| Key::deserialize(key).ok());
    let mut fitting = keys.filter(|key| key.fits(header));
    Ok(fitting.any(|key| algorithm.holds(&key, signed, signature).unwrap_or(false)))
}

impl Key {
    fn fits(&self, header: &Header) -> bool {
        let is_named = header.kid.is_none() || self.kid == header.kid;
        let is_for_this = self.alg.as_ref().is_none_or(|algorithm| *algorithm == header.alg);
        is_named && is_for_this && self.used_for.as_ref().is_none_or(|use_| use_ == "sig")
    }
}

enum Algorithm {
    Rsa(&'static RsaParameters),
    Curve(&'static dyn signature::VerificationAlgorithm, &'static str),
    Edwards,
}

impl Algorithm {
    /// RFC 7518, section 3.1, and RFC 8037.
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "RS256" => Self::Rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
            "RS384" => Self::Rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
            "RS512" => Self::Rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
            "PS256" => Self::Rsa(&signature::RSA_PSS_2048_8192_SHA256),
            "PS384" => Self::Rsa(&signature::RSA_PSS_2048_8192_SHA384),
            "PS512" => Self::Rsa(&signature::RSA_PSS_2048_8192_SHA512),
            "ES256" => Self::Curve(&ECDSA_P256_SHA256_FIXED, "P-256"),
            "ES384" => Self::Curve(&ECDSA_P384_SHA384_FIXED, "P-384"),
            "EdDSA" => Self::Edwards,
            _ => return None,
        })
    }

    fn holds(&self, key: &Key, signed: &[u8], signature: &[u8]) -> Option<bool> {
        let number = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
        let holds = match (self, key.kty.as_str()) {
            (Self::Rsa(parameters), "RSA") => {
                RsaPublicKeyComponents { n: number(&key.n)?, e: number(&key.e)? }
                    .verify(parameters, signed, signature)
            }
            (Self::Curve(algorithm, curve), "EC") if key.crv == *curve => {
                let point = [vec![4], number(&key.x)?, number(&key.y)?].concat();
                UnparsedPublicKey::new(*algorithm, point).verify(signed, signature)
            }
            (Self::Edwards, "OKP") if key.crv == "Ed25519" => {
                UnparsedPublicKey::new(&ED25519, number(&key.x)?).verify(signed, signature)
            }
            _ => return None,
        };
        Some(holds.is_ok())
    }
}

fn check(claims: &Claims, expected: &Expected<'_>) -> Result<(), &'static str> {
    let ours = |audience: &str| audience == expected.audience;
    let (is_for_us, others) = match &claims.aud {
        Audience::One(audience) => (ours(audience), false),
        Audience::Many(all) => (all.iter().any(|it| ours(it)), all.len() > 1),
    };
    let is_ours = match &claims.azp {
        Some(party) => ours(party),
        None => !others,
    };
    let now = expected.now.utc().timestamp();
    #[allow(clippy::cast_precision_loss, reason = "seconds of this age are exact")]
    let (earliest, latest) = ((now - LEEWAY) as f64, (now + LEEWAY) as f64);
    let is_late = |since: Moment| {
        #[allow(clippy::cast_precision_loss, reason = "seconds of this age are exact")]
        let since = (since.utc().timestamp() - LEEWAY) as f64;
        claims.auth_time.is_some_and(|at| at < since)
    };
    match () {
        () if claims.iss != expected.issuer => Err("the token is from another issuer"),
        () if !is_for_us || !is_ours => Err("the token is for another party"),
        () if claims.exp <= earliest => Err("the token has expired"),
        () if claims.iat > latest => Err("the token is from the future"),
        () if claims.nonce.as_deref() != Some(expected.nonce) => Err("the token is about another sign-in"),
        () if claims.sub.is_empty() || claims.sub.len() > LONGEST_SUBJECT || claims.sub.contains('\0') => {
            Err("the token is about nobody")
        }
        () if expected.signed_in_since.is_some_and(is_late) => Err("the sign-in there is an old one"),
        () => Ok(()),
    }
}
