//! Policies to look at.

use actix_web::web::{Json, Path};
use serde::Deserialize;
use utoipa::IntoParams;

use super::shown::{PolicyListed, PolicyShown};
use crate::{
    access::actions::ReadPolicies,
    policies::{
        commands,
        model::{Cursor, Toward, View},
    },
    web::api::{Answered, ApiProblem, Bearer, Page, Paging, PagingParams, Query, named},
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PoliciesAsked {
    /// Only policies with this text in their name.
    #[serde(default)]
    q: Option<String>,
}

/// List access policies
///
/// By name.
#[utoipa::path(get, path = "/policies", tag = "Access policies", params(PoliciesAsked, PagingParams),
    responses((status = 200, body = Page<PolicyListed>)))]
pub async fn index(
    person: Bearer,
    asked: Query<PoliciesAsked>,
    paging: Paging,
) -> Answered<Page<PolicyListed>> {
    let text = asked.0.q.unwrap_or_default();
    let view = View::read(|name| if name == "q" { &text } else { "" });
    let list = format!("policies {}", view.typed);
    let toward = match paging.after::<String>(&list)? {
        Some(key) => Toward::After(Cursor { key }),
        None => Toward::Start,
    };
    let (view, most) = (View { toward, ..view }, paging.limit);
    let looked = person
        .read(move |conn, actor| {
            Ok::<_, ApiProblem>(commands::look(conn, &actor.may(ReadPolicies)?, &view, most)?)
        })
        .await?;
    let shown = looked.policies.into_iter().map(PolicyListed::from).collect();
    Ok(Json(paging.page_until(&list, shown, looked.next.map(|next| next.key))?))
}

/// Show an access policy
#[utoipa::path(get, path = "/policies/{id}", tag = "Access policies", params(("id" = String, Path)),
    responses((status = 200, body = PolicyShown)))]
pub async fn show(person: Bearer, path: Path<String>) -> Answered<PolicyShown> {
    let of = named(&path)?;
    let policy = person
        .read(move |conn, actor| Ok::<_, ApiProblem>(commands::policy(conn, &actor.may(ReadPolicies)?, of)?))
        .await?;
    Ok(Json(policy.ok_or_else(ApiProblem::not_found)?.into()))
}
