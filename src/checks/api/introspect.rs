//! Token introspection (RFC 7662).

use actix_web::{
    HttpRequest,
    http::header,
    web::{Bytes, Json},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::actions::IntrospectTokens,
    checks::forms::Introspect,
    web::{
        Fields,
        api::{Answered, ApiProblem, Bearer, look_up, problem},
    },
};

/// What is known of a token (RFC 7662, section 2.2). Nothing but `active` for one that opens nothing here.
#[derive(Default, Serialize, ToSchema)]
pub struct Introspected {
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    /// The id of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    /// The e-mail address of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// The roles that a narrowed token carries at most, separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    /// When it ends, in seconds since 1970; left out when it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    /// The id of the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
}

/// Whose token is this
///
/// Token introspection (RFC 7662) for services that were given a token of somebody of the same organization.
#[utoipa::path(post, path = "/introspect", tag = "Checks",
    request_body(content = Introspect, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = Introspected)))]
pub async fn introspect(person: Bearer, request: HttpRequest, body: Bytes) -> Answered<Introspected> {
    person.actor.may(IntrospectTokens)?;
    let asked = token_of(&request, &body)?;
    let now = person.site.db.now();
    let found = person.read(move |conn, _| look_up(conn, &asked, now)).await?;
    let Some(token) = found.filter(|token| token.organization() == person.organization) else {
        return Ok(Json(Introspected::default()));
    };
    Ok(Json(Introspected {
        active: true,
        token_type: Some("Bearer"),
        sub: Some(token.user.to_string()),
        username: Some(token.email().to_owned()),
        scope: token.narrowed_to.as_ref().map(|roles| roles.join(" ")),
        exp: token.expires_at.map(|at| at.micros() / 1_000_000),
        iat: Some(token.created_at.micros() / 1_000_000),
        iss: Some(person.site.settings.public_origin()),
        jti: Some(token.id.to_string()),
    }))
}

/// The token that the form asks about.
fn token_of(request: &HttpRequest, body: &[u8]) -> Result<String, ApiProblem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    let is_packed = request.headers().get(header::CONTENT_ENCODING).is_some_and(|it| it != "identity");
    if kind != Some("application/x-www-form-urlencoded") || is_packed {
        let words = "Send the token as a form: Content-Type: application/x-www-form-urlencoded (RFC 7662).";
        return Err(ApiProblem::new(problem::NOT_A_FORM, words));
    }
    let fields = Fields::decode(body);
    match fields.get("token") {
        "" => Err(ApiProblem::field("token", "Send the token to ask about.")),
        token => Ok(token.to_owned()),
    }
}
