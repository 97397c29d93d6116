//! The way to a provider and back over HTTP, and linked accounts.

mod back;
mod settings;
mod start;

use actix_session::Session;
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, ServiceConfig},
};

use super::{
    commands,
    model::{Goal, NotVouched, Vouched},
    pages::StoryPage,
    words,
};
use crate::{
    base::clock::Moment,
    settings::Provider,
    web::{Anyone, Problem, Site, reply, session, url},
};

pub use settings::section;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource(url::auth_start("{provider}")).get(start::to_sign_in).post(start::create))
        .service(web::resource(url::auth_callback("{provider}")).get(back::show))
        .service(web::resource(url::auth_prove("{provider}")).get(start::to_prove).post(start::prove))
        .service(web::resource(url::LINKED).get(settings::show))
        .service(web::resource(url::link_account("{provider}")).get(settings::show).post(start::link))
        .service(
            web::resource(url::unlink_account("{provider}")).get(settings::parting).post(settings::unlink),
        );
}

/// Where the session keeps what was vouched for.
const VOUCHED: &str = "vouched";

/// What a provider vouched for in this browser within the last hour, and nobody has used.
pub fn kept(session: &Session, now: Moment) -> Option<Vouched> {
    session.get::<Vouched>(VOUCHED).ok().flatten().filter(|vouched| vouched.is_open(now))
}

/// It was used, or is not wanted.
pub fn forget(session: &Session) {
    session.remove(VOUCHED);
}

fn keep(session: &Session, vouched: &Vouched) -> Result<(), Problem> {
    session::put(session, VOUCHED, vouched)
}

/// One that is set up.
fn provider(site: &Site, word: &str) -> Result<Provider, Problem> {
    let known = Provider::of_word(word).filter(|provider| site.settings.providers().contains(provider));
    known.ok_or(Problem::NotFound)
}

/// The redirect address, as it is registered at the provider.
fn redirect(site: &Site, provider: Provider) -> String {
    site.absolute(&url::auth_callback(provider.word()))
}

/// Says what went wrong and leads back; a word that is not to be trusted leaves a line with those whom it claimed to be.
async fn refused(
    person: &Anyone,
    provider: Provider,
    goal: &Goal,
    why: NotVouched,
) -> Result<HttpResponse, Problem> {
    if why != NotVouched::Declined {
        tracing::warn!(provider = provider.word(), why = why.for_the_log(), "nothing was vouched for");
    }
    if let NotVouched::Untrusted { why, claimed: Some(subject) } = &why {
        note(person, provider, why, subject.clone()).await?;
    }
    let (title, story) = words::not_vouched(provider, &why);
    let (back, label) = way_back(goal);
    let status = match why {
        NotVouched::Declined => StatusCode::OK,
        NotVouched::Away(_) | NotVouched::Unreadable(_) => StatusCode::BAD_GATEWAY,
        NotVouched::Untrusted { .. } => StatusCode::FORBIDDEN,
    };
    reply::with_status(status, &StoryPage { frame: person.frame(), title, story, back, label })
}

async fn note(
    person: &Anyone,
    provider: Provider,
    why: &'static str,
    subject: String,
) -> Result<(), Problem> {
    let (db, origin) = (&person.site.db, person.visitor.origin());
    let Some(issuer) = person.site.settings.issuer_of(provider) else { return Ok(()) };
    for who in db.read(move |conn| commands::claimed(conn, &issuer, &subject)).await? {
        let origin = origin.clone();
        db.write(None, move |tx| commands::note_refusal(tx, provider, who, why, &origin)).await?;
    }
    Ok(())
}

fn way_back(goal: &Goal) -> (String, &'static str) {
    match goal {
        Goal::SignIn { return_to } if return_to == url::HOME => (url::SIGN_IN.to_owned(), "Back to sign in"),
        Goal::SignIn { return_to } => (url::sign_in_and_return(return_to), "Back to sign in"),
        Goal::Join { token } => (url::invitation(token), "Back to the invitation"),
        Goal::Link { .. } => (url::settings_at("linked"), "Back to Settings"),
        Goal::Prove { return_to, .. } => (url::prove_and_return(return_to), "Prove it another way"),
    }
}
