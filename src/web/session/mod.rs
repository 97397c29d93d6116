//! Who a browser is: sessions in rows, behind actix-session's cookie.
//!
//! What is kept under [`WHO`] says who signed in and how. It is only a claim until [`super::SignedIn`] has compared
//! it with the account: the account's session epoch rises when all its sessions must end.

mod keeper;
pub mod store;
mod touch;

use actix_session::Session;
use serde::{Deserialize, Serialize};

use super::{Problem, Visitor, url};
use crate::{
    access::Proof,
    base::{
        clock::Moment,
        ids::{OrganizationId, SessionId, UserId},
    },
    db::{Fault, sql_text_enum},
};

pub use keeper::Keeper;
pub use touch::{STALE, Touches, flush_regularly};

const WHO: &str = "who";
/// Put there by the keeper when it loads a session, never stored: when the row began and was last seen.
const TIMES: &str = "times";
const CHOOSING: &str = "choosing";

/// How long a session lives at the most when the organization's own limits do not end it before.
pub const LONGEST_DAYS: i64 = 30;
/// How long one lives that belongs to nobody: long enough to come back to a form.
pub const ANONYMOUS_HOURS: i64 = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Anonymous,
    /// The first proof is given, a second factor is due.
    Half,
    Full,
}

impl Stage {
    /// Where somebody at this stage goes who wants to this page: to the second step first, when it is due.
    pub fn on_the_way_to(self, goal: &str) -> String {
        match self {
            Self::Half => url::second_factor_and_return(goal),
            Self::Anonymous | Self::Full => goal.to_owned(),
        }
    }
}

sql_text_enum!(Stage { Anonymous = "anonymous", Half = "half", Full = "full" });

/// Who signed in with this session, and how.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Who {
    pub session: SessionId,
    pub organization: OrganizationId,
    pub user: UserId,
    pub epoch: i64,
    pub stage: Stage,
    pub proofs: Vec<Proof>,
    pub agent: String,
    pub address: String,
    /// When it began, in microseconds, where it has gone on under a new id since.
    #[serde(default)]
    pub began: Option<i64>,
}

impl Who {
    /// Whether it is somebody who was in already, at the second step of proving anew that it is them.
    pub fn proves_anew(&self) -> bool {
        self.stage == Stage::Half && self.began.is_some()
    }
}

/// An account that may sign in now, as a command found it.
#[derive(Clone, Copy, Debug)]
pub struct Entering {
    pub organization: OrganizationId,
    pub user: UserId,
    pub epoch: i64,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Times {
    pub created: i64,
    pub seen: i64,
}

impl Times {
    pub fn created(self) -> Moment {
        Moment::from_micros(self.created)
    }

    pub fn seen(self) -> Moment {
        Moment::from_micros(self.seen)
    }
}

/// Begins a session of this account under a new id, whatever this browser was before.
pub fn begin(
    session: &Session,
    visitor: &Visitor,
    entering: Entering,
    stage: Stage,
    proofs: Vec<Proof>,
) -> Result<(), Problem> {
    let who = Who {
        session: SessionId::new(),
        organization: entering.organization,
        user: entering.user,
        epoch: entering.epoch,
        stage,
        proofs,
        agent: visitor.agent.clone(),
        address: visitor.address.to_string(),
        began: None,
    };
    session.renew();
    session.remove(CHOOSING);
    put(session, WHO, &who)
}

/// Adds a proof to the session and goes on under a new id, as old as it was; at the full stage from then on when nothing is
/// missing.
pub fn prove(session: &Session, who: &Who, proof: Proof, stage: Stage) -> Result<(), Problem> {
    let mut who = who.clone();
    who.proofs.retain(|earlier| earlier.method != proof.method);
    who.proofs.push(proof);
    who.stage = stage;
    who.session = SessionId::new();
    who.began = who.began.or_else(|| times(session).map(|times| times.created));
    session.renew();
    put(session, WHO, &who)
}

/// The same for somebody who is in and proves anew that it is them: where the account asks for a second step, the earlier
/// ones do for it no more.
pub fn prove_anew(session: &Session, who: &Who, proof: Proof, stage: Stage) -> Result<(), Problem> {
    let mut who = who.clone();
    if stage == Stage::Half {
        who.proofs.retain(|earlier| !earlier.method.is_second_factor());
    }
    prove(session, &who, proof, stage)
}

/// Goes on with the same session as what [`store::end_others_of`] made of it.
pub fn go_on_as(session: &Session, who: &Who) -> Result<(), Problem> {
    put(session, WHO, who)
}

pub fn who(session: &Session) -> Option<Who> {
    session.get(WHO).ok().flatten()
}

pub fn times(session: &Session) -> Option<Times> {
    session.get(TIMES).ok().flatten()
}

/// The accounts whose password was right, when there are several to choose from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Choosing {
    pub accounts: Vec<UserId>,
    pub at: i64,
    pub return_to: String,
    /// The provider whose account signs in to all of them, when it was not a password.
    #[serde(default)]
    pub by: Option<String>,
}

pub fn keep_choosing(session: &Session, choosing: &Choosing) -> Result<(), Problem> {
    session.renew();
    put(session, CHOOSING, choosing)
}

pub fn choosing(session: &Session) -> Option<Choosing> {
    session.get(CHOOSING).ok().flatten()
}

pub fn put(session: &Session, name: &'static str, value: &impl Serialize) -> Result<(), Problem> {
    session
        .insert(name, value)
        .map_err(|e| Problem::Fault(Fault::broken("keeping something in the session", e.to_string())))
}
