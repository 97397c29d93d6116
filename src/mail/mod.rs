//! Letters: written as rows in the transaction of what they tell of, rendered and sent afterwards.

mod content;
mod folder;
pub mod letters;
mod links;
mod outbox;
mod postman;
mod rendering;
mod store;
mod test_letter;
mod transport;
mod words;

pub use letters::{Letter, Recipient};
pub use links::{Links, SETUP_GENERATION};
pub use outbox::{cancel_waiting, enqueue, parameters, retry, retry_about, status_of};
pub use postman::{FailedLetter, OnFinalFailure, Postman};
pub use store::{MailState, MailStatus, waiting_and_failed};
pub use test_letter::{about_test_of, enqueue_test};
pub use transport::{NotSent, Sent, Transport};
