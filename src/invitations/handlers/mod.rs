//! Invitations over HTTP: for those who send them, and for those who open them.

mod guest;
mod invite;
mod join;
mod open;
mod pending;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, ServiceConfig},
};

use super::{model::ActRefusal, pages::ConflictPage, words};
use crate::web::{Desk, Halt, Problem, htmx, page::ToastKind, reply, url};

pub fn routes(config: &mut ServiceConfig) {
    let pending = |act: &str| format!("{}/invitations/{{id}}/{act}", url::USERS);
    config
        .service(web::resource(url::INVITE).get(invite::new).post(invite::create))
        .service(web::resource(pending("link")).get(pending::link))
        .service(web::resource(pending("resend")).get(pending::return_to_list).post(pending::resend))
        .service(web::resource(pending("revoke")).get(pending::return_to_list).post(pending::revoke))
        .service(web::resource(pending("undo")).get(pending::return_to_list).post(pending::undo))
        .service(web::resource(pending("address")).get(pending::edit_address).post(pending::update_address))
        .service(web::resource(url::SEND_INVITATION_AGAIN).get(open::new_letter).post(open::send_again))
        .service(web::resource(url::JOIN).get(join::show).post(join::create))
        .service(web::resource("/invitations/{token}").get(open::show).post(open::accept))
        .service(web::resource("/invitations/{token}/ask").post(open::ask))
        .service(web::resource("/invitations/{token}/join").get(open::back).post(open::join))
        .service(web::resource("/invitations/{token}/switch").post(open::switch));
}

/// What was done leads on; a refusal says why it was not.
fn answer<T>(
    desk: &Desk,
    outcome: Result<T, Halt<ActRefusal>>,
    back: &str,
    done: impl FnOnce(T) -> Result<HttpResponse, Problem>,
) -> Result<HttpResponse, Problem> {
    match outcome {
        Ok(value) => done(value),
        Err(Halt::Refused(refusal)) => refuse(desk, &refusal, back),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

/// Nothing was changed, and why: on a page of its own, in the dialog, or as a message above the list that htmx
/// loads anew.
fn refuse(desk: &Desk, refusal: &ActRefusal, back: &str) -> Result<HttpResponse, Problem> {
    let status = match refusal {
        ActRefusal::NoSuchInvitation => return Err(Problem::NotFound),
        ActRefusal::Changed { .. } | ActRefusal::AddressTaken => StatusCode::CONFLICT,
        ActRefusal::MoreThanOwn | ActRefusal::DomainNotAllowed | ActRefusal::SameAddress => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    let story = words::refused(refusal);
    if htmx::is_htmx(desk.request.headers()) && !desk.wants.block("dialog") {
        reply::flash(&desk.request, ToastKind::Error, format!("{story} Nothing was changed."));
        return Ok(HttpResponse::build(status).insert_header(("HX-Location", back)).finish());
    }
    let page = ConflictPage { frame: desk.person.frame(), story, back: back.to_owned() };
    desk.show(status, &page, &page.as_dialog())
}
