//! One request: who asks for what, how long and why; how it stands; and the form that answers it.

use askama::Template;

use super::{Act, Onlooker, Standing, Way, acts, asker, href};
use crate::{
    access_requests::{
        forms::NoteDraft,
        model::{Seen, State, Verdict},
        words,
    },
    base::{clock::Moment, ids::AccessRequestId},
    web::{
        field::{ErrorSummary, Field},
        page::Shell,
        url, when,
    },
};

#[derive(Template)]
#[template(path = "access_requests/show.html", blocks = ["dialog"])]
pub struct RequestPage {
    frame: Shell,
    errors: ErrorSummary,
    id: AccessRequestId,
    name: String,
    email: String,
    role: String,
    length: String,
    reason: String,
    asked: Fact,
    decided: Option<Fact>,
    note: String,
    standing: Standing,
    acts: Vec<Act>,
    audit_href: Option<String>,
    is_own: bool,
    answer: Option<Answer>,
}

/// A moment, and what it says.
pub struct Fact {
    at: String,
    words: String,
}

/// The form that answers it.
pub struct Answer {
    verdict: Verdict,
    note: Field,
    /// What approving does.
    until: String,
}

impl Answer {
    fn approves(&self) -> bool {
        self.verdict == Verdict::Approve
    }
}

impl RequestPage {
    pub fn new(frame: Shell, by: &Onlooker<'_>, seen: &Seen) -> Self {
        let request = &seen.request;
        let who = asker(&seen.people, request);
        let role = by.actor.catalogue().role_name(&request.role).to_owned();
        let fact = |at: Moment| Fact { at: at.rfc3339(), words: when::in_zone(at, by.zone) };
        Self {
            frame,
            errors: ErrorSummary::default(),
            id: request.id,
            asked: fact(request.created_at),
            decided: request.decided_at.map(fact),
            length: words::minutes(request.minutes),
            reason: request.reason.clone(),
            note: request.note.clone(),
            standing: Standing::of(by, request, &seen.people),
            acts: acts(by, request, &format!("{role} for {}", who.shown())),
            audit_href: by
                .actor
                .may_do("iam.audit.read")
                .then(|| url::audit_of("access_request", request.id)),
            is_own: Some(request.user) == by.actor.user(),
            name: who.shown().to_owned(),
            email: who.email,
            role,
            answer: None,
        }
    }

    /// With the form of an answer, as long as it can be answered.
    pub fn answered(
        mut self,
        by: &Onlooker<'_>,
        seen: &Seen,
        verdict: Verdict,
        (draft, error): (&NoteDraft, Option<String>),
    ) -> Self {
        let word = match verdict {
            Verdict::Approve => "Approve",
            Verdict::Deny => "Deny",
        };
        let is_open = self.acts.iter().any(|act| act.word == word && matches!(act.way, Way::Open(_)));
        if seen.request.state_at(by.now) != State::Pending || !is_open {
            return self;
        }
        let note = Field::textarea("note", "Note")
            .value(&draft.note)
            .hint("At most 500 characters. It goes to whoever asks, and into the audit.")
            .error(error)
            .optional();
        self.errors = ErrorSummary::of([&note]);
        let until = when::in_zone(by.now.plus(seen.request.length()), by.zone);
        self.answer = Some(Answer { verdict, note, until });
        self
    }

    /// Why it was not done.
    pub fn refused(mut self, words: String) -> Self {
        self.errors = self.errors.with("", words);
        self
    }

    fn heading(&self) -> String {
        match self.answer.as_ref().map(|answer| answer.verdict) {
            Some(Verdict::Approve) => format!("Approve {} for {}", self.role, self.name),
            Some(Verdict::Deny) => format!("Deny {} for {}", self.role, self.name),
            None if self.is_own => format!("Your request for {}", self.role),
            None => format!("{} asks for {}", self.name, self.role),
        }
    }

    fn back(&self) -> &'static str {
        url::ACCESS_REQUESTS
    }

    fn here(&self) -> String {
        href(self.id)
    }

    fn action(&self, verdict: &Verdict) -> String {
        url::on_access_request(self.id, verdict.word())
    }
}
