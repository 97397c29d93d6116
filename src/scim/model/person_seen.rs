//! A person as they are told to their provider.

use serde_json::{Map, Value, json};

use super::{Email, Etag, PersonSent, Projection, USER_SCHEMA};
use crate::{
    base::{
        clock::Moment,
        ids::{ScimGroupId, ScimUserId},
    },
    people::Status,
};

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
    pub email: Email,
    pub status: Status,
    /// The groups of theirs that the provider looks after.
    pub groups: Vec<(ScimGroupId, String)>,
    pub created_at: Moment,
    pub changed_at: Moment,
    pub version: Etag,
}

impl PersonSeen {
    pub fn is_active(&self) -> bool {
        self.status == Status::Active
    }

    /// The address of the account.
    pub fn address(&self) -> &str {
        self.email.value.as_deref().unwrap_or_default()
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
            email: self.email.clone(),
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
            "emails": [self.email.told()],
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
