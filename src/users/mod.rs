//! The users page: everybody in one table, one person, who is let go and who comes back.

mod model;
mod store;
