//! Answers: a page, a page with errors, a way onward.

use actix_session::SessionExt;
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
};
use askama::Template;

use super::{
    Problem, Wants, htmx,
    page::{Offer, Toast, ToastKind},
};
use crate::db::Fault;

const FLASH: &str = "flash";
/// What the longest pages need, so that what is written does not move while it grows.
const ROOM: usize = 96 * 1024;

/// A rendered template.
pub fn html(template: &impl Template) -> Result<HttpResponse, Problem> {
    with_status(StatusCode::OK, template)
}

/// The form again with what was typed and what is wrong with it: 422.
pub fn unprocessable(template: &impl Template) -> Result<HttpResponse, Problem> {
    with_status(StatusCode::UNPROCESSABLE_ENTITY, template)
}

pub fn with_status(status: StatusCode, template: &impl Template) -> Result<HttpResponse, Problem> {
    let mut body = String::with_capacity(ROOM);
    template.render_into(&mut body).map_err(|e| Fault::broken("rendering a page", e))?;
    // Whoever reads slowly keeps only what there is to read.
    body.shrink_to_fit();
    Ok(HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::VARY, "HX-Request, HX-Target"))
        .body(body))
}

/// A page whole, or its dialog when that is what htmx swaps.
pub fn page_or_dialog(
    wants: &Wants,
    status: StatusCode,
    page: &impl Template,
    dialog: &impl Template,
) -> Result<HttpResponse, Problem> {
    match wants.block("dialog") {
        true => with_status(status, dialog),
        false => with_status(status, page),
    }
}

/// Onward after success: 303, or for htmx the same page loaded anew without a reload.
pub fn onward(request: &HttpRequest, to: &str) -> HttpResponse {
    if htmx::is_htmx(request.headers()) {
        HttpResponse::Ok().insert_header(("HX-Location", to)).finish()
    } else {
        HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish()
    }
}

/// Onward, with a message on the next page.
pub fn onward_saying(request: &HttpRequest, to: &str, words: impl Into<String>) -> HttpResponse {
    flash(request, ToastKind::Done, words);
    onward(request, to)
}

/// Keeps a message for the next page this browser sees.
pub fn flash(request: &HttpRequest, kind: ToastKind, words: impl Into<String>) {
    flash_toast(request, Toast { kind, text: words.into(), offer: None });
}

pub fn flash_toast(request: &HttpRequest, toast: Toast) {
    if let Err(error) = request.get_session().insert(FLASH, (toast.kind.word(), toast.text, toast.offer)) {
        tracing::warn!(%error, "a message for the next page could not be kept");
    }
}

/// Takes the message kept for this page.
pub fn take_flash(request: &HttpRequest) -> Vec<Toast> {
    let session = request.get_session();
    let kept = session.get::<(String, String, Option<Offer>)>(FLASH).ok().flatten();
    // Taking what is not there would write the session all the same.
    if kept.is_some() {
        session.remove(FLASH);
    }
    kept.and_then(|(kind, text, offer)| Some(Toast { kind: ToastKind::parse(&kind)?, text, offer }))
        .into_iter()
        .collect()
}
