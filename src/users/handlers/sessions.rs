//! Ending all sessions of somebody.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use super::id;
use crate::{
    access::actions::EndSessions,
    users::{commands, model::EndRefusal, pages::EndSessionsPage, words},
    web::{Halt, Problem, SignedIn, Wants, page::ToastKind, reply, url},
};

pub async fn summary(person: SignedIn, wants: Wants, path: Path<String>) -> Result<HttpResponse, Problem> {
    let (of, now) = (id(&path)?, person.site.db.now());
    let found = person
        .read(move |conn, actor| {
            Ok::<_, Problem>(commands::signed_in(conn, &actor.may(EndSessions { of })?, now)?)
        })
        .await?;
    let (who, sessions) = found.ok_or(Problem::NotFound)?;
    let page = EndSessionsPage::new(person.frame(), who, sessions.len(), of == person.me.id);
    reply::page_or_dialog(&wants, StatusCode::OK, &page, &page.as_dialog())
}

pub async fn end(
    request: HttpRequest,
    person: SignedIn,
    path: Path<String>,
) -> Result<HttpResponse, Problem> {
    let of = id(&path)?;
    let ended =
        person.write(move |tx, actor| Ok(commands::end_sessions(tx, actor.may(EndSessions { of })?)?)).await;
    match ended {
        Ok(_) if of == person.me.id => {
            person.session.purge();
            Ok(reply::onward(&request, url::SIGN_IN))
        }
        Ok((who, count)) => {
            let words = match count {
                1 => format!("The session of {} has ended.", who.shown()),
                many => format!("{many} sessions of {} have ended.", who.shown()),
            };
            Ok(reply::onward_saying(&request, &url::user(of), words))
        }
        Err(Halt::Refused(EndRefusal::NoSuchPerson)) => Err(Problem::NotFound),
        Err(Halt::Refused(EndRefusal::NotSignedIn(who))) => {
            reply::flash(&request, ToastKind::Notice, words::signed_in_nowhere(who.shown()));
            Ok(reply::onward(&request, &url::user(of)))
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}
