//! The one address that is kept of a person, as their provider describes it (RFC 7643 §4.1.2).

use serde_json::{Map, Value};

use super::{
    Attribute, Filter, Refusal,
    value::{member, text, yes_or_no, yes_or_no_or_nothing},
};

/// What an address is told to be when its provider did not say.
const USUAL_KIND: &str = "work";

/// An address with what it is for; empty when there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Email {
    pub value: Option<String>,
    /// Such as `work`.
    pub kind: Option<String>,
    pub is_primary: Option<bool>,
}

impl Email {
    /// Of several addresses the primary one, else the one for work, else the first; one alone may be a bare text.
    pub fn read(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Array(all) => {
                let is_primary = |it: &&Value| member(it, "primary").and_then(yes_or_no) == Some(true);
                let is_work = |it: &&Value| {
                    member(it, "type")
                        .and_then(Value::as_str)
                        .is_some_and(|it| it.eq_ignore_ascii_case(USUAL_KIND))
                };
                let chosen = all.iter().find(is_primary).or_else(|| all.iter().find(is_work));
                chosen.or(all.first()).map_or_else(|| Ok(Self::default()), Self::read)
            }
            Value::Object(_) => {
                let mut email = Self::default();
                for part in ["value", "type", "primary"] {
                    email.set(part, member(value, part).unwrap_or(&Value::Null))?;
                }
                Ok(email)
            }
            plain => Ok(Self { value: text("emails.value", plain)?, ..Self::default() }),
        }
    }

    /// Sets one part; null takes it away. What is no part of an address is passed over.
    pub fn set(&mut self, part: &str, value: &Value) -> Result<(), Refusal> {
        match part {
            "value" => self.value = text("emails.value", value)?,
            "type" => self.kind = text("emails.type", value)?,
            "primary" => self.is_primary = yes_or_no_or_nothing("emails.primary", value)?,
            _ => {}
        }
        Ok(())
    }

    /// Whether a path such as `emails[type eq "work"]` means this address. It is the only one, so that for work takes its
    /// place unless it is named the primary one.
    pub fn is_meant_by(&self, filter: &Filter) -> bool {
        filter.0.iter().all(|it| match it.attribute {
            Attribute::Type => {
                self.kind().eq_ignore_ascii_case(&it.value)
                    || (it.value.eq_ignore_ascii_case(USUAL_KIND) && self.is_primary != Some(true))
            }
            Attribute::Primary => (it.value == "true") == self.is_primary(),
            Attribute::Value | Attribute::Email => {
                self.value.as_ref().is_some_and(|value| value.eq_ignore_ascii_case(&it.value))
            }
            _ => false,
        })
    }

    /// Once a path has written it, it is what the path called it.
    pub fn become_what(&mut self, filter: &Filter) {
        let named = filter.0.iter().find(|it| it.attribute == Attribute::Type);
        if let Some(named) = named.filter(|named| !self.kind().eq_ignore_ascii_case(&named.value)) {
            self.kind = Some(named.value.clone());
        }
    }

    fn kind(&self) -> &str {
        self.kind.as_deref().unwrap_or(USUAL_KIND)
    }

    fn is_primary(&self) -> bool {
        self.is_primary.unwrap_or(true)
    }

    /// As it is told.
    pub fn told(&self) -> Value {
        let mut told = Map::new();
        told.insert("value".to_owned(), self.value.as_deref().into());
        told.insert("type".to_owned(), self.kind().into());
        told.insert("primary".to_owned(), self.is_primary().into());
        told.into()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Email {
        Email::read(&value).unwrap()
    }

    #[test]
    fn of_several_addresses_one_is_kept_with_what_it_is_for() {
        let home = json!({ "value": "h@x.example", "type": "home" });
        let work = json!({ "value": "w@x.example", "type": "Work", "primary": "False" });
        let main = json!({ "value": "m@x.example", "primary": true });
        let of = |all: Value| read(all).told();
        assert_eq!(
            of(json!([home, work])),
            json!({ "value": "w@x.example", "type": "Work", "primary": false })
        );
        assert_eq!(
            of(json!([home, work, main])),
            json!({ "value": "m@x.example", "type": "work", "primary": true })
        );
        assert_eq!(of(json!([home])), json!({ "value": "h@x.example", "type": "home", "primary": true }));
        assert_eq!(of(json!("b@x.example"))["value"], "b@x.example");
        assert_eq!(read(json!([])), Email::default());
        assert!(Email::read(&json!({ "value": "x", "primary": "maybe" })).is_err());
    }

    #[test]
    fn an_address_is_meant_by_what_it_is_for() {
        let means = |email: Value, filter: &str| read(email).is_meant_by(&Filter::parse(filter).unwrap());
        let bare = || json!({ "value": "a@x.example" });
        let home = || json!({ "value": "a@x.example", "type": "home", "primary": true });
        assert!(means(bare(), r#"type eq "work""#) && means(home(), r#"type eq "HOME""#));
        assert!(!means(bare(), r#"type eq "home""#) && !means(home(), r#"type eq "work""#));
        assert!(means(bare(), "primary eq true") && !means(bare(), "primary eq false"));
        assert!(means(home(), r#"value eq "A@x.example" and type eq "home""#));
        let mut other = read(json!({ "value": "a@x.example", "type": "other" }));
        let work = Filter::parse(r#"type eq "work""#).unwrap();
        assert!(other.is_meant_by(&work), "an address for work takes the place of another");
        other.become_what(&work);
        assert_eq!(other.told()["type"], "work");
    }
}
