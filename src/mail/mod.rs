//! Letters: written as rows in the transaction of what they tell of, rendered and sent afterwards.

pub mod letters;
mod links;
mod outbox;
mod store;

pub use letters::{Letter, Recipient};
pub use links::Links;
pub use outbox::{cancel_waiting, enqueue, retry, retry_about, status_of};
pub use store::{MailState, MailStatus};
