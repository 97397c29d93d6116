//! Looking at what somebody else may do.

use super::store;
use crate::{
    access::{Permit, Standing, actions::CheckOthers, load_standing},
    base::{clock::Moment, ids::UserId},
    db::{AnyConnection, Fault},
};

/// What somebody else stands on now: nothing for who is not Active, none when there is no such person here.
pub fn standing_of(
    conn: &mut AnyConnection,
    permit: &Permit<CheckOthers>,
    user: UserId,
    now: Moment,
) -> Result<Option<Standing>, Fault> {
    let organization = permit.organization();
    match store::is_active(conn, organization, user)? {
        None => Ok(None),
        Some(false) => Ok(Some(Standing::default())),
        Some(true) => load_standing(conn, organization, user, now).map(Some),
    }
}
