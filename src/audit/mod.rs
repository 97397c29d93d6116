//! Audit: one line for each change of state, written in the transaction that makes it, chained by HMAC.

mod chain;
mod commands;
mod store;
mod verify;

pub use commands::{By, Line, Target, record};
pub use verify::{Broken, Head, Verified, verify};
