//! A change of a policy in the words of the audit: its name, and of everything else what differs.

use serde_json::{Map, Value, json};

use crate::{
    access::Catalogue,
    policies::model::{Policy, Rule},
};

/// Before and after.
pub fn change(catalogue: &Catalogue, before: Option<&Policy>, after: Option<&Policy>) -> (Value, Value) {
    (side(catalogue, before, after), side(catalogue, after, before))
}

fn side(catalogue: &Catalogue, of: Option<&Policy>, other: Option<&Policy>) -> Value {
    let Some(policy) = of else { return json!({}) };
    let mut told = Map::new();
    told.insert("name".into(), policy.name.as_str().into());
    if other.is_none_or(|other| other.description != policy.description) && !policy.description.is_empty() {
        told.insert("description".into(), policy.description.as_str().into());
    }
    let others: Vec<String> =
        other.iter().flat_map(|other| &other.rules).map(|rule| words(catalogue, rule)).collect();
    let rules: Vec<String> = policy
        .rules
        .iter()
        .map(|rule| words(catalogue, rule))
        .filter(|rule| !others.contains(rule))
        .collect();
    if !rules.is_empty() {
        told.insert("rules".into(), rules.into());
    }
    Value::Object(told)
}

/// `CKS Admin, IAM Viewer for Ada Lovelace (ada@example.com), group write`.
fn words(catalogue: &Catalogue, rule: &Rule) -> String {
    let roles: Vec<&str> = rule.roles.iter().map(|role| catalogue.role_name(role)).collect();
    let people = rule.users.iter().map(|person| match person.name.is_empty() {
        true => person.email.clone(),
        false => format!("{} ({})", person.name, person.email),
    });
    let groups = rule.groups.iter().map(|group| format!("group {}", group.name));
    let principals: Vec<String> = people.chain(groups).collect();
    match principals.is_empty() {
        true => format!("{} for nobody", roles.join(", ")),
        false => format!("{} for {}", roles.join(", "), principals.join(", ")),
    }
}
