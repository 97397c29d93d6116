//! The pages of roles over HTTP.

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Path, ServiceConfig},
};

use super::{
    commands,
    model::{Found, Question},
    pages::{RolePage, RolesPage},
};
use crate::{
    access::actions::{CheckOthers, ReadRoles},
    web::{Problem, SignedIn, form::Query, reply, url},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource(url::ROLES).get(index))
        .service(web::resource(format!("{}/{{role}}", url::ROLES)).get(show));
}

async fn index(person: SignedIn, query: Query) -> Result<HttpResponse, Problem> {
    let (now, question) =
        (person.site.db.now(), Question::read(query.0.get("person"), query.0.get("action")));
    let asked = question.clone();
    let (overview, found) = person
        .read(move |conn, actor| {
            let overview = commands::overview(conn, &actor.may(ReadRoles)?, now)?;
            let found = match asked.is_asked() {
                true => commands::find(conn, &actor.may(CheckOthers)?, &asked, now)?,
                false => Found::Nothing,
            };
            Ok::<_, Problem>((overview, found))
        })
        .await?;
    let page = RolesPage::new(&person, &question, found, &overview);
    let status = if page.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    reply::with_status(status, &page)
}

async fn show(person: SignedIn, path: Path<String>) -> Result<HttpResponse, Problem> {
    let (now, id) = (person.site.db.now(), path.into_inner());
    person.actor.may(ReadRoles)?;
    let role = person.actor.catalogue().role(&id).ok_or(Problem::NotFound)?;
    let of = id.clone();
    let holders = person
        .read(move |conn, actor| {
            let permit = actor.may(ReadRoles)?;
            Ok::<_, Problem>(commands::holders(conn, &permit, &of, now)?)
        })
        .await?;
    reply::html(&RolePage::new(&person, role, holders))
}
