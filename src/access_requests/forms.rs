//! What the forms of requests send.

use super::model::{Ask, Decision, FEWEST_MINUTES, LONGEST_NOTE, LONGEST_REASON, Verdict};
use crate::{access_requests::words, web::Fields};

/// The times that the form offers, in minutes, when so many are the most.
pub fn lengths(most: i32) -> Vec<i32> {
    const USUAL: [i32; 8] = [15, 30, 60, 120, 240, 480, 24 * 60, 72 * 60];
    USUAL.into_iter().filter(|minutes| *minutes < most).chain([most]).collect()
}

/// A request as it was typed.
#[derive(Clone, Debug)]
pub struct AskDraft {
    pub role: String,
    pub minutes: String,
    pub reason: String,
}

/// What is wrong with it, field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskErrors {
    pub role: Option<String>,
    pub minutes: Option<String>,
    pub reason: Option<String>,
}

impl Default for AskDraft {
    fn default() -> Self {
        Self { role: String::new(), minutes: "60".to_owned(), reason: String::new() }
    }
}

impl AskDraft {
    pub fn read(fields: &Fields) -> Self {
        Self { role: fields.text("role"), minutes: fields.text("minutes"), reason: fields.text("reason") }
    }

    /// Whether there is such a role is not asked here. `most` is the longest time in minutes.
    pub fn parse(&self, most: i32) -> Result<Ask, AskErrors> {
        let minutes: Option<i32> =
            self.minutes.parse().ok().filter(|it| (FEWEST_MINUTES..=most).contains(it));
        let right =
            || format!("Choose a time from {} to {}.", words::minutes(FEWEST_MINUTES), words::minutes(most));
        let errors = AskErrors {
            role: self.role.is_empty().then(|| "Choose a role.".to_owned()),
            minutes: minutes.is_none().then(right),
            reason: match self.reason.chars().count() {
                0 => Some("Say what you need it for.".to_owned()),
                length => too_long(length, LONGEST_REASON),
            },
        };
        match minutes {
            Some(minutes) if errors == AskErrors::default() => {
                Ok(Ask { role: self.role.clone(), minutes, reason: self.reason.clone() })
            }
            _ => Err(errors),
        }
    }
}

/// The note of an answer, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct NoteDraft {
    pub note: String,
}

impl NoteDraft {
    pub fn read(fields: &Fields) -> Self {
        Self { note: fields.text("note") }
    }

    /// A note is optional.
    pub fn parse(&self, verdict: Verdict) -> Result<Decision, String> {
        match too_long(self.note.chars().count(), LONGEST_NOTE) {
            Some(words) => Err(words),
            None => Ok(Decision { verdict, note: self.note.clone() }),
        }
    }
}

fn too_long(length: usize, most: usize) -> Option<String> {
    (length > most).then(|| format!("Use at most {most} characters; these are {length}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(role: &str, minutes: &str, reason: &str) -> AskDraft {
        AskDraft { role: role.into(), minutes: minutes.into(), reason: reason.into() }
    }

    #[test]
    fn a_request_is_for_a_quarter_of_an_hour_to_eight_hours_and_says_why() {
        for minutes in ["15", "16", "480"] {
            assert!(draft("cks_admin", minutes, "a cluster is down").parse(480).is_ok(), "{minutes}");
        }
        for minutes in ["", "14", "481", "-60", "60.5", "9999999999", "an hour"] {
            let errors = draft("cks_admin", minutes, "a cluster is down").parse(480).unwrap_err();
            assert!(errors.minutes.is_some() && errors.reason.is_none(), "{minutes}");
        }
        let errors = draft("", "", "").parse(480).unwrap_err();
        assert!(errors.role.is_some() && errors.minutes.is_some() && errors.reason.is_some());
        assert!(draft("r", "15", &"é".repeat(500)).parse(480).is_ok());
        assert!(draft("r", "15", &"é".repeat(501)).parse(480).unwrap_err().reason.is_some());
    }

    #[test]
    fn the_times_on_offer_can_be_asked_for() {
        assert_eq!(lengths(480), [15, 30, 60, 120, 240, 480]);
        assert_eq!(lengths(90), [15, 30, 60, 90]);
        for most in [60, 480, 168 * 60] {
            for minutes in lengths(most) {
                assert!(draft("r", &minutes.to_string(), "why").parse(most).is_ok(), "{minutes} of {most}");
            }
            let errors = draft("r", &(most + 1).to_string(), "why").parse(most).unwrap_err();
            assert!(errors.minutes.is_some(), "one more than {most}");
        }
    }

    #[test]
    fn a_note_is_optional_and_bounded() {
        let note = |note: String| NoteDraft { note }.parse(Verdict::Deny);
        assert!(note(String::new()).is_ok() && note("x".repeat(500)).is_ok());
        assert!(note("x".repeat(501)).is_err());
    }
}
