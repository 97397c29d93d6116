//! OpenID Connect: discovery, the authorization code flow with PKCE and nonce, and the ID token. Documents and keys are
//! asked for anew each time, so a provider that changes its keys needs no news of it here.

use base64::{Engine, prelude::BASE64_STANDARD};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{
    challenge, get,
    id_token::{self, Claims, Expected, Keys},
    post, read,
};
use crate::{
    base::clock::Moment,
    settings::{Google, Provider},
    social::model::{Attempt, Goal, NotVouched, Vouched},
};

/// What the provider tells of itself (OpenID Connect Discovery 1.0, section 3).
#[derive(Deserialize)]
struct Discovered {
    issuer: String,
    authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
    #[serde(default)]
    userinfo_endpoint: Option<Url>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

#[derive(Deserialize)]
struct Granted {
    id_token: String,
    #[serde(default)]
    access_token: String,
}

/// What may stand in the ID token or at the userinfo endpoint.
#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    email_verified: Value,
    #[serde(default)]
    name: Option<String>,
}

async fn discover(google: &Google) -> Result<Discovered, NotVouched> {
    let found = get(&super::below(&google.issuer, "/.well-known/openid-configuration"), &[]).await?;
    let found: Discovered = read(&found, "the discovery document")?;
    if found.issuer.trim_end_matches('/') != google.issuer.as_str().trim_end_matches('/') {
        return Err(NotVouched::Untrusted { why: "the discovery document is another's", claimed: None });
    }
    match google.issuer.scheme() == "https" && !found.is_encrypted() {
        true => Err(NotVouched::Untrusted { why: "an endpoint is not encrypted", claimed: None }),
        false => Ok(found),
    }
}

impl Discovered {
    fn is_encrypted(&self) -> bool {
        let endpoints = [&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri];
        endpoints.into_iter().chain(&self.userinfo_endpoint).all(|url| url.scheme() == "https")
    }
}

pub async fn authorization(
    google: &Google,
    attempt: &Attempt,
    state: &str,
    redirect: &str,
) -> Result<Url, NotVouched> {
    let mut url = discover(google).await?.authorization_endpoint;
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &google.client_id)
        .append_pair("redirect_uri", redirect)
        .append_pair("scope", "openid email profile")
        .append_pair("state", state)
        .append_pair("nonce", &attempt.nonce)
        .append_pair("code_challenge", &challenge(&attempt.verifier))
        .append_pair("code_challenge_method", "S256");
    if matches!(attempt.goal, Goal::Prove { .. }) {
        url.query_pairs_mut().append_pair("max_age", "0");
    }
    Ok(url)
}

pub async fn vouched(
    google: &Google,
    attempt: &Attempt,
    code: &str,
    redirect: &str,
    now: Moment,
) -> Result<Vouched, NotVouched> {
    let provider = discover(google).await?;
    let granted = exchange(google, &provider, attempt, code, redirect).await?;
    let keys = get(&provider.jwks_uri, &[]).await?;
    let keys: Keys = read(&keys, "the keys of the provider")?;
    let expected = Expected {
        issuer: &provider.issuer,
        audience: &google.client_id,
        nonce: &attempt.nonce,
        signed_in_since: match attempt.goal {
            Goal::Prove { .. } => Some(Moment::from_micros(attempt.begun)),
            Goal::SignIn { .. } | Goal::Join { .. } | Goal::Link { .. } => None,
        },
        now,
    };
    let claims = id_token::verify(&granted.id_token, &keys, &expected).map_err(|why| {
        NotVouched::Untrusted { why, claimed: id_token::claimed_subject(&granted.id_token) }
    })?;
    let person = told(&provider, &granted.access_token, claims).await?;
    let is_verified = person.email_verified == Value::Bool(true);
    Ok(Vouched {
        provider: Provider::Google,
        issuer: google.issuer.as_str().trim_end_matches('/').to_owned(),
        subject: person.sub,
        addresses: person.email.filter(|_| is_verified).into_iter().collect(),
        name: person.name.unwrap_or_default(),
        at: now.micros(),
    })
}

async fn exchange(
    google: &Google,
    provider: &Discovered,
    attempt: &Attempt,
    code: &str,
    redirect: &str,
) -> Result<Granted, NotVouched> {
    let secret = google.client_secret.expose_secret();
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect),
        ("code_verifier", attempt.verifier.as_str()),
    ];
    let by_form = provider.token_endpoint_auth_methods_supported.iter().any(|it| it == "client_secret_post");
    let answer = if by_form {
        fields.extend([("client_id", google.client_id.as_str()), ("client_secret", secret)]);
        post(&provider.token_endpoint, &fields, None).await?
    } else {
        // RFC 6749, section 2.3.1: both are written as in a form first.
        let written = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!("{}:{}", written(&google.client_id), written(secret));
        let basic = format!("Basic {}", BASE64_STANDARD.encode(pair));
        post(&provider.token_endpoint, &fields, Some(("authorization", basic))).await?
    };
    read(&answer, "the code was not taken")
}

/// The person of the ID token; where that names no address, as the provider tells of the same subject elsewhere.
async fn told(provider: &Discovered, access_token: &str, claims: Claims) -> Result<UserInfo, NotVouched> {
    let of_token = UserInfo {
        sub: claims.sub,
        email: claims.email,
        email_verified: claims.email_verified,
        name: claims.name,
    };
    let Some(endpoint) = provider.userinfo_endpoint.as_ref().filter(|_| of_token.email.is_none()) else {
        return Ok(of_token);
    };
    let headers =
        [("authorization", format!("Bearer {access_token}")), ("accept", "application/json".into())];
    let answer = get(endpoint, &headers).await?;
    let told: UserInfo = read(&answer, "what the provider tells of the person")?;
    match told.sub == of_token.sub {
        true => Ok(told),
        false => Err(NotVouched::Untrusted {
            why: "what the provider tells is about another person",
            claimed: Some(of_token.sub),
        }),
    }
}
