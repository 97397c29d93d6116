//! Access policies over HTTP.

mod delete;
mod editor;
mod list;

use actix_web::web::{self, ServiceConfig};

use crate::{
    base::ids::PolicyId,
    web::{Problem, url},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource(url::POLICIES).get(list::index))
        .service(web::resource(url::POLICY_CREATE).get(editor::new).post(editor::create))
        .service(
            web::resource(format!("{}/{{id}}/delete", url::POLICIES))
                .get(delete::summary)
                .post(delete::delete),
        )
        .service(web::resource(format!("{}/{{id}}", url::POLICIES)).get(editor::show).post(editor::update));
}

/// A policy by the path; what is no id is none.
fn id(path: &web::Path<String>) -> Result<PolicyId, Problem> {
    path.parse().map_err(|_| Problem::NotFound)
}
