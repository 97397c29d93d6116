//! A group as a provider sends it, and as it is told to it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    Attribute, Etag, GROUP_SCHEMA, Patch, Projection, Refusal,
    patch::{Kind, Operation},
    value::{member, member_of, must_be_of, text},
};
use crate::base::{
    clock::Moment,
    ids::{GroupId, ScimGroupId, ScimUserId},
};

/// What a provider sends of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupSent {
    pub name: Option<String>,
    pub external_id: Option<String>,
    /// What becomes of its members, in order.
    pub members: Vec<MemberChange>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberChange {
    Add(BTreeSet<ScimUserId>),
    Remove(BTreeSet<ScimUserId>),
    /// These and nobody else.
    Are(BTreeSet<ScimUserId>),
}

/// A member, as the provider knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub id: ScimUserId,
    pub shown: String,
}

/// A group that the provider looks after.
#[derive(Clone, Debug)]
pub struct GroupSeen {
    pub id: ScimGroupId,
    pub group: GroupId,
    pub name: String,
    pub external_id: Option<String>,
    /// An administrator linked it: it was there before.
    pub is_linked: bool,
    /// The provider knows of it.
    pub is_taken_up: bool,
    pub members: Vec<Member>,
    pub created_at: Moment,
    pub changed_at: Moment,
    pub version: Etag,
}

impl GroupSent {
    /// Reads a whole resource: without members it has none.
    pub fn read(body: &Value) -> Result<Self, Refusal> {
        let Value::Object(members) = body else {
            return Err(Refusal::Syntax("The body must be an object.".to_owned()));
        };
        must_be_of(body, GROUP_SCHEMA)?;
        let of = |name: &str| member_of(members, name).unwrap_or(&Value::Null);
        let name = text("displayName", of("displayname"))?;
        if name.is_none() {
            return Err(Refusal::BadValue("displayName is needed.".to_owned()));
        }
        Ok(Self {
            name,
            external_id: text("externalId", of("externalid"))?,
            members: vec![MemberChange::Are(ids_in(of("members"))?)],
        })
    }

    /// What a PATCH changes of a group; what it does not name stays.
    pub fn of_patch(group: &GroupSeen, patch: &Patch) -> Result<Self, Refusal> {
        let mut sent = Self {
            name: Some(group.name.clone()),
            external_id: group.external_id.clone(),
            members: Vec::new(),
        };
        for operation in &patch.0 {
            sent.operate(operation)?;
        }
        Ok(sent)
    }

    fn operate(&mut self, operation: &Operation) -> Result<(), Refusal> {
        let Operation { kind, path, value } = operation;
        let value = if *kind == Kind::Remove && path.attribute != "members" { &Value::Null } else { value };
        match path.attribute.as_str() {
            "displayname" => match text("displayName", value)? {
                // RFC 7644 §3.5.2.2: what is required cannot be unassigned.
                None => return Err(Refusal::ReadOnly("displayName always has a value.".to_owned())),
                name => self.name = name,
            },
            "externalid" => self.external_id = text("externalId", value)?,
            "members" => {
                let change = members_by(operation)?;
                self.members.push(change);
            }
            "id" | "meta" | "schemas" => {
                return Err(Refusal::ReadOnly(format!("{} is not set by a provider.", path.attribute)));
            }
            _ => {}
        }
        Ok(())
    }
}

fn members_by(Operation { kind, path, value }: &Operation) -> Result<MemberChange, Refusal> {
    let named = match &path.filter {
        None => None,
        Some(filter) => Some(
            filter
                .0
                .iter()
                .map(|it| match it.attribute {
                    Attribute::Value | Attribute::Members | Attribute::Id => id_of(&it.value),
                    _ => Err(Refusal::BadPath("Members are named by their value.".to_owned())),
                })
                .collect::<Result<BTreeSet<_>, _>>()?,
        ),
    };
    Ok(match (kind, named) {
        // Nobody has two ids.
        (_, Some(named)) if named.len() != 1 => {
            return Err(Refusal::NoTarget("No member is meant by this path.".to_owned()));
        }
        (Kind::Remove, Some(named)) => MemberChange::Remove(named),
        (Kind::Remove, None) if value.is_null() => MemberChange::Are(BTreeSet::new()),
        (Kind::Remove, None) => MemberChange::Remove(ids_in(value)?),
        (Kind::Add | Kind::Replace, Some(named)) => MemberChange::Add(named),
        (Kind::Add, None) => MemberChange::Add(ids_in(value)?),
        (Kind::Replace, None) => MemberChange::Are(ids_in(value)?),
    })
}

/// The ids of a list of members; one alone is a list, too.
fn ids_in(value: &Value) -> Result<BTreeSet<ScimUserId>, Refusal> {
    match value {
        Value::Null => Ok(BTreeSet::new()),
        Value::Array(values) => values.iter().map(one).collect(),
        only => Ok(BTreeSet::from([one(only)?])),
    }
}

fn one(value: &Value) -> Result<ScimUserId, Refusal> {
    let is_group =
        member(value, "type").and_then(Value::as_str).is_some_and(|it| it.eq_ignore_ascii_case("group"));
    if is_group {
        return Err(Refusal::BadValue("Groups hold people only, no groups.".to_owned()));
    }
    let id = value.as_str().or_else(|| member(value, "value").and_then(Value::as_str));
    id.ok_or_else(|| Refusal::BadValue("A member has no value.".to_owned())).and_then(id_of)
}

fn id_of(text: &str) -> Result<ScimUserId, Refusal> {
    text.parse().map_err(|_| nobody(text))
}

/// The refusal for a member whom the provider does not look after here.
pub fn nobody(id: &str) -> Refusal {
    let id: String = id.chars().take(60).collect();
    Refusal::BadValue(format!("There is no user with the id “{id}”."))
}

impl GroupSeen {
    /// The resource; `base` is the address of the organization's SCIM API.
    pub fn told(&self, base: &str, projection: &Projection) -> Value {
        let members = self.members.iter().map(|Member { id, shown }| {
            json!({ "value": id, "display": shown, "type": "User", "$ref": format!("{base}/Users/{id}") })
        });
        let mut resource = json!({
            "schemas": [GROUP_SCHEMA],
            "id": self.id,
            "displayName": self.name,
            "members": members.collect::<Vec<_>>(),
            "meta": {
                "resourceType": "Group",
                "created": self.created_at.rfc3339(),
                "lastModified": self.changed_at.rfc3339(),
                "location": format!("{base}/Groups/{}", self.id),
                "version": self.version.to_string(),
            },
        });
        if let Some(external_id) = &self.external_id {
            resource["externalId"] = external_id.as_str().into();
        }
        projection.apply(resource)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group() -> GroupSeen {
        let now = Moment::from_micros(0);
        GroupSeen {
            id: ScimGroupId::new(),
            group: GroupId::new(),
            name: "Night shift".into(),
            external_id: None,
            is_linked: false,
            is_taken_up: true,
            members: Vec::new(),
            created_at: now,
            changed_at: now,
            version: Etag(1, 0),
        }
    }

    #[test]
    fn members_are_added_removed_and_replaced_in_every_form() {
        let (one, other) = (ScimUserId::new(), ScimUserId::new());
        let of = |operations: Value| {
            let patch = Patch::read(&json!({ "Operations": operations }))?;
            GroupSent::of_patch(&group(), &patch).map(|sent| sent.members)
        };
        let (just, both) = (BTreeSet::from([one]), BTreeSet::from([one, other]));
        let entra = json!([{ "op": "Add", "path": "members", "value": [{ "value": one }] }]);
        assert_eq!(of(entra).unwrap(), [MemberChange::Add(just.clone())]);
        let okta = json!([{ "op": "remove", "path": format!("members[value eq \"{one}\"]") }]);
        assert_eq!(of(okta).unwrap(), [MemberChange::Remove(just.clone())]);
        let listed =
            json!([{ "op": "Remove", "path": "members", "value": [{ "value": one }, { "value": other }] }]);
        assert_eq!(of(listed).unwrap(), [MemberChange::Remove(both.clone())]);
        let whole =
            json!([{ "op": "replace", "value": { "displayName": "Day", "members": [{ "value": one }] } }]);
        assert_eq!(of(whole).unwrap(), [MemberChange::Are(just)]);
        let nobody = json!([{ "op": "remove", "path": "members" }]);
        assert_eq!(of(nobody).unwrap(), [MemberChange::Are(BTreeSet::new())]);
        for wrong in [
            json!([{ "op": "add", "path": "members", "value": [{ "value": "x" }] }]),
            json!([{ "op": "add", "path": "members", "value": [{ "value": one, "type": "Group" }] }]),
            json!([{ "op": "remove", "path": "members[display eq \"x\"]" }]),
            json!([{ "op": "remove", "path": "displayName" }]),
            json!([{ "op": "replace", "path": "id", "value": "x" }]),
        ] {
            assert!(of(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
