//! Setup over HTTP.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, ServiceConfig},
};

use super::{
    commands,
    forms::{Setup, SetupDraft, SetupErrors},
    model::{LinkRefusal, SetupLink},
    pages::{ClosedPage, SetupPage},
};
use crate::{
    access::{Proof, ProofMethod},
    base::ids::SetupLinkId,
    crypto::signing::Purpose,
    db::Stop,
    organization::NewOrganization,
    sign_in,
    web::{
        Anyone, Browser, Fields, Problem,
        form::Query,
        reply,
        session::{self, Entering, Stage},
        url,
    },
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(web::resource(url::SETUP).get(show).post(create));
}

async fn show(person: Anyone, query: Query) -> Result<HttpResponse, Problem> {
    let (token, id) = token_of(&person, &query)?;
    match look_at(&person, id).await? {
        Ok(link) => {
            let draft = SetupDraft::for_address(link.email);
            reply::html(&SetupPage::new(person.frame(), &token, &draft, SetupErrors::default()))
        }
        Err(refusal) => closed(&person, refusal),
    }
}

async fn create(
    request: HttpRequest,
    person: Anyone,
    query: Query,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let (token, id) = token_of(&person, &query)?;
    if let Err(refusal) = look_at(&person, id).await? {
        return closed(&person, refusal);
    }
    let draft = SetupDraft::of(&fields);
    let setup = match draft.parse() {
        Ok(setup) => setup,
        Err(errors) => return reply::unprocessable(&SetupPage::new(person.frame(), &token, &draft, errors)),
    };
    let ready = format!("{} is ready.", setup.organization.as_str());
    let browser = Browser::of(&request);
    match begin(&person, id, setup, browser.clone()).await? {
        Ok(entering) => {
            let proof = Proof { method: ProofMethod::Setup, at: person.site.db.now() };
            session::begin(&person.session, &person.visitor, entering, Stage::Full, vec![proof])?;
            let mut response = reply::onward_saying(&request, url::USERS, ready);
            browser.remember(&request, &mut response);
            Ok(response)
        }
        Err(refusal) => closed(&person, refusal),
    }
}

async fn begin(
    person: &Anyone,
    link: SetupLinkId,
    setup: Setup,
    browser: Browser,
) -> Result<Result<Entering, LinkRefusal>, Problem> {
    let site = &person.site;
    let password_hash = site.hasher.hash(person.visitor.address, setup.password.expose().to_owned()).await?;
    let new = NewOrganization {
        name: setup.organization,
        administrator: setup.name,
        email: setup.email,
        password_hash,
    };
    let (catalogue, origin) = (site.catalogue.clone(), person.visitor.origin());
    let begun = site.db.write(None, move |tx| {
        let begun = commands::create(tx, link, &catalogue, &new, &origin)?;
        let entering = Entering { organization: begun.organization, user: begun.administrator, epoch: 0 };
        sign_in::completed(tx, &entering, &browser)?;
        Ok(entering)
    });
    refused(begun.await)
}

async fn look_at(person: &Anyone, id: SetupLinkId) -> Result<Result<SetupLink, LinkRefusal>, Problem> {
    let now = person.site.db.now();
    refused(person.site.db.read(move |conn| commands::look_at(conn, id, now)).await)
}

/// A refusal is an answer here; only a fault ends the request.
fn refused<T, R>(outcome: Result<T, Stop<R>>) -> Result<Result<T, R>, Problem> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(Stop::Refused(refusal)) => Ok(Err(refusal)),
        Err(Stop::Fault(fault)) => Err(fault.into()),
    }
}

/// A token that was never made here is not found, whatever it says.
fn token_of(person: &Anyone, query: &Query) -> Result<(String, SetupLinkId), Problem> {
    let token = query.0.get("token");
    let named = person.site.signer.open(Purpose::Setup, token).ok_or(Problem::NotFound)?;
    Ok((token.to_owned(), SetupLinkId::of(named.id)))
}

fn closed(person: &Anyone, refusal: LinkRefusal) -> Result<HttpResponse, Problem> {
    if refusal == LinkRefusal::NeverIssued {
        return Err(Problem::NotFound);
    }
    reply::with_status(StatusCode::GONE, &ClosedPage::new(person.frame(), refusal))
}
