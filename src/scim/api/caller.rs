//! A provider with a token: what every handler of the SCIM API takes.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web::Data};

use super::problem::ScimProblem;
use crate::{
    access::Actor,
    base::{
        ids::{OrganizationId, ScimTokenId},
        scim_secret::ScimSecret,
    },
    crypto::hashing::network_of,
    db::{AnyConnection, Fault, Stop, Tx},
    scim::{
        commands::{self, Provider},
        model::{Connection, Life, Refusal},
    },
    web::{
        Site, Visitor,
        throttle::{self, Admission, Kind},
    },
};

/// Somebody with a token of the organization that the address names, while provisioning is on there.
pub struct Caller {
    pub site: Data<Site>,
    pub organization: OrganizationId,
    /// The address of the organization's SCIM API, without a slash at its end.
    pub base: String,
    actor: Actor,
    token_name: String,
    secret_hash: String,
}

impl Caller {
    /// Reads on the blocking pool.
    pub async fn read<T, F>(&self, work: F) -> Result<T, ScimProblem>
    where
        T: Send + 'static,
        F: FnOnce(&mut AnyConnection, OrganizationId) -> Result<T, Stop<Refusal>> + Send + 'static,
    {
        let organization = self.organization;
        self.site.db.read(move |conn| Ok::<_, ScimProblem>(work(conn, organization)?)).await
    }

    /// One transaction under the organization's lock, in which the token is looked up again. What is refused changes
    /// nothing and is written to the log, with `subject` as what it was about.
    pub async fn write<T, F>(&self, subject: String, work: F) -> Result<T, ScimProblem>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>, &Provider) -> Result<T, Stop<Refusal>> + Send + 'static,
    {
        let (hash, earlier) = (self.secret_hash.clone(), self.actor.clone());
        let done = self
            .site
            .db
            .write(self.organization, move |tx| {
                let Some(provider) = commands::now(tx, &hash, &earlier)? else { return Ok(None) };
                work(tx, &provider).map(Some)
            })
            .await;
        match done {
            Ok(Some(done)) => Ok(done),
            Ok(None) => Err(unknown()),
            Err(Stop::Fault(fault)) => Err(fault.into()),
            Err(Stop::Refused(refusal)) => {
                self.note(subject, refusal.clone()).await?;
                Err(refusal.into())
            }
        }
    }

    async fn note(&self, subject: String, refusal: Refusal) -> Result<(), Fault> {
        let (organization, name) = (self.organization, self.token_name.clone());
        let note = move |tx: &mut Tx<'_>| commands::note_refusal(tx, organization, &name, &subject, &refusal);
        self.site.db.write(organization, note).await
    }
}

impl FromRequest for Caller {
    type Error = ScimProblem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ScimProblem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { enter(&request).await })
    }
}

async fn enter(request: &HttpRequest) -> Result<Caller, ScimProblem> {
    let site = request.app_data::<Data<Site>>().cloned();
    let site = site.ok_or_else(|| Fault::broken("answering a request", "the site is not set up"))?;
    let Some(secret) = secret_in(request)? else { return Err(wrong(request, &site).await) };
    let (secret_hash, hash) = (secret.hash(), secret.hash());
    let found = site.db.look_up(move |conn| commands::presented(conn, &hash)).await?;
    // A token of another organization is known to nobody here.
    let is_of = |found: &Connection| request.match_info().get("organization") == Some(found.code.as_str());
    let Some(found) = found.filter(is_of) else { return Err(wrong(request, &site).await) };
    match found.life {
        Life::Live => {}
        Life::Revoked => return Err(ScimProblem::unknown(true, "The token was revoked. Make another one.")),
        Life::Off => {
            return Err(ScimProblem::unknown(true, "The SCIM API of this organization is turned off."));
        }
    }
    if found.is_use_stale(site.db.now()) {
        note_use(&site, found.token).await;
    }
    let base = site.absolute(&format!("/scim/v2/{}", found.code));
    let origin = Visitor::of(request).origin();
    let actor = Actor::provider(found.token, found.organization, site.catalogue.clone(), origin);
    Ok(Caller {
        organization: found.organization,
        token_name: found.token_name,
        site,
        base,
        actor,
        secret_hash,
    })
}

/// Once a minute; a request does not fail for it.
async fn note_use(site: &Data<Site>, token: ScimTokenId) {
    if let Err(fault) = site.db.write(None, move |tx| commands::touch(tx, token)).await {
        tracing::warn!(error = %fault, "the last use of a SCIM token could not be written");
    }
}

/// Counts a token that nobody knows against the network it comes from. Whoever has one that works is never kept waiting.
async fn wrong(request: &HttpRequest, site: &Data<Site>) -> ScimProblem {
    let key = format!("scim {}", network_of(Visitor::of(request).address));
    match site.db.write(None, move |tx| throttle::admit(tx, &[(Kind::Address, &key)])).await {
        Ok(Admission::Open { .. }) => unknown(),
        Ok(Admission::Wait(wait)) => ScimProblem::too_often(wait),
        Err(fault) => fault.into(),
    }
}

/// The secret that a request presents (RFC 6750 §2.1); its checksum is right, nothing else is known of it. Nothing for
/// what is no secret of this kind.
fn secret_in(request: &HttpRequest) -> Result<Option<ScimSecret>, ScimProblem> {
    let sent = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let secret = sent
        .and_then(|sent| sent.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, secret)| secret.trim_matches(' '));
    match secret {
        Some(secret) => Ok(ScimSecret::parse(secret)),
        None => Err(ScimProblem::unknown(false, "Send a token: Authorization: Bearer rst_scim_…")),
    }
}

fn unknown() -> ScimProblem {
    ScimProblem::unknown(true, "There is no such token here, or it was copied in part.")
}
