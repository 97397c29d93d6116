//! May they do that, and why.

use std::collections::{BTreeMap, btree_map::Entry};

use actix_web::web::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::{Catalogue, Grant, Source, Standing, actions::CheckOthers, decide, is_given},
    base::ids::UserId,
    checks::{
        commands,
        forms::{Asked, Check},
    },
    web::api::{Answered, ApiProblem, Bearer, Body},
};

/// The answer to one check under `allowed`, to many under `results`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckAnswer {
    #[serde(flatten)]
    one: Option<Verdict>,
    /// In the order of the checks.
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<Vec<Verdict>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Verdict {
    allowed: bool,
    /// Only when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
}

/// Why: for a yes every grant that gives it, for a no the roles that would.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Reason {
    because: Vec<Because>,
    roles_that_would_allow: Vec<String>,
}

/// A grant: a role by a rule of a policy, directly or through a group, or by an approved request until its end.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Because {
    role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Named {
    id: String,
    name: String,
}

/// May they do that
///
/// Whether whoever asks, or another user with the action `iam.access.check`, may do an action at this moment. A token
/// that is narrowed is asked about as it is; of another user all that they hold counts.
#[utoipa::path(post, path = "/check", tag = "Checks", request_body = Check,
    responses((status = 200, body = CheckAnswer)))]
pub async fn check(person: Bearer, body: Body<Check>) -> Answered<CheckAnswer> {
    let with_reason = body.value.reason;
    let asked = body.value.parse().map_err(|(member, words)| ApiProblem::field(member, words))?;
    let principals = principals(&person, &asked)?;
    let others = others(&person, &principals).await?;
    let (actor, are_many) = (&person.actor, asked.are_many);
    let mut verdicts: Vec<_> = asked
        .checks
        .iter()
        .zip(principals)
        .map(|(check, user)| {
            let standing = user.and_then(|user| others.get(&user)).unwrap_or(actor.standing());
            verdict(actor.catalogue(), standing, &check.action, with_reason)
        })
        .collect();
    Ok(Json(match are_many {
        true => CheckAnswer { one: None, results: Some(verdicts) },
        false => CheckAnswer { one: verdicts.pop(), results: None },
    }))
}

/// Whom each check is about, other than whoever asks.
fn principals(person: &Bearer, asked: &Asked) -> Result<Vec<Option<UserId>>, ApiProblem> {
    let of = |principal: &String| match principal.parse::<UserId>() {
        Ok(user) if user == person.me => Ok(None),
        Ok(user) => Ok(Some(user)),
        Err(_) => Err(ApiProblem::not_found()),
    };
    asked.checks.iter().map(|check| check.principal.as_ref().map_or(Ok(None), of)).collect()
}

/// What those others stand on now.
async fn others(
    person: &Bearer,
    principals: &[Option<UserId>],
) -> Result<BTreeMap<UserId, Standing>, ApiProblem> {
    let wanted: Vec<UserId> = principals.iter().copied().flatten().collect();
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let now = person.site.db.now();
    person
        .read(move |conn, actor| {
            let permit = actor.may(CheckOthers)?;
            let mut found = BTreeMap::new();
            for user in wanted {
                if let Entry::Vacant(place) = found.entry(user) {
                    let standing = commands::standing_of(conn, &permit, user, now)?;
                    place.insert(standing.ok_or_else(ApiProblem::not_found)?);
                }
            }
            Ok(found)
        })
        .await
}

fn verdict(catalogue: &Catalogue, standing: &Standing, action: &str, with_reason: bool) -> Verdict {
    let allowed = is_given(catalogue, standing, action);
    let would = || catalogue.roles().iter().filter(|role| role.actions.contains(action));
    let reason = with_reason.then(|| Reason {
        because: decide(catalogue, standing, action).because.iter().map(|grant| because(grant)).collect(),
        roles_that_would_allow: match allowed {
            true => Vec::new(),
            false => would().map(|role| role.id.clone()).collect(),
        },
    });
    Verdict { allowed, reason }
}

fn because(grant: &Grant) -> Because {
    let nothing = Because {
        role: grant.role.clone(),
        policy: None,
        rule: None,
        group: None,
        request: None,
        until: None,
    };
    match &grant.source {
        Source::Rule { policy, policy_name, rule, group } => Because {
            policy: Some(Named { id: policy.to_string(), name: policy_name.clone() }),
            rule: Some(rule.to_string()),
            group: group.as_ref().map(|(id, name)| Named { id: id.to_string(), name: name.clone() }),
            ..nothing
        },
        Source::Request { request, until } => {
            Because { request: Some(request.to_string()), until: Some(until.rfc3339()), ..nothing }
        }
    }
}
