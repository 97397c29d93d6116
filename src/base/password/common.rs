//! The list of common passwords that ships inside the binary.

use super::pattern;

/// 17,900 common passwords of eight characters and more, in lower case, sorted by their bytes, one a line.
/// From the frequency lists of zxcvbn-ts (package @zxcvbn-ts/language-common 4.1.3, MIT): the licence stands beside
/// the file.
const LIST: &str = include_str!("common-passwords.txt");

/// The shortest entry of the list.
const SHORTEST: usize = 8;
/// More digits and marks than this around a common password make it another one.
const TRIMMED: usize = 8;

/// Whether it is on the list in any letter case, alone or with a few digits and marks around it, once or repeated.
pub(super) fn is_common(password: &str) -> bool {
    let folded = zeroize::Zeroizing::new(password.to_lowercase());
    let piece = pattern::repeated_piece(&folded);
    [folded.as_str(), piece].into_iter().any(|text| is_listed(text) || is_listed(core(text)))
}

/// The text without the digits and marks at both ends, when those are few.
fn core(text: &str) -> &str {
    let core = text.trim_matches(|c: char| !c.is_alphabetic());
    if text.chars().count() - core.chars().count() <= TRIMMED { core } else { text }
}

/// Binary search over the text itself: the list takes no memory beside the binary.
fn is_listed(word: &str) -> bool {
    if word.len() < SHORTEST || word.contains('\n') {
        return false;
    }
    let (mut low, mut high) = (0, LIST.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let begin = LIST.as_bytes()[..middle].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let end = LIST[begin..].find('\n').map_or(LIST.len(), |at| begin + at);
        match LIST[begin..end].cmp(word) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = begin,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_large_sorted_and_in_lower_case() {
        let words: Vec<&str> = LIST.lines().collect();
        assert!(words.len() > 10_000);
        assert!(words.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(words.iter().all(|word| word.len() >= SHORTEST && *word == word.to_lowercase()));
    }

    #[test]
    fn every_word_of_the_list_is_found_and_others_are_not() {
        assert!(LIST.lines().all(is_listed));
        for word in
            ["", "zzzzzzzzzzzzzzzzzzzzzz", "        ", "correct horse", "password\nprincess", "éééééééé"]
        {
            assert!(!is_listed(word), "{word}");
        }
    }
}
