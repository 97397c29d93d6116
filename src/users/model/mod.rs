//! What is looked at on the users page: who, in which order, from where.

mod cursor;
mod person;
mod view;

pub use cursor::{Cursor, Key, Place, Toward};
pub use person::{
    Count, Details, GroupChoice, Looked, Parting, Person, PersonSeen, Slice, StatusRefusal, TooMany, Who,
};
pub use view::{Inactive, Order, Search, Sort, View};
