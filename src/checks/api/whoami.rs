//! Who a token stands for.

use std::sync::Arc;

use actix_web::web::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::Actor,
    web::api::{Answered, Bearer},
};

/// Who a token stands for, and what it may do now.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WhoAmI {
    principal: Principal,
    token: TokenShown,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Principal {
    /// The id of the user.
    uid: String,
    /// The Org ID: six hexadecimal digits.
    org_uid: String,
    name: String,
    email: String,
    /// The names of the groups the user is in.
    groups: Vec<String>,
    /// The roles that the token carries now.
    roles: Vec<String>,
    /// Every action that the token may do now.
    #[schema(value_type = Vec<String>)]
    console_actions: Arc<Vec<String>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TokenShown {
    id: String,
    name: String,
    created_at: String,
    /// Null when it does not expire.
    expires_at: Option<String>,
    /// The roles it carries at most, when it is narrowed.
    narrowed_to: Option<Vec<String>>,
}

/// Who am I
///
/// The user behind the token, with groups, roles and actions as they are at this moment.
#[utoipa::path(get, path = "/whoami", tag = "Checks", responses((status = 200, body = WhoAmI)))]
pub async fn whoami(person: Bearer) -> Answered<WhoAmI> {
    let (actor, token) = (&person.actor, person.token());
    Ok(Json(WhoAmI {
        principal: Principal {
            uid: person.me.to_string(),
            org_uid: token.around.organization_code.clone(),
            name: token.person_name().to_owned(),
            email: token.email().to_owned(),
            groups: actor.standing().groups.iter().map(|(_, name)| name.clone()).collect(),
            roles: roles(actor),
            console_actions: actor.standing().actions(actor.catalogue()),
        },
        token: TokenShown {
            id: token.id.to_string(),
            name: token.name().to_owned(),
            created_at: token.created_at.rfc3339(),
            expires_at: token.expires_at.map(|at| at.rfc3339()),
            narrowed_to: token.narrowed_to.as_deref().map(<[String]>::to_vec),
        },
    }))
}

/// Each role once, in the order of the catalogue.
fn roles(actor: &Actor) -> Vec<String> {
    let all = actor.catalogue().roles().iter();
    all.filter(|role| actor.standing().holds(&role.id)).map(|role| role.id.clone()).collect()
}
