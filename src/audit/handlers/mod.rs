//! The audit over HTTP.

mod export;
mod list;
mod stream;

use actix_web::web::{self, ServiceConfig};

use crate::{
    audit::model::{Span, View},
    web::{url, when},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource(url::AUDIT).get(list::index))
        .service(web::resource(url::AUDIT_CSV).get(export::csv))
        .service(web::resource(url::AUDIT_JSONL).get(export::json_lines))
        .service(web::resource(url::AUDIT_STREAM).get(stream::show).post(stream::change));
}

/// From the beginning of the first day to the end of the last, where somebody lives.
fn span(view: &View, zone: &str) -> Span {
    Span {
        from: view.from.map(|day| when::begins(day, zone)),
        before: view.to.and_then(|day| day.succ_opt()).map(|next| when::begins(next, zone)),
    }
}
