//! Acts on one person.

use actix_web::web::{Json, Path};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::shown::UserNamed;
use crate::{
    access::actions::{DeactivateUser, EndSessions, ReactivateUser, RequirePassword, ResetSecondFactor},
    base::ids::UserId,
    passwords::{self, RequireRefusal},
    people::Status,
    second_factor::{self, ResetRefusal},
    users::{
        commands::{self, Tokens},
        forms::ResetDraft,
        model::{EndRefusal, Parting, StatusRefusal, Who},
        words,
    },
    web::{
        Halt,
        api::{Answered, ApiProblem, Bearer, Body, named},
    },
};

/// What deactivating somebody would end.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Deactivation {
    user: UserNamed,
    sessions: i64,
    /// Access tokens, which open nothing while the person is deactivated.
    tokens: i64,
    /// Invitations they sent that are not accepted.
    invitations: i64,
    /// Access requests of theirs that wait.
    requests_waiting: i64,
    /// Roles they hold by an approved request.
    requests_held: i64,
    /// Then it is refused: nobody else administers the organization and can sign in.
    last_administrator: bool,
}

impl From<Parting> for Deactivation {
    fn from(parting: Parting) -> Self {
        Self {
            user: parting.who.into(),
            sessions: parting.sessions,
            tokens: parting.tokens,
            invitations: parting.invitations,
            requests_waiting: parting.requests.waiting,
            requests_held: parting.requests.held,
            last_administrator: parting.is_last_administrator,
        }
    }
}

/// What deactivating a user would end
#[utoipa::path(get, path = "/users/{id}/deactivate", tag = "Users", params(("id" = String, Path)),
    responses((status = 200, body = Deactivation)))]
pub async fn parting(person: Bearer, path: Path<String>) -> Answered<Deactivation> {
    let (of, now): (UserId, _) = (named(&path)?, person.site.db.now());
    let parting = person
        .read(move |conn, actor| {
            Ok::<_, ApiProblem>(commands::parting(conn, &actor.may(DeactivateUser { of })?, now)?)
        })
        .await?;
    Ok(Json(parting.ok_or_else(ApiProblem::not_found)?.into()))
}

/// Deactivate a user
///
/// From the next request on they can do nothing by any path. Their account stays.
#[utoipa::path(post, path = "/users/{id}/deactivate", tag = "Users", params(("id" = String, Path)),
    responses((status = 200, body = UserNamed)))]
pub async fn deactivate(person: Bearer, path: Path<String>) -> Answered<UserNamed> {
    let of = named(&path)?;
    let done =
        person.write(move |tx, actor| Ok(commands::deactivate(tx, actor.may(DeactivateUser { of })?)?)).await;
    status_changed(done, Status::Deactivated)
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reactivation {
    #[serde(default)]
    #[schema(inline)]
    tokens: TokensThen,
}

/// What becomes of the access tokens they had.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum TokensThen {
    #[default]
    Revoke,
    /// They work again.
    Keep,
}

/// Reactivate a user
///
/// With the groups they had; they sign in anew.
#[utoipa::path(post, path = "/users/{id}/reactivate", tag = "Users", params(("id" = String, Path)),
    request_body = Reactivation, responses((status = 200, body = UserNamed)))]
pub async fn reactivate(person: Bearer, path: Path<String>, body: Body<Reactivation>) -> Answered<UserNamed> {
    let of = named(&path)?;
    let tokens = match body.value.tokens {
        TokensThen::Revoke => Tokens::Revoked,
        TokensThen::Keep => Tokens::Kept,
    };
    let done = person
        .write(move |tx, actor| Ok(commands::reactivate(tx, actor.may(ReactivateUser { of })?, tokens)?))
        .await;
    status_changed(done, Status::Active)
}

fn status_changed(done: Result<Who, Halt<StatusRefusal>>, status: Status) -> Answered<UserNamed> {
    let who = done.map_err(|halt| {
        halt.told(|refusal| match refusal {
            StatusRefusal::NoSuchPerson => ApiProblem::not_found(),
            StatusRefusal::Is(_) | StatusRefusal::LastAdministrator(_) => {
                ApiProblem::conflict(words::refused(&refusal))
            }
        })
    })?;
    Ok(Json(Who { status, ..who }.into()))
}

#[derive(Serialize, ToSchema)]
pub struct SessionsEnded {
    user: UserNamed,
    /// How many there were.
    sessions: usize,
}

/// End the sessions of a user
///
/// They are told by mail.
#[utoipa::path(post, path = "/users/{id}/end-sessions", tag = "Users", params(("id" = String, Path)),
    responses((status = 200, body = SessionsEnded)))]
pub async fn end_sessions(person: Bearer, path: Path<String>) -> Answered<SessionsEnded> {
    let of = named(&path)?;
    let (who, sessions) = person
        .write(move |tx, actor| Ok(commands::end_sessions(tx, actor.may(EndSessions { of })?)?))
        .await
        .map_err(|halt| {
            halt.told(|refusal| match refusal {
                EndRefusal::NoSuchPerson => ApiProblem::not_found(),
                EndRefusal::NotSignedIn(who) => ApiProblem::conflict(words::signed_in_nowhere(who.shown())),
            })
        })?;
    Ok(Json(SessionsEnded { user: who.into(), sessions }))
}

/// Who has to set a new password.
#[derive(Serialize, ToSchema)]
pub struct PasswordRequired {
    id: String,
    name: String,
    /// Where the letter with the link goes.
    email: String,
}

/// Require a new password
///
/// The one they have lets nobody in any more; a link to set a new one is mailed to them.
#[utoipa::path(post, path = "/users/{id}/require-password", tag = "Users", params(("id" = String, Path)),
    responses((status = 200, body = PasswordRequired)))]
pub async fn require_password(person: Bearer, path: Path<String>) -> Answered<PasswordRequired> {
    let of: UserId = named(&path)?;
    let whom = person
        .write(move |tx, actor| Ok(passwords::require(tx, actor.may(RequirePassword { of })?)?))
        .await
        .map_err(|halt| {
            halt.told(|refusal| match refusal {
                RequireRefusal::NoSuchPerson => ApiProblem::not_found(),
                RequireRefusal::Oneself
                | RequireRefusal::NotActive
                | RequireRefusal::NoPassword
                | RequireRefusal::LastAdministrator => {
                    ApiProblem::conflict(words::password_not_required(refusal, words::THE_PERSON))
                }
            })
        })?;
    Ok(Json(PasswordRequired { id: of.to_string(), name: whom.name, email: whom.email }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetReason {
    /// For the person, the other administrators and the audit.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecondFactorReset {
    id: String,
    /// What was taken away: `app` or `passkey`.
    second_factor: &'static str,
    sessions_ended: usize,
}

/// Reset the second factor of a user
///
/// The app with its recovery codes, or the passkeys of somebody without an app. Their sessions end; they and the other
/// administrators are told by mail.
#[utoipa::path(post, path = "/users/{id}/reset-second-factor", tag = "Users", params(("id" = String, Path)),
    request_body = ResetReason, responses((status = 200, body = SecondFactorReset)))]
pub async fn reset_second_factor(
    person: Bearer,
    path: Path<String>,
    body: Body<ResetReason>,
) -> Answered<SecondFactorReset> {
    let of: UserId = named(&path)?;
    let reason = ResetDraft { reason: body.value.reason.trim().to_owned() }.parse();
    let reset = person
        .write(move |tx, actor| {
            let permit = actor.may(ResetSecondFactor { of })?;
            let reason = reason.as_ref().map_err(|words| Halt::Refused(NotReset::Wrong(words.clone())))?;
            Ok(second_factor::reset(tx, permit, reason).map_err(|stop| stop.map(NotReset::Refused))?)
        })
        .await
        .map_err(|halt| halt.told(NotReset::told))?;
    Ok(Json(SecondFactorReset {
        id: of.to_string(),
        second_factor: reset.factor.as_str(),
        sessions_ended: reset.sessions,
    }))
}

/// Why no second factor was reset.
enum NotReset {
    Wrong(String),
    Refused(ResetRefusal),
}

impl NotReset {
    fn told(self) -> ApiProblem {
        match self {
            Self::Wrong(words) => ApiProblem::field("reason", words),
            Self::Refused(ResetRefusal::NoSuchPerson) => ApiProblem::not_found(),
            Self::Refused(refusal @ (ResetRefusal::HasNone | ResetRefusal::LastAdministrator)) => {
                ApiProblem::conflict(words::not_reset(refusal, words::THE_PERSON))
            }
        }
    }
}
