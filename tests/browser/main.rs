//! The journeys of people through the console in a real browser.

#[path = "../support/mod.rs"]
mod support;

mod invitations;
mod every_page;
mod main_job;
mod rig;
mod setup;
