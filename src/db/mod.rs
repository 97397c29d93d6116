//! The database: one set of queries over SQLite and PostgreSQL.
//!
//! Only this folder and the `store.rs` of a room know Diesel. [`Db::read`] hands out a connection,
//! [`Db::write`] a [`Tx`]; both run on the blocking pool.

mod among;
pub mod conflict;
mod connection;
mod each;
pub mod fault;
pub mod installation;
pub(crate) mod migrate;
pub mod schema;
mod sql_types;
mod transaction;

pub use among::among;
pub use connection::{AnyConnection, Db, Place};
pub(crate) use each::on_each;
pub use fault::{Failure, Fault, Stop};
pub use transaction::Tx;

pub use sql_types::UnknownWord;
pub(crate) use sql_types::{expressions, sql_text, sql_text_enum};
