//! What the address of the audit page says. Each value is parsed; what nobody knows counts as not said.

use std::net::IpAddr;

use chrono::NaiveDate;

use crate::base::{clock::Moment, fold};

/// Longer words are cut: no name or address is.
const MOST_TYPED: usize = 200;

/// Something that lines are about, by its kind and id: `user:0193…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    pub kind: String,
    pub id: String,
}

impl Object {
    const KINDS: [&str; 7] =
        ["user", "group", "policy", "token", "access_request", "invitation", "organization"];

    fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once(':')?;
        let id = uuid::Uuid::try_parse(id).ok()?.hyphenated().to_string();
        Self::KINDS.contains(&kind).then(|| Self { kind: kind.to_owned(), id })
    }
}

/// Which lines are looked at. The default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// What was typed into the search.
    pub typed: String,
    /// A name, an e-mail address, an id, or one of `operator`, `system`, `stranger`.
    pub actor: String,
    pub target: String,
    pub action: String,
    /// The first and the last day, where whoever looks lives.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub address: Option<IpAddr>,
    /// Lines about this, and if it is a person, by them.
    pub of: Option<Object>,
}

/// From a moment on, and before another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub from: Option<Moment>,
    pub before: Option<Moment>,
}

/// Where a page begins: next to the line of this number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Toward {
    #[default]
    Start,
    After(i64),
    Before(i64),
}

/// Where the address says that the page begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub toward: Toward,
    /// What it says cannot be read, so the page is the first.
    pub is_lost: bool,
}

impl Place {
    pub fn read(after: &str, before: &str) -> Self {
        let (text, toward): (_, fn(i64) -> Toward) = match (after, before) {
            ("", "") => return Self::default(),
            ("", before) => (before, Toward::Before),
            (after, _) => (after, Toward::After),
        };
        match text.parse::<i64>() {
            Ok(sequence) if sequence >= 0 => Self { toward: toward(sequence), is_lost: false },
            _ => Self { toward: Toward::Start, is_lost: true },
        }
    }
}

impl View {
    /// Reads the values of a query string; `get` is asked for each by its name and says "" for what is not there.
    pub fn read<'a>(get: impl Fn(&str) -> &'a str) -> Self {
        let typed = |name| get(name).trim().chars().take(MOST_TYPED).collect::<String>();
        let day = |name| NaiveDate::parse_from_str(get(name).trim(), "%Y-%m-%d").ok();
        let is_action = |name: &&str| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'.');
        Self {
            typed: typed("q"),
            actor: typed("actor"),
            target: typed("target"),
            action: Some(get("action")).filter(is_action).unwrap_or_default().to_owned(),
            from: day("from"),
            to: day("to"),
            address: get("address").trim().parse::<IpAddr>().ok().map(|address| address.to_canonical()),
            of: Object::parse(get("of")),
        }
    }

    /// The values that are said, as they stand in the address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let of = self.of.as_ref().map(|of| format!("{}:{}", of.kind, of.id));
        let pairs = [
            ("q", Some(self.typed.clone())),
            ("actor", Some(self.actor.clone())),
            ("target", Some(self.target.clone())),
            ("action", Some(self.action.clone())),
            ("from", self.from.map(|day| day.to_string())),
            ("to", self.to.map(|day| day.to_string())),
            ("address", self.address.map(|address| address.to_string())),
            ("of", of),
        ];
        let said = |(name, value): (_, Option<String>)| {
            value.filter(|value| !value.is_empty()).map(|value| (name, value))
        };
        pairs.into_iter().filter_map(said).collect()
    }

    /// What search looks for, folded as the lines' texts are.
    pub fn words(&self) -> String {
        fold::key(&self.typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> View {
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        View::read(|name| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value))
    }

    #[test]
    fn the_state_of_the_page_is_in_its_address() {
        let query = "q=Ad%C3%A4&actor=Ada&target=bob%40example.com&action=iam.users.deactivate&from=2026-11-01\
                     &to=2026-11-22&address=192.0.2.7&of=group%3A0193f000-0000-7000-8000-000000000001";
        let view = read(query);
        assert_eq!(view.of.as_ref().map(|of| of.kind.as_str()), Some("group"));
        let written =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(view.pairs()).finish();
        assert_eq!(written, query);
    }

    #[test]
    fn what_nobody_knows_counts_as_not_said() {
        let view = read("q=%20&action=DROP&from=yesterday&to=2026-13-01&address=home&of=shoe:1&more=1");
        assert_eq!(view, View::default());
        assert!(view.pairs().is_empty());
    }

    #[test]
    fn a_place_is_the_number_of_a_line() {
        assert_eq!(Place::read("", ""), Place::default());
        assert_eq!(Place::read("7", "").toward, Toward::After(7));
        assert_eq!(Place::read("", "7").toward, Toward::Before(7));
        for nonsense in ["x", "-1", "99999999999999999999", "7 "] {
            assert_eq!(Place::read(nonsense, ""), Place { toward: Toward::Start, is_lost: true });
        }
    }
}
