//! Rows of invitations.

mod people;
mod read;
mod row;
mod write;

use chrono::Duration;
use diesel::prelude::*;

use super::model;
use crate::{
    base::{clock::Moment, ids::OrganizationId},
    db::{
        AnyConnection, Fault,
        schema::{organization_settings, organizations},
    },
};
pub use people::{Holder, Person, holders, people, person};
pub use read::{
    PendingRow, by_link, count_sent_by, of_organization, pending_for, pending_of, pending_of_person,
    pending_page, pending_sent_by,
};
pub use write::{NewInvitation, accept, insert, note_asked, note_sent, renew, restore, revoke};

/// What an organization says of its invitations.
#[derive(Clone, Debug)]
pub struct Terms {
    pub organization: String,
    pub life: Duration,
    pub domains: Vec<String>,
    /// Whether a second factor is required, and from when.
    pub factor_required: (bool, Option<Moment>),
}

pub fn terms(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Terms, Fault> {
    type Row = (String, i32, String, (bool, Option<Moment>));
    let (name, days, domains, factor_required): Row = organizations::table
        .inner_join(organization_settings::table)
        .filter(organizations::id.eq(organization))
        .select((
            organizations::name,
            organization_settings::invitation_days,
            organization_settings::invitation_domains,
            (organization_settings::second_factor_required, organization_settings::second_factor_from),
        ))
        .first(conn)?;
    Ok(Terms {
        organization: name,
        life: Duration::days(days.into()),
        domains: model::domains(&domains),
        factor_required,
    })
}
