//! The journeys of people through the console in a real browser.

#[path = "../support/mod.rs"]
mod support;

mod rig;
mod setup;
