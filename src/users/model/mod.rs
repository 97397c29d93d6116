//! What is looked at on the users page: who, in which order, from where.

mod cursor;
mod view;

pub use cursor::{Cursor, Key, Toward};
pub use view::{Inactive, Order, Search, Sort, View};
