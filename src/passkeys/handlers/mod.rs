//! Passkeys over HTTP. What script asks for is JSON; what it sends is a form like any other.

mod enrol;
mod settings;
mod sign_in;

use actix_session::Session;
use actix_web::{
    HttpResponse,
    web::{self, ServiceConfig},
};
use serde::Serialize;
use webauthn_rs::prelude::Webauthn;

use super::model::{self, Ceremony};
use crate::web::{Problem, Site, session, url};

pub use settings::section;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource(url::PASSKEYS).get(settings::show).post(settings::create))
        .service(web::resource(url::PASSKEY_BEGIN).post(settings::begin))
        .service(web::resource(url::PASSKEY_PROVE).get(sign_in::back_to_prove).post(sign_in::prove))
        .service(web::resource(url::PASSKEY_PROVE_BEGIN).post(sign_in::begin_proving))
        .service(web::resource("/account/passkeys/{id}").get(settings::edit).post(settings::update))
        .service(web::resource("/account/passkeys/{id}/remove").get(settings::parting).post(settings::remove))
        .service(web::resource(url::PASSKEY_SIGN_IN).get(sign_in::back).post(sign_in::create))
        .service(web::resource(url::ENROL_PASSKEY).get(enrol::back).post(enrol::create))
        .service(web::resource(url::ENROL_PASSKEY_BEGIN).post(enrol::begin))
        .service(web::resource(url::PASSKEY_SIGN_IN_BEGIN).post(sign_in::begin));
}

/// Where the session keeps what was asked. A new question takes the place of the one before.
const CEREMONY: &str = "passkey";

fn ask(session: &Session, question: &impl Serialize, ceremony: &Ceremony) -> Result<HttpResponse, Problem> {
    session::put(session, CEREMONY, ceremony)?;
    Ok(HttpResponse::Ok().json(question))
}

/// What was asked, once.
fn take(session: &Session) -> Option<Ceremony> {
    let kept = session.get(CEREMONY).ok().flatten();
    if kept.is_some() {
        session.remove(CEREMONY);
    }
    kept
}

fn party(site: &Site) -> Result<Webauthn, Problem> {
    model::party(&site.settings).ok_or(Problem::NotFound)
}
