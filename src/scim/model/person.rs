//! A person as a provider sends them, and as they are told to it.

use serde_json::{Map, Value, json};

use super::{
    Attribute, Etag, Filter, Patch, Projection, Refusal, USER_SCHEMA,
    patch::{Kind, Operation, member, member_of, yes_or_no},
};
use crate::{
    base::{clock::Moment, email_address::EmailAddress, fold, ids::ScimGroupId, ids::ScimUserId},
    people::Status,
};

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
    pub email: Option<String>,
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
    /// What people are shown under.
    pub name: String,
    pub active: Option<bool>,
}

/// A person whom the provider looks after.
#[derive(Clone, Debug)]
pub struct PersonSeen {
    pub id: ScimUserId,
    pub user_name: String,
    pub external_id: Option<String>,
    pub formatted: String,
    pub given: String,
    pub family: String,
    pub display_name: String,
    pub email: String,
    pub status: Status,
    /// The groups of theirs that the provider looks after.
    pub groups: Vec<(ScimGroupId, String)>,
    pub created_at: Moment,
    pub changed_at: Moment,
    pub version: Etag,
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
        // Only the address that is kept; of other kinds of address nothing is.
        if let Some(filter) = &path.filter
            && (path.attribute != "emails" || !is_kept_address(filter, self.email.as_deref()))
        {
            return Ok(());
        }
        match kind {
            Kind::Remove => self.set(&path.attribute, path.part.as_deref(), &Value::Null),
            Kind::Add | Kind::Replace => self.set(&path.attribute, path.part.as_deref(), value),
        }
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
            ("emails", None | Some("value")) => self.email = address(value)?,
            ("active", None) => {
                self.active = match value {
                    Value::Null => None,
                    value => Some(
                        yes_or_no(value)
                            .ok_or_else(|| Refusal::BadValue("active must be true or false.".to_owned()))?,
                    ),
                }
            }
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
        let address = self.email.unwrap_or_else(|| user_name.clone());
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
        let name = shown(&[&display_name, &formatted, &format!("{given} {family}"), &user_name]);
        Ok(Wanted {
            user_name,
            external_id: self.external_id,
            formatted,
            given,
            family,
            display_name,
            email,
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

impl PersonSeen {
    pub fn is_active(&self) -> bool {
        self.status == Status::Active
    }

    /// As the provider would send them to leave all as it is.
    pub fn sent(&self) -> PersonSent {
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        PersonSent {
            user_name: Some(self.user_name.clone()),
            external_id: self.external_id.clone(),
            formatted: some(&self.formatted),
            given: some(&self.given),
            family: some(&self.family),
            display_name: some(&self.display_name),
            email: Some(self.email.clone()),
            active: None,
        }
    }

    /// The resource; `base` is the address of the organization's SCIM API.
    pub fn told(&self, base: &str, projection: &Projection) -> Value {
        let mut name = Map::new();
        for (part, text) in
            [("formatted", &self.formatted), ("givenName", &self.given), ("familyName", &self.family)]
        {
            if !text.is_empty() {
                name.insert(part.to_owned(), text.as_str().into());
            }
        }
        let groups = self.groups.iter().map(|(id, name)| {
            json!({ "value": id, "display": name, "type": "direct", "$ref": format!("{base}/Groups/{id}") })
        });
        let mut resource = json!({
            "schemas": [USER_SCHEMA],
            "id": self.id,
            "userName": self.user_name,
            "active": self.is_active(),
            "emails": [{ "value": self.email, "type": "work", "primary": true }],
            "meta": {
                "resourceType": "User",
                "created": self.created_at.rfc3339(),
                "lastModified": self.changed_at.rfc3339(),
                "location": format!("{base}/Users/{}", self.id),
                "version": self.version.to_string(),
            },
        });
        if !name.is_empty() {
            resource["name"] = name.into();
        }
        if !self.groups.is_empty() {
            resource["groups"] = groups.collect();
        }
        if !self.display_name.is_empty() {
            resource["displayName"] = self.display_name.as_str().into();
        }
        if let Some(external_id) = &self.external_id {
            resource["externalId"] = external_id.as_str().into();
        }
        projection.apply(resource)
    }
}

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

/// Of several addresses the primary one, else the one for work, else the first.
fn address(value: &Value) -> Result<Option<String>, Refusal> {
    let Value::Array(values) = value else {
        return match value {
            Value::Object(_) => text("emails.value", member(value, "value").unwrap_or(&Value::Null)),
            plain => text("emails.value", plain),
        };
    };
    let is_primary = |it: &&Value| member(it, "primary").and_then(yes_or_no) == Some(true);
    let is_work = |it: &&Value| {
        member(it, "type").and_then(Value::as_str).is_some_and(|kind| kind.eq_ignore_ascii_case("work"))
    };
    let chosen = values.iter().find(is_primary).or_else(|| values.iter().find(is_work)).or(values.first());
    chosen.map_or(Ok(None), address)
}

fn is_kept_address(filter: &Filter, email: Option<&str>) -> bool {
    filter.0.iter().all(|it| match it.attribute {
        Attribute::Type => it.value.eq_ignore_ascii_case("work"),
        Attribute::Primary => it.value == "true",
        Attribute::Value | Attribute::Email => {
            email.is_some_and(|email| email.eq_ignore_ascii_case(&it.value))
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
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
        let own = patched(ada(), json!([{ "op": "replace", "path": "id", "value": "2" }]));
        assert_eq!(own.unwrap_err().scim_type(), Some("mutability"));
    }
}
