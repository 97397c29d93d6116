//! Of whom single sign-on is required, and whom that would concern.

use askama::Template;

use crate::{
    access::RequiredOf,
    sso::model::{Connection, Named, Preview},
    web::{
        field::{ErrorSummary, Field},
        page::Shell,
        shell,
    },
};

/// Of whom it is required, as a sentence.
pub fn in_words(required: RequiredOf) -> &'static str {
    match required {
        RequiredOf::Nobody => "Nobody has to come by it: every way to sign in lets people in.",
        RequiredOf::Domains => "Whoever has an address in its domains has to come by it.",
        RequiredOf::Everybody => "Everybody has to come by it.",
    }
}

/// People under a heading, the first by name.
struct List {
    lead: String,
    names: Vec<String>,
    more: i64,
    is_bad: bool,
}

impl List {
    fn of(named: &Named, [none, one, many]: [&str; 3], is_bad: bool) -> Self {
        let lead = match named.count {
            0 => none.to_owned(),
            1 => one.to_owned(),
            count => format!("{count} {many}"),
        };
        let name = |person: &crate::people::Someone| {
            format!("{} ({})", shell::shown_name(&person.name, &person.email), person.email)
        };
        let names: Vec<String> = named.first.iter().map(name).collect();
        let more = named.count - i64::try_from(names.len()).unwrap_or_default();
        Self { lead, names, more, is_bad: is_bad && named.count > 0 }
    }

    fn tone(&self) -> &'static str {
        if self.is_bad { "bad" } else { "" }
    }
}

#[derive(Template)]
#[template(path = "sso/require.html")]
pub struct RequirePage {
    frame: Shell,
    errors: ErrorSummary,
    field: Field,
    seen: i64,
    chosen: String,
    /// What was chosen, and whom it concerns, once it was looked at.
    lists: Vec<List>,
    summary: &'static str,
}

impl RequirePage {
    pub fn new(frame: Shell, connection: &Connection, chosen: RequiredOf) -> Self {
        let choices = [
            (RequiredOf::Nobody, "Nobody"),
            (RequiredOf::Domains, "People with an address in its domains"),
            (RequiredOf::Everybody, "Everybody"),
        ];
        let field =
            Field::select("required_of", "Required of", choices.map(|(it, label)| (it.as_str(), label)));
        Self {
            frame,
            errors: ErrorSummary::default(),
            field: field.value(chosen.as_str()),
            seen: connection.version,
            chosen: chosen.as_str().to_owned(),
            lists: Vec::new(),
            summary: "",
        }
    }

    /// With whom it would concern, to be agreed to.
    pub fn summing_up(self, preview: &Preview) -> Self {
        let mut lists = Vec::new();
        if preview.required == RequiredOf::Everybody {
            let words = [
                "Nobody has an address outside of the domains.",
                "One person could not sign in any more, for their address is in none of the domains:",
                "people could not sign in any more, for their address is in none of the domains:",
            ];
            lists.push(List::of(&preview.locked_out, words, true));
        }
        if preview.required != RequiredOf::Nobody {
            let words = [
                "Whom it concerns has come by it already.",
                "One person has not come by it yet, and can only if the provider knows their address:",
                "people have not come by it yet, and can only if the provider knows their address:",
            ];
            lists.push(List::of(&preview.not_yet, words, false));
            let words = [
                "No administrator has a password and a second factor, to come in when the provider fails.",
                "One administrator comes in by a password and a second factor all the same:",
                "administrators come in by a password and a second factor all the same:",
            ];
            lists.push(List::of(&preview.excepted, words, false));
        }
        Self { lists, summary: in_words(preview.required), ..self }
    }

    pub fn refused(self, words: &str) -> Self {
        Self { errors: self.errors.with("", words), ..self }
    }
}
