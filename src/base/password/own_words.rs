//! Words that somebody who wants to guess a person's password knows: name, address, organization.

use std::fmt;

use zeroize::Zeroizing;

use crate::base::{email_address::EmailAddress, fold};

/// Shorter words stand in too many passwords by chance.
const SHORTEST_WORD: usize = 3;
/// With fewer letters than this beside their own words, a password is made of them.
const FEW_LETTERS: usize = 4;

/// Whom a password is for.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// The name as the person writes it; may be empty when it is not known yet.
    pub name: &'a str,
    pub email: Option<&'a EmailAddress>,
    /// The organization's name; may be empty.
    pub organization: &'a str,
}

/// Which of the person's words a password is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnWord {
    Name,
    Email,
    Organization,
}

impl fmt::Display for OwnWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OwnWord::Name => "your name",
            OwnWord::Email => "your e-mail address",
            OwnWord::Organization => "the name of your organization",
        })
    }
}

impl Person<'_> {
    /// The word that most of the password consists of, if what is left beside the person's words, digits and marks
    /// is next to nothing. Letter case, accents, and digits or marks written for letters do not matter.
    pub(super) fn is_all_of(&self, password: &str) -> Option<OwnWord> {
        let folded = Zeroizing::new(fold::key(password));
        let read_as_letters: Zeroizing<String> = Zeroizing::new(folded.chars().map(letter_meant).collect());
        let words = self.words();
        [folded, read_as_letters].iter().find_map(|text| leading_word(text, &words))
    }

    /// Longest first, so that a whole name is taken out before its parts.
    fn words(&self) -> Vec<(String, OwnWord)> {
        let email = self.email.map(EmailAddress::folded).unwrap_or_default();
        let mut words: Vec<(String, OwnWord)> = Vec::new();
        for (text, of) in
            [(self.name, OwnWord::Name), (self.organization, OwnWord::Organization), (email, OwnWord::Email)]
        {
            let folded = fold::key(text);
            words.extend(folded.split(|c: char| !c.is_alphanumeric()).map(|word| (word.to_owned(), of)));
            words.push((letters_and_digits(&folded), of));
        }
        words.retain(|(word, _)| word.chars().count() >= SHORTEST_WORD);
        words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        words
    }
}

/// Takes every word out of the text, and tells the first that was there, when next to no letters are left.
fn leading_word(text: &str, words: &[(String, OwnWord)]) -> Option<OwnWord> {
    let mut rest = Zeroizing::new(letters_and_digits(text));
    let mut leading = None;
    for (word, of) in words {
        if rest.contains(word) {
            rest = Zeroizing::new(rest.replace(word, " "));
            leading = leading.or(Some(*of));
        }
    }
    let letters = rest.chars().filter(|c| c.is_alphabetic()).count();
    leading.filter(|_| letters < FEW_LETTERS)
}

fn letters_and_digits(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The letter that a digit or mark is often written for.
fn letter_meant(c: char) -> char {
    match c {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '$' | '5' => 's',
        '7' => 't',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_script_and_with_accents_are_known() {
        let person = Person { name: "Zoë Müller-Лебедева", email: None, organization: "" };
        assert_eq!(person.is_all_of("zoemuller1234567"), Some(OwnWord::Name));
        assert_eq!(person.is_all_of("ЛЕБЕДЕВА--2024"), Some(OwnWord::Name));
        assert_eq!(person.is_all_of("Müller mag sieben Ziegen"), None);
    }

    #[test]
    fn short_words_and_unknown_people_refuse_nothing() {
        let person = Person { name: "Li X", email: None, organization: "" };
        assert_eq!(person.is_all_of("li1234567890123"), None);
        assert_eq!(Person { name: "", email: None, organization: "" }.is_all_of("123456"), None);
    }
}
