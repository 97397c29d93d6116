//! Pending invitations, one invitation, its link.

use actix_web::web::{Json, Path};
use serde::Serialize;
use utoipa::ToSchema;

use super::acts::refused;
use crate::{
    access::actions::{ReadUsers, ResendInvitation},
    base::{clock::Moment, ids::InvitationId},
    invitations::{
        commands,
        model::{State, Told},
    },
    mail::{Links, MailState, MailStatus},
    web::{
        Halt,
        api::{Answered, ApiProblem, Bearer, Page, Paging, PagingParams, named},
    },
};

/// An invitation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Invitation)]
pub struct InvitationShown {
    id: String,
    /// The id of the invited user, whose groups can be changed; null once it was revoked.
    user: Option<String>,
    email: String,
    /// Empty when none was given.
    name: String,
    /// `pending`, `accepted` or `revoked`.
    state: &'static str,
    /// The number of the link that works; acts name it, so that nothing is done to another one than was looked at.
    generation: i64,
    /// The names of the groups.
    groups: Vec<String>,
    message: String,
    /// The name or address of whoever invites; empty when nobody is known.
    inviter: String,
    sent_at: String,
    expires_at: String,
    /// Whether it is pending and its link works no more because its time is over.
    expired: bool,
    /// What became of the letter.
    letter: Option<LetterShown>,
}

#[derive(Serialize, ToSchema)]
pub struct LetterShown {
    /// `queued`, `sent` or `failed`.
    state: &'static str,
    /// What the mail server said last; empty when it never objected.
    words: String,
}

impl From<MailStatus> for LetterShown {
    fn from(mail: MailStatus) -> Self {
        let state = match mail.state {
            MailState::Queued => "queued",
            MailState::Sent => "sent",
            MailState::Failed => "failed",
        };
        Self { state, words: mail.words }
    }
}

impl InvitationShown {
    pub fn new(told: Told, now: Moment) -> Self {
        let Told { invitation, name, groups, inviter, mail } = told;
        Self {
            id: invitation.id.to_string(),
            user: invitation.user.map(|user| user.to_string()),
            name,
            state: invitation.state.as_str(),
            generation: invitation.generation,
            groups: groups.into_iter().map(|group| group.name).collect(),
            inviter,
            sent_at: invitation.sent_at.rfc3339(),
            expires_at: invitation.expires_at.rfc3339(),
            expired: invitation.state == State::Pending && invitation.is_expired(now),
            letter: mail.map(LetterShown::from),
            email: invitation.email,
            message: invitation.message,
        }
    }
}

/// List pending invitations
///
/// By the names of the invited, or their addresses. Users can be searched among those who are invited, too.
#[utoipa::path(get, path = "/invitations", tag = "Invitations", params(PagingParams),
    responses((status = 200, body = Page<InvitationShown>)))]
pub async fn index(person: Bearer, paging: Paging) -> Answered<Page<InvitationShown>> {
    const LIST: &str = "invitations";
    let (after, most) = (paging.after(LIST)?, paging.fetch());
    let now = person.site.db.now();
    let pending = person
        .read(move |conn, actor| {
            let permit = actor.may(ReadUsers)?;
            Ok::<_, ApiProblem>(commands::told_pending(conn, &permit, after.as_ref(), most)?)
        })
        .await?;
    let shown = |(_, told)| InvitationShown::new(told, now);
    Ok(Json(paging.page(LIST, pending, |(place, _)| place.clone(), shown)?))
}

/// Show an invitation
#[utoipa::path(get, path = "/invitations/{id}", tag = "Invitations", params(("id" = String, Path)),
    responses((status = 200, body = InvitationShown)))]
pub async fn show(person: Bearer, path: Path<String>) -> Answered<InvitationShown> {
    let (of, now) = (named(&path)?, person.site.db.now());
    let told = person
        .read(move |conn, actor| Ok::<_, ApiProblem>(commands::told(conn, &actor.may(ReadUsers)?, of)?))
        .await?;
    Ok(Json(InvitationShown::new(told.ok_or_else(ApiProblem::not_found)?, now)))
}

/// The link of an invitation, to be handed over.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationLink {
    /// Whoever opens it can accept the invitation.
    url: String,
    email: String,
    generation: i64,
    expires_at: String,
    expired: bool,
}

/// Show the link of a pending invitation
///
/// For those who may give what the groups of the invited person carry.
#[utoipa::path(get, path = "/invitations/{id}/link", tag = "Invitations", params(("id" = String, Path)),
    responses((status = 200, body = InvitationLink),
        (status = 409, description = "It is not pending any more.", body = crate::web::api::ProblemDocument)))]
pub async fn link(person: Bearer, path: Path<String>) -> Answered<InvitationLink> {
    let (of, site): (InvitationId, _) = (named(&path)?, &person.site);
    let (links, now) = (Links::new(site.settings.public_url.clone(), site.signer.clone()), site.db.now());
    let (viewed, link) = person
        .read(move |conn, actor| {
            Ok::<_, Halt<_>>(commands::view(conn, actor.may(ResendInvitation { of })?, &links, now)?)
        })
        .await
        .map_err(|halt| halt.told(|refusal| refused(&refusal)))?;
    Ok(Json(InvitationLink {
        url: link,
        email: viewed.email,
        generation: viewed.generation,
        expires_at: viewed.expires_at.rfc3339(),
        expired: viewed.is_expired,
    }))
}
