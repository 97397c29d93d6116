//! Access tokens of people: made, listed, revoked, swept away.

mod commands;
mod model;
mod store;

pub use commands::{
    CreateRefusal, Created, New, Parent, RevokeRefusal, create, live_of, revoke, revoke_all_of, revoke_own,
};
pub use model::{Life, Name};
