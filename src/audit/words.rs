//! What the lines tell, in words. Every action that is written down has its words here; `tests/web/audit` compares.

use serde_json::Value;

use crate::{
    audit::{
        model::{Entry, Party},
        words_of_actions::{ACTIONS, Words},
    },
    base::clock::Moment,
    web::when,
};

/// A piece of a sentence; somebody who is still there and has a page is named with their kind and id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub of: Option<(String, String)>,
}

impl Piece {
    fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), of: None }
    }
}

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

/// The words of an action; nothing for one that this version does not know.
pub fn of_action(name: &str) -> Option<&'static Words> {
    ACTIONS.iter().find(|words| words.action == name)
}

/// How an action is called in lists and filters.
pub fn label(name: &str) -> &str {
    of_action(name).map_or(name, |words| words.label)
}

/// The sentence, such as "Ada Lovelace" "deactivated" "Bob".
pub fn told(entry: &Entry) -> Vec<Piece> {
    let mut pieces = vec![actor(&entry.actor)];
    let Some(words) = of_action(&entry.action) else {
        pieces.push(Piece::plain(format!(" did {} to ", entry.action)));
        pieces.push(target(entry));
        return pieces;
    };
    let phrase = words.phrase(is_empty(&entry.before), is_empty(&entry.after));
    match phrase.split_once("{}") {
        None => pieces.push(Piece::plain(format!(" {phrase}"))),
        Some((before, after)) => {
            pieces.push(Piece::plain(format!(" {before}")));
            pieces.push(target(entry));
            pieces.extend((!after.is_empty()).then(|| Piece::plain(after)));
        }
    }
    pieces
}

/// The same as one text.
pub fn sentence(entry: &Entry) -> String {
    told(entry).into_iter().map(|piece| piece.text).collect()
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_none_or(serde_json::Map::is_empty)
}

/// Who did it.
pub fn actor(party: &Party) -> Piece {
    let text = match party.kind.as_str() {
        "stranger" => "Somebody not signed in".to_owned(),
        "operator" => "The operator".to_owned(),
        "system" => "Roster".to_owned(),
        "scim" => "The identity provider".to_owned(),
        kind => {
            let by = if kind == "token" { " (by access token)" } else { "" };
            format!("{}{by}", shown(party).unwrap_or("Somebody who is gone"))
        }
    };
    Piece { text, of: (party.is_there && party.is_person()).then(|| ("user".to_owned(), party.id.clone())) }
}

fn shown(party: &Party) -> Option<&str> {
    [party.name.as_str(), &party.email].into_iter().find(|text| !text.is_empty())
}

fn target(entry: &Entry) -> Piece {
    let party = &entry.target;
    let own = || [&entry.after, &entry.before].into_iter().find_map(named_in);
    let name = shown(party).or_else(own);
    let text = match (party.kind.as_str(), name) {
        ("user", Some(name)) | ("organization", Some(name)) => name.to_owned(),
        ("user", None) => "somebody who is gone".to_owned(),
        ("organization", None) => "the organization".to_owned(),
        (kind, Some(name)) => format!("the {} {name}", kind_in_words(kind)),
        (kind, None) => format!("a {} that is gone", kind_in_words(kind)),
    };
    let of = matches!(party.kind.as_str(), "user" | "group" | "policy")
        .then(|| (party.kind.clone(), party.id.clone()));
    Piece { text, of: of.filter(|_| party.is_there) }
}

fn named_in(value: &Value) -> Option<&str> {
    let named = |key| value.get(key).and_then(Value::as_str).filter(|name| !name.is_empty());
    ["name", "email", "role"].into_iter().find_map(named)
}

/// What kind of thing something is, in a sentence.
pub fn kind_in_words(kind: &str) -> &str {
    match kind {
        "user" => "person",
        "token" => "access token",
        "access_request" => "request for",
        "invitation" => "invitation of",
        other => other,
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

    fn entry(action: &str, before: Value, after: Value) -> Entry {
        Entry {
            sequence: 1,
            at: Moment::from_micros(0),
            actor: Party {
                kind: "session".into(),
                id: "a".into(),
                name: "Ada Lovelace".into(),
                email: "ada@example.com".into(),
                is_there: true,
            },
            action: action.into(),
            target: Party { kind: "user".into(), id: "b".into(), name: "Bob".into(), ..Party::default() },
            request_id: "r".into(),
            address: "192.0.2.1".into(),
            before,
            after,
            is_erased: false,
        }
    }

    #[test]
    fn a_line_is_told_as_a_sentence_with_names() {
        let mut line = entry("iam.users.deactivate", json!({}), json!({}));
        assert_eq!(sentence(&line), "Ada Lovelace deactivated Bob");
        assert_eq!(told(&line)[0].of, Some(("user".into(), "a".into())));
        assert_eq!(told(&line)[2].of, None, "Bob is gone and has no page");
        line.target.name.clear();
        line.before = json!({ "email": "bob@example.com" });
        assert_eq!(sentence(&line), "Ada Lovelace deactivated bob@example.com");
        line.before = json!({});
        assert_eq!(sentence(&line), "Ada Lovelace deactivated somebody who is gone");
        line.actor = Party { kind: "operator".into(), ..Party::default() };
        line.action = "of.a_later.version".into();
        assert_eq!(sentence(&line), "The operator did of.a_later.version to somebody who is gone");
    }

    #[test]
    fn one_action_for_three_acts_is_told_by_what_was_before_and_after() {
        let group = |before, after| {
            let mut line = entry("iam.groups.write", before, after);
            line.target = Party { kind: "group".into(), id: "g".into(), ..Party::default() };
            sentence(&line)
        };
        let named = |name: &str| json!({ "name": name });
        assert_eq!(group(json!({}), named("Ops")), "Ada Lovelace created the group Ops");
        assert_eq!(group(named("Op"), named("Ops")), "Ada Lovelace changed the group Ops");
        assert_eq!(group(named("Ops"), json!({})), "Ada Lovelace deleted the group Ops");
    }

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

    #[test]
    fn a_diff_shows_what_is_gone_and_what_is_new() {
        let line = entry("x", json!({ "a": 1, "b": ["x", "y"] }), json!({ "b": ["x", "z"], "c": true }));
        let rows = diff(&line);
        assert_eq!(rows[0], Row::Gone("a: 1".into()));
        assert_eq!(rows[1], Row::Same("b: [".into()));
        assert!(rows.contains(&Row::Gone("  \"y\"".into())) && rows.contains(&Row::New("  \"z\"".into())));
        assert_eq!(rows.last(), Some(&Row::New("c: true".into())));
    }

    #[test]
    fn every_act_of_the_console_has_its_words_once() {
        use crate::access::actions::TARGETED_NAMES;
        for name in TARGETED_NAMES {
            assert!(of_action(name).is_some(), "{name} has no words");
        }
        let mut names: Vec<_> = ACTIONS.iter().map(|words| words.action).collect();
        names.sort_unstable();
        assert!(names.is_sorted_by(|one, next| one < next), "an action has its words twice");
    }
}
