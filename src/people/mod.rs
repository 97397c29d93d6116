//! The people of an organization as rows: active, invited, deactivated. What pages show of them stands in the room `users`.

mod model;
mod notices;
mod store;

pub use model::{NewPerson, SecondFactor, Status, person_key, search_text};
pub use notices::{Contact, contact, tell, tell_administrators};
pub use store::{
    Counts, Someone, by_addresses, change_status, counts, has_a_way_in, insert, is_provisioned, mark_active,
    provisioned_among, remove_invited, remove_second_factors, rename, search, set_email,
    settle_second_factor, these,
};
