//! The console through HTTP, as people and programs meet it, on SQLite and on PostgreSQL.

#[path = "../support/mod.rs"]
mod support;

mod access;
mod cast;
mod rig;
mod routes;
mod setup;
mod sign_in;
