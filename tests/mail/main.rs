//! Work done later, and the letters among it, on SQLite and on PostgreSQL, with a real mail server.

#[path = "../support/mod.rs"]
mod support;

mod encrypted;
mod ground;
mod items;
mod leases;
mod outbox;
mod runner;
mod sending;
