//! A place in a sorted list: the key and number of the person who stands there, so that a page begins right after
//! them however many people there are and whoever comes or goes meanwhile.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::view::Order;
use crate::base::clock::Moment;

/// What a person is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Person(String),
    Activity(Moment),
}

/// Where a page begins or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub key: Key,
    pub number: i64,
    /// How many people stand before this place, as far as the pages up to here have counted them.
    pub before: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Toward {
    #[default]
    Start,
    After(Cursor),
    Before(Cursor),
}

/// Where the address says that the page begins, not yet read: that needs to know the order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub after: String,
    pub before: String,
}

impl Place {
    /// A place that cannot be read is the start; the answer says whether that happened.
    pub fn read(&self, order: Order) -> (Toward, bool) {
        let (text, toward): (_, fn(Cursor) -> Toward) = match (self.after.as_str(), self.before.as_str()) {
            ("", "") => return (Toward::Start, false),
            ("", before) => (before, Toward::Before),
            (after, _) => (after, Toward::After),
        };
        Cursor::decode(text, order).map_or((Toward::Start, true), |cursor| (toward(cursor), false))
    }
}

/// No name or address that is a key is longer, folded.
const MOST_BYTES: usize = 4_000;

impl Cursor {
    pub fn encode(&self) -> String {
        let text = match &self.key {
            Key::Person(key) => format!("p {} {} {key}", self.number, self.before),
            Key::Activity(at) => format!("a {} {} {}", self.number, self.before, at.micros()),
        };
        URL_SAFE_NO_PAD.encode(text)
    }

    /// Reads what [`Cursor::encode`] wrote for a list in this order; nothing when it is anything else.
    pub fn decode(text: &str, order: Order) -> Option<Self> {
        if text.len() > MOST_BYTES {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let text = std::str::from_utf8(&bytes).ok()?;
        let mut parts = text.splitn(4, ' ');
        let kind = parts.next()?;
        let number = parts.next()?.parse().ok()?;
        let before = parts.next()?.parse::<u32>().ok()?.into();
        let key = parts.next()?;
        let key = match (kind, order.by_activity()) {
            ("p", false) if !key.contains('\0') => Key::Person(key.to_owned()),
            ("a", true) => Key::Activity(Moment::from_micros(key.parse().ok()?)),
            _ => return None,
        };
        Some(Self { key, number, before })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_only_in_the_order_it_was_made_for() {
        let person = Cursor { key: Key::Person("ada  lovelace ü".into()), number: 7, before: 50 };
        let (by_person, by_activity) = (Order::Person { down: true }, Order::Activity { down: false });
        assert_eq!(Cursor::decode(&person.encode(), by_person), Some(person.clone()));
        assert_eq!(Cursor::decode(&person.encode(), by_activity), None);
        let active = Cursor { key: Key::Activity(Moment::from_micros(1)), number: 1, before: 0 };
        assert_eq!(Cursor::decode(&active.encode(), by_activity), Some(active));
        for nonsense in ["", "x", "!!", "cCAx", &"A".repeat(5_000), &URL_SAFE_NO_PAD.encode("p 1 1 \0")] {
            assert_eq!(Cursor::decode(nonsense, by_person), None, "{nonsense}");
        }
    }
}
