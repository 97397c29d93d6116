//! Talking to providers. Their addresses come from the operator's settings, so private networks are allowed; all else
//! that holds for what goes out holds here as well.

mod github;
mod id_token;
mod openid;

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use url::Url;

use super::model::{Attempt, NotVouched, Vouched};
use crate::{
    base::clock::Moment,
    outbound::{Answer, Call, Fetcher, Method, NotFetched},
    settings::{Provider, Settings},
};

/// For one question and its answer.
const PATIENCE: Duration = Duration::from_secs(6);
const MOST_BYTES: usize = 256 * 1024;

/// Where the browser goes, with this state; it comes back to `redirect`.
pub async fn authorization(
    settings: &Settings,
    attempt: &Attempt,
    state: &str,
    redirect: &str,
) -> Result<Url, NotVouched> {
    match (attempt.provider, &settings.google, &settings.github) {
        (Provider::Google, Some(google), _) => openid::authorization(google, attempt, state, redirect).await,
        (Provider::GitHub, _, Some(github)) => Ok(github::authorization(github, attempt, state, redirect)),
        _ => Err(NotVouched::Unreadable("the provider is not set up")),
    }
}

/// Turns the code into what the provider vouches for.
pub async fn vouched(
    settings: &Settings,
    attempt: &Attempt,
    code: &str,
    redirect: &str,
    now: Moment,
) -> Result<Vouched, NotVouched> {
    match (attempt.provider, &settings.google, &settings.github) {
        (Provider::Google, Some(google), _) => openid::vouched(google, attempt, code, redirect, now).await,
        (Provider::GitHub, _, Some(github)) => github::vouched(github, attempt, code, redirect, now).await,
        _ => Err(NotVouched::Unreadable("the provider is not set up")),
    }
}

/// The question of PKCE to which only this verifier is the answer (RFC 7636, section 4.2).
fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// One below this address, which may have a path of its own.
fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url
}

async fn get(url: &Url, headers: &[(&'static str, String)]) -> Result<Answer, NotVouched> {
    send(Call { method: Method::GET, url, headers, body: Vec::new(), within: PATIENCE, most: MOST_BYTES })
        .await
}

async fn post(
    url: &Url,
    fields: &[(&str, &str)],
    more: Option<(&'static str, String)>,
) -> Result<Answer, NotVouched> {
    let body =
        serde_urlencoded::to_string(fields).map_err(|_| NotVouched::Unreadable("a form to be sent"))?;
    let kind = ("content-type", "application/x-www-form-urlencoded".to_owned());
    let headers: Vec<_> = [kind, ("accept", "application/json".to_owned())].into_iter().chain(more).collect();
    let (body, within, most) = (body.into_bytes(), PATIENCE, MOST_BYTES);
    send(Call { method: Method::POST, url, headers: &headers, body, within, most }).await
}

async fn send(call: Call<'_>) -> Result<Answer, NotVouched> {
    let fetcher = Fetcher::new(true).map_err(|error| NotFetched::Tls(error.to_string()))?;
    let answer = fetcher.send(call).await?;
    match answer.status {
        500.. => Err(NotVouched::Unreadable("the provider is at fault")),
        _ => Ok(answer),
    }
}

/// What a right answer says in JSON.
fn read<T: DeserializeOwned>(answer: &Answer, what: &'static str) -> Result<T, NotVouched> {
    let read = answer.is_success().then(|| serde_json::from_slice(&answer.body).ok()).flatten();
    read.ok_or(NotVouched::Unreadable(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_of_pkce_is_the_one_of_its_standard() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn an_address_keeps_the_path_it_has() {
        let below = |base: &str| below(&Url::parse(base).unwrap(), "/user").to_string();
        assert_eq!(below("https://api.github.com"), "https://api.github.com/user");
        assert_eq!(below("https://git.example/api/v3/"), "https://git.example/api/v3/user");
    }
}
