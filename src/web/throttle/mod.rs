//! Slowing down guesses: rows per account and per network address, so that counts hold across restarts and
//! instances. Slows and never locks out: somebody who waits as told may always try again,
//! from a browser that the account knows or that its owner has let in by a mailed link.

mod model;
mod pause;
pub mod store;

pub use model::{Gate, Kind, Pace};
pub use pause::pause;
pub use store::{Admission, Entry, admit, admit_browser, forgive, note_again, sweep};
