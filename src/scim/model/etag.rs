//! Versions as weak entity tags (RFC 7644 §3.14).

use std::fmt;

/// The version of what the provider sent, and of the row it was written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Etag(pub i64, pub i64);

impl Etag {
    /// Whether a header of tags names this version. Weak and strong spellings of a tag are the same here.
    pub fn is_among(self, header: &str) -> bool {
        let own = format!("\"{}.{}\"", self.0, self.1);
        header.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == own)
    }
}

impl fmt::Display for Etag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "W/\"{}.{}\"", self.0, self.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_among_others() {
        let tag = Etag(3, 7);
        for header in ["*", "W/\"3.7\"", "\"3.7\"", "W/\"1.1\", W/\"3.7\""] {
            assert!(tag.is_among(header), "{header}");
        }
        for header in ["", "W/\"3.8\"", "3.7", "W/\"13.7\""] {
            assert!(!tag.is_among(header), "{header}");
        }
        assert_eq!(tag.to_string(), "W/\"3.7\"");
    }
}
