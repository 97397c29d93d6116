//! People whom a provider looks after, as they are found.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::{
    base::{
        clock::Moment,
        email_address::EmailAddress,
        ids::{OrganizationId, ScimGroupId, ScimUserId, UserId},
    },
    db::{
        AnyConnection, Fault,
        schema::{groups, memberships, scim_groups, scim_users, users},
    },
    people::Status,
    scim::model::{
        Attribute, Condition, Email, Etag, Filter, Found, Operator, PersonSeen, Refusal, Window, unanswered,
    },
};

/// A person with the id of their account.
#[derive(Clone, Debug)]
pub struct PersonRow {
    pub user: UserId,
    pub seen: PersonSeen,
}

type Row = (
    (UserId, ScimUserId, String, Option<String>),
    (String, String, String, String),
    (String, Option<String>, Option<bool>),
    (Status, i64),
    (i64, Moment, Moment),
);

type Columns = (
    (
        scim_users::user_id,
        diesel::dsl::AssumeNotNull<scim_users::id>,
        scim_users::user_name,
        scim_users::external_id,
    ),
    (scim_users::formatted_name, scim_users::given_name, scim_users::family_name, scim_users::display_name),
    (users::email, scim_users::email_type, scim_users::email_primary),
    (users::status, users::version),
    (scim_users::version, scim_users::created_at, scim_users::changed_at),
);

fn columns() -> Columns {
    (
        (
            scim_users::user_id,
            scim_users::id.assume_not_null(),
            scim_users::user_name,
            scim_users::external_id,
        ),
        (
            scim_users::formatted_name,
            scim_users::given_name,
            scim_users::family_name,
            scim_users::display_name,
        ),
        (users::email, scim_users::email_type, scim_users::email_primary),
        (users::status, users::version),
        (scim_users::version, scim_users::created_at, scim_users::changed_at),
    )
}

fn person((ids, names, (address, kind, is_primary), account, times): Row) -> PersonRow {
    let (user, id, user_name, external_id) = ids;
    let (formatted, given, family, display_name) = names;
    let (status, user_version) = account;
    let (version, created_at, changed_at) = times;
    let version = Etag(version, user_version);
    PersonRow {
        user,
        seen: PersonSeen {
            id,
            user_name,
            external_id,
            formatted,
            given,
            family,
            display_name,
            email: Email { value: Some(address), kind, is_primary },
            status,
            groups: Vec::new(),
            created_at,
            changed_at,
            version,
        },
    }
}

pub fn by_id(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: ScimUserId,
) -> Result<Option<PersonRow>, Fault> {
    let row: Option<Row> = scim_users::table
        .inner_join(users::table)
        .filter(scim_users::id.eq(id))
        .filter(scim_users::organization_id.eq(organization))
        .select(columns())
        .first(conn)
        .optional()?;
    let Some(mut found) = row.map(person) else { return Ok(None) };
    found.seen.groups = groups_of(conn, organization, &[found.user])?.remove(&found.user).unwrap_or_default();
    Ok(Some(found))
}

/// Whom the provider calls by this key.
pub fn by_user_name(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: &str,
) -> Result<Option<UserId>, Fault> {
    Ok(scim_users::table
        .filter(scim_users::organization_id.eq(organization))
        .filter(scim_users::user_name_key.eq(key))
        .select(scim_users::user_id)
        .first(conn)
        .optional()?)
}

pub fn count(conn: &mut AnyConnection, organization: OrganizationId) -> Result<i64, Fault> {
    Ok(scim_users::table
        .filter(scim_users::organization_id.eq(organization))
        .filter(scim_users::id.is_not_null())
        .count()
        .get_result(conn)?)
}

/// One page of those whom a filter finds, in the order in which the provider brought them.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    filter: &Filter,
    window: Window,
) -> Result<Result<Found<PersonSeen>, Refusal>, Fault> {
    macro_rules! narrowed {
        ($query:expr) => {{
            let mut query = $query
                .filter(scim_users::organization_id.eq(organization))
                .filter(scim_users::id.is_not_null())
                .into_boxed();
            for Condition { attribute, operator, value } in &filter.0 {
                query = match (attribute, operator) {
                    (Attribute::Id, Operator::Equal) => query.filter(scim_users::id.eq(value)),
                    (Attribute::ExternalId, Operator::Equal) => {
                        query.filter(scim_users::external_id.eq(value))
                    }
                    (Attribute::UserName, Operator::Equal) => {
                        query.filter(scim_users::user_name_key.eq(value.to_lowercase()))
                    }
                    (Attribute::Email, Operator::Equal) => query.filter(users::email_key.eq(folded(value))),
                    (Attribute::Active, Operator::Equal) if value == "true" => {
                        query.filter(users::status.eq(Status::Active))
                    }
                    (Attribute::Active, Operator::Equal) => query.filter(users::status.ne(Status::Active)),
                    (Attribute::DisplayName, Operator::Equal) => {
                        query.filter(users::person_key.eq(crate::base::fold::key(value)))
                    }
                    (Attribute::DisplayName, Operator::StartsWith) => {
                        let from = crate::base::fold::key(value);
                        let to = format!("{from}\u{10FFFF}");
                        query.filter(users::person_key.ge(from)).filter(users::person_key.lt(to))
                    }
                    (Attribute::ResourceType, Operator::Equal) if value.eq_ignore_ascii_case("user") => query,
                    (Attribute::ResourceType, Operator::Equal) => query.filter(scim_users::id.is_null()),
                    _ => return Ok(Err(unanswered("Users are not found by that."))),
                };
            }
            query
        }};
    }
    let total: i64 = narrowed!(scim_users::table.inner_join(users::table).count()).get_result(conn)?;
    let rows: Vec<Row> = narrowed!(scim_users::table.inner_join(users::table).select(columns()))
        .order(scim_users::id)
        .offset(window.offset())
        .limit(window.limit())
        .load(conn)?;
    let rows: Vec<PersonRow> = rows.into_iter().map(person).collect();
    let ids: Vec<UserId> = rows.iter().map(|row| row.user).collect();
    let mut groups = groups_of(conn, organization, &ids)?;
    let with_groups = |PersonRow { user, seen }: PersonRow| PersonSeen {
        groups: groups.remove(&user).unwrap_or_default(),
        ..seen
    };
    Ok(Ok(Found { total, rows: rows.into_iter().map(with_groups).collect() }))
}

/// What is no address is nobody's.
fn folded(address: &str) -> String {
    EmailAddress::parse(address).map_or_else(|_| address.to_owned(), |it| it.folded().to_owned())
}

/// The groups of these people that the provider looks after, by name.
pub fn groups_of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    people: &[UserId],
) -> Result<BTreeMap<UserId, Vec<(ScimGroupId, String)>>, Fault> {
    let rows: Vec<(UserId, ScimGroupId, String)> = memberships::table
        .inner_join(groups::table)
        .inner_join(scim_groups::table.on(scim_groups::group_id.eq(memberships::group_id)))
        .filter(memberships::user_id.eq_any(people))
        .filter(scim_groups::organization_id.eq(organization))
        .order((memberships::user_id, groups::name_key))
        .select((memberships::user_id, scim_groups::id, groups::name))
        .load(conn)?;
    let mut of: BTreeMap<UserId, Vec<_>> = BTreeMap::new();
    for (user, id, name) in rows {
        of.entry(user).or_default().push((id, name));
    }
    Ok(of)
}

/// The accounts of these people, as far as the provider looks after them.
pub fn users_of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    ids: &[ScimUserId],
) -> Result<BTreeMap<ScimUserId, UserId>, Fault> {
    let mut found = BTreeMap::new();
    for ids in ids.chunks(500) {
        let rows: Vec<(ScimUserId, UserId)> = scim_users::table
            .filter(scim_users::id.eq_any(ids))
            .filter(scim_users::organization_id.eq(organization))
            .select((scim_users::id.assume_not_null(), scim_users::user_id))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}
