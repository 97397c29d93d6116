//! Two-factor authentication over HTTP.

mod settings;
mod sign_in;

use actix_session::Session;
use actix_web::web::{self, ServiceConfig};
use chrono::Duration;
use serde::{Deserialize, Serialize};

pub use settings::section;

use super::commands::{self, Presenter};
use crate::{
    base::{clock::Moment, ids::UserId},
    crypto::totp::Key,
    web::{Problem, SignedIn, Site, session, url},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource(url::TWO_FACTOR).get(settings::show))
        .service(web::resource(url::TWO_FACTOR_ENABLE).get(settings::enable).post(settings::prove))
        .service(web::resource(url::TWO_FACTOR_KEY).get(settings::key).post(settings::verify))
        .service(web::resource(url::TWO_FACTOR_DISABLE).get(settings::parting).post(settings::disable))
        .service(web::resource(url::RECOVERY_CODES).get(settings::codes).post(settings::renew))
        .service(web::resource(url::RECOVERY_CODES_TXT).get(settings::no_download).post(settings::download))
        .service(web::resource(url::SECOND_FACTOR).get(sign_in::show).post(sign_in::verify))
        .service(web::resource(url::ENROL).get(sign_in::enrol).post(sign_in::begin))
        .service(web::resource(url::ENROL_KEY).get(sign_in::key).post(sign_in::confirm));
}

/// Where the session keeps a key that was shown and not proved yet; sealed, like everything of its kind.
const PENDING: &str = "second_factor_key";
/// How long such a key may be proved.
const PENDING_LIFE: Duration = Duration::minutes(30);

#[derive(Serialize, Deserialize)]
struct Pending {
    sealed: String,
    at: i64,
}

fn begin_key(session: &Session, site: &Site, user: UserId) -> Result<(), Problem> {
    let sealed = commands::sealed(site, user, &Key::random())?;
    session::put(session, PENDING, &Pending { sealed, at: site.db.now().micros() })
}

fn pending_key(session: &Session, site: &Site, user: UserId) -> Option<Key> {
    let pending: Pending = session.get(PENDING).ok().flatten()?;
    let is_young = site.db.now().since(Moment::from_micros(pending.at)) <= PENDING_LIFE;
    is_young.then(|| commands::unsealed(site, user, &pending.sealed)).flatten()
}

fn forget_key(session: &Session) {
    session.remove(PENDING);
}

/// What recovery codes are for.
fn head(email: &str, organization: &str) -> String {
    format!("Recovery codes of {email} for {organization}")
}

fn presenter(person: &SignedIn) -> Presenter {
    Presenter {
        organization: person.organization.id,
        user: person.me.id,
        from: person.visitor.address,
        origin: person.visitor.origin(),
    }
}
