//! One act for many: the summary before it, and how far it is.

use askama::Template;

use super::list::number;
use crate::{
    base::ids::UserId,
    jobs::{JobState, items::ItemState},
    users::{
        model::{Act, Chosen, JobSeen, Selection, Who},
        words,
    },
    web::{field::ErrorSummary, page::Shell, url},
};

/// How many names a summary shows.
const NAMED: usize = 50;

#[derive(Template)]
#[template(path = "users/selected.html")]
pub struct SelectedPage {
    frame: Shell,
    errors: ErrorSummary,
    act: Act,
    label: String,
    included: Vec<Who>,
    more: Option<String>,
    skipped: Vec<String>,
    number: usize,
    /// What the form sends again; nobody when it means all.
    ids: Vec<UserId>,
    is_all: bool,
    return_to: String,
}

impl SelectedPage {
    pub fn new(
        frame: Shell,
        act: Act,
        chosen: Chosen,
        selection: &Selection,
        (return_to, problem): (String, Option<String>),
    ) -> Self {
        let errors =
            problem.map_or_else(ErrorSummary::default, |words| ErrorSummary::default().with("", words));
        let skipped = skipped(act, &chosen);
        let mut included = chosen.included;
        let number_of = included.len();
        let is_all = matches!(selection, Selection::All(_));
        let ids = if is_all { Vec::new() } else { included.iter().map(|who| who.id).collect() };
        included.truncate(NAMED);
        let more = number_of - included.len();
        Self {
            frame,
            errors,
            act,
            label: label(act, number_of),
            included,
            more: (more > 0).then(|| format!("and {} more", number(more as u64))),
            skipped,
            number: number_of,
            ids,
            is_all,
            return_to,
        }
    }

    fn tone(&self) -> &'static str {
        match self.act {
            Act::Deactivate | Act::Revoke => "destructive",
            Act::Reactivate | Act::Resend => "",
        }
    }

    fn consequence(&self) -> &'static str {
        match self.act {
            Act::Deactivate => {
                "They are signed out at once and cannot sign in until somebody reactivates them. Invitations they sent \
                 are revoked. Their accounts and groups stay."
            }
            Act::Reactivate => "They can sign in again, with the groups they had.",
            Act::Resend => "Each gets a letter with a new link; the older links work no more.",
            Act::Revoke => "Their links work no more, and they go from the list.",
        }
    }
}

/// Such as `Deactivate 12 people`.
pub fn label(act: Act, number_of: usize) -> String {
    let (verb, one, many) = match act {
        Act::Deactivate => ("Deactivate", "person", "people"),
        Act::Reactivate => ("Reactivate", "person", "people"),
        Act::Resend => ("Resend", "invitation", "invitations"),
        Act::Revoke => ("Revoke", "invitation", "invitations"),
    };
    format!("{verb} {} {}", number(number_of as u64), if number_of == 1 { one } else { many })
}

/// Who is left out, and why.
fn skipped(act: Act, chosen: &Chosen) -> Vec<String> {
    let mut skipped = Vec::new();
    let mut say = |number_of: usize, one: &str, many: &str| match number_of {
        0 => {}
        1 => skipped.push(format!("1 person {one}")),
        _ => skipped.push(format!("{} people {many}", number(number_of as u64))),
    };
    match act {
        Act::Deactivate => {
            say(chosen.invited, "has not joined yet", "have not joined yet");
            say(chosen.deactivated, "is deactivated already", "are deactivated already");
        }
        Act::Reactivate => {
            say(chosen.invited, "has not joined yet", "have not joined yet");
            say(chosen.active, "is active already", "are active already");
        }
        Act::Resend | Act::Revoke => {
            let joined = chosen.active + chosen.deactivated;
            say(joined, "has joined, so there is no invitation", "have joined, so there is no invitation");
        }
    }
    say(chosen.gone, "is not in the list any more", "are not in the list any more");
    if chosen.includes_me {
        skipped.push(words::NOT_ONESELF.to_owned());
    }
    skipped
}

#[derive(Template)]
#[template(path = "users/job.html", blocks = ["progress"])]
pub struct JobPage {
    frame: Shell,
    job: JobSeen,
    label: String,
    here: String,
    next: Option<String>,
    previous: Option<String>,
}

impl JobPage {
    /// `most` is how many rows were asked for.
    pub fn new(frame: Shell, job: JobSeen, most: i64) -> Self {
        let (total, path) = (job.progress.total(), url::job(job.id));
        let last = job.items.last().map_or(job.after, |item| item.position);
        Self {
            frame,
            label: label(job.act, usize::try_from(total).unwrap_or(0)),
            next: (i64::from(last) < total).then(|| format!("{path}?after={last}")),
            previous: (job.after > 0)
                .then(|| format!("{path}?after={}", (i64::from(job.after) - most).max(0))),
            here: format!("{path}?after={}", job.after),
            job,
        }
    }

    fn is_over(&self) -> bool {
        matches!(self.job.state, JobState::Done | JobState::Failed | JobState::Cancelled)
    }

    fn words(&self) -> String {
        let progress = &self.job.progress;
        let count = |of: i64| number(u64::try_from(of).unwrap_or(0));
        let ended = count(progress.done + progress.refused);
        match self.job.state {
            JobState::Done => {
                format!("Finished: {} done, {} not.", count(progress.done), count(progress.refused))
            }
            JobState::Failed => {
                format!("Stopped after {ended} of {}. {}", count(progress.total()), self.job.problem)
            }
            JobState::Cancelled => format!("Cancelled after {ended} of {}.", count(progress.total())),
            JobState::Waiting | JobState::Leased => format!("{ended} of {} so far.", count(progress.total())),
        }
    }

    fn summary(&self) -> String {
        let (first, last) = (self.job.items.first(), self.job.items.last());
        match (first, last) {
            (Some(first), Some(last)) => {
                format!(
                    "{}–{} of {}",
                    first.position,
                    last.position,
                    number(self.job.progress.total() as u64)
                )
            }
            _ => String::new(),
        }
    }
}
