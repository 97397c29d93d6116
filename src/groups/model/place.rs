//! Places in sorted lists, as addresses say them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// No key that is sorted by is longer.
const MOST_BYTES: usize = 4_000;

/// Where the address says that a page begins or ends, not yet read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    Start,
    After(String),
    Before(String),
}

impl Place {
    pub fn of(after: &str, before: &str) -> Self {
        match (after, before) {
            ("", "") => Self::Start,
            ("", before) => Self::Before(before.to_owned()),
            (after, _) => Self::After(after.to_owned()),
        }
    }

    /// The place of a name, by its key; nothing when the text is no place.
    pub fn named(text: &str) -> Option<String> {
        decoded(text)?.strip_prefix("g ").map(str::to_owned)
    }

    pub fn at_name(key: &str) -> String {
        URL_SAFE_NO_PAD.encode(format!("g {key}"))
    }
}

/// Where somebody stands among the members by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberPlace {
    pub key: String,
    pub number: i64,
}

impl MemberPlace {
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("m {} {}", self.number, self.key))
    }

    pub fn decode(text: &str) -> Option<Self> {
        let text = decoded(text)?;
        let (number, key) = text.strip_prefix("m ")?.split_once(' ')?;
        Some(Self { key: key.to_owned(), number: number.parse().ok()? })
    }
}

fn decoded(text: &str) -> Option<String> {
    if text.len() > MOST_BYTES {
        return None;
    }
    String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok().filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back_and_nonsense_is_none() {
        let place = MemberPlace { key: "ada  lovelace ü".into(), number: 7 };
        assert_eq!(MemberPlace::decode(&place.encode()), Some(place));
        assert_eq!(Place::named(&Place::at_name("night shift")).as_deref(), Some("night shift"));
        for nonsense in ["", "x", "!!", &Place::at_name("a"), &"A".repeat(5_000)] {
            assert_eq!(MemberPlace::decode(nonsense), None, "{nonsense}");
        }
        assert_eq!(Place::of("a", "b"), Place::After("a".into()));
    }
}
