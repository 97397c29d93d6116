//! The pages of requests over HTTP.

mod answer;
mod ask;
mod change;
mod list;

use std::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::StatusCode,
    web::{self, ServiceConfig},
};

use super::{commands, model::Seen, pages::Onlooker, pages::RequestPage};
use crate::{
    base::ids::AccessRequestId,
    web::{Fields, Problem, SignedIn, Wants, reply, url},
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

/// A request of somebody who is signed in, with what an answer to it needs.
struct Desk {
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
}

impl FromRequest for Desk {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, wants) = (request.clone(), Wants::of(request));
        let person = SignedIn::from_request(&request, payload);
        Box::pin(async move { Ok(Self { person: person.await?, request, wants }) })
    }
}

impl Desk {
    /// The page whole, or its dialog when that is what htmx swaps.
    fn show(
        &self,
        status: StatusCode,
        page: &impl askama::Template,
        dialog: &impl askama::Template,
    ) -> Result<HttpResponse, Problem> {
        match self.wants.block("dialog") {
            true => reply::with_status(status, dialog),
            false => reply::with_status(status, page),
        }
    }

    fn onlooker(&self) -> Onlooker<'_> {
        Onlooker::at(&self.person, self.person.site.db.now())
    }

    /// One request that whoever asks may see.
    async fn seen(&self, id: AccessRequestId) -> Result<Seen, Problem> {
        let seen =
            self.person.read(move |conn, actor| Ok::<_, Problem>(commands::seen(conn, actor, id)?)).await?;
        seen.ok_or(Problem::NotFound)
    }

    /// How it stands, and why nothing was changed.
    async fn refuse(
        &self,
        id: AccessRequestId,
        status: StatusCode,
        words: String,
    ) -> Result<HttpResponse, Problem> {
        let seen = self.seen(id).await?;
        let page = RequestPage::new(self.person.frame(), &self.onlooker(), &seen).refused(words);
        self.show(status, &page, &page.as_dialog())
    }
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
