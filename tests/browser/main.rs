//! The journeys of people through the console in a real browser.

#[path = "../support/mod.rs"]
mod support;

mod access_requests;
mod account;
mod audit;
mod every_page;
mod groups;
mod invitations;
mod main_job;
mod organization;
mod passkeys;
mod passwords;
mod policies;
mod rig;
mod saml;
mod scim;
mod second_factor;
mod setup;
mod social;
mod sso;
mod tokens;
