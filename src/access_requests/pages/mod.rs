//! What the pages of requests show.

mod ask;
mod list;
mod one;

use std::collections::BTreeMap;

use super::{
    model::{AccessRequest, State, Who, administers},
    words,
};
use crate::{
    access::{
        Actor, IAM_ADMIN,
        actions::{Action, DecideRequest, EndGrant},
    },
    base::{
        clock::Moment,
        ids::{AccessRequestId, UserId},
    },
    web::{SignedIn, url, when},
};

pub use ask::AskPage;
pub use list::{ListPage, Tab};
pub use one::RequestPage;

/// Whoever looks, and when.
pub struct Onlooker<'a> {
    pub actor: &'a Actor,
    pub zone: &'a str,
    pub now: Moment,
}

impl<'a> Onlooker<'a> {
    pub fn at(person: &'a SignedIn, now: Moment) -> Self {
        Self { actor: &person.actor, zone: &person.me.time_zone, now }
    }
}

/// How a request stands, as a badge with a note under it.
pub struct Standing {
    pub word: &'static str,
    pub tone: &'static str,
    pub icon: &'static str,
    pub note: String,
}

impl Standing {
    fn of(by: &Onlooker<'_>, request: &AccessRequest, people: &BTreeMap<UserId, Who>) -> Self {
        let state = request.state_at(by.now);
        let named = |user: Option<UserId>| user.and_then(|user| people.get(&user)).map(Who::shown);
        let by_whom = |user| named(user).map(|name| format!("by {name}")).unwrap_or_default();
        let (tone, icon) = match state {
            State::Pending => ("wait", "clock"),
            State::Approved => ("good", "circle-check"),
            State::Denied => ("bad", "circle-slash"),
            State::Expired | State::Ended | State::Withdrawn => ("", "circle-dashed"),
        };
        let note = match state {
            State::Pending => format!("expires in {}", when::span(request.expires_at.since(by.now))),
            State::Approved => {
                let until = request.ends_at.map(|at| format!("until {}", when::in_zone(at, by.zone)));
                let parts = [until, named(request.decided_by).map(|name| format!("by {name}"))];
                parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
            }
            State::Denied => by_whom(request.decided_by),
            State::Expired => "nobody answered in time".to_owned(),
            State::Ended if request.ended_by == Some(request.user) => "given back".to_owned(),
            State::Ended if request.ended_by.is_some() => by_whom(request.ended_by),
            State::Ended if request.ended_at < request.ends_at => "early".to_owned(),
            State::Ended => "its time was up".to_owned(),
            State::Withdrawn => String::new(),
        };
        Self { word: words::state(state), tone, icon, note }
    }
}

/// What whoever looks can do with a request.
pub struct Act {
    pub word: &'static str,
    /// What it is done to, for those who do not see the row.
    pub object: String,
    pub way: Way,
}

pub enum Way {
    /// To a dialog.
    Open(String),
    /// A form without fields.
    Press(String),
    /// Why it is off.
    Off(&'static str),
}

/// What can be done with a request from where it is shown. `is_mine` is a list of one's own.
fn acts(by: &Onlooker<'_>, request: &AccessRequest, object: &str) -> Vec<Act> {
    let id = request.id;
    let act = |word, way| Act { word, object: object.to_owned(), way };
    let press = |word, name| act(word, Way::Press(url::on_access_request(id, name)));
    let is_own = Some(request.user) == by.actor.user();
    match request.state_at(by.now) {
        State::Pending if is_own => vec![press("Withdraw", "withdraw")],
        State::Pending if by.actor.may_do(DecideRequest::NAME) => vec![
            act("Approve", approving(by, request)),
            act("Deny", Way::Open(url::on_access_request(id, "deny"))),
        ],
        State::Approved if is_own => vec![press("Give back", "give-back")],
        State::Approved if by.actor.may_do(EndGrant::NAME) => vec![press("End", "end")],
        _ => Vec::new(),
    }
}

fn approving(by: &Onlooker<'_>, request: &AccessRequest) -> Way {
    let is_for_administrators = administers(by.actor.catalogue(), &request.role);
    match is_for_administrators && !by.actor.standing().holds(IAM_ADMIN) {
        true => Way::Off(words::NEEDS_ADMINISTRATOR),
        false => Way::Open(url::on_access_request(request.id, "approve")),
    }
}

/// Who asks, or where that is not known any more, somebody.
fn asker(people: &BTreeMap<UserId, Who>, request: &AccessRequest) -> Who {
    let nobody = || Who { name: "Somebody".to_owned(), email: String::new() };
    people.get(&request.user).cloned().unwrap_or_else(nobody)
}

fn href(id: AccessRequestId) -> String {
    url::access_request(id)
}
