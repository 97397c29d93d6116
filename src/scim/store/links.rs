//! Links of people to the provider that looks after them.

use diesel::prelude::*;

use crate::{
    base::{
        clock::Moment,
        ids::{OrganizationId, ScimUserId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{scim_users, users},
    },
    people::Status,
    scim::model::Wanted,
};

/// What is known of a person's link to the provider, whether it holds or not.
#[derive(Clone, Debug)]
pub struct Link {
    /// None after the provider has let go of them.
    pub id: Option<ScimUserId>,
    pub status: Status,
    /// The provider deactivated them, and nobody did anything about it since.
    pub is_stopped: bool,
}

pub fn link_of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
) -> Result<Option<Link>, Fault> {
    type Row = (Option<ScimUserId>, Status, Option<Moment>, Option<Moment>);
    let row: Option<Row> = scim_users::table
        .inner_join(users::table)
        .filter(scim_users::user_id.eq(user))
        .filter(scim_users::organization_id.eq(organization))
        .select((scim_users::id, users::status, scim_users::stopped_at, users::deactivated_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, status, stopped_at, deactivated_at)| Link {
        id,
        status,
        is_stopped: status == Status::Deactivated && stopped_at.is_some() && stopped_at == deactivated_at,
    }))
}

/// A person who comes into the care of the provider.
pub struct NewLink<'a> {
    pub id: ScimUserId,
    pub user: UserId,
    pub wanted: &'a Wanted,
}

/// Writes the link anew; what was left of an earlier one goes, but for when the provider deactivated them.
pub fn insert_link(tx: &mut Tx<'_>, organization: OrganizationId, new: &NewLink<'_>) -> Result<(), Fault> {
    let now = tx.now();
    let stopped_at: Option<Option<Moment>> =
        scim_users::table.find(new.user).select(scim_users::stopped_at).first(tx.conn()).optional()?;
    diesel::delete(scim_users::table.find(new.user)).execute(tx.conn())?;
    diesel::insert_into(scim_users::table)
        .values((
            scim_users::user_id.eq(new.user),
            scim_users::organization_id.eq(organization),
            scim_users::id.eq(Some(new.id)),
            Columns::of(new.wanted, now),
            scim_users::created_at.eq(now),
            scim_users::stopped_at.eq(stopped_at.flatten()),
        ))
        .execute(tx.conn())?;
    set_source(tx, new.user, "scim")
}

pub fn write_link(tx: &mut Tx<'_>, user: UserId, wanted: &Wanted) -> Result<(), Fault> {
    let now = tx.now();
    diesel::update(scim_users::table.find(user))
        .set((Columns::of(wanted, now), scim_users::version.eq(scim_users::version + 1)))
        .execute(tx.conn())?;
    Ok(())
}

/// What the provider says of a person, as the columns of the link keep it.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = scim_users, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Columns<'a> {
    user_name: &'a str,
    user_name_key: Option<String>,
    external_id: Option<&'a str>,
    formatted_name: &'a str,
    given_name: &'a str,
    family_name: &'a str,
    display_name: &'a str,
    email_type: Option<&'a str>,
    email_primary: Option<bool>,
    changed_at: Moment,
}

impl<'a> Columns<'a> {
    fn of(wanted: &'a Wanted, now: Moment) -> Self {
        Self {
            user_name: &wanted.user_name,
            user_name_key: Some(wanted.user_name_key()),
            external_id: wanted.external_id.as_deref(),
            formatted_name: &wanted.formatted,
            given_name: &wanted.given,
            family_name: &wanted.family,
            display_name: &wanted.display_name,
            email_type: wanted.email_kind.as_deref(),
            email_primary: wanted.is_email_primary,
            changed_at: now,
        }
    }
}

/// Notes that the provider deactivated them in this transaction.
pub fn mark_stopped(tx: &mut Tx<'_>, user: UserId) -> Result<(), Fault> {
    let now = tx.now();
    diesel::update(scim_users::table.find(user)).set(scim_users::stopped_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// What the provider had stopped is going on again.
pub fn mark_going(tx: &mut Tx<'_>, user: UserId) -> Result<(), Fault> {
    let nothing = scim_users::stopped_at.eq(None::<Moment>);
    diesel::update(scim_users::table.find(user)).set(nothing).execute(tx.conn())?;
    Ok(())
}

/// The provider lets go of them: their id finds nobody from now on.
pub fn end_link(tx: &mut Tx<'_>, user: UserId) -> Result<(), Fault> {
    let now = tx.now();
    diesel::update(scim_users::table.find(user))
        .set((
            scim_users::id.eq(None::<ScimUserId>),
            scim_users::user_name_key.eq(None::<String>),
            scim_users::external_id.eq(None::<String>),
            scim_users::changed_at.eq(now),
        ))
        .execute(tx.conn())?;
    set_source(tx, user, "local")
}

/// Who keeps the account, as its page tells it.
fn set_source(tx: &mut Tx<'_>, user: UserId, source: &str) -> Result<(), Fault> {
    diesel::update(users::table.filter(users::id.eq(user)))
        .set(users::source.eq(source))
        .execute(tx.conn())?;
    Ok(())
}
