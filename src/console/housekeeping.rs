//! Work besides requests: letters, and what must be swept away now and then.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::{
    access_requests, account, audit,
    db::{Fault, Tx},
    invitations,
    jobs::{Handler, Outcome, Runner, Running, Work, sweeping_jobs},
    mail::{Links, Postman, Transport},
    passwords, saml, scim, setup, sign_in, tokens, users,
    web::{Site, api, round_trip, session, throttle},
};

/// Starts the runner with everything it can do.
pub fn start(site: &Site) -> Result<Running, Fault> {
    let settings = &site.settings;
    let smtp = settings.smtp_url.as_ref().map(|url| url.expose().to_owned().into());
    let transport = Transport::new(smtp.as_ref(), &settings.data_dir, &site.trust)?;
    let links = Links::new(settings.public_url.clone(), site.signer.clone());
    let postman = Postman::new(links, settings.mail_from.clone(), transport)
        .telling(Arc::new(invitations::TellsInviter));
    let runner = sweeping_jobs(invitations::joins(postman.joins(Runner::new(site.db.clone()))));
    let runner = access_requests::joins(passwords::joins(runner), site.catalogue.clone());
    let runner = audit::joins(runner, site.sealer.clone(), site.fetcher());
    Ok(users::joins(runner, site.catalogue.clone())
        .every("sweep.sessions", chrono::Duration::hours(1), Sweep::of(session::store::sweep))
        .every("sweep.throttles", chrono::Duration::hours(6), Sweep::of(throttle::sweep))
        .every("sweep.email_changes", chrono::Duration::days(1), Sweep::of(account::sweep))
        .every("sweep.browsers", chrono::Duration::days(1), Sweep::of(sign_in::sweep))
        .every("sweep.social_attempts", chrono::Duration::hours(1), Sweep::of(round_trip::sweep))
        .every("sweep.saml_replays", chrono::Duration::hours(1), Sweep::of(saml::sweep))
        .every("sweep.scim_log", chrono::Duration::days(1), Sweep::of(scim::sweep))
        .every("sweep.setup_links", chrono::Duration::days(1), Sweep::of(setup::sweep))
        .every("sweep.idempotency_keys", chrono::Duration::hours(6), Sweep::of(api::sweep))
        .every("sweep.tokens", chrono::Duration::days(1), Sweep::of(tokens::sweep))
        .every("tokens.expiry", chrono::Duration::minutes(10), Sweep::of(tokens::warn))
        .every("sweep.password_resets", chrono::Duration::days(1), Sweep::of(passwords::sweep))
        .start())
}

/// Removes rows that say nothing any more.
struct Sweep(fn(&mut Tx<'_>) -> Result<usize, Fault>);

impl Sweep {
    fn of(sweep: fn(&mut Tx<'_>) -> Result<usize, Fault>) -> Arc<Self> {
        Arc::new(Self(sweep))
    }
}

impl Handler for Sweep {
    fn run<'a>(&'a self, work: &'a Work) -> BoxFuture<'a, Result<Outcome, Fault>> {
        let sweep = self.0;
        Box::pin(async move {
            let removed = work.db().write(None, sweep).await?;
            tracing::debug!(removed, kind = work.job.kind, "swept");
            Ok(Outcome::Done)
        })
    }
}
