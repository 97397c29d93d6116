//! What happens on the users' pages: reading under a permit, and acts in one transaction each.

mod reading;
mod status;

pub use reading::{look, person};
pub use status::{deactivate, parting, reactivate};
