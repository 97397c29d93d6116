//! Questions over HTTP.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

use actix_web::{
    HttpRequest,
    http::header,
    web::{self, Bytes, Json, ServiceConfig},
};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::{
    commands,
    forms::{Asked, Check, Introspect},
};
use crate::{
    access::{
        Actor, Catalogue, Grant, Source, Standing,
        actions::{CheckOthers, IntrospectTokens},
        decide, is_given,
    },
    base::ids::UserId,
    web::{
        Fields,
        api::{Answered, ApiProblem, Bearer, Body, look_up, problem},
    },
};

pub fn api_routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/whoami").get(whoami))
        .service(web::resource("/check").post(check))
        .service(web::resource("/introspect").post(introspect));
}

#[derive(OpenApi)]
#[openapi(paths(whoami, check, introspect))]
pub struct ApiDocument;

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
async fn whoami(person: Bearer) -> Answered<WhoAmI> {
    let (actor, token) = (&person.actor, &person.token);
    Ok(Json(WhoAmI {
        principal: Principal {
            uid: person.me.to_string(),
            org_uid: token.person.organization_code.clone(),
            name: token.person.name.clone(),
            email: token.person.email.clone(),
            groups: actor.standing().groups.iter().map(|(_, name)| name.clone()).collect(),
            roles: roles(actor),
            console_actions: actor.standing().actions(actor.catalogue()),
        },
        token: TokenShown {
            id: token.id.to_string(),
            name: token.name.clone(),
            created_at: token.created_at.rfc3339(),
            expires_at: token.expires_at.map(|at| at.rfc3339()),
            narrowed_to: token.narrowed_to.clone(),
        },
    }))
}

/// Each role once, in the order of the catalogue.
fn roles(actor: &Actor) -> Vec<String> {
    let all = actor.catalogue().roles().iter();
    all.filter(|role| actor.standing().holds(&role.id)).map(|role| role.id.clone()).collect()
}

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
async fn check(person: Bearer, body: Body<Check>) -> Answered<CheckAnswer> {
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

/// What is known of a token (RFC 7662, section 2.2). Nothing but `active` for one that opens nothing here.
#[derive(Default, Serialize, ToSchema)]
pub struct Introspected {
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    /// The id of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    /// The e-mail address of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// The roles that a narrowed token carries at most, separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    /// When it ends, in seconds since 1970; left out when it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    /// The id of the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
}

/// Whose token is this
///
/// Token introspection (RFC 7662) for services that were given a token of somebody of the same organization.
#[utoipa::path(post, path = "/introspect", tag = "Checks",
    request_body(content = Introspect, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = Introspected)))]
async fn introspect(person: Bearer, request: HttpRequest, body: Bytes) -> Answered<Introspected> {
    person.actor.may(IntrospectTokens)?;
    let asked = introspect_form(&request, &body)?;
    let now = person.site.db.now();
    let found = person.read(move |conn, _| look_up(conn, &asked, now)).await?;
    let Some((token, user, _)) = found.filter(|(_, _, organization)| *organization == person.organization)
    else {
        return Ok(Json(Introspected::default()));
    };
    Ok(Json(Introspected {
        active: true,
        token_type: Some("Bearer"),
        sub: Some(user.to_string()),
        username: Some(token.person.email),
        scope: token.narrowed_to.map(|roles| roles.join(" ")),
        exp: token.expires_at.map(|at| at.micros() / 1_000_000),
        iat: Some(token.created_at.micros() / 1_000_000),
        iss: Some(person.site.settings.public_origin()),
        jti: Some(token.id.to_string()),
    }))
}

/// The token that the form asks about.
fn introspect_form(request: &HttpRequest, body: &[u8]) -> Result<String, ApiProblem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    let is_packed = request.headers().get(header::CONTENT_ENCODING).is_some_and(|it| it != "identity");
    if kind != Some("application/x-www-form-urlencoded") || is_packed {
        let words = "Send the token as a form: Content-Type: application/x-www-form-urlencoded (RFC 7662).";
        return Err(ApiProblem::new(problem::NOT_A_FORM, words));
    }
    let fields = Fields::decode(body);
    match fields.get("token") {
        "" => Err(ApiProblem::field("token", "Send the token to ask about.")),
        token => Ok(token.to_owned()),
    }
}
