//! Invitations: sent to one or many, followed by a link, accepted, sent anew, taken back.

mod commands;
mod forms;
mod model;
mod store;
