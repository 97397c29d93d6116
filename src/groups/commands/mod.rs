//! What happens to groups: reading under a permit, and acts in one transaction each.

mod groups;
mod members;
mod memberships;
mod reading;

pub use groups::{create, delete, update};
pub use members::{Asked, add_members, remove_members};
pub use memberships::{Change, ChangeRefusal, change_memberships};
pub use reading::{candidates, deletion, group, list, show};
