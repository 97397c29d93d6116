//! Values as the common providers write them.

use serde_json::{Map, Value};

use super::{Refusal, filter::plain};

/// A resource says of which schema it is; one that says nothing is taken as it came.
pub fn must_be_of(body: &Value, schema: &str) -> Result<(), Refusal> {
    match member(body, "schemas") {
        None => Ok(()),
        Some(Value::Array(named))
            if named.iter().any(|it| it.as_str().is_some_and(|it| it.eq_ignore_ascii_case(schema))) =>
        {
            Ok(())
        }
        Some(_) => Err(Refusal::Syntax(format!("“schemas” must name {schema}."))),
    }
}

/// A text, or nothing for null and the empty text.
pub fn text(name: &str, value: &Value) -> Result<Option<String>, Refusal> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => Ok(Some(text.trim().to_owned())),
        // One text in a list, as some providers send what they replace.
        Value::Array(values) if values.len() == 1 => match &values[0] {
            Value::Object(only) => text(name, only.get("value").unwrap_or(&Value::Null)),
            only => text(name, only),
        },
        _ => Err(Refusal::BadValue(format!("{name} must be a text."))),
    }
}

/// A member of an object, its name in any letter case.
pub fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    value.as_object().and_then(|members| member_of(members, name))
}

pub fn member_of<'v>(members: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    members.iter().find(|(known, _)| plain(known).eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// A yes or no, also as the text that some providers send.
pub fn yes_or_no(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(it) => Some(*it),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        Value::Array(values) if values.len() == 1 => yes_or_no(values[0].get("value").unwrap_or(&values[0])),
        _ => None,
    }
}

/// True, false, or nothing for null.
pub fn yes_or_no_or_nothing(name: &str, value: &Value) -> Result<Option<bool>, Refusal> {
    match value {
        Value::Null => Ok(None),
        value => yes_or_no(value)
            .map(Some)
            .ok_or_else(|| Refusal::BadValue(format!("{name} must be true or false."))),
    }
}
