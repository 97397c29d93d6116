//! The audit for programs.

mod lines;
mod stream;

use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

use lines::{index, json_lines};
use stream::{
    lead_stream, remove_stream, renew_stream_secret, send_stream_test, show_stream, turn_stream_off,
    turn_stream_on,
};

use super::shown::LineShown;

pub fn api_routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/audit").get(index))
        .service(web::resource("/audit.jsonl").get(json_lines))
        .service(web::resource("/audit/stream").get(show_stream).put(lead_stream).delete(remove_stream))
        .service(web::resource("/audit/stream/turn-on").post(turn_stream_on))
        .service(web::resource("/audit/stream/turn-off").post(turn_stream_off))
        .service(web::resource("/audit/stream/new-secret").post(renew_stream_secret))
        .service(web::resource("/audit/stream/send-test").post(send_stream_test));
}

#[derive(OpenApi)]
#[openapi(
    paths(
        lines::index,
        lines::json_lines,
        stream::show_stream,
        stream::lead_stream,
        stream::remove_stream,
        stream::turn_stream_on,
        stream::turn_stream_off,
        stream::renew_stream_secret,
        stream::send_stream_test
    ),
    components(schemas(LineShown))
)]
pub struct ApiDocument;
