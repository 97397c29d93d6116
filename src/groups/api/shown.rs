//! How groups and their members are told to programs.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    groups::model::{Group, NamedBy},
    people::{Someone, Status},
};

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Group)]
pub struct GroupShown {
    pub id: String,
    pub name: String,
    pub description: String,
    /// One that every organization starts with; it keeps its name and is not deleted.
    pub standard: bool,
    /// How many people are in it, invited and deactivated ones too.
    pub members: i64,
    /// The ids of the roles that access policies give to it.
    pub roles: Vec<String>,
    pub created_at: String,
}

impl GroupShown {
    pub fn new(group: Group, roles: Vec<String>) -> Self {
        Self {
            id: group.id.to_string(),
            name: group.name,
            description: group.description,
            standard: group.standard,
            members: group.members,
            created_at: group.created_at.rfc3339(),
            roles,
        }
    }

    pub fn named_by(group: Group, named_by: &[NamedBy]) -> Self {
        let roles: BTreeSet<&String> = named_by.iter().flat_map(|by| &by.roles).collect();
        Self::new(group, roles.into_iter().cloned().collect())
    }
}

/// An access policy with a rule that names a group.
#[derive(Serialize, ToSchema)]
pub struct NamingPolicy {
    pub id: String,
    pub name: String,
    /// The ids of the roles it gives to the group.
    pub roles: Vec<String>,
}

impl From<NamedBy> for NamingPolicy {
    fn from(by: NamedBy) -> Self {
        Self { id: by.policy.to_string(), name: by.name, roles: by.roles }
    }
}

/// A group, and the access policies that name it.
#[derive(Serialize, ToSchema)]
pub struct GroupDetails {
    pub group: GroupShown,
    pub policies: Vec<NamingPolicy>,
}

#[derive(Serialize, ToSchema)]
pub struct GroupMember {
    pub id: String,
    /// Empty as long as nobody knows it.
    pub name: String,
    pub email: String,
    /// `invited`, `active` or `deactivated`.
    pub status: &'static str,
}

impl From<Someone> for GroupMember {
    fn from(one: Someone) -> Self {
        let status = match one.status {
            Status::Invited => "invited",
            Status::Active => "active",
            Status::Deactivated => "deactivated",
        };
        Self { id: one.id.to_string(), name: one.name, email: one.email, status }
    }
}
