//! What the address of the list says.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::Listed;
use crate::base::fold;

/// Longer searches are cut: no name is.
const MOST_TYPED: usize = 200;
/// No name that is a key is longer, folded.
const MOST_BYTES: usize = 4_000;

/// Which policies are looked at, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// What was typed into the search.
    pub typed: String,
    pub toward: Toward,
    /// Whether the address names a place that cannot be read.
    pub is_lost: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Toward {
    #[default]
    Start,
    After(Cursor),
    Before(Cursor),
}

/// A place in the list: the folded name of the policy that stands there, which no other has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub key: String,
}

/// A page of the list.
#[derive(Clone, Debug)]
pub struct Looked {
    pub policies: Vec<Listed>,
    /// How many match.
    pub count: i64,
    pub previous: Option<Cursor>,
    pub next: Option<Cursor>,
}

impl View {
    /// Reads the values of a query string; `get` says "" for what is not there.
    pub fn read<'a>(get: impl Fn(&str) -> &'a str) -> Self {
        let typed = get("q").trim().chars().take(MOST_TYPED).collect();
        let (toward, is_lost) = match (get("after"), get("before")) {
            ("", "") => (Toward::Start, false),
            ("", before) => read(before, Toward::Before),
            (after, _) => read(after, Toward::After),
        };
        Self { typed, toward, is_lost }
    }

    /// What is looked for in the names, folded as they are.
    pub fn search(&self) -> Option<String> {
        Some(fold::name_key(&self.typed)).filter(|key| !key.is_empty())
    }
}

fn read(text: &str, toward: fn(Cursor) -> Toward) -> (Toward, bool) {
    Cursor::decode(text).map_or((Toward::Start, true), |cursor| (toward(cursor), false))
}

impl Cursor {
    pub fn of(policy: &Listed) -> Self {
        Self { key: policy.key.clone() }
    }

    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("name {}", self.key))
    }

    /// Reads what [`Cursor::encode`] wrote; nothing when it is anything else.
    pub fn decode(text: &str) -> Option<Self> {
        if text.len() > MOST_BYTES {
            return None;
        }
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let key = text.strip_prefix("name ")?;
        (!key.contains('\0')).then(|| Self { key: key.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_nonsense_is_the_start() {
        let cursor = Cursor { key: "clusters of berlin".into() };
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor.clone()));
        let after = cursor.encode();
        let view = |place: &'static str| View::read(move |name| if name == "after" { place } else { "" });
        for nonsense in ["x", "!!", "cCAx"] {
            assert!(view(nonsense).is_lost && view(nonsense).toward == Toward::Start);
        }
        let view = View::read(|name| match name {
            "q" => " Ärzte ",
            "after" => &after,
            _ => "",
        });
        assert_eq!((view.search().as_deref(), view.toward), (Some("arzte"), Toward::After(cursor)));
    }
}
