//! The settings of single sign-on for programs: what the page does, in the JSON API.

mod deploy;
mod require;
mod saml;
mod shown;

use actix_web::web::{self, Json, ServiceConfig};
use utoipa::OpenApi;

use shown::SingleSignOn;

use super::{commands, model::SettingRefusal, words};
use crate::{
    access::{
        Actor,
        actions::{ChangeSso, ReadSso},
    },
    db::{AnyConnection, Stop, Tx},
    web::{
        Halt,
        api::{Answered, ApiProblem, Bearer},
    },
};

pub fn api_routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/sso").get(show).put(deploy::deploy).delete(remove))
        .service(web::resource("/sso/saml").put(saml::deploy))
        .service(web::resource("/sso/turn-on").post(turn_on))
        .service(web::resource("/sso/turn-off").post(turn_off))
        .service(web::resource("/sso/require").post(require::require))
        .service(web::resource("/sso/require/preview").post(require::preview));
}

#[derive(OpenApi)]
#[openapi(paths(
    show,
    deploy::deploy,
    saml::deploy,
    remove,
    turn_on,
    turn_off,
    require::require,
    require::preview
))]
pub struct ApiDocument;

/// Show single sign-on
#[utoipa::path(get, path = "/sso", tag = "Single sign-on", responses((status = 200, body = SingleSignOn)))]
async fn show(person: Bearer) -> Answered<SingleSignOn> {
    let shown = person.read(as_it_is).await?;
    Ok(Json(SingleSignOn::new(&person, shown)))
}

fn as_it_is(conn: &mut AnyConnection, actor: &Actor) -> Result<commands::Shown, ApiProblem> {
    Ok(commands::shown(conn, &actor.may(ReadSso)?)?)
}

/// What it is like behind a change.
fn afterwards(tx: &mut Tx<'_>, actor: &Actor) -> Result<commands::Shown, ApiProblem> {
    as_it_is(tx.conn(), actor)
}

/// Turn single sign-on on
#[utoipa::path(post, path = "/sso/turn-on", tag = "Single sign-on",
    responses((status = 200, body = SingleSignOn)))]
async fn turn_on(person: Bearer) -> Answered<SingleSignOn> {
    turn(&person, true).await
}

/// Turn single sign-on off
///
/// Nobody comes by it, and it is required of nobody.
#[utoipa::path(post, path = "/sso/turn-off", tag = "Single sign-on",
    responses((status = 200, body = SingleSignOn)))]
async fn turn_off(person: Bearer) -> Answered<SingleSignOn> {
    turn(&person, false).await
}

async fn turn(person: &Bearer, is_on: bool) -> Answered<SingleSignOn> {
    change(person, move |tx, actor| Ok(commands::enable(tx, actor.may(ChangeSso)?, is_on).map_err(told)?))
        .await
}

/// Remove single sign-on
///
/// Forgets the provider, with whom it knows. It has to be off.
#[utoipa::path(delete, path = "/sso", tag = "Single sign-on", responses((status = 200, body = SingleSignOn)))]
async fn remove(person: Bearer) -> Answered<SingleSignOn> {
    change(&person, |tx, actor| Ok(commands::remove(tx, actor.may(ChangeSso)?).map_err(told)?)).await
}

/// Does it, and shows what it is like then.
async fn change<F>(person: &Bearer, work: F) -> Answered<SingleSignOn>
where
    F: Fn(&mut Tx<'_>, &Actor) -> Result<(), Halt<ApiProblem>> + Send + 'static,
{
    let shown = person
        .write(move |tx, actor| {
            work(tx, actor)?;
            afterwards(tx, actor).map_err(Halt::Refused)
        })
        .await
        .map_err(|halt| halt.told(|problem| problem))?;
    Ok(Json(SingleSignOn::new(person, shown)))
}

/// A refusal in the words of the page.
fn told(stop: Stop<SettingRefusal>) -> Stop<ApiProblem> {
    stop.map(|why| match why {
        SettingRefusal::NoConnection => ApiProblem::not_found(),
        SettingRefusal::IsSo
        | SettingRefusal::IsOn
        | SettingRefusal::IsOff
        | SettingRefusal::Stale
        | SettingRefusal::LastAdministrator => ApiProblem::conflict(words::not_changed(why)),
    })
}
