//! What happens on the users' pages: reading under a permit, and acts in one transaction each.

mod bulk;
mod export;
mod reading;
mod sessions;
mod status;

pub use bulk::{begin, do_item, job, sort_out};
pub use export::{Export, note_export};
pub use reading::{factor_of, look, person};
pub use sessions::{end_sessions, signed_in};
pub use status::{Tokens, deactivate, parting, reactivate};
