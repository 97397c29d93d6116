//! What htmx asks for and how it is answered: the same page, or one block of it.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::HeaderMap};

/// Whole page, or the block that will be swapped in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wants {
    Page,
    /// The id of the element that htmx will swap; a page's block has the same name.
    Block(String),
}

impl Wants {
    pub fn of(request: &HttpRequest) -> Self {
        match is_htmx(request.headers()).then(|| target(request.headers())).flatten() {
            Some(id) => Self::Block(id),
            None => Self::Page,
        }
    }

    pub fn block(&self, id: &str) -> bool {
        matches!(self, Self::Block(wanted) if wanted == id)
    }
}

impl FromRequest for Wants {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

pub fn is_htmx(headers: &HeaderMap) -> bool {
    headers.get("HX-Request").is_some_and(|value| value == "true")
}

/// `HX-Target: tbody#people` names `people`; the body is the whole page.
fn target(headers: &HeaderMap) -> Option<String> {
    let target = headers.get("HX-Target")?.to_str().ok()?;
    target.split_once('#').map(|(_, id)| id.to_owned()).filter(|id| !id.is_empty())
}
