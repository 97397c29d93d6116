//! Patterns that make a long password easy to guess.

/// A piece shorter than this adds nothing when it is repeated.
const SHORT_PIECE: usize = 8;
/// Rows of the keyboard, one after the other, as fingers run over them.
const KEYBOARD: &str = "1234567890qwertyuiopasdfghjklzxcvbnm1234567890";

/// Whether the whole is one short piece again and again, such as `abcabcabc` or one character.
pub(super) fn repeats_a_short_piece(password: &str) -> bool {
    let piece = repeated_piece(password);
    piece.len() < password.len() && piece.chars().count() < SHORT_PIECE
}

/// The shortest piece that gives the whole when it is repeated, the last time perhaps not to its end; the whole
/// itself when it repeats nothing.
pub(super) fn repeated_piece(text: &str) -> &str {
    let periods = text.char_indices().map(|(at, _)| at).skip(1);
    let mut halves = periods.take_while(|at| at * 2 <= text.len());
    halves
        .find(|at| text.as_bytes()[*at..] == text.as_bytes()[..text.len() - at])
        .map_or(text, |at| &text[..at])
}

/// Whether the whole is a few runs: letters or digits in their order, keys side by side, one character again and
/// again. A run of four takes as little to remember, and to guess, as one character.
pub(super) fn is_made_of_runs(password: &str) -> bool {
    let characters: Vec<char> = password.chars().flat_map(char::to_lowercase).collect();
    let mut runs = 0;
    let mut rest = &characters[..];
    while !rest.is_empty() {
        rest = &rest[longest_run(rest)..];
        runs += 1;
    }
    runs * 4 <= characters.len()
}

/// How many characters at the beginning are one run.
fn longest_run(characters: &[char]) -> usize {
    let by_step = [-1, 0, 1].map(|step| prefix(characters, |one, next| follows(one, next, step)));
    let by_key =
        [prefix(characters, are_neighbours), prefix(characters, |one, next| are_neighbours(next, one))];
    by_step.into_iter().chain(by_key).max().unwrap_or(1)
}

fn prefix(characters: &[char], goes_on: impl Fn(char, char) -> bool) -> usize {
    1 + characters.windows(2).take_while(|pair| goes_on(pair[0], pair[1])).count()
}

/// Whether `next` is `step` after `one` in the alphabet or among the digits, which go round.
fn follows(one: char, next: char, step: i32) -> bool {
    if one.is_ascii_digit() && next.is_ascii_digit() {
        return (one as i32 + step - next as i32).rem_euclid(10) == 0;
    }
    one as i32 + step == next as i32
}

fn are_neighbours(one: char, next: char) -> bool {
    let keys = KEYBOARD.as_bytes();
    keys.windows(2).any(|pair| char::from(pair[0]) == one && char::from(pair[1]) == next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_repeated_piece_is_found() {
        assert_eq!(repeated_piece("abcabcab"), "abc");
        assert_eq!(repeated_piece("ééééé"), "é");
        assert_eq!(repeated_piece("abcd"), "abcd");
        assert_eq!(repeated_piece(""), "");
    }

    #[test]
    fn ordinary_text_is_not_made_of_runs() {
        assert!(is_made_of_runs("89012345"));
        assert!(is_made_of_runs("zxcvbnmlkjhgfdsa"));
        for text in ["correct horse battery", "5551234987", "xq7-vLmp"] {
            assert!(!is_made_of_runs(text), "{text}");
        }
    }
}
