//! Google, or another OpenID provider in its place.

use secrecy::ExposeSecret;
use url::Url;

use crate::{
    base::clock::Moment,
    openid::{Client, Round},
    outbound::Fetcher,
    settings::{Google, Provider},
    social::model::{Attempt, Goal, NotVouched, Vouched},
};

fn client(google: &Google, fetcher: Fetcher) -> Client<'_> {
    Client {
        issuer: &google.issuer,
        id: &google.client_id,
        secret: google.client_secret.expose_secret(),
        groups: None,
        fetcher,
    }
}

fn round<'a>(attempt: &'a Attempt, redirect: &'a str) -> Round<'a> {
    Round {
        redirect,
        nonce: &attempt.nonce,
        verifier: &attempt.verifier,
        anew_since: match attempt.goal {
            Goal::Prove { .. } => Some(Moment::from_micros(attempt.begun)),
            Goal::SignIn { .. } | Goal::Join { .. } | Goal::Link { .. } => None,
        },
    }
}

pub async fn authorization(
    google: &Google,
    fetcher: Fetcher,
    attempt: &Attempt,
    state: &str,
    redirect: &str,
) -> Result<Url, NotVouched> {
    client(google, fetcher).authorization(&round(attempt, redirect), state).await
}

pub async fn vouched(
    (google, fetcher): (&Google, Fetcher),
    attempt: &Attempt,
    code: &str,
    redirect: &str,
    now: Moment,
) -> Result<Vouched, NotVouched> {
    let told = client(google, fetcher).told(&round(attempt, redirect), code, now).await?;
    Ok(Vouched {
        provider: Provider::Google,
        issuer: told.issuer,
        subject: told.subject,
        addresses: told.email.filter(|_| told.is_email_verified).into_iter().collect(),
        name: told.name,
        at: now.micros(),
    })
}
