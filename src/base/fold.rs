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
}
