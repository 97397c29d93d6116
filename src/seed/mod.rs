//! Demonstration data: an organization full of people who do not exist, the same ones every time.

mod commands;
mod dice;
mod model;
mod names;
mod store;

pub use commands::{SeedRefusal, Step, seed};
pub use model::{MOST, Plan};
