//! Folding: how text is made comparable, so that letter case and accents do not hide a person.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The key text is sorted and searched by: compatibility forms taken apart, accents dropped, lower case,
/// characters that cannot be seen removed, white space made single.
pub fn key(text: &str) -> String {
    let folded: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && !is_invisible(*c))
        .flat_map(char::to_lowercase)
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The key in which names must differ that people tell things by: [`key`], with letters of other scripts that look like
/// Latin ones made those, and a zero and a one made letters. Capital I and small l stay two letters: names such as
/// `mail` and `mall` are both wanted.
pub fn name_key(text: &str) -> String {
    key(text).chars().map(latin_alike).collect()
}

/// The Latin letter that this lower-case one looks like, in either case; itself when there is none.
fn latin_alike(c: char) -> char {
    match c {
        'а' | 'α' | 'ɑ' => 'a',
        'в' | 'β' | 'ь' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' => 'e',
        'ɡ' | 'ց' => 'g',
        'н' | 'һ' | 'հ' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' | 'ϳ' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' | '1' | '|' => 'l',
        'м' | 'μ' => 'm',
        'п' | 'η' | 'ո' => 'n',
        'о' | 'ο' | 'օ' | '0' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' | 'զ' => 'q',
        'г' => 'r',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'ѵ' | 'ν' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        'ζ' => 'z',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    }
}

/// Text as it may be shown to others: what cannot be seen is taken out, white space is made single.
pub fn visible(text: &str) -> String {
    let seen: String =
        text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_invisible(*c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Control characters, direction marks and other characters that change how text looks without being seen.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
            && c != ' '
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letter_case_accents_and_marks_do_not_matter() {
        assert_eq!(key("  Émile\u{202E}  ZOLA "), "emile zola");
        assert_eq!(key("ÅSA"), key("åsa"));
    }

    #[test]
    fn names_that_look_alike_have_one_key() {
        for alike in ["Аdmin", "ΑDMIN", "ａｄｍｉｎ", "ad\u{200B}min", " ádmin "] {
            assert_eq!(name_key(alike), "admin", "{alike}");
        }
        assert_eq!(name_key("Tier 1–0"), name_key("tier l-O"));
        assert_eq!(name_key("Вася"), name_key("вася"));
        assert_ne!(name_key("mail"), name_key("mall"));
        // Standard groups and policies were named by the plain key.
        for name in ["admin", "write", "read", "metrics", "billing_viewer"] {
            assert_eq!(name_key(name), key(name));
        }
    }
}
