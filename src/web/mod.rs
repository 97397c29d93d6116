//! The kit of the web: knows HTTP, knows no room.

pub mod assets;
pub mod field;
pub mod page;
