//! How people are told to programs.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    base::clock::Moment,
    groups::GroupName,
    invitations::Pending,
    sessions::Session,
    users::model::{Details, Person, PersonSeen, Who},
};

/// Somebody of the organization.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = User)]
pub struct UserShown {
    pub id: String,
    /// Empty as long as nobody knows it.
    pub name: String,
    pub email: String,
    /// `invited`, `active` or `deactivated`.
    pub status: &'static str,
    /// `none`, `app` or `passkey`.
    pub second_factor: &'static str,
    pub groups: Vec<GroupOfUser>,
    pub created_at: String,
    pub last_active_at: String,
    /// Of somebody who is invited.
    pub invitation: Option<InvitationOfUser>,
}

#[derive(Serialize, ToSchema)]
pub struct GroupOfUser {
    pub id: String,
    pub name: String,
}

impl From<GroupName> for GroupOfUser {
    fn from(group: GroupName) -> Self {
        Self { id: group.id.to_string(), name: group.name }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationOfUser {
    pub id: String,
    /// The number of the link that works; acts on the invitation name it.
    pub generation: i64,
    pub sent_at: String,
    pub expires_at: String,
}

impl From<Pending> for InvitationOfUser {
    fn from(pending: Pending) -> Self {
        Self {
            id: pending.id.to_string(),
            generation: pending.generation,
            sent_at: pending.sent_at.rfc3339(),
            expires_at: pending.expires_at.rfc3339(),
        }
    }
}

impl UserShown {
    pub fn listed(person: Person, groups: Vec<GroupName>, pending: Option<Pending>) -> Self {
        Self {
            id: person.id.to_string(),
            name: person.name,
            email: person.email,
            status: person.status.as_str(),
            second_factor: person.second_factor.as_str(),
            groups: groups.into_iter().map(GroupOfUser::from).collect(),
            created_at: person.created_at.rfc3339(),
            last_active_at: person.last_active_at.rfc3339(),
            invitation: pending.map(InvitationOfUser::from),
        }
    }

    fn whole(details: &Details, groups: Vec<GroupOfUser>, pending: Option<Pending>) -> Self {
        Self {
            id: details.who.id.to_string(),
            name: details.who.name.clone(),
            email: details.who.email.clone(),
            status: details.who.status.as_str(),
            second_factor: details.second_factor.as_str(),
            groups,
            created_at: details.created_at.rfc3339(),
            last_active_at: details.last_active_at.rfc3339(),
            invitation: pending.map(InvitationOfUser::from),
        }
    }
}

/// Somebody, and what their page tells of them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserDetails {
    user: UserShown,
    /// Rises with every change of the person; changing their groups names it.
    version: i64,
    /// Where the person comes from: `local`, or the provider that keeps them.
    source: String,
    /// Who invited them.
    inviter: Option<UserNamed>,
    joined_at: Option<String>,
    deactivated_at: Option<String>,
    /// Nobody else administers the organization and can sign in.
    last_administrator: bool,
    /// Where they are signed in, the place used last first; at most 50.
    sessions: Vec<SessionOfUser>,
    /// How many of their access tokens open something, or will again.
    tokens: i64,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionOfUser {
    /// The browser and its system in plain words.
    device: String,
    address: String,
    first_seen_at: String,
    last_seen_at: String,
}

impl From<Session> for SessionOfUser {
    fn from(session: Session) -> Self {
        Self {
            device: session.device(),
            address: session.address,
            first_seen_at: session.first_seen_at.rfc3339(),
            last_seen_at: session.last_seen_at.rfc3339(),
        }
    }
}

impl From<PersonSeen> for UserDetails {
    fn from(seen: PersonSeen) -> Self {
        let theirs = seen.choices.into_iter().filter(|choice| choice.is_theirs);
        let groups = theirs.map(|group| GroupOfUser { id: group.id.to_string(), name: group.name });
        let details = seen.details;
        Self {
            user: UserShown::whole(&details, groups.collect(), seen.pending),
            version: details.version,
            source: details.source,
            inviter: details.inviter.map(UserNamed::from),
            joined_at: details.joined_at.map(Moment::rfc3339),
            deactivated_at: details.deactivated_at.map(Moment::rfc3339),
            last_administrator: seen.is_last_administrator,
            sessions: seen.sessions.into_iter().map(SessionOfUser::from).collect(),
            tokens: seen.live_tokens,
        }
    }
}

/// Somebody, as an answer names them.
#[derive(Serialize, ToSchema)]
pub struct UserNamed {
    pub id: String,
    /// Empty as long as nobody knows it.
    pub name: String,
    pub email: String,
    /// `invited`, `active` or `deactivated`.
    pub status: &'static str,
}

impl From<Who> for UserNamed {
    fn from(who: Who) -> Self {
        Self { id: who.id.to_string(), name: who.name, email: who.email, status: who.status.as_str() }
    }
}
