//! Acts on one invitation.

use actix_web::web::{Json, Path};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::{
        Denied,
        actions::{Action, EditUser, InviteUsers, ResendInvitation, RevokeInvitation},
    },
    base::ids::InvitationId,
    invitations::{
        commands,
        forms::AddressDraft,
        model::{ActRefusal, Invitation},
        words,
    },
    web::{
        Halt,
        api::{Answered, ApiProblem, Bearer, Body, named},
    },
};

/// Which link was looked at.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkSeen {
    /// The `generation` of the invitation; when it is another one meanwhile, nothing is done. Left out, the act goes by
    /// what is in force.
    generation: Option<i64>,
}

/// Where an invitation went.
#[derive(Serialize, ToSchema)]
pub struct InvitationSent {
    id: String,
    email: String,
}

/// Send an invitation anew
///
/// With a fresh link and a fresh expiry; the older link works no more.
#[utoipa::path(post, path = "/invitations/{id}/resend", tag = "Invitations", params(("id" = String, Path)),
    request_body = LinkSeen, responses((status = 200, body = InvitationSent)))]
pub async fn resend(person: Bearer, path: Path<String>, body: Body<LinkSeen>) -> Answered<InvitationSent> {
    let (of, seen): (InvitationId, _) = (named(&path)?, body.value.generation);
    let email = person
        .write(move |tx, actor| Ok(commands::resend(tx, actor.may(ResendInvitation { of })?, seen)?))
        .await
        .map_err(|halt| halt.told(|refusal| refused(&refusal)))?;
    Ok(Json(InvitationSent { id: of.to_string(), email }))
}

/// What became of an invitation.
#[derive(Serialize, ToSchema)]
pub struct InvitationChanged {
    id: String,
    email: String,
    /// `pending` or `revoked`.
    state: &'static str,
    generation: i64,
}

impl From<Invitation> for InvitationChanged {
    fn from(invitation: Invitation) -> Self {
        Self {
            id: invitation.id.to_string(),
            state: invitation.state.as_str(),
            generation: invitation.generation,
            email: invitation.email,
        }
    }
}

/// Revoke an invitation
///
/// The link works no more, and the invited person goes from the list of users.
#[utoipa::path(post, path = "/invitations/{id}/revoke", tag = "Invitations", params(("id" = String, Path)),
    request_body = LinkSeen, responses((status = 200, body = InvitationChanged)))]
pub async fn revoke(person: Bearer, path: Path<String>, body: Body<LinkSeen>) -> Answered<InvitationChanged> {
    let (of, seen): (InvitationId, _) = (named(&path)?, body.value.generation);
    let revoked = person
        .write(move |tx, actor| Ok(commands::revoke(tx, actor.may(RevokeInvitation { of })?, seen)?))
        .await
        .map_err(|halt| halt.told(|refusal| refused(&refusal)))?;
    Ok(Json(InvitationChanged { state: "revoked", ..revoked.into() }))
}

/// Which revocation was looked at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevocationSeen {
    /// The `generation` of the revoked invitation.
    generation: i64,
}

/// Take a revocation back
///
/// The person is invited again, with the groups they had as far as these still exist; a new link is mailed.
#[utoipa::path(post, path = "/invitations/{id}/restore", tag = "Invitations", params(("id" = String, Path)),
    request_body = RevocationSeen, responses((status = 200, body = InvitationChanged)))]
pub async fn restore(
    person: Bearer,
    path: Path<String>,
    body: Body<RevocationSeen>,
) -> Answered<InvitationChanged> {
    let (of, seen) = (named(&path)?, body.value.generation);
    let restored = person
        .write(move |tx, actor| Ok(commands::undo_revoke(tx, actor.may(InviteUsers)?, of, seen)?))
        .await
        .map_err(|halt| halt.told(|refusal| refused(&refusal)))?;
    Ok(Json(restored.into()))
}

/// Another address for an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressCorrected {
    email: String,
    /// The `generation` of the invitation.
    generation: i64,
}

/// Correct the address of an invitation
///
/// A new link goes there; the older link works no more.
#[utoipa::path(patch, path = "/invitations/{id}", tag = "Invitations", params(("id" = String, Path)),
    request_body = AddressCorrected, responses((status = 200, body = InvitationSent)))]
pub async fn update(
    person: Bearer,
    path: Path<String>,
    body: Body<AddressCorrected>,
) -> Answered<InvitationSent> {
    let (of, seen): (InvitationId, _) = (named(&path)?, body.value.generation);
    let email = AddressDraft { email: body.value.email.trim().to_owned() }.parse();
    let sent = person
        .write(move |tx, actor| {
            if !actor.may_do(EditUser::NAME) {
                return Err(Denied { action: EditUser::NAME }.into());
            }
            let now = tx.now();
            let viewed = commands::correctable(tx.conn(), actor, of, now)
                .map_err(|stop| stop.map(NotCorrected::Refused))?;
            let email = email.as_ref().map_err(|words| Halt::Refused(NotCorrected::Wrong(words.clone())))?;
            let permit = actor.may(EditUser { of: viewed.user })?;
            commands::correct_address(tx, permit, of, seen, email)
                .map_err(|stop| stop.map(NotCorrected::Refused))?;
            Ok(email.to_string())
        })
        .await
        .map_err(|halt| halt.told(NotCorrected::told))?;
    Ok(Json(InvitationSent { id: of.to_string(), email: sent }))
}

/// Why an address stayed as it was.
enum NotCorrected {
    Wrong(String),
    Refused(ActRefusal),
}

impl NotCorrected {
    fn told(self) -> ApiProblem {
        match self {
            Self::Wrong(words) => ApiProblem::field("email", words),
            Self::Refused(refusal @ ActRefusal::AddressTaken) => {
                ApiProblem::field("email", words::refused(&refusal))
            }
            Self::Refused(refusal) => refused(&refusal),
        }
    }
}

pub fn refused(refusal: &ActRefusal) -> ApiProblem {
    let words = words::refused(refusal);
    match refusal {
        ActRefusal::NoSuchInvitation => ApiProblem::not_found(),
        ActRefusal::Changed { .. } | ActRefusal::AddressTaken => ApiProblem::conflict(words),
        ActRefusal::MoreThanOwn => ApiProblem::not_permitted(words),
        ActRefusal::DomainNotAllowed | ActRefusal::SameAddress => ApiProblem::field("email", words),
    }
}
