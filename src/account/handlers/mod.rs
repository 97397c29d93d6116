//! The account over HTTP.

mod email;
mod profile;

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    web::{self, ServiceConfig},
};

use super::{
    commands,
    forms::EmailDraft,
    pages::{ProfileSection, SettingsPage},
};
use crate::{
    db::Fault,
    passkeys, passwords, second_factor, sessions, social, sso,
    web::{Anyone, Fields, Halt, Problem, SignedIn, page::Theme, reply, session, theme, url},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource(url::HOME).get(home))
        .service(web::resource(url::SETTINGS).get(show))
        .service(web::resource(url::THEME).post(choose_theme))
        .service(web::resource(url::PROFILE).get(profile::edit).post(profile::update))
        .service(web::resource(url::EMAIL).get(email::edit).post(email::update))
        .service(web::resource(url::CANCEL_EMAIL).post(email::cancel))
        .service(web::resource(url::confirm_email("{token}")).get(email::show_confirm).post(email::confirm))
        .service(web::resource(url::undo_email("{token}")).get(email::show_undo).post(email::undo));
}

/// The first page: the users for those who may read them, one's own settings otherwise.
async fn home(request: HttpRequest, person: SignedIn) -> HttpResponse {
    let goal = if person.actor.may_do("iam.users.read") { url::USERS } else { url::SETTINGS };
    reply::onward(&request, goal)
}

async fn show(request: HttpRequest, person: SignedIn) -> Result<HttpResponse, Problem> {
    reply::html(&SettingsPage {
        profile: ProfileSection::of(&person.me),
        email: email::section(&person, &EmailDraft::default(), None).await?,
        passkeys: passkeys::section(&request, &person).await?,
        linked: social::section(&person).await?,
        by_sso: sso::section(&person).await?,
        password: passwords::section(&person).await?,
        sessions: sessions::section(&person).await?,
        two_factor: second_factor::section(&person).await?,
        frame: person.frame(),
    })
}

async fn choose_theme(request: HttpRequest, person: Anyone, fields: Fields) -> Result<HttpResponse, Problem> {
    let theme = Theme::parse(fields.get("theme")).unwrap_or(Theme::System);
    if session::who(&person.session).is_some() {
        remember_for_account(&request, theme).await?;
    }
    let mut response = reply::onward(&request, url::local(fields.get("return_to")).unwrap_or(url::HOME));
    theme::remember(&request, &mut response, theme);
    Ok(response)
}

/// For whoever is signed in; a session that has just ended keeps the choice in the browser alone.
async fn remember_for_account(request: &HttpRequest, theme: Theme) -> Result<(), Problem> {
    let Ok(person) = SignedIn::from_request(request, &mut Payload::None).await else { return Ok(()) };
    let user = person.me.id;
    let chosen = person.write(move |tx, actor| Ok(commands::choose_theme(tx, actor, user, theme)?)).await;
    match chosen {
        Ok(()) => Ok(()),
        Err(Halt::<Fault>::Refused(fault)) => Err(fault.into()),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}
