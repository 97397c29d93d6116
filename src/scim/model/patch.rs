//! The operations of a PATCH (RFC 7644 §3.5.2), as the common providers write them: operations in any letter case,
//! values without a path, dotted names as members.

use serde_json::Value;

use super::{
    MOST_OPERATIONS, Refusal,
    filter::{Filter, plain},
    value::member,
};

/// What is changed, in order.
#[derive(Clone, Debug)]
pub struct Patch(pub Vec<Operation>);

#[derive(Clone, Debug)]
pub struct Operation {
    pub kind: Kind,
    pub path: Path,
    pub value: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Add,
    Replace,
    Remove,
}

/// `attribute`, `attribute.part`, `attribute[filter]` or `attribute[filter].part`, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub attribute: String,
    pub filter: Option<Filter>,
    pub part: Option<String>,
}

impl Patch {
    /// # Errors
    /// What is wrong with the body, or a path in it.
    pub fn read(body: &Value) -> Result<Self, Refusal> {
        let syntax = |text: &str| Refusal::Syntax(text.to_owned());
        let operations = member(body, "operations").and_then(Value::as_array);
        let operations = operations.ok_or_else(|| syntax("The body has no list “Operations”."))?;
        if operations.is_empty() {
            return Err(syntax("There is no operation."));
        }
        if operations.len() > MOST_OPERATIONS {
            return Err(Refusal::TooMany(format!("A PATCH may have {MOST_OPERATIONS} operations.")));
        }
        let mut all = Vec::new();
        for operation in operations {
            read(operation, &mut all)?;
        }
        Ok(Self(all))
    }
}

fn read(operation: &Value, all: &mut Vec<Operation>) -> Result<(), Refusal> {
    let kind = match member(operation, "op").and_then(Value::as_str).map(str::to_ascii_lowercase).as_deref() {
        Some("add") => Kind::Add,
        Some("replace") => Kind::Replace,
        Some("remove") => Kind::Remove,
        _ => return Err(Refusal::Syntax("An operation is add, replace or remove.".to_owned())),
    };
    let value = member(operation, "value").cloned();
    let path = match member(operation, "path") {
        None | Some(Value::Null) => None,
        Some(Value::String(path)) => Some(path.as_str()),
        Some(_) => return Err(Refusal::BadPath("A path is a string.".to_owned())),
    };
    match (kind, path, value) {
        (Kind::Remove, None, _) => {
            Err(Refusal::NoTarget("What is removed must be named by a path.".to_owned()))
        }
        (Kind::Add | Kind::Replace, _, None) => {
            Err(Refusal::BadValue("An operation has no value.".to_owned()))
        }
        (_, Some(path), value) => {
            all.push(Operation { kind, path: Path::parse(path)?, value: value.unwrap_or_default() });
            Ok(())
        }
        (_, None, Some(Value::Object(members))) => {
            for (name, value) in members.into_iter().filter(|(name, _)| !is_given(name)) {
                all.push(Operation { kind, path: Path::parse(&name)?, value });
            }
            Ok(())
        }
        (_, None, _) => Err(Refusal::BadValue("Without a path, the value must be an object.".to_owned())),
    }
}

/// Members that a provider sends along and does not mean to change.
fn is_given(name: &str) -> bool {
    ["schemas", "id", "meta"].iter().any(|given| given.eq_ignore_ascii_case(name))
}

impl Path {
    /// # Errors
    /// [`Refusal::BadPath`] for what is no path, [`Refusal::BadFilter`] for what stands between its brackets.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let bad =
            || Refusal::BadPath(format!("“{}” is not a path.", text.chars().take(100).collect::<String>()));
        let (head, filter, tail) = match (text.find('['), text.rfind(']')) {
            (None, None) => (text, None, ""),
            (Some(open), Some(close)) if open < close => {
                (&text[..open], Some(Filter::parse(&text[open + 1..close])?), &text[close + 1..])
            }
            _ => return Err(bad()),
        };
        let head = plain(head.trim());
        // An attribute of another schema: its name has dots of its own.
        if head.starts_with("urn:") {
            return Ok(Self { attribute: head, filter, part: None });
        }
        let (attribute, part) = match (head.split_once('.'), tail.strip_prefix('.')) {
            (None, None) if tail.is_empty() => (head.as_str(), None),
            (None, Some(part)) => (head.as_str(), Some(part.to_ascii_lowercase())),
            (Some((attribute, part)), None) if tail.is_empty() && filter.is_none() => {
                (attribute, Some(part.to_owned()))
            }
            _ => return Err(bad()),
        };
        let is_name = |name: &str| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "$_-".contains(c))
        };
        match is_name(attribute) && part.as_deref().is_none_or(is_name) {
            true => Ok(Self { attribute: attribute.to_owned(), filter, part }),
            false => Err(bad()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::scim::model::{Attribute, value::yes_or_no};

    #[test]
    fn paths_are_read_in_all_their_forms() {
        let of = |text: &str| {
            let path = Path::parse(text).unwrap();
            (path.attribute, path.filter.map(|filter| filter.0[0].attribute), path.part)
        };
        assert_eq!(of("active"), ("active".into(), None, None));
        assert_eq!(of("name.givenName"), ("name".into(), None, Some("givenname".into())));
        let work = ("emails".to_owned(), Some(Attribute::Type), Some("value".to_owned()));
        assert_eq!(of("emails[type eq \"work\"].value"), work);
        assert_eq!(of("members[value eq \"1\"]"), ("members".into(), Some(Attribute::Value), None));
        assert_eq!(
            of("urn:ietf:params:scim:schemas:core:2.0:User:name.familyName"),
            ("name".into(), None, Some("familyname".into()))
        );
        let other = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";
        assert_eq!(of(other).0, other.to_lowercase());
        for wrong in ["", "a b", "emails[type", "]x[", "name.a.b", "members[]", "a[type eq \"x\"]b", "ü"] {
            assert!(Path::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn operations_come_in_any_letter_case_and_with_or_without_a_path() {
        let body = json!({ "schemas": [], "operations": [
            { "op": "Replace", "path": "active", "value": "False" },
            { "op": "replace", "value": { "id": "x", "displayName": "Ada", "name.givenName": "A" } },
            { "op": "REMOVE", "path": "members[value eq \"1\"]" },
        ]});
        let Patch(all) = Patch::read(&body).unwrap();
        let told: Vec<_> = all.iter().map(|it| (it.kind, it.path.attribute.as_str())).collect();
        assert_eq!(told.len(), 4);
        assert!(told.contains(&(Kind::Replace, "name")) && told.contains(&(Kind::Remove, "members")));
        assert_eq!(yes_or_no(&all[0].value), Some(false));
        for wrong in [
            json!(null),
            json!({}),
            json!({ "Operations": [] }),
            json!({ "Operations": [{ "op": "move" }] }),
            json!({ "Operations": [{ "op": "remove" }] }),
            json!({ "Operations": [{ "op": "add", "path": 7, "value": 1 }] }),
            json!({ "Operations": [{ "op": "add", "value": 1 }] }),
            json!({ "Operations": [{ "op": "add", "path": "active" }] }),
        ] {
            assert!(Patch::read(&wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_path_breaks_the_reader(text in "\\PC{0,60}") {
            let _ = Path::parse(&text);
        }
    }
}
