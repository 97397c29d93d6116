//! What the API says of itself (RFC 7644 §4, RFC 7643 §5 to §7).

use serde_json::{Value, json};

use super::{GROUP_SCHEMA, LIST_SCHEMA, MOST_RESULTS, USER_SCHEMA};

pub fn provider_config(base: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": { "supported": true },
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": true, "maxResults": MOST_RESULTS },
        "changePassword": { "supported": false },
        "sort": { "supported": false },
        "etag": { "supported": true },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "A token made on the SCIM page of the organization, sent as Authorization: Bearer rst_scim_…",
            "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
            "primary": true,
        }],
        "meta": { "resourceType": "ServiceProviderConfig", "location": format!("{base}/ServiceProviderConfig") },
    })
}

pub fn resource_types(base: &str) -> Vec<Value> {
    let of = |name: &str, path: &str, about: &str, schema: &str| {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": name,
            "name": name,
            "endpoint": path,
            "description": about,
            "schema": schema,
            "meta": { "resourceType": "ResourceType", "location": format!("{base}/ResourceTypes/{name}") },
        })
    };
    vec![
        of("User", "/Users", "A person of the organization.", USER_SCHEMA),
        of("Group", "/Groups", "A group; policies give roles to it.", GROUP_SCHEMA),
    ]
}

pub fn schemas(base: &str) -> Vec<Value> {
    let of = |id: &str, name: &str, about: &str, attributes: Vec<Value>| {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": id,
            "name": name,
            "description": about,
            "attributes": attributes,
            "meta": { "resourceType": "Schema", "location": format!("{base}/Schemas/{id}") },
        })
    };
    vec![
        of(USER_SCHEMA, "User", "A person of the organization.", of_people()),
        of(GROUP_SCHEMA, "Group", "A group; policies give roles to it.", of_groups()),
    ]
}

fn of_people() -> Vec<Value> {
    let name = vec![
        text("formatted", "The whole name.", "readWrite"),
        text("givenName", "The given name.", "readWrite"),
        text("familyName", "The family name.", "readWrite"),
    ];
    let mut address = text("value", "The address.", "readWrite");
    address["required"] = true.into();
    let emails = vec![
        address,
        text(
            "type",
            "What it is for, such as work. One address is kept: the primary one, else that for work.",
            "readWrite",
        ),
        flag("primary", "Whether it is the preferred one."),
    ];
    let groups = vec![
        text("value", "The id of the group.", "readOnly"),
        reference("Group", "readOnly"),
        text("display", "What it is called.", "readOnly"),
        text("type", "Always direct: groups hold no groups.", "readOnly"),
    ];
    let mut user_name = text("userName", "What the provider calls the person.", "readWrite");
    user_name["required"] = true.into();
    user_name["uniqueness"] = "server".into();
    // A userName that is an address does for one.
    let mut emails = complex("emails", "The address of the account.", (true, "readWrite"), emails);
    emails["required"] = true.into();
    // Whoever is created without it is active; it cannot be taken away.
    let mut active = flag("active", "False for somebody who is deactivated.");
    active["required"] = true.into();
    vec![
        user_name,
        complex("name", "The parts of the name.", (false, "readWrite"), name),
        text("displayName", "What the person is shown under.", "readWrite"),
        active,
        emails,
        complex("groups", "The groups that the provider pushed.", (true, "readOnly"), groups),
    ]
}

fn of_groups() -> Vec<Value> {
    let mut kind = text("type", "Always User: groups hold no groups.", "immutable");
    kind["canonicalValues"] = json!(["User"]);
    let members = vec![
        text("value", "The id of the person.", "immutable"),
        reference("User", "immutable"),
        text("display", "What they are shown under.", "readOnly"),
        kind,
    ];
    let mut name = text("displayName", "What the group is called.", "readWrite");
    name["required"] = true.into();
    name["uniqueness"] = "server".into();
    vec![name, complex("members", "Who is in it.", (true, "readWrite"), members)]
}

fn text(name: &str, about: &str, mutability: &str) -> Value {
    json!({
        "name": name, "type": "string", "multiValued": false, "description": about, "required": false,
        "caseExact": false, "mutability": mutability, "returned": "default", "uniqueness": "none",
    })
}

fn flag(name: &str, about: &str) -> Value {
    json!({
        "name": name, "type": "boolean", "multiValued": false, "description": about, "required": false,
        "mutability": "readWrite", "returned": "default",
    })
}

fn reference(to: &str, mutability: &str) -> Value {
    json!({
        "name": "$ref", "type": "reference", "referenceTypes": [to], "multiValued": false,
        "description": "Its address.", "required": false, "caseExact": true, "mutability": mutability,
        "returned": "default", "uniqueness": "none",
    })
}

fn complex(name: &str, about: &str, (multi, mutability): (bool, &str), parts: Vec<Value>) -> Value {
    json!({
        "name": name, "type": "complex", "multiValued": multi, "description": about, "required": false,
        "mutability": mutability, "returned": "default", "uniqueness": "none", "subAttributes": parts,
    })
}

/// A page of a list (RFC 7644 §3.4.2).
pub fn list(total: i64, start: usize, resources: Vec<Value>) -> Value {
    json!({
        "schemas": [LIST_SCHEMA],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}
