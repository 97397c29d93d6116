//! What changed, thing by thing.

use serde_json::Value;

use crate::{audit::model::Entry, base::clock::Moment, web::when};

/// What changed of one thing, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub label: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

impl Change {
    pub fn is_same(&self) -> bool {
        self.before == self.after
    }

    /// `Status: active → deactivated`.
    pub fn told(&self) -> String {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) if before == after => format!("{}: {after}", self.label),
            (Some(before), Some(after)) => format!("{}: {before} → {after}", self.label),
            (Some(before), None) => format!("{}: {before} → nothing", self.label),
            (None, Some(after)) => format!("{}: {after}", self.label),
            (None, None) => self.label.clone(),
        }
    }
}

/// Before and after, thing by thing. Times are told in that zone.
pub fn changes(entry: &Entry, zone: &str) -> Vec<Change> {
    let keys = |value: &Value| -> Vec<String> {
        value.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default()
    };
    let mut all = keys(&entry.before);
    all.extend(keys(&entry.after));
    all.sort_unstable();
    all.dedup();
    let change = |key: String| Change {
        before: entry.before.get(&key).map(|value| value_in_words(value, zone)),
        after: entry.after.get(&key).map(|value| value_in_words(value, zone)),
        label: sentence_case(&key),
    };
    let tells =
        |key: &String| entry.before.get(key).is_some() || !entry.after.get(key).is_none_or(is_nothing);
    let told = all.into_iter().filter(|key| key != COMPLETE && tells(key)).map(change);
    told.chain(half_way(entry)).collect()
}

/// Whether a sign-in led in, or to a second factor first; only the latter is worth a word.
const COMPLETE: &str = "complete";

fn half_way(entry: &Entry) -> Option<Change> {
    let is_half_way = entry.after.get(COMPLETE) == Some(&Value::Bool(false));
    let due = Change { label: "Second factor".to_owned(), before: None, after: Some("due next".to_owned()) };
    is_half_way.then_some(due)
}

/// Where nothing was before there is no need to tell of it.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) => false,
    }
}

fn sentence_case(key: &str) -> String {
    let words = key.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn value_in_words(value: &Value, zone: &str) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.is_empty() => "nothing".to_owned(),
        Value::String(text) => moment(text).map_or_else(|| text.clone(), |at| when::in_zone(at, zone)),
        Value::Array(values) if values.is_empty() => "none".to_owned(),
        Value::Array(values) => {
            values.iter().map(|value| value_in_words(value, zone)).collect::<Vec<_>>().join(", ")
        }
        Value::Object(object) if object.is_empty() => "none".to_owned(),
        Value::Object(object) => {
            let parts = object
                .iter()
                .map(|(key, value)| format!("{} {}", key.replace('_', " "), value_in_words(value, zone)));
            parts.collect::<Vec<_>>().join("; ")
        }
    }
}

fn moment(text: &str) -> Option<Moment> {
    let is_one = text.len() >= 20 && text.as_bytes().get(10) == Some(&b'T') && text.ends_with('Z');
    let at = is_one.then(|| chrono::DateTime::parse_from_rfc3339(text).ok()).flatten()?;
    Some(Moment::new(at.to_utc()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::audit::words::tests::entry;

    #[test]
    fn changes_are_told_in_words() {
        let line = entry(
            "iam.organization.write",
            json!({ "second_factor_required": false, "from": null, "groups": ["a", "b"] }),
            json!({ "second_factor_required": true, "from": "2026-11-28T10:00:00.000000Z", "groups": [] }),
        );
        let told: Vec<_> = changes(&line, "Europe/Berlin").iter().map(Change::told).collect();
        assert_eq!(
            told,
            [
                "From: nothing → 28 Nov 2026, 11:00 CET",
                "Groups: a, b → none",
                "Second factor required: no → yes"
            ]
        );
    }

    #[test]
    fn nothing_that_was_nothing_before_is_not_told() {
        let line = entry(
            "iam.users.deactivate",
            json!({ "status": "active", "groups": [] }),
            json!({ "status": "deactivated", "groups": ["a"], "sessions_ended": 2, "tokens_suspended": 0, "name": "" }),
        );
        let told: Vec<_> = changes(&line, "UTC").iter().map(Change::told).collect();
        assert_eq!(told, ["Groups: none → a", "Sessions ended: 2", "Status: active → deactivated"]);
    }

    #[test]
    fn a_sign_in_tells_only_that_it_was_not_the_last_step() {
        let told = |complete| {
            let line = entry("account.sign_in", json!({}), json!({ "complete": complete }));
            changes(&line, "UTC").iter().map(Change::told).collect::<Vec<_>>()
        };
        assert_eq!(told(true), Vec::<String>::new());
        assert_eq!(told(false), ["Second factor: due next"]);
    }
}
