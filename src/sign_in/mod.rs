//! Signing in, in stages, and out.

mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;

pub use commands::{
    Completed, Entered, Way, account_by_any_means, complete, completed, enter_by, is_turned_away, leave,
    stage_after,
};
pub use handlers::{Due, arrive, is_open, not_by_passkey, only_by_sso, routes};
pub use model::Account;
pub use store::browsers::sweep;
