//! Where the way to a provider begins.

use actix_web::{HttpRequest, HttpResponse, web::Path};

use super::{provider, redirect, refused};
use crate::{
    settings::Provider,
    social::{
        commands::{self, Begun},
        forms,
        model::Goal,
        pages::GoingPage,
        providers,
    },
    web::{Anyone, Fields, Problem, SignedIn, form::Query, reply, round_trip, url},
};

/// From the sign-in page and the invitation page.
pub async fn create(person: Anyone, path: Path<String>, fields: Fields) -> Result<HttpResponse, Problem> {
    let provider = provider(&person.site, &path)?;
    go(&person, provider, forms::goal(&fields)).await
}

/// To link an account to whoever is signed in.
pub async fn link(
    request: HttpRequest,
    person: SignedIn,
    path: Path<String>,
) -> Result<HttpResponse, Problem> {
    let provider = provider(&person.site, &path)?;
    person.needs_fresh_proof()?;
    go(&Anyone::of(&request)?, provider, Goal::Link { user: person.me.id }).await
}

/// For a fresh proof.
pub async fn prove(
    request: HttpRequest,
    person: SignedIn,
    path: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let provider = provider(&person.site, &path)?;
    let goal = Goal::Prove { user: person.me.id, return_to: forms::return_to(&fields) };
    go(&Anyone::of(&request)?, provider, goal).await
}

async fn go(person: &Anyone, provider: Provider, goal: Goal) -> Result<HttpResponse, Problem> {
    let (site, from) = (&person.site, person.visitor.address);
    if let Some(wait) = site.db.write(None, move |tx| round_trip::wait(tx, from)).await? {
        return Err(Problem::TooOften { wait });
    }
    let begun = Begun::new(provider, goal, site.db.now());
    let redirect = redirect(site, provider);
    let asked = providers::authorization(&site.settings, &begun.attempt, &begun.state, &redirect);
    let href = match asked.await {
        Ok(href) => href.to_string(),
        Err(why) => return refused(person, provider, &begun.attempt.goal, why).await,
    };
    let (holder, sealer) = (round_trip::holder(&person.session)?, site.sealer.clone());
    site.db.write(None, move |tx| commands::begin(tx, &sealer, &begun, &holder)).await?;
    reply::html(&GoingPage { frame: person.frame(), provider, href })
}

/// The forms of other pages are sent here.
pub async fn to_sign_in(request: HttpRequest, _: Anyone) -> HttpResponse {
    reply::onward(&request, url::SIGN_IN)
}

pub async fn to_prove(request: HttpRequest, _: SignedIn, query: Query) -> HttpResponse {
    reply::onward(&request, &url::prove_and_return(&forms::return_to(&query.0)))
}
