//! Slowing down guesses: rows per account and per network address, so that counts hold across restarts and
//! instances. Slows and never locks out: somebody who waits as told may always try again.

mod model;
pub mod store;

pub use model::{Kind, Pace};
pub use store::{Admission, admit, forgive, note_again, sweep};
