//! A person as a provider sends them.

use serde_json::Value;

use super::{
    Email, Patch, Refusal, USER_SCHEMA,
    patch::{Kind, Operation},
    value::{member, member_of, must_be_of, text, yes_or_no_or_nothing},
};
use crate::base::{email_address::EmailAddress, fold};

/// The longest userName and externalId, in characters.
const LONGEST_ID: usize = 254;
/// The longest name or part of one, in characters.
const LONGEST_NAME: usize = 100;

/// What a provider sends of a person; attributes that are not kept are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonSent {
    pub user_name: Option<String>,
    pub external_id: Option<String>,
    pub formatted: Option<String>,
    pub given: Option<String>,
    pub family: Option<String>,
    pub display_name: Option<String>,
    pub email: Email,
    pub active: Option<bool>,
}

/// The same, looked through: what a person shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub user_name: String,
    pub external_id: Option<String>,
    pub formatted: String,
    pub given: String,
    pub family: String,
    pub display_name: String,
    pub email: EmailAddress,
    /// What the address is for, where the provider says so.
    pub email_kind: Option<String>,
    pub is_email_primary: Option<bool>,
    /// What people are shown under.
    pub name: String,
    pub active: Option<bool>,
}

impl PersonSent {
    /// Reads a whole resource: what it does not name is not there.
    pub fn read(body: &Value) -> Result<Self, Refusal> {
        let Value::Object(members) = body else {
            return Err(Refusal::Syntax("The body must be an object.".to_owned()));
        };
        must_be_of(body, USER_SCHEMA)?;
        let mut sent = Self::default();
        for name in ["username", "externalid", "displayname", "active", "name", "emails"] {
            if let Some(value) = member_of(members, name) {
                sent.set(name, None, value)?;
            }
        }
        Ok(sent)
    }

    /// Does the operations of a PATCH one after the other.
    pub fn patch(mut self, patch: &Patch) -> Result<Self, Refusal> {
        for operation in &patch.0 {
            self.operate(operation)?;
        }
        Ok(self)
    }

    fn operate(&mut self, Operation { kind, path, value }: &Operation) -> Result<(), Refusal> {
        if ["id", "meta", "groups", "schemas"].contains(&path.attribute.as_str()) {
            return Err(Refusal::ReadOnly(format!("{} is not set by a provider.", path.attribute)));
        }
        let value = if *kind == Kind::Remove { &Value::Null } else { value };
        // RFC 7644 §3.5.2.2: what is required cannot be unassigned. Nobody is deactivated, or let in again, by that.
        let is_required = |name: &&&str| name.eq_ignore_ascii_case(&path.attribute);
        if let Some(name) = ["userName", "active"].iter().find(is_required).filter(|_| value.is_null()) {
            return Err(Refusal::ReadOnly(format!("{name} always has a value.")));
        }
        // Only the address that is kept; of other kinds of address nothing is.
        if let Some(filter) = &path.filter
            && (path.attribute != "emails" || !self.email.is_meant_by(filter))
        {
            return Ok(());
        }
        self.set(&path.attribute, path.part.as_deref(), value)?;
        if let Some(filter) = path.filter.as_ref().filter(|_| self.email.value.is_some()) {
            self.email.become_what(filter);
        }
        Ok(())
    }

    /// Sets one attribute, or a part of it; null takes it away. What is not kept is passed over.
    fn set(&mut self, attribute: &str, part: Option<&str>, value: &Value) -> Result<(), Refusal> {
        match (attribute, part) {
            ("username", None) => self.user_name = text(attribute, value)?,
            ("externalid", None) => self.external_id = text(attribute, value)?,
            ("displayname", None) => self.display_name = text(attribute, value)?,
            ("name", None) => {
                if value.is_null() {
                    (self.formatted, self.given, self.family) = (None, None, None);
                } else if !value.is_object() {
                    return Err(Refusal::BadValue("name must be an object.".to_owned()));
                }
                for part in ["formatted", "givenname", "familyname"] {
                    if let Some(value) = member(value, part) {
                        self.set("name", Some(part), value)?;
                    }
                }
            }
            ("name", Some("formatted")) => self.formatted = text("name.formatted", value)?,
            ("name", Some("givenname")) => self.given = text("name.givenName", value)?,
            ("name", Some("familyname")) => self.family = text("name.familyName", value)?,
            ("emails", None) => self.email = Email::read(value)?,
            ("emails", Some(part)) => self.email.set(part, value)?,
            ("active", None) => self.active = yes_or_no_or_nothing("active", value)?,
            _ => {}
        }
        Ok(())
    }

    /// Looks at everything that a person needs.
    pub fn wanted(self) -> Result<Wanted, Refusal> {
        let bad = |text: String| Refusal::BadValue(text);
        let user_name = fold::visible(&self.user_name.unwrap_or_default());
        if user_name.is_empty() {
            return Err(bad("userName is needed.".to_owned()));
        }
        for (name, value) in [("userName", Some(&user_name)), ("externalId", self.external_id.as_ref())] {
            if value.is_some_and(|value| value.chars().count() > LONGEST_ID) {
                return Err(bad(format!("{name} may have {LONGEST_ID} characters.")));
            }
        }
        let Email { value, kind, is_primary } = match self.email.value {
            Some(_) => self.email,
            None => Email { value: Some(user_name.clone()), ..Email::default() },
        };
        let address = value.unwrap_or_default();
        let email = EmailAddress::parse(&address).map_err(|wrong| bad(format!("The address {wrong}.")))?;
        let part = |name: &str, value: Option<String>| {
            let value = fold::visible(&value.unwrap_or_default());
            match value.chars().count() > LONGEST_NAME {
                true => Err(bad(format!("{name} may have {LONGEST_NAME} characters."))),
                false => Ok(value),
            }
        };
        let (given, family) = (part("name.givenName", self.given)?, part("name.familyName", self.family)?);
        let formatted = part("name.formatted", self.formatted)?;
        let display_name = part("displayName", self.display_name)?;
        let email_kind = part("emails.type", kind)?;
        let name = shown(&[&display_name, &formatted, &format!("{given} {family}"), &user_name]);
        Ok(Wanted {
            user_name,
            external_id: self.external_id,
            formatted,
            given,
            family,
            display_name,
            email,
            email_kind: (!email_kind.is_empty()).then_some(email_kind),
            is_email_primary: is_primary,
            name,
            active: self.active,
        })
    }
}

/// The first that says something, cut where a name must end.
fn shown(names: &[&str]) -> String {
    let first = names.iter().map(|name| name.trim()).find(|name| !name.is_empty()).unwrap_or_default();
    first.chars().take(LONGEST_NAME).collect()
}

impl Wanted {
    /// The key under which userName is found: it is not case exact (RFC 7643 §4.1.1).
    pub fn user_name_key(&self) -> String {
        user_name_key(&self.user_name)
    }
}

fn user_name_key(user_name: &str) -> String {
    user_name.to_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent(body: Value) -> PersonSent {
        PersonSent::read(&body).unwrap()
    }

    fn patched(body: Value, operations: Value) -> Result<Wanted, Refusal> {
        sent(body).patch(&Patch::read(&json!({ "Operations": operations }))?)?.wanted()
    }

    fn ada() -> Value {
        json!({
            "schemas": [USER_SCHEMA],
            "UserName": "ada@example.com",
            "name": { "givenName": "Ada", "familyName": "Lovelace" },
            "emails": [{ "type": "home", "value": "x@example.com" }, { "type": "work", "value": "ada@work.example" }],
            "active": "True",
            "title": "Countess",
        })
    }

    #[test]
    fn a_person_is_read_with_what_is_kept_of_them() {
        let wanted = sent(ada()).wanted().unwrap();
        assert_eq!((wanted.name.as_str(), wanted.email.as_str()), ("Ada Lovelace", "ada@work.example"));
        assert_eq!((wanted.active, wanted.user_name.as_str()), (Some(true), "ada@example.com"));
        let only = sent(json!({ "userName": "bob@example.com" })).wanted().unwrap();
        assert_eq!((only.email.as_str(), only.name.as_str()), ("bob@example.com", "bob@example.com"));
        for wrong in [json!({}), json!({ "userName": "bob" }), json!({ "userName": "x".repeat(300) })] {
            assert_eq!(sent(wrong).wanted().unwrap_err().scim_type(), Some("invalidValue"));
        }
        for wrong in
            [json!([]), json!({ "userName": 7 }), json!({ "active": "yes" }), json!({ "name": "Ada" })]
        {
            assert!(PersonSent::read(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_patch_changes_what_it_names_in_the_ways_of_the_common_providers() {
        let entra = json!([
            { "op": "Add", "path": "emails[type eq \"work\"].value", "value": "new@work.example" },
            { "op": "Replace", "path": "name.familyName", "value": "King" },
            { "op": "Replace", "path": "active", "value": "False" },
        ]);
        let wanted = patched(ada(), entra).unwrap();
        assert_eq!((wanted.email.as_str(), wanted.name.as_str()), ("new@work.example", "Ada King"));
        assert_eq!(wanted.active, Some(false));
        let okta =
            json!([{ "op": "replace", "value": { "active": false, "id": "1", "displayName": "Countess" } }]);
        let wanted = patched(ada(), okta).unwrap();
        assert_eq!((wanted.active, wanted.name.as_str()), (Some(false), "Countess"));
        let home =
            json!([{ "op": "replace", "path": "emails[type eq \"home\"].value", "value": "z@z.example" }]);
        assert_eq!(patched(ada(), home).unwrap().email.as_str(), "ada@work.example");
        let gone =
            json!([{ "op": "remove", "path": "name.givenName" }, { "op": "remove", "path": "emails" }]);
        let wanted = patched(ada(), gone).unwrap();
        assert_eq!((wanted.name.as_str(), wanted.email.as_str()), ("Lovelace", "ada@example.com"));
        for own in [
            json!({ "op": "replace", "path": "id", "value": "2" }),
            json!({ "op": "remove", "path": "active" }),
            json!({ "op": "replace", "value": { "active": null } }),
            json!({ "op": "remove", "path": "userName" }),
        ] {
            let refusal = patched(ada(), json!([own])).unwrap_err();
            assert_eq!(refusal.scim_type(), Some("mutability"), "{own}");
        }
    }
}
