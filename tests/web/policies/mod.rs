//! Access policies: rules that give roles, who is concerned by a change of them, and what is refused.

mod defaults;
mod editor;
mod list;
mod meanwhile;
mod preview;
mod refused;
mod rights;

use crate::support::page::Page;
use crate::support::person::Person;
use crate::support::world::World;
use crate::users::{group_id, id_of};

pub const POLICIES: &str = "/organization/iam/access-policies";
pub const CREATE: &str = "/organization/iam/access-policies/create";

/// A policy of one rule, saved by its form.
pub fn creates(
    by: &Person,
    world: &World,
    name: &str,
    roles: &[&str],
    emails: &[&str],
    groups: &[&str],
) -> Page {
    let answer = posts(by, CREATE, &fields(world, name, roles, emails, groups));
    assert!(answer.status.is_redirection(), "{name}: {}", answer.text());
    answer.followed()
}

/// The fields of a form with one rule, to be saved.
pub fn fields(
    world: &World,
    name: &str,
    roles: &[&str],
    emails: &[&str],
    groups: &[&str],
) -> Vec<(String, String)> {
    let mut fields = vec![("name".to_owned(), name.to_owned()), ("act".to_owned(), "save".to_owned())];
    fields.extend(rule(world, "n1", roles, emails, groups));
    fields
}

/// The fields of one rule with this key.
pub fn rule(
    world: &World,
    key: &str,
    roles: &[&str],
    emails: &[&str],
    groups: &[&str],
) -> Vec<(String, String)> {
    let field = |part: &str, value: String| (format!("{part}.{key}"), value);
    let mut fields = vec![("rule".to_owned(), key.to_owned())];
    fields.extend(roles.iter().map(|role| field("role", (*role).to_owned())));
    fields.extend(emails.iter().map(|email| field("user", id_of(world, email).to_string())));
    fields.extend(groups.iter().map(|group| field("group", group_id(world, group).to_string())));
    fields
}

pub fn posts(by: &Person, path: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    by.post(path, &fields)
}

/// The editor of the policy with this name.
pub fn edits(by: &Person, name: &str) -> Page {
    by.opens(POLICIES).follow(name)
}
