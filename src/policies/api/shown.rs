//! How policies are told to programs.

use serde::Serialize;
use utoipa::ToSchema;

use crate::policies::model::{Affected, GroupEffect, Listed, PersonEffect, Policy, Preview, Rule};

/// A policy as a list shows it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyListed {
    id: String,
    name: String,
    description: String,
    /// One that every organization starts with: only its users and groups can be changed.
    standard: bool,
    updated_at: String,
    /// How many rules it has.
    rules: i64,
}

impl From<Listed> for PolicyListed {
    fn from(policy: Listed) -> Self {
        Self {
            id: policy.id.to_string(),
            name: policy.name,
            description: policy.description,
            standard: policy.is_standard,
            updated_at: policy.updated_at.rfc3339(),
            rules: policy.count,
        }
    }
}

/// An access policy.
#[derive(Serialize, ToSchema)]
#[schema(as = Policy)]
pub struct PolicyShown {
    id: String,
    name: String,
    description: String,
    /// One that every organization starts with: only its users and groups can be changed.
    standard: bool,
    /// Rises with every change; a change of the policy names it.
    version: i64,
    rules: Vec<RuleShown>,
}

/// Roles, and to whom they are given.
#[derive(Serialize, ToSchema)]
pub struct RuleShown {
    id: String,
    users: Vec<UserOfRule>,
    groups: Vec<GroupOfRule>,
    /// Ids of roles.
    roles: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct UserOfRule {
    id: String,
    /// Empty as long as nobody knows it.
    name: String,
    email: String,
}

#[derive(Serialize, ToSchema)]
pub struct GroupOfRule {
    id: String,
    name: String,
}

impl From<Policy> for PolicyShown {
    fn from(policy: Policy) -> Self {
        Self {
            id: policy.id.to_string(),
            name: policy.name,
            description: policy.description,
            standard: policy.is_standard,
            version: policy.version,
            rules: policy.rules.into_iter().map(RuleShown::from).collect(),
        }
    }
}

impl From<Rule> for RuleShown {
    fn from(rule: Rule) -> Self {
        let users = rule.users.into_iter();
        let groups = rule.groups.into_iter();
        Self {
            id: rule.id.to_string(),
            users: users
                .map(|user| UserOfRule { id: user.id.to_string(), name: user.name, email: user.email })
                .collect(),
            groups: groups.map(|group| GroupOfRule { id: group.id.to_string(), name: group.name }).collect(),
            roles: rule.roles,
        }
    }
}

/// Whom a change concerns. Nothing was changed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyPreview {
    /// Groups whose members gain or lose roles, by all policies together; the first fifty.
    groups: Vec<GroupConcerned>,
    more_groups: usize,
    /// Users whom the policy names themselves, and who gain or lose roles; the first fifty.
    users: Vec<UserConcerned>,
    more_users: usize,
    /// Active people who would not hold IAM Admin any more.
    lose_admin: PeopleLosing,
    /// Active people who would hold nothing any more.
    locked_out: PeopleLosing,
    /// Then it is refused: nobody would be left who administers the organization and can sign in.
    leaves_nobody: bool,
    /// What the change has to say when somebody would lose IAM Admin or all access; null when nobody would.
    agreement: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct GroupConcerned {
    id: String,
    name: String,
    members: i64,
    /// Names of roles.
    gains: Vec<String>,
    loses: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct UserConcerned {
    id: String,
    name: String,
    /// Names of roles.
    gains: Vec<String>,
    loses: Vec<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PeopleLosing {
    count: usize,
    /// The first fifty.
    names: Vec<String>,
    /// Groups too large to look at each member, to whose members it happens unless they hold it otherwise.
    groups: Vec<String>,
    /// Whether whoever asks is one of them.
    includes_me: bool,
}

impl From<Affected> for PeopleLosing {
    fn from(affected: Affected) -> Self {
        Self {
            count: affected.ids.len(),
            names: affected.names,
            groups: affected.groups.into_iter().map(|(_, name, _)| name).collect(),
            includes_me: affected.is_me,
        }
    }
}

impl From<Preview> for PolicyPreview {
    fn from(preview: Preview) -> Self {
        let group = |GroupEffect { id, name, members, gains, loses }| GroupConcerned {
            id: id.to_string(),
            name,
            members,
            gains,
            loses,
        };
        let user = |PersonEffect { id, name, gains, loses }| UserConcerned {
            id: id.to_string(),
            name,
            gains,
            loses,
        };
        Self {
            agreement: preview.has_warnings().then(|| preview.digest()),
            groups: preview.groups.into_iter().map(group).collect(),
            more_groups: preview.more_groups,
            users: preview.people.into_iter().map(user).collect(),
            more_users: preview.more_people,
            lose_admin: preview.lose_admin.into(),
            locked_out: preview.locked_out.into(),
            leaves_nobody: preview.leaves_nobody,
        }
    }
}
