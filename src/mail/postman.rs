//! Empties the outbox: renders each letter, hands it over, and says what became of it.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{
    folder,
    letters::{Envelope, Letter},
    links::Links,
    rendering::{self, Postmark, Unwritable},
    transport::{NotSent, Sent, Transport},
};
use crate::{
    base::{clock::Moment, email_address::Named, ids::OrganizationId},
    db::{Fault, Tx},
    jobs::{Handler, Job, Outcome, Queue, Runner, Work},
};

/// A letter that is given up.
#[derive(Clone, Debug)]
pub struct FailedLetter {
    pub organization: Option<OrganizationId>,
    pub about: Option<String>,
    pub address: String,
    pub letter: Letter,
    /// The mail server's, or about it.
    pub words: String,
}

/// Who is told when a letter is given up is not the postman's to know. Called in the transaction that gives it up,
/// with its organization locked, and never for letters that tell of another's failure.
pub trait OnFinalFailure: Send + Sync + 'static {
    fn given_up(&self, tx: &mut Tx<'_>, failed: &FailedLetter) -> Result<(), Fault>;
}

/// Sends letters.
pub struct Postman {
    links: Links,
    from: Named,
    transport: Transport,
    on_final_failure: Option<Arc<dyn OnFinalFailure>>,
}

impl Postman {
    pub fn new(links: Links, from: Named, transport: Transport) -> Self {
        Self { links, from, transport, on_final_failure: None }
    }

    /// Has final failures told.
    pub fn telling(self, whom: Arc<dyn OnFinalFailure>) -> Self {
        Self { on_final_failure: Some(whom), ..self }
    }

    /// Gives all letters to this postman.
    pub fn joins(self, runner: Runner) -> Runner {
        runner.on(Queue::Mail, &Letter::KINDS, Arc::new(self))
    }

    async fn deliver(&self, job: &Job, now: Moment) -> Result<Outcome, Fault> {
        let envelope = read(job)?;
        if let Some(problem) = envelope.letter.out_of_date(now) {
            return Ok(Outcome::Failed(problem));
        }
        let postmark = Postmark { id: job.id, at: job.created_at };
        match self.send(&envelope, postmark).await? {
            Ok(Sent { .. }) => Ok(Outcome::Done),
            Err(NotSent::ForGood(words)) => Ok(Outcome::Failed(words)),
            Err(NotSent::ForNow(words)) => {
                tracing::warn!(
                    job = job.id.as_str(),
                    attempt = job.attempts,
                    words,
                    "a letter was not taken"
                );
                Ok(Outcome::TryAgain(words))
            }
        }
    }

    /// Writes one letter and hands it over.
    pub(super) async fn send(
        &self,
        envelope: &Envelope,
        postmark: Postmark,
    ) -> Result<Result<Sent, NotSent>, Fault> {
        let message = match rendering::message(envelope, &self.from, &self.links, postmark) {
            Ok(message) => message,
            Err(Unwritable::Address(bad)) => return Ok(Err(NotSent::ForGood(format!("{bad}.")))),
            Err(Unwritable::Fault(fault)) => return Err(fault),
        };
        let name = folder::file_name(postmark.id, postmark.at, envelope.letter.kind(), &envelope.address);
        Ok(self.transport.send(&message, &name).await)
    }
}

impl Handler for Postman {
    fn run<'a>(&'a self, work: &'a Work) -> BoxFuture<'a, Result<Outcome, Fault>> {
        Box::pin(self.deliver(&work.job, work.db().now()))
    }

    fn given_up(&self, tx: &mut Tx<'_>, job: &Job, problem: &str) -> Result<(), Fault> {
        let Envelope { address, letter, .. } = read(job)?;
        match &self.on_final_failure {
            Some(whom) if !matches!(letter, Letter::InvitationMailFailed { .. }) => whom.given_up(
                tx,
                &FailedLetter {
                    organization: job.organization,
                    about: job.about.clone(),
                    address,
                    letter,
                    words: problem.to_owned(),
                },
            ),
            _ => Ok(()),
        }
    }
}

fn read(job: &Job) -> Result<Envelope, Fault> {
    serde_json::from_value(job.parameters.clone()).map_err(|e| Fault::broken("reading a letter", e))
}
