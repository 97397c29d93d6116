//! Which unique rule broke: PostgreSQL names the constraint, SQLite the columns.

use diesel::result::{DatabaseErrorKind, Error};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    EmailInOrganization,
    OrganizationCode,
    GroupName,
    PolicyName,
    JobSingleton,
}

const NAMES: [(Rule, &str, &str); 5] = [
    (
        Rule::EmailInOrganization,
        "users_organization_id_email_key_key",
        "users.organization_id, users.email_key",
    ),
    (Rule::OrganizationCode, "organizations_code_key", "organizations.code"),
    (Rule::GroupName, "groups_organization_id_name_key_key", "groups.organization_id, groups.name_key"),
    (
        Rule::PolicyName,
        "policies_organization_id_name_key_key",
        "policies.organization_id, policies.name_key",
    ),
    (Rule::JobSingleton, "jobs_singleton_key", "jobs.singleton"),
];

impl Rule {
    pub(super) fn broken_by(error: &Error) -> Option<Self> {
        let Error::DatabaseError(DatabaseErrorKind::UniqueViolation, info) = error else { return None };
        NAMES
            .iter()
            .find(|(_, constraint, columns)| {
                info.constraint_name() == Some(constraint) || info.message().ends_with(columns)
            })
            .map(|(rule, _, _)| *rule)
    }
}
