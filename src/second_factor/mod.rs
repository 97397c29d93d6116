//! Two-factor authentication: codes of an app (TOTP, RFC 6238) and recovery codes.

mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;

pub use commands::{Presenter, ResetRefusal, WasReset, reset, standing, try_code};
pub use forms::{WRONG_CODE, code};
pub use handlers::{routes, section};
pub use model::{Presented, Standing, Verdict};
pub use pages::TwoFactorSection;
