//! What the lines tell, in words. Every action that is written down has its words here; `tests/web/audit` compares.

mod changes;
mod diff;

use serde_json::Value;

use super::{
    model::{Entry, Party},
    words_of_actions::{ACTIONS, Words},
};
pub use changes::{Change, changes};
pub use diff::{Row, diff};

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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::base::clock::Moment;

    /// A line in which Ada does that to Bob.
    pub fn entry(action: &str, before: Value, after: Value) -> Entry {
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
