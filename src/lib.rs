//! Roster: the people side of a cloud platform, as one binary.
//!
//! The modules stand in the order in which they may use each other, lowest first; `docs/architecture.md` is the map.

#![deny(clippy::unwrap_used)] // tests may: clippy.toml

pub mod base;
pub mod settings;
pub mod db;
pub mod crypto;
pub mod outbound;
pub mod openid;
pub mod jobs;
pub mod mail;
pub mod access;
pub mod telemetry;
pub mod web;

pub mod access_requests;
pub mod account;
pub mod audit;
pub mod backup;
pub mod checks;
pub mod groups;
pub mod invitations;
pub mod organization;
pub mod passkeys;
pub mod passwords;
pub mod people;
pub mod policies;
pub mod proofs;
pub mod reference;
pub mod roles;
pub mod saml;
pub mod scim;
pub mod second_factor;
pub mod seed;
pub mod sessions;
pub mod setup;
pub mod sign_in;
pub mod social;
pub mod sso;
pub mod tokens;
pub mod users;

pub mod cli;
pub mod console;
pub mod routes;
