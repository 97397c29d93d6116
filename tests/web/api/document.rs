//! The document that the API gives of itself is true, and nothing that is made of it breaks the console.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::json as of;
use crate::cast::{Cast, Kind};
use crate::routes;
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::person::Person;
use crate::support::world::World;

on_both!(
    the_document_names_every_route_and_no_other,
    no_act_of_the_console_lacks_its_api,
    the_page_shows_every_operation_and_every_kind_of_problem,
    requests_made_of_the_document_at_random_are_never_a_fault,
);

const DOCUMENT: &str = "/api/v1/openapi.json";
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Acts of the console with the route of the API that does the same.
const COVERED: &[(&str, &str)] = &[
    ("POST /organization/groups/create", "POST /api/v1/groups"),
    ("POST /organization/groups/{id}/delete", "DELETE /api/v1/groups/{id}"),
    ("POST /organization/groups/{id}/edit", "PATCH /api/v1/groups/{id}"),
    ("POST /organization/groups/{id}/members", "POST /api/v1/groups/{id}/members"),
    ("POST /organization/groups/{id}/remove", "POST /api/v1/groups/{id}/members/remove"),
    ("POST /organization/iam/access-policies/create", "POST /api/v1/policies"),
    ("POST /organization/iam/access-policies/{id}", "PATCH /api/v1/policies/{id}"),
    ("POST /organization/iam/access-policies/{id}/delete", "DELETE /api/v1/policies/{id}"),
    ("POST /organization/iam/access-requests/new", "POST /api/v1/access-requests"),
    ("POST /organization/iam/access-requests/{id}/approve", "POST /api/v1/access-requests/{id}/approve"),
    ("POST /organization/iam/access-requests/{id}/deny", "POST /api/v1/access-requests/{id}/deny"),
    ("POST /organization/iam/access-requests/{id}/end", "POST /api/v1/access-requests/{id}/end"),
    ("POST /organization/iam/access-requests/{id}/give-back", "POST /api/v1/access-requests/{id}/give-back"),
    ("POST /organization/iam/access-requests/{id}/withdraw", "POST /api/v1/access-requests/{id}/withdraw"),
    ("POST /organization/iam/scim/disable", "POST /api/v1/scim/turn-off"),
    ("POST /organization/iam/scim/enable", "POST /api/v1/scim/turn-on"),
    ("POST /organization/iam/scim/groups/{id}/link", "POST /api/v1/scim/groups/{id}/link"),
    ("POST /organization/iam/scim/tokens/new", "POST /api/v1/scim/tokens"),
    ("POST /organization/iam/scim/tokens/{id}/revoke", "POST /api/v1/scim/tokens/{id}/revoke"),
    ("POST /organization/iam/sso", "POST /api/v1/sso/turn-off"),
    ("POST /organization/iam/sso/deploy", "PUT /api/v1/sso"),
    ("POST /organization/iam/sso/oidc", "PUT /api/v1/sso"),
    ("POST /organization/iam/sso/require", "POST /api/v1/sso/require"),
    ("POST /organization/iam/sso/saml", "PUT /api/v1/sso/saml"),
    ("POST /organization/settings/audit-stream", "PUT /api/v1/audit/stream"),
    ("POST /organization/settings/domains", "PATCH /api/v1/organization"),
    ("POST /organization/settings/invitations", "PATCH /api/v1/organization"),
    ("POST /organization/settings/name", "PATCH /api/v1/organization"),
    ("POST /organization/settings/second-factor", "PATCH /api/v1/organization"),
    ("POST /organization/settings/sessions", "PATCH /api/v1/organization"),
    ("POST /organization/settings/test-letter", "POST /api/v1/organization/test-letter"),
    ("POST /organization/users/invitations/{id}/address", "PATCH /api/v1/invitations/{id}"),
    ("POST /organization/users/invitations/{id}/resend", "POST /api/v1/invitations/{id}/resend"),
    ("POST /organization/users/invitations/{id}/revoke", "POST /api/v1/invitations/{id}/revoke"),
    ("POST /organization/users/invitations/{id}/undo", "POST /api/v1/invitations/{id}/restore"),
    ("POST /organization/users/invite", "POST /api/v1/invitations"),
    ("POST /organization/users/selected", "POST /api/v1/users/bulk"),
    ("POST /organization/users/{id}/deactivate", "POST /api/v1/users/{id}/deactivate"),
    ("POST /organization/users/{id}/end-sessions", "POST /api/v1/users/{id}/end-sessions"),
    ("POST /organization/users/{id}/groups", "PUT /api/v1/users/{id}/groups"),
    ("POST /organization/users/{id}/password", "POST /api/v1/users/{id}/require-password"),
    ("POST /organization/users/{id}/reactivate", "POST /api/v1/users/{id}/reactivate"),
    ("POST /organization/users/{id}/second-factor", "POST /api/v1/users/{id}/reset-second-factor"),
    ("POST /tokens/new", "POST /api/v1/tokens"),
    ("POST /tokens/{id}/revoke", "POST /api/v1/tokens/{id}/revoke"),
];

/// Acts that make no sense for a program: they prove who somebody is, belong to a browser, or to somebody without an
/// account; and the API of identity providers, which is one of its own.
const FOR_PEOPLE_ONLY: &[&str] = &[
    "/account/",
    "/accounts/saml/",
    "/auth/",
    "/sign-in",
    "/sign-out",
    "/setup",
    "/invitations/",
    "/password/",
    "/organization/iam/sso/try",
    "/scim/v2/",
];

fn document(world: &World) -> Value {
    of(&world.visitor().get(DOCUMENT))
}

fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let of_path = |(path, item): (&String, &Value)| {
        METHODS
            .iter()
            .filter(|method| item.get(**method).is_some())
            .map(|method| (path.clone(), method.to_uppercase(), item[*method].clone()))
            .collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

fn the_document_names_every_route_and_no_other(world: World) {
    let document = document(&world);
    assert!(document["openapi"].as_str().expect("a version").starts_with("3.1"));
    let described: BTreeSet<_> =
        operations(&document).into_iter().map(|(path, method, _)| format!("{method} {path}")).collect();
    let mounted: BTreeSet<_> = routes::all(&world)
        .iter()
        .filter(|route| route.pattern.starts_with("/api/v1/") && route.pattern != DOCUMENT)
        .map(ToString::to_string)
        .collect();
    assert_eq!(described, mounted);
    let names: BTreeSet<_> =
        operations(&document).iter().map(|(_, _, it)| it["operationId"].to_string()).collect();
    assert_eq!(names.len(), described.len(), "each has a name of its own");
    for (path, method, operation) in operations(&document) {
        assert!(operation["summary"].is_string() && operation["tags"].is_array(), "{method} {path}");
        if let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema") {
            let schema = resolved(&document, schema);
            assert_eq!(
                schema["additionalProperties"], false,
                "{method} {path} refuses what it does not know"
            );
        }
    }
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().expect("a pointer");
        assert!(document.pointer(pointer).is_some(), "{pointer} is nowhere");
    }
}

fn no_act_of_the_console_lacks_its_api(world: World) {
    let routes = routes::all(&world);
    let all: BTreeSet<_> = routes.iter().map(ToString::to_string).collect();
    for (act, api) in COVERED {
        assert!(all.contains(*act) && all.contains(*api), "{act} and {api}");
    }
    for route in routes.iter().filter(|route| !route.is_safe() && !route.is_api()) {
        let begins = |list: &[&str]| list.iter().any(|start| route.pattern.starts_with(start));
        let is_covered = COVERED.iter().any(|(act, _)| *act == route.to_string());
        assert!(is_covered || begins(FOR_PEOPLE_ONLY), "{route} has no API");
    }
}

fn the_page_shows_every_operation_and_every_kind_of_problem(world: World) {
    let page = world.visitor().get("/api/docs");
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::OK, "API"));
    for (path, method, _) in operations(&document(&world)) {
        assert!(page.says(&format!("{method} {path}")), "{method} {path}");
    }
    for kind in roster::web::api::problem::KINDS {
        assert!(page.body.contains(&format!("id=\"{}\"", kind.name)), "{}", kind.name);
    }
}

fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    let pointer = schema["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(schema)
}

/// The same numbers in every run (a linear congruential generator, as in Knuth's MMIX).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % bound as u64).expect("a small number")
    }

    fn text(&mut self, known: &[String]) -> String {
        const ODD: &[&str] = &[
            "",
            " ",
            "a",
            "robot",
            "admin",
            "30d",
            "never",
            "all",
            "iam.users.read",
            "cks_admin",
            "\u{0}",
            "é💥\u{202e}",
            "' OR 1=1 --",
            "../../etc",
            "%00",
            "=1+1",
            "null",
            "2026-11-22T00:00:00Z",
            "a@b.example",
            "01890000-0000-7000-8000-000000000000",
        ];
        match self.below(8) {
            0 => "x".repeat(self.below(2_000)),
            1 | 2 if !known.is_empty() => known[self.below(known.len())].clone(),
            _ => ODD[self.below(ODD.len())].to_owned(),
        }
    }

    /// A value for this schema; now and then one that does not fit.
    fn value(&mut self, document: &Value, schema: &Value, known: &[String]) -> Value {
        let schema = resolved(document, schema);
        if self.below(12) == 0 {
            return [json!(null), json!(-1), json!([]), json!({}), json!("x"), json!(1e300)][self.below(6)]
                .clone();
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            let at = self.below(choices.len());
            return self.value(document, &choices[at], known);
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds[self.below(kinds.len())].as_str().unwrap_or_default().to_owned(),
            kind => kind.as_str().unwrap_or_default().to_owned(),
        };
        match kind.as_str() {
            "string" => json!(self.text(known)),
            "integer" | "number" => {
                [json!(0), json!(1), json!(-1), json!(i64::MAX), json!(0.5)][self.below(5)].clone()
            }
            "boolean" => json!(self.below(2) == 0),
            "array" => {
                let length = self.below(4);
                (0..length).map(|_| self.value(document, &schema["items"], known)).collect()
            }
            "object" => json!(self.object(document, schema, known)),
            _ => Value::Null,
        }
    }

    fn object(&mut self, document: &Value, schema: &Value, known: &[String]) -> Map<String, Value> {
        let mut object = Map::new();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if self.below(5) > 0 {
                object.insert(name.clone(), self.value(document, property, known));
            }
        }
        if self.below(15) == 0 {
            object.insert("unknown".to_owned(), json!(1));
        }
        object
    }
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// One request that the document allows, more or less.
fn request(
    person: &Person,
    dice: &mut Dice,
    document: &Value,
    known: &[String],
    operation: &(String, String, Value),
) -> (String, reqwest::RequestBuilder) {
    let (path, method, operation) = operation;
    let (mut path, mut query) = (path.clone(), Vec::new());
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().expect("a name");
        let text = encoded(&dice.text(known));
        match parameter["in"].as_str() {
            Some("path") => {
                path = path.replace(&format!("{{{name}}}"), if text.is_empty() { "x" } else { &text })
            }
            Some("query") if dice.below(2) == 0 => query.push(format!("{name}={text}")),
            _ => {}
        }
    }
    let address = if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) };
    let method: Method = method.parse().expect("a method");
    let request = person.bare_request(method, &address);
    let request = match operation["requestBody"]["content"].as_object().and_then(|it| it.iter().next()) {
        None => request,
        Some((kind, content)) => {
            let body = dice.value(document, &content["schema"], known);
            match kind.as_str() {
                "application/json" => request.json(&body),
                _ => request.form(&[("token", dice.text(known))]),
            }
        }
    };
    (address, request)
}

fn requests_made_of_the_document_at_random_are_never_a_fault(world: World) {
    let cast = Cast::assemble(&world);
    let document = document(&world);
    let mut dice = Dice(7);
    let mut known = texts(&world, "SELECT id FROM users");
    for table in ["groups", "policies", "rules", "invitations"] {
        known.extend(texts(&world, &format!("SELECT id FROM {table}")));
    }
    for operation in operations(&document) {
        let robot = cast.bears(Kind::Administrator);
        for _ in 0..60 {
            let (address, request) = request(&robot, &mut dice, &document, &known, &operation);
            let page = robot.send(request, world.base_url());
            let status = page.status.as_u16();
            assert!(status < 500, "{} {address}: {} {}", operation.1, page.status, page.body);
            if status >= 400 {
                super::problem(&page);
            }
            let is_told = operation.2["responses"].get(status.to_string()).is_some();
            assert!(
                is_told || status == 404 || status == 405,
                "{} {address} does not tell of {status}",
                operation.1
            );
        }
    }
}
