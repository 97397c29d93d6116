//! What stands beside a line: from where, the names of who and whom, before and after. All of it is personal, so it can
//! be erased; the copies by which lines are found are made of it alone and erased with it.

use serde_json::{Map, Value};

use crate::base::fold;

/// The most characters of a line that search looks in; long lists of changes end earlier.
const MOST_SEARCHED: usize = 2_000;

/// Who somebody was, or how something was called, when the line was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub email: String,
}

impl Named {
    pub fn is_nobody(&self) -> bool {
        self.name.is_empty() && self.email.is_empty()
    }

    /// The name, or the address where there is no name.
    pub fn shown(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }

    fn told(&self) -> Value {
        let parts = [("name", &self.name), ("email", &self.email)];
        parts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.to_owned(), Value::from(value.as_str())))
            .collect::<Map<_, _>>()
            .into()
    }

    fn read(value: Option<&Value>) -> Self {
        let part = |name: &str| {
            let text = value.and_then(|value| value.get(name)).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        Self { name: part("name"), email: part("email") }
    }
}

/// The details of a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    pub address: String,
    pub actor: Named,
    pub target: Named,
    pub before: Value,
    pub after: Value,
}

impl Details {
    /// The JSON that is stored and bound to the line by its commitment.
    pub fn written(&self) -> String {
        let mut object = Map::new();
        object.insert("address".to_owned(), self.address.as_str().into());
        for (name, named) in [("actor", &self.actor), ("target", &self.target)] {
            if !named.is_nobody() {
                object.insert(name.to_owned(), named.told());
            }
        }
        object.insert("before".to_owned(), self.before.clone());
        object.insert("after".to_owned(), self.after.clone());
        Value::from(object).to_string()
    }

    /// Reads what was written, by this version or an earlier one; what cannot be read is empty.
    pub fn read(written: &str) -> Self {
        let value: Value = serde_json::from_str(written).unwrap_or_default();
        Self {
            address: value.get("address").and_then(Value::as_str).unwrap_or_default().to_owned(),
            actor: Named::read(value.get("actor")),
            target: Named::read(value.get("target")),
            before: value.get("before").cloned().unwrap_or_default(),
            after: value.get("after").cloned().unwrap_or_default(),
        }
    }

    /// What search looks in: names, addresses and every value of before and after, with the name of the action and the
    /// request's number, folded. When this changes, a migration sets the stored ones to NULL and they are made anew.
    pub fn search_text(&self, action: &str, request_id: &str) -> String {
        let mut words = vec![
            self.actor.name.clone(),
            self.actor.email.clone(),
            self.target.name.clone(),
            self.target.email.clone(),
        ];
        collect(&self.before, &mut words);
        collect(&self.after, &mut words);
        words.extend([self.address.clone(), action.to_owned(), request_id.to_owned()]);
        words.retain(|word| !word.is_empty());
        fold::key(&words.join(" ")).chars().take(MOST_SEARCHED).collect()
    }
}

fn collect(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => words.push(number.to_string()),
        Value::String(text) => words.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| collect(value, words)),
        Value::Object(object) => {
            // In an order of its own: that of the map depends on how the program was built.
            let mut members: Vec<_> = object.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            members.into_iter().for_each(|(_, value)| collect(value, words));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn details() -> Details {
        Details {
            address: "192.0.2.7".into(),
            actor: Named { name: "Ada Lovelace".into(), email: "ada@example.com".into() },
            target: Named { name: "Zoë".into(), email: String::new() },
            before: json!({ "groups": ["Admin"] }),
            after: json!({ "groups": [], "count": 3, "on": true }),
        }
    }

    #[test]
    fn what_was_written_is_read_back() {
        assert_eq!(Details::read(&details().written()), details());
        let plain = Details { actor: Named::default(), target: Named::default(), ..details() };
        assert_eq!(Details::read(&plain.written()), plain);
        assert_eq!(Details::read("not JSON"), Details { before: Value::Null, ..Details::default() });
    }

    #[test]
    fn the_search_text_is_made_of_the_values_and_stays_as_it_is() {
        // Stored texts must be made anew by a migration when this changes; see `Details::search_text`.
        assert_eq!(
            details().search_text("iam.memberships.write", "0193f0"),
            "ada lovelace ada@example.com zoe admin 3 192.0.2.7 iam.memberships.write 0193f0"
        );
    }
}
