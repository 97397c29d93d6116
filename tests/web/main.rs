//! The console through HTTP, as people and programs meet it, on SQLite and on PostgreSQL.

#[path = "../support/mod.rs"]
mod support;

mod access;
mod access_requests;
mod account;
mod api;
mod audit;
mod audit_pages;
mod audit_stream;
mod cast;
mod groups;
mod invitations;
mod kept;
mod last_administrator;
mod main_job;
mod organization;
mod passkeys;
mod passwords;
mod policies;
mod rig;
mod roles;
mod routes;
mod saml;
mod scim;
mod second_factor;
mod security;
mod separation;
mod sessions;
mod setup;
mod sign_in;
mod snapshot;
mod social;
mod sso;
mod texts;
mod throttle;
mod tokens;
mod users;
mod ways;
