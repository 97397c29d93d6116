//! One's own sessions over HTTP.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Path, ServiceConfig},
};

use super::{commands, model::Over, pages::SessionsSection};
use crate::{
    base::ids::SessionId,
    db::Fault,
    web::{Halt, Problem, SignedIn, Wants, page::ToastKind, reply, section, session, url},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource(url::SESSIONS).get(index))
        .service(web::resource(url::END_OTHER_SESSIONS).post(end_others))
        .service(web::resource(format!("{}/{{id}}/end", url::SESSIONS)).post(end));
}

/// Where this person is signed in.
pub async fn section(person: &SignedIn) -> Result<SessionsSection, Problem> {
    let (user, now) = (person.me.id, person.site.db.now());
    let sessions = person.read(move |conn, _| commands::of_person(conn, user, now)).await?;
    Ok(SessionsSection::new(sessions, person.who.session, &person.me.time_zone))
}

async fn index(person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    let section = section(&person).await?;
    section::show(&person, &wants, StatusCode::OK, &section)
}

async fn end(request: HttpRequest, person: SignedIn, path: Path<String>) -> Result<HttpResponse, Problem> {
    let (user, session): (_, SessionId) = (person.me.id, path.parse().map_err(|_| Problem::NotFound)?);
    match person.write(move |tx, actor| Ok(commands::end(tx, actor, user, session)?)).await {
        Ok(device) => {
            let words = format!("The session of {device} has ended.");
            Ok(reply::onward_saying(&request, &url::settings_at("sessions"), words))
        }
        Err(Halt::Refused(Over)) => {
            reply::flash(&request, ToastKind::Notice, "That session had ended already.");
            Ok(reply::onward(&request, &url::settings_at("sessions")))
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

async fn end_others(request: HttpRequest, person: SignedIn) -> Result<HttpResponse, Problem> {
    let who = person.who.clone();
    let ended = person.write(move |tx, actor| Ok(commands::end_others(tx, actor, &who)?)).await;
    match ended {
        Ok((who, ended)) => {
            session::go_on_as(&person.session, &who)?;
            let words = match ended {
                0 => "There was no other session.".to_owned(),
                1 => "One other session has ended.".to_owned(),
                many => format!("{many} other sessions have ended."),
            };
            Ok(reply::onward_saying(&request, &url::settings_at("sessions"), words))
        }
        Err(Halt::<Fault>::Refused(fault)) => Err(fault.into()),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}
