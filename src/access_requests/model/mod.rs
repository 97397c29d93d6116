//! A role asked for, for some time: what a request is, and how far it has come.

mod place;
mod refusal;
mod state;

use std::collections::BTreeMap;

use chrono::Duration;

use crate::{
    access::{Catalogue, IAM_ADMIN, Role, Standing},
    base::{
        clock::Moment,
        ids::{AccessRequestId, OrganizationId, UserId},
    },
};

pub use place::{Place, Slice, Toward};
pub use refusal::{AskRefusal, ChangeRefusal, DecideRefusal};
pub use state::{Act, State};

/// The shortest time that a role can be asked for, in minutes; the longest is a setting.
pub const FEWEST_MINUTES: i32 = 15;

/// An unanswered request expires after this.
pub const ANSWERED_WITHIN: Duration = Duration::hours(2);

/// How many requests of one person may wait at a time.
pub const MOST_WAITING: usize = 20;

/// The longest reason and the longest note, in characters.
pub const LONGEST_REASON: usize = 500;
pub const LONGEST_NOTE: usize = 500;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRequest {
    pub id: AccessRequestId,
    pub organization: OrganizationId,
    pub user: UserId,
    pub role: String,
    pub reason: String,
    pub minutes: i32,
    /// As it was last written down; [`AccessRequest::state_at`] is how it stands.
    pub state: State,
    pub created_at: Moment,
    pub expires_at: Moment,
    pub decided_at: Option<Moment>,
    pub decided_by: Option<UserId>,
    pub note: String,
    /// When the role is held no longer, of an approved one.
    pub ends_at: Option<Moment>,
    pub ended_at: Option<Moment>,
    pub ended_by: Option<UserId>,
}

impl AccessRequest {
    /// How it stands at this moment, whether or not somebody has written down that its time is up.
    pub fn state_at(&self, now: Moment) -> State {
        let due = match self.state {
            State::Pending => Some(self.expires_at),
            State::Approved => self.ends_at,
            _ => None,
        };
        let lapsed = due.is_some_and(|due| due <= now).then(|| self.state.after(Act::Lapse)).flatten();
        lapsed.unwrap_or(self.state)
    }

    pub fn length(&self) -> Duration {
        Duration::minutes(self.minutes.into())
    }

    /// What its letters are about in the outbox.
    pub fn about(&self) -> String {
        format!("access_request:{}", self.id)
    }
}

/// A request to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub role: String,
    pub minutes: i32,
    pub reason: String,
}

/// What came of asking: the request, and how many were told who may approve it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub request: AccessRequest,
    pub told: usize,
}

/// An answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub verdict: Verdict,
    pub note: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Approve,
    Deny,
}

impl Verdict {
    pub fn act(self) -> Act {
        match self {
            Self::Approve => Act::Approve,
            Self::Deny => Act::Deny,
        }
    }

    /// The word in its address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Deny => "deny",
        }
    }
}

/// Somebody, as requests name them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    pub name: String,
    pub email: String,
}

impl Who {
    /// Their name, or their address while they have none.
    pub fn shown(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }
}

/// Which requests are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Somebody's own, the newest first.
    Of(UserId),
    /// Everybody's that wait, the longest waiting first.
    Waiting,
    /// Everybody's that wait no more, the newest first.
    History,
}

/// A page of requests with the people in them.
#[derive(Clone, Debug)]
pub struct Looked {
    pub slice: Slice,
    pub people: BTreeMap<UserId, Who>,
    /// The address named a place that cannot be read.
    pub is_lost: bool,
}

/// One request with the people in it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub request: AccessRequest,
    pub people: BTreeMap<UserId, Who>,
}

/// How many requests and grants of one person are open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Open {
    pub waiting: i64,
    pub held: i64,
}

/// Whether a person has a role already: by its name, or by one that contains all it stands for.
pub fn is_held(catalogue: &Catalogue, standing: &Standing, role: &Role) -> bool {
    standing.grants.iter().any(|grant| {
        let held = catalogue.role(&grant.role);
        let contains = |held: &Role| !role.actions.is_empty() && held.actions.is_superset(&role.actions);
        grant.role == role.id || held.is_some_and(contains)
    })
}

/// Whether a role gives any of what IAM Admin gives beyond reading. Whoever holds such a role could give themselves the
/// rest, so only somebody with IAM Admin approves it.
pub fn administers(catalogue: &Catalogue, role: &str) -> bool {
    let Some(admin) = catalogue.role(IAM_ADMIN) else { return role == IAM_ADMIN };
    let reads = |action: &str| {
        let viewers = admin.includes.iter().filter_map(|id| catalogue.role(id));
        viewers.into_iter().any(|viewer| viewer.actions.contains(action))
    };
    // What concerns requests alone opens nothing else.
    let opens = |action: &&String| !reads(action) && !action.starts_with("requests.");
    role == IAM_ADMIN
        || catalogue
            .role(role)
            .is_some_and(|role| role.actions.intersection(&admin.actions).any(|it| opens(&it)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Grant, Source};

    pub fn request(state: State) -> AccessRequest {
        let created_at = Moment::from_micros(1_800_000_000_000_000);
        AccessRequest {
            id: AccessRequestId::new(),
            organization: OrganizationId::new(),
            user: UserId::new(),
            role: "cks_admin".into(),
            reason: "a cluster is down".into(),
            minutes: 60,
            state,
            created_at,
            expires_at: created_at.plus(ANSWERED_WITHIN),
            decided_at: None,
            decided_by: None,
            note: String::new(),
            ends_at: (state == State::Approved).then(|| created_at.plus(Duration::hours(1))),
            ended_at: None,
            ended_by: None,
        }
    }

    #[test]
    fn a_request_expires_and_a_grant_ends_at_their_very_moment() {
        let pending = request(State::Pending);
        let micro = Duration::microseconds(1);
        assert_eq!(pending.state_at(pending.expires_at.minus(micro)), State::Pending);
        assert_eq!(pending.state_at(pending.expires_at), State::Expired);
        let approved = request(State::Approved);
        let end = approved.ends_at.unwrap();
        assert_eq!(approved.state_at(end.minus(micro)), State::Approved);
        assert_eq!(approved.state_at(end), State::Ended);
        assert_eq!(request(State::Denied).state_at(end.plus(Duration::days(9))), State::Denied);
    }

    #[test]
    fn a_role_is_held_by_its_name_or_inside_another() {
        let catalogue = Catalogue::built_in().unwrap();
        let source = Source::Request { request: AccessRequestId::new(), until: Moment::from_micros(0) };
        let standing = Standing::new(vec![Grant { role: "cks_admin".into(), source }], Vec::new());
        let held = |id| is_held(&catalogue, &standing, catalogue.role(id).unwrap());
        assert_eq!(["cks_admin", "cks_viewer", "billing_viewer"].map(held), [true, true, false]);
    }

    #[test]
    fn what_leads_to_iam_admin_counts_as_iam_admin() {
        let catalogue = Catalogue::built_in().unwrap();
        let found: Vec<_> =
            catalogue.roles().iter().filter(|role| administers(&catalogue, &role.id)).collect();
        assert_eq!(found.iter().map(|role| role.id.as_str()).collect::<Vec<_>>(), [IAM_ADMIN]);
        assert!(!administers(&catalogue, "unheard of"));
    }
}
