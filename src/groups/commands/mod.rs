//! What happens to groups: reading under a permit, and acts in one transaction each.

mod groups;
mod members;
mod memberships;
mod reading;

pub use groups::{create, delete, update};
pub use members::{Asked, add_members, remove_members};
pub use memberships::{Change, ChangeRefusal, change_memberships};
pub use reading::{candidates, deletion, group, list, show};

use super::store;
use crate::{
    access::{Actor, ActorKind},
    base::ids::GroupId,
    db::{AnyConnection, Fault},
};

/// Whether an identity provider settles this group, and it is not the one who asks.
fn is_anothers(conn: &mut AnyConnection, actor: &Actor, group: GroupId) -> Result<bool, Fault> {
    if matches!(actor.kind(), ActorKind::Scim { .. }) {
        return Ok(false);
    }
    Ok(store::provisioned(conn, actor.organization())?.contains(&group))
}
