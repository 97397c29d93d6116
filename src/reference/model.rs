//! The document as text, and as what a page shows of it.

use std::sync::LazyLock;

use serde_json::{Map, Value};

/// The [`Reference`] of the running program, made when it is first asked for, which most programs never do.
pub type Described = LazyLock<Reference>;

/// The OpenAPI document of the running program.
pub struct Reference {
    pub text: String,
    pub sections: Vec<Section>,
}

/// The operations of one tag.
pub struct Section {
    pub title: String,
    pub operations: Vec<Operation>,
}

pub struct Operation {
    pub id: String,
    pub method: String,
    pub path: String,
    pub summary: String,
    pub description: String,
    pub parameters: Vec<Member>,
    pub body: Vec<Member>,
    pub answer: Vec<Member>,
    pub status: String,
}

/// A parameter, or a member of a body or an answer.
pub struct Member {
    pub name: String,
    pub kind: String,
    pub is_required: bool,
    pub description: String,
}

impl Reference {
    /// Of a document as JSON; the sections stand in the order of its paths.
    pub fn of(document: &Value) -> Self {
        let mut sections: Vec<Section> = Vec::new();
        for (path, methods) in members(&document["paths"]).into_iter().flatten() {
            for (method, operation) in members(methods).into_iter().flatten() {
                let title = operation["tags"][0].as_str().unwrap_or("Others");
                let operation = Operation::of(document, path, method, operation);
                match sections.iter_mut().find(|section| section.title == title) {
                    Some(section) => section.operations.push(operation),
                    None => sections.push(Section { title: title.to_owned(), operations: vec![operation] }),
                }
            }
        }
        Self { text: document.to_string(), sections }
    }
}

impl Operation {
    fn of(document: &Value, path: &str, method: &str, operation: &Value) -> Self {
        let responses = members(&operation["responses"]);
        let good = responses.into_iter().flatten().find(|(status, _)| status.starts_with('2'));
        let (status, good) = good.map_or((String::new(), &Value::Null), |(status, it)| (status.clone(), it));
        Self {
            id: text(operation, "operationId"),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: text(operation, "summary"),
            description: text(operation, "description"),
            parameters: operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .map(Member::parameter)
                .collect(),
            body: content(document, &operation["requestBody"]),
            answer: content(document, good),
            status,
        }
    }
}

impl Member {
    fn parameter(parameter: &Value) -> Self {
        Self {
            name: text(parameter, "name"),
            kind: format!("{}, {}", text(parameter, "in"), kind(&parameter["schema"])),
            is_required: parameter["required"] == true,
            description: text(parameter, "description"),
        }
    }
}

/// The members of what a body or an answer holds.
fn content(document: &Value, holder: &Value) -> Vec<Member> {
    let schema = members(&holder["content"]).into_iter().flatten().map(|(_, it)| &it["schema"]).next();
    schema.map_or_else(Vec::new, |schema| properties(document, schema))
}

fn properties(document: &Value, schema: &Value) -> Vec<Member> {
    let schema = resolved(document, schema);
    let required =
        |name: &String| schema["required"].as_array().is_some_and(|all| all.iter().any(|it| it == name));
    let own = members(&schema["properties"]).into_iter().flatten().map(|(name, property)| Member {
        kind: kind(property),
        is_required: required(name),
        description: text(property, "description"),
        name: name.clone(),
    });
    let parts = schema["allOf"].as_array().into_iter().flatten();
    own.chain(parts.flat_map(|part| properties(document, part))).collect()
}

fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    let pointer = schema["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(schema)
}

/// The type of a schema in a few words.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    match &schema["type"] {
        Value::String(kind) if kind == "array" => format!("list of {}", kind_of_items(schema)),
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => {
            let kinds: Vec<_> = kinds.iter().filter_map(Value::as_str).collect();
            kinds.join(" or ")
        }
        _ => {
            let choices = schema["oneOf"].as_array().or(schema["anyOf"].as_array()).into_iter().flatten();
            choices.map(kind).collect::<Vec<_>>().join(" or ")
        }
    }
}

fn kind_of_items(schema: &Value) -> String {
    kind(&schema["items"])
}

fn members(value: &Value) -> Option<&Map<String, Value>> {
    value.as_object()
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_is_shown_by_tag_with_members_of_bodies_and_answers() {
        let document = json!({
            "paths": { "/api/v1/things": { "post": {
                "tags": ["Things"], "operationId": "post_things", "summary": "Make one",
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/New" } } } },
                "responses": { "201": { "description": "" }, "422": { "description": "" } }
            } } },
            "components": { "schemas": { "New": {
                "required": ["name"],
                "properties": { "name": { "type": "string" }, "roles": { "type": ["array", "null"] } }
            } } }
        });
        let reference = Reference::of(&document);
        let operation = &reference.sections[0].operations[0];
        assert_eq!((operation.method.as_str(), operation.status.as_str()), ("POST", "201"));
        let shown: Vec<_> =
            operation.body.iter().map(|it| (it.name.as_str(), it.kind.as_str(), it.is_required)).collect();
        assert_eq!(shown, [("name", "string", true), ("roles", "array or null", false)]);
    }
}
