//! The kit of the JSON API: `/api/v1/…` for programs with an access token. No cookies, no sessions, no CORS.
//!
//! # How a room writes its `api.rs`
//!
//! 1. `pub fn api_routes(config: &mut ServiceConfig)` mounts resources below `/api/v1`, as in
//!    `config.service(web::resource("/groups").get(index).post(create))`; `routes.rs` names it once. An act is
//!    `POST /groups/{id}/…`, a change `PATCH /groups/{id}`, a removal `DELETE /groups/{id}`.
//! 2. A handler takes a [`Bearer`] and calls the same commands as the page: `person.read(|conn, actor| …)` and
//!    `person.write(|tx, actor| …)`; `actor.may(…)?` makes the permit. It returns [`Answered`]`<T>`: `Ok(Json(shown))`.
//! 3. A refusal becomes a problem where the handler meets it, with every variant named:
//!    `.map_err(|halt| halt.told(|refusal| match refusal { NameTaken => ApiProblem::field("name", "…") }))`.
//!    [`ApiProblem::conflict`] is for "somebody was faster", [`ApiProblem::not_found`] for ids of nothing or elsewhere.
//! 4. What is sent is a `Body<New…>` ([`Body`]): a struct of its own with `Deserialize, ToSchema` and
//!    `#[serde(deny_unknown_fields, rename_all = "camelCase")]`; parse it with the room's form, never into a row.
//! 5. What makes something is `person.create(&body.once, move |tx, actor| Ok(Made::new(shown)))` and returns
//!    `Result<Answer, ApiProblem>`: 201, and once only for an Idempotency-Key.
//! 6. A list takes a [`Paging`]: `paging.after::<P>("groups")?`, fetch `paging.fetch()` rows by keyset, and return
//!    `paging.page("groups", rows, |row| position, |row| shown)?` as `Json<Page<Group>>`. Filters of the list are a
//!    [`Query`]`<T>` of its own and belong into the list's name, so that a cursor of other filters is refused.
//! 7. An id in the path: `path: Path<String>` and `let id: GroupId = named(&path)?`; what is no id is 404.
//! 8. Every handler wears `#[utoipa::path(get, path = "/groups/{id}", tag = "Groups", params(("id" = String, Path)),
//!    responses((status = 200, body = GroupShown)))]` with a doc comment: its first line is the summary. Problems, the
//!    token and the operation's name are added for all. A list adds `params(PagingParams)`.
//! 9. `#[derive(OpenApi)] #[openapi(paths(index, create))] pub struct ApiDocument;` is named in `routes::document`.
//! 10. Its routes go into `tests/web/access.txt` by themselves (`ROSTER_TEST_WRITE=1`), its acts into
//!     `tests/web/audit.rs` and `tests/web/cast.rs` (`Asked::json`).

mod answers;
mod bearer;
mod body;
mod document;
mod epochs;
mod idempotency;
mod known;
mod paging;
pub mod problem;
mod store;
mod token;

use actix_web::web::Json;

pub(in crate::web) use answers::answer_to;
pub use answers::{PROBLEMS, problems};
pub use bearer::{Bearer, CreateHalt, look_up, standing_now};
pub use body::{Body, Query, named};
pub use document::describe;
pub use epochs::Epochs;
pub use idempotency::{Answer, Made, Once, sweep};
pub use known::KnownTokens;
pub use paging::{MOST, Page, Paging, PagingParams};
pub use problem::{ApiProblem, FieldError, ProblemDocument};
pub(in crate::web) use store::touch;
pub use token::Token;

/// What most handlers return.
pub type Answered<T> = Result<Json<T>, ApiProblem>;

/// Whether a path is of the API.
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Answers what no route of the API is for.
pub async fn not_found() -> Result<actix_web::HttpResponse, ApiProblem> {
    Err(ApiProblem::not_found())
}
