//! The console through HTTP, as people and programs meet it, on SQLite and on PostgreSQL.

#[path = "../support/mod.rs"]
mod support;

mod invitations;
mod main_job;
mod rig;
mod setup;
mod sign_in;
mod users;
