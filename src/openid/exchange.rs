//! Questions to a provider and its answers, bounded in time and size.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use url::Url;

use super::NotVouched;
use crate::outbound::{Answer, Call, Fetcher, Method};

/// For one question and its answer.
const PATIENCE: Duration = Duration::from_secs(6);
const MOST_BYTES: usize = 256 * 1024;

/// The question of PKCE to which only this verifier is the answer (RFC 7636, section 4.2).
pub fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// One below this address, which may have a path of its own.
pub fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url
}

pub async fn get(
    fetcher: &Fetcher,
    url: &Url,
    headers: &[(&'static str, String)],
) -> Result<Answer, NotVouched> {
    let (method, body) = (Method::GET, Vec::new());
    send(fetcher, Call { method, url, headers, body, within: PATIENCE, most: MOST_BYTES }).await
}

/// Sends a form.
pub async fn post(
    fetcher: &Fetcher,
    url: &Url,
    fields: &[(&str, &str)],
    more: Option<(&'static str, String)>,
) -> Result<Answer, NotVouched> {
    let body =
        serde_urlencoded::to_string(fields).map_err(|_| NotVouched::Unreadable("a form to be sent"))?;
    let kind = ("content-type", "application/x-www-form-urlencoded".to_owned());
    let headers: Vec<_> = [kind, ("accept", "application/json".to_owned())].into_iter().chain(more).collect();
    let (method, body) = (Method::POST, body.into_bytes());
    send(fetcher, Call { method, url, headers: &headers, body, within: PATIENCE, most: MOST_BYTES }).await
}

async fn send(fetcher: &Fetcher, call: Call<'_>) -> Result<Answer, NotVouched> {
    let answer = fetcher.send(call).await?;
    match answer.status {
        500.. => Err(NotVouched::Unreadable("the provider is at fault")),
        _ => Ok(answer),
    }
}

/// What a right answer says in JSON.
pub fn read<T: DeserializeOwned>(answer: &Answer, what: &'static str) -> Result<T, NotVouched> {
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
