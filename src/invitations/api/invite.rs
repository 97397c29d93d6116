//! Inviting one or many.

use actix_web::web::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::{Actor, actions::InviteUsers},
    base::email_address::EmailAddress,
    db::Tx,
    invitations::{
        commands,
        forms::{self, InviteDraft, InviteErrors, Listed},
        model::{Entry, Found, Invite, InviteRefusal, Invitee, Sent},
        words,
    },
    web::{
        Halt,
        api::{Answer, Answered, ApiProblem, Bearer, Body, Made},
    },
};

/// Whom to invite, and to what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitations {
    /// At most 500, such as `ada@example.com` or `Ada Lovelace <ada@example.com>`.
    addresses: Vec<String>,
    /// Ids of groups that all of them join. Nobody gives more than they hold.
    #[serde(default)]
    groups: Vec<String>,
    /// For the letter, at most 1,000 characters.
    #[serde(default)]
    #[schema(max_length = 1000)]
    message: String,
    /// Whether those who are invited already get a fresh link; their groups stay as they are.
    #[serde(default)]
    resend: bool,
}

impl NewInvitations {
    fn parse(self) -> Result<Listed, ApiProblem> {
        let draft = InviteDraft {
            email: self.addresses.join("\n"),
            groups: self.groups,
            message: self.message.trim().to_owned(),
            resend: self.resend,
            ..InviteDraft::default()
        };
        draft.parse().map_err(|InviteErrors { email, groups, message }| {
            let all = [("addresses", email), ("groups", groups), ("message", message)];
            ApiProblem::fields(all.into_iter().filter_map(|(member, words)| Some((member, words?))))
        })
    }
}

/// What was done with a list.
#[derive(Serialize, ToSchema)]
pub struct InvitationsSent {
    /// Who was new, and is invited now.
    invited: Vec<InvitationRef>,
    /// Who was invited already, and got a fresh link.
    resent: Vec<InvitationRef>,
    /// Who got nothing, and why.
    left: Vec<AddressFound>,
}

#[derive(Serialize, ToSchema)]
pub struct InvitationRef {
    id: String,
    /// The id of the invited user.
    user: String,
    email: String,
    generation: i64,
}

/// What stands behind an address.
#[derive(Serialize, ToSchema)]
pub struct AddressFound {
    email: String,
    /// `new`, `invited`, `member`, `deactivated` or `domain_not_allowed`; in a preview also `again` for one that stands
    /// twice in the list and `wrong` for what is no address.
    found: &'static str,
    words: String,
}

impl AddressFound {
    fn new(email: &EmailAddress, found: &Found) -> Self {
        let kind = match found {
            Found::New => "new",
            Found::Invited { .. } => "invited",
            Found::Member(_) => "member",
            Found::Deactivated(_) => "deactivated",
            Found::DomainNotAllowed => "domain_not_allowed",
        };
        Self { email: email.to_string(), found: kind, words: words::found(email, found) }
    }
}

/// Invite people
///
/// All of the addresses must be ones; who is a member, or invited already, is left out and named. When nobody is left
/// to invite, that is a conflict.
#[utoipa::path(post, path = "/invitations", tag = "Invitations", request_body = NewInvitations,
    responses((status = 201, body = InvitationsSent)))]
pub async fn create(person: Bearer, body: Body<NewInvitations>) -> Result<Answer, ApiProblem> {
    let Listed { invite, entries } = body.value.parse()?;
    let wrong: Vec<String> = entries
        .into_iter()
        .filter_map(|entry| match entry {
            Entry::Wrong { why, .. } => Some(why),
            Entry::Someone(_) | Entry::Again(_) => None,
        })
        .collect();
    if !wrong.is_empty() {
        return Err(ApiProblem::field("addresses", wrong.join(" ")));
    }
    person
        .create(&body.once, move |tx, actor| send(tx, actor, &invite))
        .await
        .map_err(|halt| halt.told(refused))
}

fn send(
    tx: &mut Tx<'_>,
    actor: &Actor,
    invite: &Invite,
) -> Result<Made<InvitationsSent>, Halt<InviteRefusal>> {
    let Sent { invited, resent, left } = commands::invite(tx, actor.may(InviteUsers)?, invite)?;
    let now = commands::sort_out(tx.conn(), &actor.may(InviteUsers)?, &invite.people)?;
    let of = |list: &[EmailAddress]| now.iter().filter_map(|found| reference(list, found)).collect();
    Ok(Made::new(InvitationsSent {
        invited: of(&invited),
        resent: of(&resent),
        left: left.iter().map(|(email, found)| AddressFound::new(email, found)).collect(),
    }))
}

fn reference(list: &[EmailAddress], (invitee, found): &(Invitee, Found)) -> Option<InvitationRef> {
    let Found::Invited { user, invitation, generation } = found else { return None };
    list.contains(&invitee.email).then(|| InvitationRef {
        id: invitation.to_string(),
        user: user.to_string(),
        email: invitee.email.to_string(),
        generation: *generation,
    })
}

fn refused(refusal: InviteRefusal) -> ApiProblem {
    match refusal {
        InviteRefusal::NoSuchGroup => ApiProblem::field("groups", forms::NO_SUCH_GROUP),
        InviteRefusal::MoreThanOwn => ApiProblem::not_permitted(forms::MORE_THAN_OWN),
        InviteRefusal::Provisioned => ApiProblem::conflict(forms::PROVISIONED),
        InviteRefusal::Nobody(list) => {
            let told = list.iter().map(|(invitee, found)| words::found(&invitee.email, found));
            ApiProblem::conflict(told.collect::<Vec<_>>().join(" "))
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct InvitationsPreview {
    /// In the order of the list.
    addresses: Vec<AddressFound>,
}

/// Preview invitations
///
/// What stands behind each address. Nothing is sent.
#[utoipa::path(post, path = "/invitations/preview", tag = "Invitations", request_body = NewInvitations,
    responses((status = 200, body = InvitationsPreview)))]
pub async fn preview(person: Bearer, body: Body<NewInvitations>) -> Answered<InvitationsPreview> {
    let Listed { invite, entries } = body.value.parse()?;
    let found = person
        .read(move |conn, actor| {
            Ok::<_, ApiProblem>(commands::sort_out(conn, &actor.may(InviteUsers)?, &invite.people)?)
        })
        .await?;
    let mut found = found.into_iter();
    let shown = entries.into_iter().filter_map(|entry| match entry {
        Entry::Someone(_) => found.next().map(|(invitee, found)| AddressFound::new(&invitee.email, &found)),
        Entry::Again(email) => Some(AddressFound {
            words: format!("{email} stands in the list before."),
            email: email.to_string(),
            found: "again",
        }),
        Entry::Wrong { text, why } => Some(AddressFound { email: text, found: "wrong", words: why }),
    });
    Ok(Json(InvitationsPreview { addresses: shown.collect() }))
}
