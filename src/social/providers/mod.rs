//! Talking to providers. Their addresses come from the operator's settings, so private networks are allowed; all else
//! that holds for what goes out holds here as well.

mod github;
mod google;

use url::Url;

use super::model::{Attempt, NotVouched, Vouched};
use crate::{base::clock::Moment, outbound::Fetcher, settings::Provider, web::Site};

/// Where the browser goes, with this state; it comes back to `redirect`.
pub async fn authorization(
    site: &Site,
    attempt: &Attempt,
    state: &str,
    redirect: &str,
) -> Result<Url, NotVouched> {
    match (attempt.provider, &site.settings.google, &site.settings.github) {
        (Provider::Google, Some(google), _) => {
            google::authorization(google, fetcher(site), attempt, state, redirect).await
        }
        (Provider::GitHub, _, Some(github)) => Ok(github::authorization(github, attempt, state, redirect)),
        _ => Err(NotVouched::Unreadable("the provider is not set up")),
    }
}

/// Turns the code into what the provider vouches for.
pub async fn vouched(
    site: &Site,
    attempt: &Attempt,
    code: &str,
    redirect: &str,
    now: Moment,
) -> Result<Vouched, NotVouched> {
    match (attempt.provider, &site.settings.google, &site.settings.github) {
        (Provider::Google, Some(google), _) => {
            google::vouched((google, fetcher(site)), attempt, code, redirect, now).await
        }
        (Provider::GitHub, _, Some(github)) => {
            github::vouched((github, fetcher(site)), attempt, code, redirect, now).await
        }
        _ => Err(NotVouched::Unreadable("the provider is not set up")),
    }
}

fn fetcher(site: &Site) -> Fetcher {
    Fetcher::new(true, &site.trust)
}
