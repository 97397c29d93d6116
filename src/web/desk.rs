//! What most handlers of a room that answers with dialogs begin with.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, http::StatusCode};

use super::{Problem, SignedIn, Wants, reply};

/// A request of somebody who is signed in, with what an answer to it needs.
pub struct Desk {
    pub request: HttpRequest,
    pub person: SignedIn,
    pub wants: Wants,
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
    pub fn show(
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
}
