//! One's own account: profile, address, sessions, the browsers one signs in with.

mod browsers;
mod email;
mod profile;
mod sessions;

use crate::snapshot::texts;
use crate::support::page::Page;
use crate::support::person::Person;
use crate::support::world::World;

pub const BOB: &str = "bob@example.com";

pub fn settings(person: &Person) -> Page {
    person.opens("/account/settings")
}

/// How many audit lines there are of this action.
pub fn lines(world: &World, action: &str) -> usize {
    texts(world, &format!("SELECT action FROM audit_lines WHERE action = '{action}'")).len()
}
