//! The pages of requests over HTTP.

mod answer;
mod ask;
mod change;
mod list;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, ServiceConfig},
};

use super::{commands, model::Seen, pages::Onlooker, pages::RequestPage};
use crate::{
    base::ids::AccessRequestId,
    web::{Desk, Fields, Problem, url},
};

pub fn routes(config: &mut ServiceConfig) {
    let of_request = |act: &str| format!("{}/{{id}}/{act}", url::ACCESS_REQUESTS);
    config
        .service(web::resource(url::ACCESS_REQUESTS).get(list::index))
        .service(web::resource(url::REQUEST_ACCESS).get(ask::new).post(ask::create))
        .service(web::resource(format!("{}/{{id}}", url::ACCESS_REQUESTS)).get(answer::show))
        .service(web::resource(of_request("approve")).get(answer::approval).post(answer::approve))
        .service(web::resource(of_request("deny")).get(answer::denial).post(answer::deny))
        .service(web::resource(of_request("withdraw")).get(change::return_to_list).post(change::withdraw))
        .service(web::resource(of_request("give-back")).get(change::return_to_list).post(change::give_back))
        .service(web::resource(of_request("end")).get(change::return_to_list).post(change::end));
}

fn onlooker(desk: &Desk) -> Onlooker<'_> {
    Onlooker::at(&desk.person, desk.person.site.db.now())
}

/// One request that whoever asks may see.
async fn seen(desk: &Desk, id: AccessRequestId) -> Result<Seen, Problem> {
    let seen =
        desk.person.read(move |conn, actor| Ok::<_, Problem>(commands::seen(conn, actor, id)?)).await?;
    seen.ok_or(Problem::NotFound)
}

/// How it stands, and why nothing was changed.
async fn refuse(
    desk: &Desk,
    id: AccessRequestId,
    status: StatusCode,
    words: String,
) -> Result<HttpResponse, Problem> {
    let seen = seen(desk, id).await?;
    let page = RequestPage::new(desk.person.frame(), &onlooker(desk), &seen).refused(words);
    desk.show(status, &page, &page.as_dialog())
}

/// A request by the path; what is no id is nobody's.
fn id(path: &web::Path<String>) -> Result<AccessRequestId, Problem> {
    path.parse().map_err(|_| Problem::NotFound)
}

/// The page of ours to return to, as the form says it.
fn back(fields: &Fields) -> String {
    let local = url::local(fields.get("return_to")).filter(|path| path.starts_with(url::ACCESS_REQUESTS));
    local.unwrap_or(url::ACCESS_REQUESTS).to_owned()
}
