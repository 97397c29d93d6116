//! The domains that people are invited to.

use crate::base::email_address::EmailAddress;

const MOST_DOMAINS: usize = 100;

/// The domains that people are invited to, in ASCII as they are compared; none means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Domains(Vec<String>);

impl Domains {
    /// Reads domains that stand one in a line or between commas or spaces, with an @ before them or not, in any script.
    ///
    /// # Errors
    /// Names the first text that is no domain; nothing when there are more than a hundred.
    pub fn parse(typed: &str) -> Result<Self, Option<String>> {
        let mut domains = Vec::new();
        let words = typed.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
        for word in words.filter(|word| !word.is_empty()) {
            let domain = word.strip_prefix('@').unwrap_or(word);
            let address = EmailAddress::parse(&format!("x@{domain}"))
                .map_err(|_| Some(word.chars().take(80).collect()))?;
            let domain = address.ascii_domain().to_owned();
            if !domains.contains(&domain) {
                domains.push(domain);
            }
        }
        if domains.len() > MOST_DOMAINS { Err(None) } else { Ok(Self(domains)) }
    }

    /// What stands in the settings' row, whoever wrote it.
    pub fn kept(row: &str) -> Self {
        let domains = row.split(',').map(|domain| domain.trim().to_lowercase());
        Self(domains.filter(|domain| !domain.is_empty()).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// As they are kept: a comma list.
    pub fn ascii(&self) -> String {
        self.0.join(",")
    }

    /// Each in its own script.
    pub fn shown(&self) -> Vec<String> {
        let shown = |domain: &String| {
            EmailAddress::parse(&format!("x@{domain}"))
                .map_or_else(|_| domain.clone(), |address| address.domain().to_owned())
        };
        self.0.iter().map(shown).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_kept_in_ascii_once_each_and_shown_in_their_script() {
        let domains =
            Domains::parse("Example.com, @BÜCHER.example\nxn--bcher-kva.example; example.com").unwrap();
        assert_eq!(domains.ascii(), "example.com,xn--bcher-kva.example");
        assert_eq!(domains.shown(), ["example.com", "bücher.example"]);
        assert_eq!(Domains::kept(&domains.ascii()), domains);
        assert_eq!(Domains::parse("example.com a_b.com"), Err(Some("a_b.com".into())));
        assert_eq!(Domains::parse("a%.com"), Err(Some("a%.com".into())));
        let many: Vec<_> = (0..101).map(|n| format!("a{n}.example")).collect();
        assert_eq!(Domains::parse(&many.join(" ")), Err(None));
        assert!(Domains::parse(" ,\n").unwrap().is_empty());
    }
}
