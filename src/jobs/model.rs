//! What a piece of work is.

use crate::{
    base::{
        clock::Moment,
        ids::{JobId, OrganizationId, UserId},
    },
    db::sql_text_enum,
};

/// The lanes work waits in, so that slow mail servers and long acts do not stand in each other's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Queue {
    Mail,
    Work,
}

sql_text_enum!(Queue { Mail = "mail", Work = "work" });

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    Waiting,
    Leased,
    Done,
    Failed,
    Cancelled,
}

sql_text_enum!(JobState {
    Waiting = "waiting",
    Leased = "leased",
    Done = "done",
    Failed = "failed",
    Cancelled = "cancelled",
});

/// Work to be enqueued.
#[derive(Clone, Debug)]
pub struct NewJob<'a> {
    pub organization: Option<OrganizationId>,
    pub queue: Queue,
    pub kind: &'a str,
    pub parameters: serde_json::Value,
    /// What it is about, such as the invitation a letter belongs to.
    pub about: Option<&'a str>,
    /// While an unfinished job has this name, another one is not made.
    pub singleton: Option<&'a str>,
    pub run_at: Moment,
    pub created_by: Option<UserId>,
}

impl<'a> NewJob<'a> {
    /// Belongs to no organization and is about nothing, until told otherwise.
    pub fn new(queue: Queue, kind: &'a str, parameters: serde_json::Value, run_at: Moment) -> Self {
        Self {
            organization: None,
            queue,
            kind,
            parameters,
            about: None,
            singleton: None,
            run_at,
            created_by: None,
        }
    }
}

/// Work taken from its queue.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: JobId,
    pub organization: Option<OrganizationId>,
    pub queue: Queue,
    pub kind: String,
    pub parameters: serde_json::Value,
    pub about: Option<String>,
    /// How often it has been taken, this time included.
    pub attempts: i32,
    pub created_by: Option<UserId>,
    pub created_at: Moment,
    pub(super) singleton: Option<String>,
    pub(super) run_at: Moment,
    /// What went wrong the last time.
    pub(super) problem: String,
    /// Proves that it is still ours.
    pub(super) lease: String,
}
