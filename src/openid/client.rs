//! Discovery, the authorization code flow with PKCE and nonce, and the ID token. Documents and keys are asked for anew each
//! time, so a provider that changes its keys needs no news of it here.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use super::{
    NotVouched, below, challenge, get,
    id_token::{self, Claims, Expected, Keys},
    post, read,
};
use crate::{base::clock::Moment, outbound::Fetcher};

/// More groups of one person are not looked at.
const MOST_GROUPS: usize = 500;

/// A provider, and who relies on it.
pub struct Client<'a> {
    pub issuer: &'a Url,
    pub id: &'a str,
    pub secret: &'a str,
    /// The claim that tells a person's groups, where they are asked for.
    pub groups: Option<&'a str>,
    pub fetcher: Fetcher,
}

/// One way there and back.
pub struct Round<'a> {
    pub redirect: &'a str,
    /// In the ID token again (OpenID Connect Core 1.0, section 3.1.2.1).
    pub nonce: &'a str,
    /// PKCE (RFC 7636).
    pub verifier: &'a str,
    /// The person must prove who they are there, not before this moment.
    pub anew_since: Option<Moment>,
}

/// What the provider says of a person, over its own connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Without a slash at the end.
    pub issuer: String,
    pub subject: String,
    pub email: Option<String>,
    /// Only where the provider says `true`.
    pub is_email_verified: bool,
    /// May be empty.
    pub name: String,
    /// Nothing when the provider does not speak of groups.
    pub groups: Option<Vec<String>>,
}

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
    #[serde(default)]
    scopes_supported: Vec<String>,
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
    #[serde(flatten)]
    more: Map<String, Value>,
}

impl Client<'_> {
    /// Whether the provider tells of itself as it should.
    pub async fn check(&self) -> Result<(), NotVouched> {
        self.discover().await.map(drop)
    }

    async fn discover(&self) -> Result<Discovered, NotVouched> {
        let url = below(self.issuer, "/.well-known/openid-configuration");
        let found = get(&self.fetcher, &url, &[]).await?;
        let found: Discovered = read(&found, "the discovery document")?;
        if found.issuer.trim_end_matches('/') != self.issuer.as_str().trim_end_matches('/') {
            return Err(NotVouched::Untrusted { why: "the discovery document is another's", claimed: None });
        }
        match self.issuer.scheme() == "https" && !found.is_encrypted() {
            true => Err(NotVouched::Untrusted { why: "an endpoint is not encrypted", claimed: None }),
            false if !found.leads_to_pages() => Err(NotVouched::Unreadable("an endpoint is no address")),
            false => Ok(found),
        }
    }

    /// Where the browser goes, with this state.
    pub async fn authorization(&self, round: &Round<'_>, state: &str) -> Result<Url, NotVouched> {
        let provider = self.discover().await?;
        let speaks_of_groups = provider.scopes_supported.iter().any(|scope| scope == "groups");
        let scope = match self.groups {
            Some(_) if speaks_of_groups => "openid email profile groups",
            _ => "openid email profile",
        };
        let mut url = provider.authorization_endpoint;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", self.id)
            .append_pair("redirect_uri", round.redirect)
            .append_pair("scope", scope)
            .append_pair("state", state)
            .append_pair("nonce", round.nonce)
            .append_pair("code_challenge", &challenge(round.verifier))
            .append_pair("code_challenge_method", "S256");
        if round.anew_since.is_some() {
            url.query_pairs_mut().append_pair("max_age", "0");
        }
        Ok(url)
    }

    /// Turns the code into what the provider says of the person.
    pub async fn told(&self, round: &Round<'_>, code: &str, now: Moment) -> Result<Told, NotVouched> {
        let provider = self.discover().await?;
        let granted = self.exchange(&provider, round, code).await?;
        let keys = get(&self.fetcher, &provider.jwks_uri, &[]).await?;
        let keys: Keys = read(&keys, "the keys of the provider")?;
        let expected = Expected {
            issuer: &provider.issuer,
            audience: self.id,
            nonce: round.nonce,
            signed_in_since: round.anew_since,
            now,
        };
        let claims = id_token::verify(&granted.id_token, &keys, &expected).map_err(|why| {
            NotVouched::Untrusted { why, claimed: id_token::claimed_subject(&granted.id_token) }
        })?;
        let person = self.person(&provider, &granted.access_token, claims).await?;
        Ok(Told {
            issuer: self.issuer.as_str().trim_end_matches('/').to_owned(),
            subject: person.sub,
            email: person.email,
            is_email_verified: person.email_verified == Value::Bool(true),
            name: person.name.unwrap_or_default(),
            groups: self.groups.and_then(|claim| person.more.get(claim)).map(texts),
        })
    }

    async fn exchange(
        &self,
        provider: &Discovered,
        round: &Round<'_>,
        code: &str,
    ) -> Result<Granted, NotVouched> {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", round.redirect),
            ("code_verifier", round.verifier),
        ];
        let methods = &provider.token_endpoint_auth_methods_supported;
        let answer = if methods.iter().any(|method| method == "client_secret_post") {
            fields.extend([("client_id", self.id), ("client_secret", self.secret)]);
            post(&self.fetcher, &provider.token_endpoint, &fields, None).await?
        } else {
            // RFC 6749, section 2.3.1: both are written as in a form first.
            let written =
                |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let pair = format!("{}:{}", written(self.id), written(self.secret));
            let basic = format!("Basic {}", BASE64_STANDARD.encode(pair));
            post(&self.fetcher, &provider.token_endpoint, &fields, Some(("authorization", basic))).await?
        };
        read(&answer, "the code was not taken")
    }

    /// The person of the ID token; where that names no address or no groups, as the provider tells of the same subject
    /// elsewhere.
    async fn person(
        &self,
        provider: &Discovered,
        access_token: &str,
        claims: Claims,
    ) -> Result<UserInfo, NotVouched> {
        let of_token = UserInfo {
            sub: claims.sub,
            email: claims.email,
            email_verified: claims.email_verified,
            name: claims.name,
            more: claims.more,
        };
        let lacks_groups = self.groups.is_some_and(|claim| !of_token.more.contains_key(claim));
        let lacks_some = of_token.email.is_none() || lacks_groups;
        let Some(endpoint) = provider.userinfo_endpoint.as_ref().filter(|_| lacks_some) else {
            return Ok(of_token);
        };
        let bearer = ("authorization", format!("Bearer {access_token}"));
        let answer = get(&self.fetcher, endpoint, &[bearer, ("accept", "application/json".into())]).await?;
        let told: UserInfo = read(&answer, "what the provider tells of the person")?;
        match told.sub == of_token.sub {
            true => Ok(of_token.or(told)),
            false => Err(NotVouched::Untrusted {
                why: "what the provider tells is about another person",
                claimed: Some(of_token.sub),
            }),
        }
    }
}

impl Discovered {
    fn endpoints(&self) -> impl Iterator<Item = &Url> {
        [&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri]
            .into_iter()
            .chain(&self.userinfo_endpoint)
    }

    fn is_encrypted(&self) -> bool {
        self.endpoints().all(|url| url.scheme() == "https")
    }

    fn leads_to_pages(&self) -> bool {
        self.endpoints().all(|url| matches!(url.scheme(), "https" | "http"))
    }
}

impl UserInfo {
    /// What is not said here is taken from there.
    fn or(self, other: Self) -> Self {
        let (email, email_verified) = match self.email {
            Some(email) => (Some(email), self.email_verified),
            None => (other.email, other.email_verified),
        };
        let mut more = other.more;
        more.extend(self.more);
        Self { sub: self.sub, email, email_verified, name: self.name.or(other.name), more }
    }
}

/// One text, or several; what is none is left out.
fn texts(value: &Value) -> Vec<String> {
    let all = match value {
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    all.iter().filter_map(Value::as_str).take(MOST_GROUPS).map(str::to_owned).collect()
}
