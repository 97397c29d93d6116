//! One act for many people: which acts there are, whom they take, whom they leave.

use serde::{Deserialize, Serialize};

use super::{View, Who};
use crate::{
    base::ids::{AccessTokenId, JobId, SessionId, UserId},
    jobs::{
        JobState,
        items::{Item, Progress},
    },
    people::Status,
};

/// How many people one act takes.
pub const MOST_SELECTED: usize = crate::jobs::items::MOST_ITEMS;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    Deactivate,
    Reactivate,
    Resend,
    Revoke,
}

impl Act {
    pub const ALL: [Act; 4] = [Act::Deactivate, Act::Reactivate, Act::Resend, Act::Revoke];

    pub fn word(self) -> &'static str {
        match self {
            Self::Deactivate => "deactivate",
            Self::Reactivate => "reactivate",
            Self::Resend => "resend",
            Self::Revoke => "revoke",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.word() == word)
    }

    /// The kind of its jobs.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Deactivate => "deactivate_users",
            Self::Reactivate => "reactivate_users",
            Self::Resend => "resend_invitations",
            Self::Revoke => "revoke_invitations",
        }
    }

    pub fn of_kind(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.kind() == kind)
    }

    /// What it needs, as the catalogue names it.
    pub fn action(self) -> &'static str {
        match self {
            Self::Deactivate => "iam.users.deactivate",
            Self::Reactivate => "iam.users.reactivate",
            Self::Resend => "iam.users.resend",
            Self::Revoke => "iam.users.revoke",
        }
    }

    /// Who it can be done to.
    pub fn takes(self) -> Status {
        match self {
            Self::Deactivate => Status::Active,
            Self::Reactivate => Status::Deactivated,
            Self::Resend | Self::Revoke => Status::Invited,
        }
    }
}

/// The people somebody selected.
#[derive(Clone, Debug)]
pub enum Selection {
    These(Vec<UserId>),
    /// All that match, not only those on the page.
    All(View),
}

/// Why a selection cannot be taken.
#[derive(Clone, Debug)]
pub enum SelectionRefusal {
    TooMany,
    /// Nobody in it whom the act could be done to.
    Nobody(Chosen),
    /// It is not the number of people any more that was agreed to.
    Changed(Chosen),
}

/// A selection, sorted out.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    pub included: Vec<Who>,
    pub active: usize,
    pub invited: usize,
    pub deactivated: usize,
    /// Whoever asks, who does not deactivate themselves in passing.
    pub includes_me: bool,
    /// Those who are not there any more.
    pub gone: usize,
}

impl Chosen {
    pub fn sort_out(act: Act, people: Vec<Who>, me: Option<UserId>) -> Self {
        let mut chosen = Self::default();
        for who in people {
            if who.status != act.takes() {
                *match who.status {
                    Status::Active => &mut chosen.active,
                    Status::Invited => &mut chosen.invited,
                    Status::Deactivated => &mut chosen.deactivated,
                } += 1;
            } else if act == Act::Deactivate && Some(who.id) == me {
                chosen.includes_me = true;
            } else {
                chosen.included.push(who);
            }
        }
        chosen
    }
}

/// What somebody asked through.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Through {
    Session(SessionId),
    /// Once it opens nothing any more, nothing more is done.
    Token(AccessTokenId),
}

/// What a job of many acts knows besides the people: who asked, from where.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Errand {
    pub act: Act,
    #[serde(flatten)]
    pub through: Through,
    pub request_id: String,
    pub address: String,
}

/// How far a job is.
#[derive(Clone, Debug)]
pub struct JobSeen {
    pub id: JobId,
    pub act: Act,
    pub state: JobState,
    /// What stopped it for good; empty when nothing did.
    pub problem: String,
    pub progress: Progress,
    /// What became of some of the people, those after the position `after`.
    pub items: Vec<Item>,
    pub after: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(status: Status) -> Who {
        Who { id: UserId::new(), name: "Ada".into(), email: "ada@example.com".into(), status }
    }

    #[test]
    fn an_act_takes_those_it_can_be_done_to_and_counts_the_others() {
        let people =
            vec![who(Status::Active), who(Status::Active), who(Status::Invited), who(Status::Deactivated)];
        let me = people[0].id;
        let chosen = Chosen::sort_out(Act::Deactivate, people.clone(), Some(me));
        assert!(chosen.includes_me);
        assert_eq!((chosen.included.len(), chosen.invited, chosen.deactivated), (1, 1, 1));
        let chosen = Chosen::sort_out(Act::Revoke, people, Some(me));
        assert_eq!((chosen.included.len(), chosen.active, chosen.includes_me), (1, 2, false));
    }

    #[test]
    fn an_errand_names_the_session_or_the_token_it_came_through() {
        let (session, token) = (SessionId::new(), AccessTokenId::new());
        for (through, name, id) in [
            (Through::Session(session), "session", session.to_string()),
            (Through::Token(token), "token", token.to_string()),
        ] {
            let (request_id, address) = (String::new(), String::new());
            let errand = Errand { act: Act::Revoke, through, request_id, address };
            let written = serde_json::to_value(&errand).unwrap();
            assert_eq!(written[name], id.as_str());
            let read: Errand = serde_json::from_value(written.clone()).unwrap();
            assert_eq!(serde_json::to_value(read).unwrap(), written);
        }
    }

    #[test]
    fn words_and_kinds_are_read_back() {
        for act in Act::ALL {
            assert_eq!((Act::parse(act.word()), Act::of_kind(act.kind())), (Some(act), Some(act)));
        }
        assert_eq!(Act::parse("delete"), None);
    }
}
