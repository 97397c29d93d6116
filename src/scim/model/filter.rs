//! The filters that are answered: comparisons joined by `and`, on attributes that an index serves. A subset of RFC 7644
//! §3.4.2.2; anything else is refused with words, not answered slowly.

use super::{LONGEST_FILTER, Refusal};

/// More comparisons than a provider joins.
const MOST_CONDITIONS: usize = 5;

/// All of these hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter(pub Vec<Condition>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub attribute: Attribute,
    pub operator: Operator,
    pub value: String,
}

/// What can be asked for; of people or of groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    Id,
    ExternalId,
    UserName,
    Email,
    Active,
    DisplayName,
    Members,
    /// `User` or `Group`, as a search of both tells them apart.
    ResourceType,
    /// The kind of a value among several, such as `work`.
    Type,
    Primary,
    Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Equal,
    StartsWith,
    Contains,
}

impl Filter {
    /// # Errors
    /// [`Refusal::BadFilter`] with what is wrong, or what is not answered.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text.len() > LONGEST_FILTER {
            return Err(Refusal::BadFilter(format!("A filter may have {LONGEST_FILTER} bytes.")));
        }
        let mut words = words_of(text)?.into_iter().peekable();
        let mut conditions = Vec::new();
        while words.peek().is_some() {
            if !conditions.is_empty() {
                match words.next() {
                    Some(Word::Bare(word)) if word.eq_ignore_ascii_case("and") => {}
                    _ => return Err(unanswered("Comparisons can be joined by “and” only.")),
                }
            }
            conditions.push(condition(&mut words)?);
            if conditions.len() > MOST_CONDITIONS {
                return Err(unanswered("There are too many comparisons."));
            }
        }
        match conditions.is_empty() {
            true => Err(Refusal::BadFilter("The filter is empty.".to_owned())),
            false => Ok(Self(conditions)),
        }
    }
}

fn condition(words: &mut impl Iterator<Item = Word>) -> Result<Condition, Refusal> {
    let (Some(Word::Bare(attribute)), Some(Word::Bare(operator))) = (words.next(), words.next()) else {
        return Err(unanswered("A comparison is an attribute, an operator and a value."));
    };
    let attribute = Attribute::named(&attribute)
        .ok_or_else(|| unanswered(&format!("{attribute} cannot be filtered by.")))?;
    let operator = match operator.to_ascii_lowercase().as_str() {
        "eq" => Operator::Equal,
        "sw" => Operator::StartsWith,
        "co" => Operator::Contains,
        other => return Err(unanswered(&format!("The operator {other} is not answered."))),
    };
    let value = match words.next() {
        Some(Word::Quoted(value)) => value,
        Some(Word::Bare(value)) if is_literal(&value) => value.to_ascii_lowercase(),
        _ => return Err(unanswered("The value must be a JSON string, true or false.")),
    };
    Ok(Condition { attribute, operator, value })
}

fn is_literal(word: &str) -> bool {
    word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false")
}

impl Attribute {
    fn named(name: &str) -> Option<Self> {
        Some(match plain(name).as_str() {
            "id" => Self::Id,
            "externalid" => Self::ExternalId,
            "username" => Self::UserName,
            "emails" | "emails.value" => Self::Email,
            "active" => Self::Active,
            "displayname" => Self::DisplayName,
            "members" | "members.value" => Self::Members,
            "meta.resourcetype" => Self::ResourceType,
            "type" => Self::Type,
            "primary" => Self::Primary,
            "value" => Self::Value,
            _ => return None,
        })
    }
}

/// An attribute's name in lower case, without the name of the schema before it.
pub fn plain(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    for schema in [super::USER_SCHEMA, super::GROUP_SCHEMA] {
        let schema = schema.to_ascii_lowercase();
        if let Some(rest) = name.strip_prefix(&schema).and_then(|rest| rest.strip_prefix(':')) {
            return rest.to_owned();
        }
    }
    name
}

pub fn unanswered(why: &str) -> Refusal {
    Refusal::BadFilter(format!(
        "{why} Answered are userName, externalId, id, emails.value, active and displayName of users, \
         displayName, externalId, id and members of groups, and meta.resourceType of both: with eq, displayName also \
         with sw, joined by “and”."
    ))
}

enum Word {
    Bare(String),
    Quoted(String),
}

fn words_of(text: &str) -> Result<Vec<Word>, Refusal> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if rest.starts_with('"') {
            let end = end_of_string(rest)
                .ok_or_else(|| Refusal::BadFilter("A string in the filter has no end.".to_owned()))?;
            let value: String = serde_json::from_str(&rest[..end])
                .map_err(|_| Refusal::BadFilter("A value of the filter is no JSON string.".to_owned()))?;
            if value.contains('\0') {
                return Err(Refusal::BadFilter("The filter holds the character NUL.".to_owned()));
            }
            words.push(Word::Quoted(value));
            rest = &rest[end..];
        } else {
            let end = rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len());
            words.push(Word::Bare(rest[..end].to_owned()));
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Ok(words)
}

/// Where a JSON string that begins here ends: behind the first quotation mark that no backslash stands before.
fn end_of_string(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (place, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return Some(place + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(text: &str) -> (Attribute, Operator, String) {
        let Filter(mut all) = Filter::parse(text).unwrap();
        assert_eq!(all.len(), 1, "{text}");
        let Condition { attribute, operator, value } = all.remove(0);
        (attribute, operator, value)
    }

    #[test]
    fn comparisons_are_read_whatever_their_letter_case() {
        let ada = "ada@example.com".to_owned();
        for text in [
            "userName eq \"ada@example.com\"",
            "  USERNAME  Eq \"ada@example.com\" ",
            "urn:ietf:params:scim:schemas:core:2.0:User:userName eq \"ada@example.com\"",
        ] {
            assert_eq!(one(text), (Attribute::UserName, Operator::Equal, ada.clone()), "{text}");
        }
        assert_eq!(one("active eq True"), (Attribute::Active, Operator::Equal, "true".into()));
        let quoted = one(r#"displayName sw "say \"hi\" \\""#);
        assert_eq!(quoted, (Attribute::DisplayName, Operator::StartsWith, r#"say "hi" \"#.into()));
        let both = Filter::parse("id eq \"1\" and members eq \"2\"").unwrap();
        assert_eq!(both.0.len(), 2);
    }

    #[test]
    fn what_is_not_answered_is_refused_with_words() {
        for text in [
            "",
            "userName",
            "userName eq",
            "userName eq ada",
            "userName eq \"ada",
            "userName gt \"a\"",
            "title eq \"x\"",
            "userName eq \"a\" or userName eq \"b\"",
            "not (userName eq \"a\")",
            "(userName eq \"a\")",
            "userName eq \"\\u0000\"",
            &format!("userName eq \"{}\"", "x".repeat(1_000)),
        ] {
            let refusal = Filter::parse(text).unwrap_err();
            assert_eq!(refusal.scim_type(), Some("invalidFilter"), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,80}") {
            let _ = Filter::parse(&text);
        }
    }
}
