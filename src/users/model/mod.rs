//! What is looked at on the users page: who, in which order, from where.

mod bulk;
mod cursor;
mod person;
mod view;

pub use bulk::{Act, Chosen, Errand, JobSeen, MOST_SELECTED, Selection, SelectionRefusal, Through};
pub use cursor::{Cursor, Key, Place, Toward};
pub use person::{
    Count, Details, EndRefusal, GroupChoice, Looked, Parting, Person, PersonSeen, Slice, StatusRefusal,
    TooMany, Who,
};
pub use view::{Inactive, Order, Search, Sort, View};
