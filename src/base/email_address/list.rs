//! Many addresses in one text, as people paste them.

use std::fmt;

use super::{BadAddress, EmailAddress};
use crate::base::fold::is_invisible;

/// An address with the name that was written before it. Displays as `Name <address>`, with quotes where they are
/// needed to read it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub name: Option<String>,
    pub address: EmailAddress,
}

impl EmailAddress {
    /// Reads one or many addresses, separated by commas, semicolons, spaces or lines. `Name <a@b>` and
    /// `"Last, First" <a@b>` are read with their names. What is no address comes back in its place with the reason.
    pub fn parse_list(text: &str) -> Vec<Result<Named, BadAddress>> {
        let mut found = Vec::new();
        let mut rest = text.trim_start_matches(is_separator);
        while !rest.is_empty() {
            rest = entry(rest, &mut found).trim_start_matches(is_separator);
        }
        found
    }
}

/// Reads what stands before the next separator and returns what follows.
fn entry<'a>(text: &'a str, found: &mut Vec<Result<Named, BadAddress>>) -> &'a str {
    if let Some((name, after)) = quoted(text)
        && let Some((address, after)) = in_brackets(after.trim_start_matches([' ', '\t']))
    {
        found.push(named(&name, address));
        return after;
    }
    let end = text.find([',', ';', '\n', '\r', '<']).unwrap_or(text.len());
    let (before, after) = text.split_at(end);
    match in_brackets(after) {
        Some((address, after)) => {
            let name = bare_addresses(before, found);
            found.push(named(name, address));
            after
        }
        // A bracket that is never closed is part of a wrong address.
        None if after.starts_with('<') => {
            let end = text.find([',', ';', '\n', '\r']).unwrap_or(text.len());
            found.extend(text[..end].split_whitespace().map(alone));
            &text[end..]
        }
        None => {
            found.extend(before.split_whitespace().map(alone));
            after
        }
    }
}

/// Takes the addresses that stand before a name, and returns the name.
fn bare_addresses<'a>(text: &'a str, found: &mut Vec<Result<Named, BadAddress>>) -> &'a str {
    let mut rest = text.trim_start();
    while let Some(word) = rest.split_whitespace().next().filter(|word| word.contains('@')) {
        found.push(alone(word));
        rest = rest[word.len()..].trim_start();
    }
    rest
}

fn alone(text: &str) -> Result<Named, BadAddress> {
    EmailAddress::parse(text).map(|address| Named { name: None, address })
}

fn named(name: &str, address: &str) -> Result<Named, BadAddress> {
    let name = one_line(name);
    EmailAddress::parse(address)
        .map(|address| Named { name: Some(name).filter(|name| !name.is_empty()), address })
}

/// The name without what cannot be seen, and with single spaces.
fn one_line(name: &str) -> String {
    let seen: String =
        name.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_invisible(*c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A quoted text at the beginning, without its quotes, and what follows it on the same line.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inside = text.strip_prefix('"')?;
    let mut name = String::new();
    let mut characters = inside.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Some((name, &inside[at + 1..])),
            '\n' | '\r' => return None,
            '\\' => name.push(characters.next()?.1),
            _ => name.push(c),
        }
    }
    None
}

/// What stands in angle brackets at the beginning, and what follows them, on the same line.
fn in_brackets(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('<')?;
    let end = inside.find(['>', '<', '\n', '\r'])?;
    inside[end..].strip_prefix('>').map(|after| (&inside[..end], after))
}

fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';') || c.is_whitespace()
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            None => write!(f, "{}", self.address),
            Some(name) if name.contains(['"', '\\', ',', ';', '<', '>', '@']) => {
                write!(f, "\"{}\" <{}>", name.replace('\\', "\\\\").replace('"', "\\\""), self.address)
            }
            Some(name) => write!(f, "{name} <{}>", self.address),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Each entry as it reads back, or the wrong text with a question mark.
    fn read(text: &str) -> Vec<String> {
        let show = |entry: Result<Named, BadAddress>| match entry {
            Ok(named) => named.to_string(),
            Err(bad) => format!("?{}", bad.text),
        };
        EmailAddress::parse_list(text).into_iter().map(show).collect()
    }

    #[test]
    fn addresses_are_separated_by_commas_semicolons_spaces_or_lines() {
        assert_eq!(
            read("a@x.y, b@x.y;c@x.y d@x.y\r\n\te@x.y,,\n"),
            ["a@x.y", "b@x.y", "c@x.y", "d@x.y", "e@x.y"]
        );
        assert!(read(" ,;\n ").is_empty());
    }

    #[test]
    fn names_before_addresses_are_kept() {
        assert_eq!(
            read("Ada  Lovelace <ada@x.y>, \"Hopper, Grace\" <grace@x.y> b@x.y Alan <alan@x.y>\n<c@x.y>"),
            ["Ada Lovelace <ada@x.y>", "\"Hopper, Grace\" <grace@x.y>", "b@x.y", "Alan <alan@x.y>", "c@x.y"]
        );
        assert_eq!(read("\"O\\\"Neil\" <o@x.y>"), ["\"O\\\"Neil\" <o@x.y>"]);
    }

    #[test]
    fn what_is_no_address_keeps_its_place() {
        assert_eq!(read("a@x.y, nobody, b@x.y"), ["a@x.y", "?nobody", "b@x.y"]);
        assert_eq!(read("Ada <nobody>; <>"), ["?nobody", "?"]);
        assert_eq!(read("Ada <a@x.y\nb@x.y"), ["?Ada", "?<a@x.y", "b@x.y"]);
        assert_eq!(read("\"Ada, b@x.y"), ["?\"Ada", "b@x.y"]);
        assert_eq!(read("a@x.y> <b@x.y>"), ["?a@x.y>", "b@x.y"]);
    }

    #[test]
    fn names_lose_what_cannot_be_seen() {
        assert_eq!(read("A\u{202E}da\u{0}  L <a@x.y>"), ["Ada L <a@x.y>"]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "[ -~\\n\\r\\t<>\"\\\\,;@éß\u{202E}]{0,80}") {
            EmailAddress::parse_list(&text);
        }

        #[test]
        fn what_was_read_reads_back_the_same(names in proptest::collection::vec("[ -~éß]{0,12}", 0..6)) {
            let people: Vec<Named> = names
                .iter()
                .enumerate()
                .map(|(i, name)| named(name, &format!("a{i}@example.com")).expect("an address"))
                .collect();
            let text = people.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let back: Result<Vec<Named>, BadAddress> = EmailAddress::parse_list(&text).into_iter().collect();
            prop_assert_eq!(back.expect("addresses"), people);
        }
    }
}
