//! What happens on the users' pages: reading under a permit, and acts in one transaction each.

mod export;
mod reading;
mod status;

pub use export::{Export, note_export};
pub use reading::{look, person};
pub use status::{deactivate, parting, reactivate};
