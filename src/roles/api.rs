//! Roles for programs: the catalogue, and who holds what.

use actix_web::web::{self, Json, Path, ServiceConfig};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::{
    commands,
    model::{Found, Holders, Question},
};
use crate::{
    access::{
        HeldBy, Role,
        actions::{CheckOthers, ReadRoles},
    },
    web::api::{Answered, ApiProblem, Bearer, Page, Paging, PagingParams},
};

pub fn api_routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/roles").get(index))
        .service(web::resource("/roles/{role}").get(show))
        .service(web::resource("/actions/{action}/holders").get(holders));
}

#[derive(OpenApi)]
#[openapi(paths(index, show, holders))]
pub struct ApiDocument;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Role)]
pub struct RoleShown {
    id: String,
    name: String,
    /// The id of the service it is listed under.
    service: String,
    /// The ids of the roles whose actions it contains.
    includes: Vec<String>,
    /// All its actions, those of the roles it includes too.
    actions: Vec<String>,
    /// False for a role of the operator's file.
    built_in: bool,
}

impl From<&Role> for RoleShown {
    fn from(role: &Role) -> Self {
        Self {
            id: role.id.clone(),
            name: role.name.clone(),
            service: role.service.clone(),
            includes: role.includes.clone(),
            actions: role.actions.iter().cloned().collect(),
            built_in: role.is_built_in,
        }
    }
}

/// A role, and who holds it.
#[derive(Serialize, ToSchema)]
pub struct RoleDetails {
    role: RoleShown,
    holders: HoldersShown,
}

/// Who holds a role, and through what.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Holders)]
pub struct HoldersShown {
    groups: Vec<HoldingGroupShown>,
    /// The first 50 by name.
    people: Vec<HoldingPersonShown>,
    more_people: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HoldingGroup)]
pub struct HoldingGroupShown {
    role: String,
    id: String,
    name: String,
    members: i64,
    policy_id: String,
    policy: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HoldingPerson)]
pub struct HoldingPersonShown {
    role: String,
    id: String,
    name: String,
    email: String,
    active: bool,
    /// The access policy that names them; null for a role that was asked for.
    policy: Option<String>,
    /// When a role that was asked for ends.
    until: Option<String>,
}

impl From<Holders> for HoldersShown {
    fn from(holders: Holders) -> Self {
        let groups = holders.groups.into_iter().map(|it| HoldingGroupShown {
            role: it.role,
            id: it.group.to_string(),
            name: it.name,
            members: it.members,
            policy_id: it.policy.to_string(),
            policy: it.policy_name,
        });
        let people = holders.people.into_iter().map(|it| {
            let (policy, until) = match it.by {
                HeldBy::Policy { policy_name, .. } => (Some(policy_name), None),
                HeldBy::Request { until } => (None, Some(until.rfc3339())),
            };
            HoldingPersonShown {
                role: it.role,
                id: it.user.to_string(),
                name: it.name,
                email: it.email,
                active: it.is_active,
                policy,
                until,
            }
        });
        Self { groups: groups.collect(), people: people.collect(), more_people: holders.are_more }
    }
}

/// List roles
///
/// The catalogue: the roles that are built in, then those of the operator's file.
#[utoipa::path(get, path = "/roles", tag = "Roles", params(PagingParams),
    responses((status = 200, body = Page<RoleShown>)))]
async fn index(person: Bearer, paging: Paging) -> Answered<Page<RoleShown>> {
    person.actor.may(ReadRoles)?;
    let from = paging.after::<usize>("roles")?.map_or(0, |last| last.saturating_add(1));
    let roles = person.actor.catalogue().roles();
    let rows: Vec<_> = roles.iter().enumerate().skip(from).take(paging.limit + 1).collect();
    Ok(Json(paging.page("roles", rows, |(at, _)| *at, |(_, role)| role.into())?))
}

/// Show a role and who holds it
#[utoipa::path(get, path = "/roles/{role}", tag = "Roles", params(("role" = String, Path)),
    responses((status = 200, body = RoleDetails)))]
async fn show(person: Bearer, path: Path<String>) -> Answered<RoleDetails> {
    let (now, id) = (person.site.db.now(), path.into_inner());
    person.actor.may(ReadRoles)?;
    let role = person.actor.catalogue().role(&id).ok_or_else(ApiProblem::not_found)?;
    let of = id.clone();
    let holders = person
        .read(move |conn, actor| {
            Ok::<_, ApiProblem>(commands::holders(conn, &actor.may(ReadRoles)?, &of, now)?)
        })
        .await?;
    Ok(Json(RoleDetails { role: role.into(), holders: holders.into() }))
}

/// Who may do an action
///
/// The groups and people who hold a role that contains it.
#[utoipa::path(get, path = "/actions/{action}/holders", tag = "Roles", params(("action" = String, Path)),
    responses((status = 200, body = HoldersShown)))]
async fn holders(person: Bearer, path: Path<String>) -> Answered<HoldersShown> {
    let (now, question) = (person.site.db.now(), Question::read("", &path));
    let found = person
        .read(move |conn, actor| {
            Ok::<_, ApiProblem>(commands::find(conn, &actor.may(CheckOthers)?, &question, now)?)
        })
        .await?;
    match found {
        Found::Holders(holders) => Ok(Json(holders.into())),
        _ => Err(ApiProblem::not_found()),
    }
}
