//! The real program as a process among others: how it starts and stops, what it does when the machine fails it, and
//! the commands an operator types.

#[path = "../support/mod.rs"]
mod support;

mod backup;
mod copying;
mod faults;
mod ground;
mod killing;
mod recovering;
mod seeding;
mod small_disk;
mod starting;
mod stopping;
