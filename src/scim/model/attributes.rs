//! Which attributes an answer has (RFC 7644 §3.9).

use serde_json::{Map, Value};

use super::filter::plain;

/// `attributes` or `excludedAttributes` of a request; `schemas` and `id` are always there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    only: Vec<String>,
    without: Vec<String>,
}

impl Projection {
    pub fn of(attributes: &str, excluded: &str) -> Self {
        let names = |text: &str| {
            let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
            names.take(50).map(plain).collect()
        };
        Self { only: names(attributes), without: names(excluded) }
    }

    /// Whether an attribute is answered at all, in part or whole.
    pub fn has(&self, name: &str) -> bool {
        let is_under = |asked: &String| asked == name || asked.split('.').next() == Some(name);
        match self.only.is_empty() {
            true => !self.without.iter().any(|asked| asked == name),
            false => self.only.iter().any(is_under),
        }
    }

    pub fn apply(&self, resource: Value) -> Value {
        let Value::Object(members) = resource else { return resource };
        let is_kept = |name: &str| {
            let name = name.to_ascii_lowercase();
            name == "schemas" || name == "id" || self.has(&name)
        };
        let kept = members.into_iter().filter(|(name, _)| is_kept(name));
        Value::Object(kept.map(|(name, value)| (name.clone(), self.parts(&name, value))).collect())
    }

    /// Of an attribute with parts, those asked for.
    fn parts(&self, name: &str, value: Value) -> Value {
        let name = name.to_ascii_lowercase();
        let of = |asked: &Vec<String>| {
            let parts = asked.iter().filter_map(|it| it.strip_prefix(&name)?.strip_prefix('.'));
            parts.map(str::to_owned).collect::<Vec<String>>()
        };
        let only = if self.only.contains(&name) { Vec::new() } else { of(&self.only) };
        let without = of(&self.without);
        match only.is_empty() && without.is_empty() {
            true => value,
            false => {
                trimmed(value, &|part| (only.is_empty() || only.contains(part)) && !without.contains(part))
            }
        }
    }
}

fn trimmed(value: Value, is_kept: &impl Fn(&String) -> bool) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(name, _)| is_kept(&name.to_ascii_lowercase()));
            Value::Object(kept.collect::<Map<_, _>>())
        }
        Value::Array(values) => values.into_iter().map(|value| trimmed(value, is_kept)).collect(),
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_was_asked_for_is_answered() {
        let whole = || json!({ "schemas": [], "id": "1", "userName": "a", "name": { "givenName": "A", "familyName": "B" } });
        let of = |attributes: &str, excluded: &str| Projection::of(attributes, excluded).apply(whole());
        assert_eq!(of("", ""), whole());
        assert_eq!(of("USERNAME", ""), json!({ "schemas": [], "id": "1", "userName": "a" }));
        assert_eq!(of("name.givenName", "")["name"], json!({ "givenName": "A" }));
        assert_eq!(of("", "name,id"), json!({ "schemas": [], "id": "1", "userName": "a" }));
        assert_eq!(of("", "name.familyname")["name"], json!({ "givenName": "A" }));
        assert!(!Projection::of("", "members").has("members"));
    }
}
