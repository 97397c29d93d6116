//! Rows of connections and what belongs to them.

use diesel::prelude::*;

use crate::{
    access::RequiredOf,
    base::{
        clock::Moment,
        ids::{ConnectionId, GroupId, OrganizationId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{organizations, sso_connections, sso_domains, sso_drafts, sso_groups},
    },
    sso::model::{Connection, Mapped},
};

type Row = (ConnectionId, OrganizationId, bool, String, String, String, bool, RequiredOf, i64);

fn whole(conn: &mut AnyConnection, row: Option<Row>) -> Result<Option<Connection>, Fault> {
    let Some((
        id,
        organization,
        is_on,
        configuration,
        sealed_secret,
        groups_claim,
        trusts_factor,
        required,
        version,
    )) = row
    else {
        return Ok(None);
    };
    let configuration = serde_json::from_str(&configuration)
        .map_err(|e| Fault::broken("reading a connection to a provider", e))?;
    let domains = sso_domains::table
        .filter(sso_domains::organization_id.eq(organization))
        .order(sso_domains::domain)
        .select(sso_domains::domain)
        .load(conn)?;
    let mapping: Vec<(String, GroupId)> = sso_groups::table
        .filter(sso_groups::organization_id.eq(organization))
        .order((sso_groups::value, sso_groups::group_id))
        .select((sso_groups::value, sso_groups::group_id))
        .load(conn)?;
    let mapping = mapping.into_iter().map(|(value, group)| Mapped { value, group }).collect();
    Ok(Some(Connection {
        id,
        organization,
        is_on,
        configuration,
        sealed_secret,
        groups_claim,
        trusts_factor,
        required,
        version,
        domains,
        mapping,
    }))
}

macro_rules! columns {
    () => {
        (
            sso_connections::id,
            sso_connections::organization_id,
            sso_connections::enabled,
            sso_connections::configuration,
            sso_connections::secret,
            sso_connections::groups_claim,
            sso_connections::trusted_factor,
            sso_connections::required_of,
            sso_connections::version,
        )
    };
}

pub fn of_organization(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Option<Connection>, Fault> {
    let row = sso_connections::table
        .filter(sso_connections::organization_id.eq(organization))
        .select(columns!())
        .first(conn)
        .optional()?;
    whole(conn, row)
}

pub fn connection(conn: &mut AnyConnection, id: ConnectionId) -> Result<Option<Connection>, Fault> {
    let row = sso_connections::table.find(id).select(columns!()).first(conn).optional()?;
    whole(conn, row)
}

/// The connection that is on, to which addresses of this domain lead, with its organization's Org ID.
pub fn leads_from(conn: &mut AnyConnection, domain: &str) -> Result<Option<(Connection, String)>, Fault> {
    let row: Option<(ConnectionId, String)> = sso_domains::table
        .inner_join(
            sso_connections::table.on(sso_connections::organization_id.eq(sso_domains::organization_id)),
        )
        .inner_join(organizations::table.on(organizations::id.eq(sso_domains::organization_id)))
        .filter(sso_domains::domain.eq(domain))
        .filter(sso_connections::enabled.eq(true))
        .select((sso_connections::id, organizations::code))
        .first(conn)
        .optional()?;
    let Some((id, code)) = row else { return Ok(None) };
    Ok(connection(conn, id)?.map(|connection| (connection, code)))
}

/// The same connection by the Org ID, if it is this one.
pub fn codes_connection(
    conn: &mut AnyConnection,
    code: &str,
    id: ConnectionId,
) -> Result<Option<Connection>, Fault> {
    let organization: Option<OrganizationId> = organizations::table
        .filter(organizations::code.eq(code))
        .select(organizations::id)
        .first(conn)
        .optional()?;
    Ok(connection(conn, id)?.filter(|connection| Some(connection.organization) == organization))
}

pub fn insert(tx: &mut Tx<'_>, connection: &Connection) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(sso_connections::table)
        .values((
            sso_connections::id.eq(connection.id),
            sso_connections::organization_id.eq(connection.organization),
            sso_connections::kind.eq(connection.configuration.kind()),
            sso_connections::enabled.eq(connection.is_on),
            sso_connections::configuration.eq(written(connection)?),
            sso_connections::secret.eq(&connection.sealed_secret),
            sso_connections::groups_claim.eq(&connection.groups_claim),
            sso_connections::trusted_factor.eq(connection.trusts_factor),
            sso_connections::required_of.eq(connection.required),
            sso_connections::version.eq(connection.version),
            sso_connections::created_at.eq(now),
            sso_connections::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes all of it but its domains and groups, as another version.
pub fn update(tx: &mut Tx<'_>, connection: &Connection) -> Result<(), Fault> {
    let now = tx.now();
    diesel::update(sso_connections::table.find(connection.id))
        .set((
            sso_connections::enabled.eq(connection.is_on),
            sso_connections::configuration.eq(written(connection)?),
            sso_connections::secret.eq(&connection.sealed_secret),
            sso_connections::groups_claim.eq(&connection.groups_claim),
            sso_connections::trusted_factor.eq(connection.trusts_factor),
            sso_connections::required_of.eq(connection.required),
            sso_connections::version.eq(sso_connections::version + 1),
            sso_connections::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

fn written(connection: &Connection) -> Result<String, Fault> {
    serde_json::to_string(&connection.configuration)
        .map_err(|e| Fault::broken("writing a connection to a provider", e))
}

/// On or off: true when it was the other.
pub fn turn(tx: &mut Tx<'_>, id: ConnectionId, is_on: bool) -> Result<bool, Fault> {
    let now = tx.now();
    let row =
        sso_connections::table.filter(sso_connections::id.eq(id)).filter(sso_connections::enabled.eq(!is_on));
    let changed = diesel::update(row)
        .set((
            sso_connections::enabled.eq(is_on),
            sso_connections::version.eq(sso_connections::version + 1),
            sso_connections::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// The connection with its identities; and the domains and groups of the organization.
pub fn remove(tx: &mut Tx<'_>, connection: &Connection) -> Result<(), Fault> {
    diesel::delete(sso_connections::table.find(connection.id)).execute(tx.conn())?;
    set_domains(tx, connection.organization, &[])?;
    set_mapping(tx, connection.organization, &[])
}

/// One of these domains that another organization has.
pub fn domain_of_another(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    domains: &[String],
) -> Result<Option<String>, Fault> {
    Ok(sso_domains::table
        .filter(sso_domains::domain.eq_any(domains))
        .filter(sso_domains::organization_id.ne(organization))
        .select(sso_domains::domain)
        .first(conn)
        .optional()?)
}

pub fn set_domains(tx: &mut Tx<'_>, organization: OrganizationId, domains: &[String]) -> Result<(), Fault> {
    let old = sso_domains::table.filter(sso_domains::organization_id.eq(organization));
    diesel::delete(old).execute(tx.conn())?;
    for domain in domains {
        diesel::insert_into(sso_domains::table)
            .values((sso_domains::domain.eq(domain), sso_domains::organization_id.eq(organization)))
            .execute(tx.conn())?;
    }
    Ok(())
}

pub fn set_mapping(tx: &mut Tx<'_>, organization: OrganizationId, mapping: &[Mapped]) -> Result<(), Fault> {
    let old = sso_groups::table.filter(sso_groups::organization_id.eq(organization));
    diesel::delete(old).execute(tx.conn())?;
    for mapped in mapping {
        diesel::insert_into(sso_groups::table)
            .values((
                sso_groups::organization_id.eq(organization),
                sso_groups::value.eq(&mapped.value),
                sso_groups::group_id.eq(mapped.group),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// What waits to be deployed, since when, and under which name.
pub fn draft(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Option<(String, String, Moment)>, Fault> {
    Ok(sso_drafts::table
        .find(organization)
        .select((sso_drafts::id, sso_drafts::sealed, sso_drafts::created_at))
        .first(conn)
        .optional()?)
}

/// Keeps one of an organization, in place of another.
pub fn keep_draft(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    id: &str,
    sealed: &str,
) -> Result<(), Fault> {
    let now = tx.now();
    remove_draft(tx, organization)?;
    diesel::insert_into(sso_drafts::table)
        .values((
            sso_drafts::organization_id.eq(organization),
            sso_drafts::id.eq(id),
            sso_drafts::sealed.eq(sealed),
            sso_drafts::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn remove_draft(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<(), Fault> {
    diesel::delete(sso_drafts::table.find(organization)).execute(tx.conn())?;
    Ok(())
}
