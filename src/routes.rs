//! The map: every room's routes, mounted once.

use actix_web::{
    Resource,
    web::{self, ServiceConfig},
};
use utoipa::{OpenApi as _, openapi::OpenApi};

use crate::{
    access_requests, account, audit, checks, groups, invitations, organization, passkeys, passwords,
    policies, proofs, reference, roles, saml, scim, second_factor, sessions, setup, sign_in, social, sso,
    tokens, users, web::api::describe,
};

/// What browsers ask for with a cookie. More exact paths stand before patterns that would also match them.
pub fn browser(config: &mut ServiceConfig) {
    config
        .configure(access_requests::routes)
        .configure(account::routes)
        .configure(audit::routes)
        .configure(groups::routes)
        .configure(invitations::routes)
        .configure(organization::routes)
        .configure(passkeys::routes)
        .configure(passwords::routes)
        .configure(policies::routes)
        .configure(proofs::routes)
        .configure(roles::routes)
        .configure(saml::routes)
        .configure(scim::routes)
        .configure(second_factor::routes)
        .configure(sessions::routes)
        .configure(setup::routes)
        .configure(sign_in::routes)
        .configure(social::routes)
        .configure(sso::routes)
        .configure(tokens::routes)
        .configure(users::routes)
        .default_service(web::to(not_found));
}

/// What programs ask for with an access token, below `/api/v1`; first what they ask at request rate, as routes are
/// tried one after the other.
pub fn api(config: &mut ServiceConfig) {
    config
        .configure(checks::api_routes)
        .configure(access_requests::api_routes)
        .configure(audit::api_routes)
        .configure(groups::api_routes)
        .configure(invitations::api_routes)
        .configure(organization::api_routes)
        .configure(policies::api_routes)
        .configure(reference::api_routes)
        .configure(roles::api_routes)
        .configure(scim::api_routes)
        .configure(sso::api_routes)
        .configure(tokens::api_routes)
        .configure(users::api_routes);
}

/// What identity providers ask for with a token, below `/scim/v2`.
pub fn scim(config: &mut ServiceConfig) {
    config.configure(scim::scim_routes);
}

/// Where pages of identity providers send browsers with an answer, without a cookie.
pub fn answers_of_providers() -> Resource {
    sso::answers()
}

/// What the API says of itself.
pub fn document() -> OpenApi {
    describe(documents())
}

fn documents() -> impl IntoIterator<Item = OpenApi> {
    [
        access_requests::ApiDocument::openapi(),
        audit::ApiDocument::openapi(),
        checks::ApiDocument::openapi(),
        groups::ApiDocument::openapi(),
        invitations::ApiDocument::openapi(),
        organization::ApiDocument::openapi(),
        policies::ApiDocument::openapi(),
        roles::ApiDocument::openapi(),
        scim::ApiDocument::openapi(),
        sso::ApiDocument::openapi(),
        tokens::ApiDocument::openapi(),
        users::ApiDocument::openapi(),
    ]
}

async fn not_found() -> Result<actix_web::HttpResponse, crate::web::Problem> {
    Err(crate::web::Problem::NotFound)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_two_rooms_call_different_things_by_one_name() {
        let mut known = BTreeMap::new();
        for document in documents() {
            for (name, schema) in document.components.unwrap_or_default().schemas {
                let schema = serde_json::to_value(schema).unwrap();
                let other = known.insert(name.clone(), schema.clone());
                assert!(other.is_none_or(|other| other == schema), "{name}");
            }
        }
    }
}
