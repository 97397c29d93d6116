//! Requiring single sign-on.

use actix_web::web::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    change,
    shown::{Required, SingleSignOn},
    told,
};
use crate::{
    access::actions::{ChangeSso, ReadSso},
    sso::{
        commands,
        model::{Named, Preview},
    },
    web::api::{Answered, ApiProblem, Bearer, Body},
};

/// Of whom it shall be required.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RequirementWanted {
    required_of: Required,
    /// The `version` of the provider when this was decided. When it is another one meanwhile, nothing is changed.
    version: i64,
}

/// Require single sign-on
///
/// From the next sign-in on. Administrators with a password and a second factor are excepted; there is always one.
#[utoipa::path(post, path = "/sso/require", tag = "Single sign-on", request_body = RequirementWanted,
    responses((status = 200, body = SingleSignOn)))]
pub async fn require(person: Bearer, body: Body<RequirementWanted>) -> Answered<SingleSignOn> {
    let RequirementWanted { required_of, version } = body.value;
    change(&person, move |tx, actor| {
        let permit = actor.may(ChangeSso)?;
        Ok(commands::require(tx, permit, required_of.into(), version).map_err(told)?)
    })
    .await
}

/// Of whom it might be required.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RequirementConsidered {
    required_of: Required,
}

/// Whom requiring it would concern.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RequirementPreview {
    /// Who could not sign in any more: the provider does not know them, and cannot come to by their address.
    #[schema(inline)]
    locked_out: PeopleNamed,
    /// Who has not come by it yet, and can.
    #[schema(inline)]
    not_yet: PeopleNamed,
    /// The administrators who come in by a password and a second factor all the same.
    #[schema(inline)]
    excepted: PeopleNamed,
}

/// How many, and the addresses of the first twenty.
#[derive(Serialize, ToSchema)]
struct PeopleNamed {
    count: i64,
    first: Vec<String>,
}

impl From<Named> for PeopleNamed {
    fn from(named: Named) -> Self {
        let first = named.first.into_iter().map(|person| person.email.as_str().to_owned());
        Self { count: named.count, first: first.collect() }
    }
}

/// Preview requiring single sign-on
///
/// Nothing is changed.
#[utoipa::path(post, path = "/sso/require/preview", tag = "Single sign-on", request_body = RequirementConsidered,
    responses((status = 200, body = RequirementPreview)))]
pub async fn preview(person: Bearer, body: Body<RequirementConsidered>) -> Answered<RequirementPreview> {
    let required = body.value.required_of.into();
    let preview = person
        .read(move |conn, actor| {
            Ok::<_, ApiProblem>(commands::preview(conn, &actor.may(ReadSso)?, required)?)
        })
        .await?;
    let Preview { locked_out, not_yet, excepted, .. } = preview.ok_or_else(ApiProblem::not_found)?;
    Ok(Json(RequirementPreview {
        locked_out: locked_out.into(),
        not_yet: not_yet.into(),
        excepted: excepted.into(),
    }))
}
