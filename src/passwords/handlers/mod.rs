//! Passwords over HTTP.

mod change;
mod forgotten;
mod reset;

use actix_web::web::{self, ServiceConfig};

use crate::web::url;

pub use change::section;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource(url::PASSWORD).get(change::show).post(change::change))
        .service(web::resource(url::PASSWORD_FORGOTTEN).get(forgotten::show).post(forgotten::ask))
        .service(web::resource(url::password_reset("{token}")).get(reset::show).post(reset::reset));
}
