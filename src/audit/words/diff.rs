//! Before and after side by side.

use serde_json::Value;

use crate::audit::model::Entry;

/// A line of a diff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    Same(String),
    Gone(String),
    New(String),
}

/// Before and after as JSON, line by line: what is in both, what is gone and what is new.
pub fn diff(entry: &Entry) -> Vec<Row> {
    let (before, after) = (lines_of(&entry.before), lines_of(&entry.after));
    let mut rows = Vec::new();
    for (key, lines) in &before {
        match after.iter().find(|(other, _)| other == key) {
            Some((_, then)) if then == lines => rows.extend(lines.iter().cloned().map(Row::Same)),
            Some((_, then)) => rows.extend(among(lines, then)),
            None => rows.extend(lines.iter().cloned().map(Row::Gone)),
        }
    }
    for (key, lines) in &after {
        if !before.iter().any(|(other, _)| other == key) {
            rows.extend(lines.iter().cloned().map(Row::New));
        }
    }
    rows
}

/// Two versions of one thing: the lines they begin and end with alike stand once.
fn among(before: &[String], after: &[String]) -> Vec<Row> {
    let head = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    let (before_rest, after_rest) = (&before[head..], &after[head..]);
    let tail =
        before_rest.iter().rev().zip(after_rest.iter().rev()).take_while(|(one, other)| one == other).count();
    let same = |lines: &[String]| lines.iter().cloned().map(Row::Same).collect::<Vec<_>>();
    let mut rows = same(&before[..head]);
    rows.extend(before_rest[..before_rest.len() - tail].iter().cloned().map(Row::Gone));
    rows.extend(after_rest[..after_rest.len() - tail].iter().cloned().map(Row::New));
    rows.extend(same(&before_rest[before_rest.len() - tail..]));
    rows
}

fn lines_of(value: &Value) -> Vec<(String, Vec<String>)> {
    let Some(object) = value.as_object() else { return Vec::new() };
    let lines = |key: &String, value: &Value| -> Vec<String> {
        let pretty = serde_json::to_string_pretty(value).unwrap_or_default();
        format!("{key}: {pretty}").lines().map(str::to_owned).collect()
    };
    let mut things: Vec<_> = object.iter().map(|(key, value)| (key.clone(), lines(key, value))).collect();
    things.sort_unstable();
    things
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::audit::words::tests::entry;

    #[test]
    fn a_diff_shows_what_is_gone_and_what_is_new() {
        let line = entry("x", json!({ "a": 1, "b": ["x", "y"] }), json!({ "b": ["x", "z"], "c": true }));
        let rows = diff(&line);
        assert_eq!(rows[0], Row::Gone("a: 1".into()));
        assert_eq!(rows[1], Row::Same("b: [".into()));
        assert!(rows.contains(&Row::Gone("  \"y\"".into())) && rows.contains(&Row::New("  \"z\"".into())));
        assert_eq!(rows.last(), Some(&Row::New("c: true".into())));
    }
}
