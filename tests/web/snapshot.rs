//! What the database holds, to see that nothing was changed.

use diesel::sql_types::Text;
use diesel::{RunQueryDsl, dsl::sql};
use roster::db::Fault;

use crate::support::world::World;

/// The tables of what people do, with what tells whether a row is as it was. Sessions, throttles and the work in the
/// background go their own way.
const TABLES: &[(&str, &str)] = &[
    (
        "organizations",
        "id || code || name || audit_sequence || audit_head || users_invited || users_active || users_deactivated",
    ),
    (
        "organization_settings",
        "organization_id || invitation_days || session_idle_minutes || session_overall_minutes || invitation_domains",
    ),
    (
        "users",
        "id || organization_id || email || name || status || session_epoch || theme || time_zone || version",
    ),
    ("password_credentials", "user_id || hash || disabled"),
    ("totp_credentials", "user_id || secret || last_step"),
    ("recovery_codes", "user_id || hash"),
    (
        "invitations",
        "id || organization_id || COALESCE(user_id, '') || email || state || generation || message || sent_at || expires_at",
    ),
    ("groups", "id || organization_id || name || description || members"),
    ("memberships", "group_id || user_id"),
    ("policies", "id || organization_id || name || name_key || description || standard || version"),
    ("rules", "id || policy_id || position"),
    ("rule_users", "rule_id || user_id"),
    ("rule_groups", "rule_id || group_id"),
    ("rule_roles", "rule_id || role"),
    ("access_requests", "id || role || state"),
    ("access_tokens", "id || user_id || name || narrowed || COALESCE(CAST(revoked_at AS TEXT), '')"),
    ("token_roles", "token_id || role"),
    ("sso_connections", "id || organization_id || enabled || configuration || version"),
    ("sso_domains", "domain || organization_id"),
    ("sso_drafts", "organization_id || id"),
    ("sso_groups", "organization_id || value || group_id"),
    ("sso_identities", "connection_id || subject || user_id"),
    ("setup_links", "id || state"),
    ("audit_lines", "organization_id || sequence || mac"),
    ("audit_details", "organization_id || sequence || details"),
];

#[derive(Debug, PartialEq, Eq)]
pub struct Snapshot(Vec<(&'static str, Vec<String>)>);

impl Snapshot {
    pub fn of(world: &World) -> Snapshot {
        let rows = |(table, columns): &(&'static str, &'static str)| {
            (*table, texts(world, &format!("SELECT {columns} FROM {table} ORDER BY 1")))
        };
        Snapshot(TABLES.iter().map(rows).collect())
    }
}

/// The rows of a query that gives one text.
pub fn texts(world: &World, query: &str) -> Vec<String> {
    world.db().read_now(|conn| Ok::<_, Fault>(sql::<Text>(query).load::<String>(conn)?)).expect("an answer")
}
