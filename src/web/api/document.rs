//! What the API says of itself: one OpenAPI 3.1 document out of those of the rooms.

use utoipa::{
    Modify, OpenApi as _,
    openapi::{
        ComponentsBuilder, ContentBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder,
        path::{Operation, ParameterBuilder, ParameterIn, PathItem},
        schema::{ObjectBuilder, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::problem::{FieldError, KINDS, ProblemDocument};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Roster",
        description = "Whose token is this, and may they do that? And everything that the console can do, for programs. \
            Requests carry an access token; lists come in pages; what makes something takes an Idempotency-Key; what \
            goes wrong is told in problem documents (RFC 9457). What the console asks a fresh proof of identity for needs \
            none here: it was given when the token was made."
    ),
    components(schemas(ProblemDocument, FieldError)),
    security(("token" = [])),
    modifiers(&AccessToken)
)]
struct Ground;

struct AccessToken;

impl Modify for AccessToken {
    fn modify(&self, document: &mut OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("rst_…")
            .description(Some("An access token, made under Tokens in the console."))
            .build();
        let components = document.components.get_or_insert_with(|| ComponentsBuilder::new().build());
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// The document of these rooms together, below `/api/v1`.
pub fn describe(rooms: impl IntoIterator<Item = OpenApi>) -> OpenApi {
    let mut document = Ground::openapi();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    document.info.license = None;
    document.info.contact = None;
    for room in rooms {
        document = document.nest("/api/v1", room);
    }
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete(operation, method, path);
        }
    }
    document
}

/// The operations of a path, by method.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("put", &mut item.put),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| operation.as_mut().map(|operation| (method, operation)))
}

/// Gives an operation its name, and what may happen to any of them.
fn complete(operation: &mut Operation, method: &str, path: &str) {
    operation.operation_id = Some(name(method, path));
    let is_open = operation.security.as_ref().is_some_and(|security| security.is_empty());
    for kind in KINDS.iter().filter(|kind| may_meet(kind.status, method, path, is_open)) {
        let known = operation.responses.responses.entry(kind.status.to_string());
        known.or_insert_with(|| RefOr::T(problem(kind.title)));
    }
    if operation.responses.responses.contains_key("201") {
        let key = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("Asking again with the same key within 24 hours answers the same, once done."))
            .schema(Some(
                ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255)),
            ))
            .build();
        operation.parameters.get_or_insert_with(Vec::new).push(key);
    }
}

fn may_meet(status: u16, method: &str, path: &str, is_open: bool) -> bool {
    match status {
        401 | 403 => !is_open,
        404 => path.contains('{'),
        409 => method != "get",
        400 | 413 | 415 => matches!(method, "post" | "put" | "patch"),
        405 | 431 => false,
        _ => true,
    }
}

fn problem(title: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(title).content("application/problem+json", content).build()
}

/// `get_users_id_groups` for GET /api/v1/users/{id}/groups.
fn name(method: &str, path: &str) -> String {
    let words = path.trim_start_matches("/api/v1").split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| !word.is_empty()).fold(method.to_owned(), |name, word| name + "_" + word)
}
