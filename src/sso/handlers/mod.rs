//! Single sign-on over HTTP.

mod back;
mod own;
mod require;
mod saml;
mod saml_settings;
mod settings;
mod start;
mod trial;

use actix_web::{
    HttpResponse, Resource,
    http::StatusCode,
    web::{self, ServiceConfig},
};

pub use own::section;

use super::{
    commands,
    model::{Goal, TurnedAway},
    pages::{Ours, StoryPage},
    words,
};
use crate::{
    base::ids::OrganizationId,
    openid::NotVouched,
    saml::Own,
    web::{Anyone, Problem, SignedIn, Site, reply, url},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource(url::SSO).get(settings::index).post(settings::change))
        .service(web::resource(url::SSO_OIDC).get(settings::oidc).post(settings::next))
        .service(web::resource(url::SSO_SAML).get(saml_settings::show).post(saml_settings::next))
        .service(web::resource(url::SSO_TRY).get(trial::to_begin).post(trial::begin))
        .service(web::resource(url::SSO_DEPLOY).get(settings::waiting).post(settings::deploy))
        .service(web::resource(url::SSO_REQUIRE).get(require::show).post(require::save))
        .service(web::resource(url::SSO_SIGN_IN).get(start::show).post(start::create))
        .service(web::resource(url::SSO_OWN).get(own::show))
        .service(web::resource(url::SSO_UNLINK).get(own::parting).post(own::unlink))
        .service(web::resource(url::SSO_PROVE).get(start::to_prove).post(start::prove))
        .service(web::resource(url::oidc_callback("{org}")).get(back::show))
        .service(web::resource(url::saml("{code}", "login")).get(saml::login))
        .service(web::resource(url::saml("{code}", "finish")).get(saml::finish));
}

/// Where pages of identity providers send their answers: outside of the layers that only pages of ours pass.
pub fn answers() -> Resource {
    web::resource(url::saml("{code}", "acs")).get(saml::nothing_came).post(saml::receive)
}

/// What the provider of this person's organization has to know of us.
fn ours(person: &SignedIn) -> Ours {
    let code = &person.organization.code;
    let saml = Own::of(&person.site.settings.public_origin(), code);
    Ours { redirect: redirect(&person.site, code), saml }
}

/// The redirect address of an organization, as it is registered at its provider.
fn redirect(site: &Site, code: &str) -> String {
    site.absolute(&url::oidc_callback(code))
}

/// Says what went wrong and leads back; a word that is not to be trusted leaves a line.
async fn refused(
    person: &Anyone,
    organization: OrganizationId,
    goal: &Goal,
    why: NotVouched,
) -> Result<HttpResponse, Problem> {
    if why != NotVouched::Declined {
        tracing::warn!(%organization, why = why.for_the_log(), "a provider vouched for nobody");
    }
    if let NotVouched::Untrusted { why, .. } = why {
        let origin = person.visitor.origin();
        let note = move |tx: &mut crate::db::Tx<'_>| commands::note_untrusted(tx, organization, why, &origin);
        person.site.db.write(None, note).await?;
    }
    let status = match why {
        NotVouched::Declined => StatusCode::OK,
        NotVouched::Away(_) | NotVouched::Unreadable(_) => StatusCode::BAD_GATEWAY,
        NotVouched::Untrusted { .. } => StatusCode::FORBIDDEN,
    };
    story(person, status, words::not_vouched(&why), goal)
}

fn turned_away(person: &Anyone, goal: &Goal, why: TurnedAway) -> Result<HttpResponse, Problem> {
    story(person, StatusCode::FORBIDDEN, words::turned_away(why), goal)
}

fn story(
    person: &Anyone,
    status: StatusCode,
    (title, story): (&str, &str),
    goal: &Goal,
) -> Result<HttpResponse, Problem> {
    let (back, label) = match goal {
        Goal::SignIn { return_to } if return_to == url::HOME => (url::SIGN_IN.to_owned(), "Back to sign in"),
        Goal::SignIn { return_to } => (url::sign_in_and_return(return_to), "Back to sign in"),
        Goal::Try { .. } => (url::SSO.to_owned(), "Back to single sign-on"),
        Goal::Join { token, .. } => (url::invitation(token), "Back to the invitation"),
        Goal::Prove { return_to, .. } => (url::prove_and_return(return_to), "Prove it another way"),
    };
    let (title, story) = (title.to_owned(), story.to_owned());
    reply::with_status(status, &StoryPage { frame: person.frame(), title, story, back, label })
}
