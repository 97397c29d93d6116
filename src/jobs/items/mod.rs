//! The items of a job that does one act to many: each is done in a transaction of its own, so that a restart goes on
//! where it stopped, and each keeps what became of it.

mod store;

pub use store::{
    Item, ItemState, MOST_ITEMS, NewItem, Progress, add, done, list, next_waiting, progress, refused,
};
