//! The journeys of people through the console in a real browser.

#[path = "../support/mod.rs"]
mod support;

mod account;
mod every_page;
mod invitations;
mod main_job;
mod passkeys;
mod passwords;
mod policies;
mod rig;
mod second_factor;
mod setup;
