//! GitHub, and GitHub Enterprise at addresses of its own: the authorization code flow of RFC 6749 with PKCE, then the
//! account and its addresses by the API.

use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::{
    base::clock::Moment,
    openid::{below, challenge, get, post, read},
    outbound::Fetcher,
    settings::{GitHub, Provider},
    social::model::{Attempt, MOST_ADDRESSES, NotVouched, Vouched},
};

pub fn authorization(github: &GitHub, attempt: &Attempt, state: &str, redirect: &str) -> Url {
    let mut url = below(&github.url, "/login/oauth/authorize");
    url.query_pairs_mut()
        .append_pair("client_id", &github.client_id)
        .append_pair("redirect_uri", redirect)
        .append_pair("scope", "read:user user:email")
        .append_pair("state", state)
        .append_pair("code_challenge", &challenge(&attempt.verifier))
        .append_pair("code_challenge_method", "S256");
    url
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
}

#[derive(Deserialize)]
struct Account {
    id: u64,
    login: String,
    #[serde(default)]
    name: Option<String>,
}

#[derive(Deserialize)]
struct Address {
    email: String,
    #[serde(default)]
    primary: Value,
    #[serde(default)]
    verified: Value,
}

pub async fn vouched(
    (github, fetcher): (&GitHub, Fetcher),
    attempt: &Attempt,
    code: &str,
    redirect: &str,
    now: Moment,
) -> Result<Vouched, NotVouched> {
    let fields = [
        ("client_id", github.client_id.as_str()),
        ("client_secret", github.client_secret.expose_secret()),
        ("code", code),
        ("redirect_uri", redirect),
        ("code_verifier", attempt.verifier.as_str()),
    ];
    // What is wrong with a code is told with status 200.
    let answer = post(&fetcher, &below(&github.url, "/login/oauth/access_token"), &fields, None).await?;
    let granted: Granted = read(&answer, "the code was not taken")?;
    let headers = [
        ("authorization", format!("Bearer {}", granted.access_token)),
        ("accept", "application/vnd.github+json".to_owned()),
    ];
    let account = get(&fetcher, &below(&github.api_url, "/user"), &headers).await?;
    let account: Account = read(&account, "the account")?;
    let addresses = get(&fetcher, &below(&github.api_url, "/user/emails"), &headers).await?;
    let addresses: Vec<Address> = read(&addresses, "the addresses of the account")?;
    Ok(Vouched {
        provider: Provider::GitHub,
        issuer: github.url.as_str().trim_end_matches('/').to_owned(),
        subject: account.id.to_string(),
        addresses: verified(addresses),
        name: account.name.filter(|name| !name.trim().is_empty()).unwrap_or(account.login),
        at: now.micros(),
    })
}

/// Those of which it says so in so many words, the primary one first.
fn verified(addresses: Vec<Address>) -> Vec<String> {
    let mut verified: Vec<Address> =
        addresses.into_iter().filter(|address| address.verified == Value::Bool(true)).collect();
    verified.sort_by_key(|address| address.primary != Value::Bool(true));
    verified.into_iter().map(|address| address.email).take(MOST_ADDRESSES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_are_said_to_be_verified_count_and_the_primary_one_is_first() {
        let told = r#"[{"email": "a@x.example", "verified": true, "primary": false},
            {"email": "b@x.example", "verified": "true", "primary": true}, {"email": "c@x.example"},
            {"email": "d@x.example", "verified": 1}, {"email": "e@x.example", "verified": false},
            {"email": "f@x.example", "verified": true, "primary": true}]"#;
        assert_eq!(verified(serde_json::from_str(told).unwrap()), ["f@x.example", "a@x.example"]);
    }
}
