//! The console through HTTP, as people and programs meet it, on SQLite and on PostgreSQL.

#[path = "../support/mod.rs"]
mod support;

mod access;
mod access_requests;
mod account;
mod api;
mod audit;
mod cast;
mod groups;
mod invitations;
mod kept;
mod main_job;
mod organization;
mod passkeys;
mod passwords;
mod rig;
mod routes;
mod second_factor;
mod security;
mod separation;
mod sessions;
mod setup;
mod sign_in;
mod snapshot;
mod texts;
mod throttle;
mod tokens;
mod users;
