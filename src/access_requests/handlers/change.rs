//! Withdrawing, giving back, ending.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use super::{back, id, refuse};
use crate::{
    access::actions::EndGrant,
    access_requests::{
        commands,
        model::{AccessRequest, ChangeRefusal},
        words,
    },
    base::ids::AccessRequestId,
    web::{Desk, Fields, Halt, Problem, SignedIn, kept, reply},
};

pub async fn withdraw(desk: Desk, path: Path<String>, fields: Fields) -> Result<HttpResponse, Problem> {
    let of = id(&path)?;
    let done = desk.person.write(move |tx, actor| Ok(commands::withdraw(tx, actor, of)?)).await;
    answer(&desk, of, &fields, done, |role| format!("Your request for {role} is withdrawn.")).await
}

pub async fn give_back(desk: Desk, path: Path<String>, fields: Fields) -> Result<HttpResponse, Problem> {
    let of = id(&path)?;
    let done = desk.person.write(move |tx, actor| Ok(commands::give_back(tx, actor, of)?)).await;
    answer(&desk, of, &fields, done, |role| format!("You hold {role} no longer.")).await
}

pub async fn end(desk: Desk, path: Path<String>, fields: Fields) -> Result<HttpResponse, Problem> {
    let of = id(&path)?;
    let done = desk.person.write(move |tx, actor| Ok(commands::end(tx, actor.may(EndGrant { of })?)?)).await;
    answer(&desk, of, &fields, done, |role| format!("{role} is taken back; they are told by mail.")).await
}

/// Somebody whose session had ended when they acted on a row comes back to the list of that row.
pub async fn return_to_list(request: HttpRequest, _: SignedIn) -> HttpResponse {
    let back = back(&kept::take(&request).unwrap_or_default());
    reply::onward(&request, &back)
}

async fn answer(
    desk: &Desk,
    of: AccessRequestId,
    fields: &Fields,
    done: Result<AccessRequest, Halt<ChangeRefusal>>,
    words: impl Fn(&str) -> String,
) -> Result<HttpResponse, Problem> {
    match done {
        Ok(request) => {
            let role = desk.person.actor.catalogue().role_name(&request.role).to_owned();
            Ok(reply::onward_saying(&desk.request, &back(fields), words(&role)))
        }
        Err(Halt::Refused(ChangeRefusal::NoSuchRequest)) => Err(Problem::NotFound),
        Err(Halt::Refused(refusal @ ChangeRefusal::Is(_))) => {
            refuse(desk, of, StatusCode::CONFLICT, words::not_changed(refusal)).await
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}
