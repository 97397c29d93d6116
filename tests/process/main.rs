//! The real program: its commands, and what it survives.

#[path = "../support/mod.rs"]
mod support;

mod serve;
