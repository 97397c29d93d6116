//! Rows by the hundred. On PostgreSQL and SQLite alike one statement writes a whole batch.

use diesel::{prelude::*, sql_query, sql_types::Text};

use crate::{
    base::{
        clock::Moment,
        fold,
        ids::{GroupId, InvitationId, JobId, OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx, on_each,
        schema::{groups, invitations, jobs, memberships, organizations, password_credentials, users},
    },
    people::{Counts, SecondFactor, Status},
};

#[derive(Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
pub struct UserRow {
    pub id: UserId,
    pub organization_id: OrganizationId,
    pub email: String,
    pub email_key: String,
    pub name: String,
    pub given_name: String,
    pub family_name: String,
    pub person_key: String,
    pub search_text: String,
    pub status: Status,
    pub second_factor: SecondFactor,
    pub created_at: Moment,
    pub joined_at: Option<Moment>,
    pub last_active_at: Moment,
    pub deactivated_at: Option<Moment>,
}

#[derive(Insertable)]
#[diesel(table_name = memberships)]
pub struct MembershipRow {
    pub group_id: GroupId,
    pub user_id: UserId,
    pub organization_id: OrganizationId,
    pub created_at: Moment,
}

#[derive(Insertable)]
#[diesel(table_name = password_credentials)]
pub struct PasswordRow<'a> {
    pub user_id: UserId,
    pub organization_id: OrganizationId,
    pub hash: &'a str,
    pub changed_at: Moment,
}

#[derive(Insertable)]
#[diesel(table_name = invitations, treat_none_as_default_value = false)]
pub struct InvitationRow {
    pub id: InvitationId,
    pub organization_id: OrganizationId,
    pub user_id: Option<UserId>,
    pub inviter_id: Option<UserId>,
    pub email: String,
    pub state: &'static str,
    pub generation: i64,
    pub message: &'static str,
    pub created_at: Moment,
    pub sent_at: Moment,
    pub expires_at: Moment,
}

#[derive(Insertable)]
#[diesel(table_name = jobs, treat_none_as_default_value = false)]
pub struct LetterRow {
    pub id: JobId,
    pub organization_id: Option<OrganizationId>,
    pub queue: &'static str,
    pub kind: &'static str,
    pub parameters: String,
    pub about: Option<String>,
    pub state: &'static str,
    pub attempts: i32,
    pub run_at: Moment,
    pub problem: &'static str,
    pub created_at: Moment,
    pub ended_at: Option<Moment>,
}

pub fn exists(conn: &mut AnyConnection, organization: OrganizationId) -> Result<bool, Fault> {
    let row = organizations::table.find(organization).select(organizations::id);
    Ok(row.first::<OrganizationId>(conn).optional()?.is_some())
}

/// Many rows at once, which MultiConnection cannot say.
macro_rules! insert_all {
    ($($name:ident: $row:ty, $table:ident;)*) => {$(
        pub fn $name(tx: &mut Tx<'_>, rows: &[$row]) -> Result<(), Fault> {
            if rows.is_empty() {
                return Ok(());
            }
            on_each!(tx.conn(), c => diesel::insert_into($table::table).values(rows).execute(c)?);
            Ok(())
        }
    )*};
}

insert_all! {
    insert_users: UserRow, users;
    insert_memberships: MembershipRow, memberships;
    insert_passwords: PasswordRow<'_>, password_credentials;
    insert_invitations: InvitationRow, invitations;
    insert_letters: LetterRow, jobs;
}

pub fn insert_group(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    id: GroupId,
    name: &str,
    description: &str,
) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(groups::table)
        .values((
            groups::id.eq(id),
            groups::organization_id.eq(organization),
            groups::name.eq(name),
            groups::name_key.eq(fold::key(name)),
            groups::description.eq(description),
            groups::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn set_counts(tx: &mut Tx<'_>, organization: OrganizationId, counts: &Counts) -> Result<(), Fault> {
    diesel::update(organizations::table.find(organization))
        .set((
            organizations::users_invited.eq(counts.invited),
            organizations::users_active.eq(counts.active),
            organizations::users_deactivated.eq(counts.deactivated),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn set_members(tx: &mut Tx<'_>, group: GroupId, members: i64) -> Result<(), Fault> {
    diesel::update(groups::table.find(group)).set(groups::members.eq(members)).execute(tx.conn())?;
    Ok(())
}

/// An index or trigger of the users' table, as it was made.
#[derive(QueryableByName)]
pub struct Made {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    sql: String,
}

/// Takes down what SQLite would keep up to date row by row, in an order that has nothing to do with that of the rows.
/// Nothing on PostgreSQL, where that would shut out who reads meanwhile.
pub fn take_down_indexes(tx: &mut Tx<'_>) -> Result<Vec<Made>, Fault> {
    const OF_USERS: &str = "SELECT type AS kind, name, sql FROM sqlite_schema \
        WHERE tbl_name = 'users' AND type IN ('index', 'trigger') AND sql IS NOT NULL";
    on_each!(tx.conn(), postgres _pg => Ok(Vec::new()), sqlite lite => {
        let all: Vec<Made> = sql_query(OF_USERS).load(lite)?;
        for made in &all {
            sql_query(format!("DROP {} {}", made.kind, made.name)).execute(lite)?;
        }
        Ok(all)
    })
}

/// Builds again what was taken down, and the search index from all rows at once.
pub fn build_indexes(tx: &mut Tx<'_>, all: &[Made]) -> Result<(), Fault> {
    on_each!(tx.conn(), postgres _pg => Ok(()), sqlite lite => {
        for made in all {
            sql_query(&made.sql).execute(lite)?;
        }
        sql_query("INSERT INTO users_search (users_search) VALUES ('rebuild')").execute(lite)?;
        Ok(())
    })
}
