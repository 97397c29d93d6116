//! Tokens over the API.

use actix_web::web::{self, Json, Path, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::{
    commands::{self, CreateRefusal, New, Parent, RevokeRefusal},
    forms::{NewDraft, NewErrors},
    model::{Life, Token},
};
use crate::{
    access::actions::{CreateToken, ListOwnTokens, ReadTokens, RevokeOwnToken, RevokeToken},
    base::ids::{AccessTokenId, UserId},
    web::api::{Answer, Answered, ApiProblem, Bearer, Body, Made, Page, Paging, PagingParams, Query, named},
};

pub fn api_routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/tokens").get(index).post(create))
        .service(web::resource("/tokens/{id}/revoke").post(revoke));
}

#[derive(OpenApi)]
#[openapi(paths(index, create, revoke))]
pub struct ApiDocument;

/// An access token, without its secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TokenListed {
    id: String,
    /// The id of the user whom it belongs to.
    user: String,
    name: String,
    comment: String,
    created_at: String,
    /// Null when it does not expire.
    expires_at: Option<String>,
    /// Null when it was never used; written at most once a minute.
    last_used_at: Option<String>,
    revoked_at: Option<String>,
    /// The roles it carries at most, when it is narrowed.
    roles: Option<Vec<String>>,
}

impl From<Token> for TokenListed {
    fn from(token: Token) -> Self {
        Self {
            id: token.id.to_string(),
            user: token.owner.to_string(),
            name: token.name,
            comment: token.comment,
            created_at: token.created_at.rfc3339(),
            expires_at: token.expires_at.map(|at| at.rfc3339()),
            last_used_at: token.last_used_at.map(|at| at.rfc3339()),
            revoked_at: token.revoked_at.map(|at| at.rfc3339()),
            roles: token.roles,
        }
    }
}

/// Whose tokens.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Whose {
    /// The id of a user, or `all` for everybody's; one's own, when it is left out.
    user: Option<String>,
}

/// List tokens
///
/// One's own that are not revoked; with `user` those of somebody else, or of everybody, revoked ones too.
#[utoipa::path(get, path = "/tokens", tag = "Tokens", params(Whose, PagingParams),
    responses((status = 200, body = Page<TokenListed>)))]
async fn index(person: Bearer, paging: Paging, Query(whose): Query<Whose>) -> Answered<Page<TokenListed>> {
    let list = format!("tokens of {}", whose.user.as_deref().unwrap_or("me"));
    let (after, most) = (paging.after::<AccessTokenId>(&list)?, paging.fetch());
    let of = match whose.user.as_deref() {
        None => Whom::Me,
        Some("all") => Whom::All,
        Some(user) => Whom::One(user.parse().map_err(|_| ApiProblem::not_found())?),
    };
    let tokens = person
        .read(move |conn, actor| {
            let of = match of {
                Whom::Me => {
                    let permit = actor.may(ListOwnTokens)?;
                    return Ok::<_, ApiProblem>(commands::own(conn, &permit, after, most)?);
                }
                Whom::All => None,
                Whom::One(user) => Some(user),
            };
            let permit = actor.may(ReadTokens)?;
            Ok(commands::of_person(conn, &permit, (of, true), after, most)?)
        })
        .await?;
    Ok(Json(paging.page(&list, tokens, |token| token.id, TokenListed::from)?))
}

enum Whom {
    Me,
    All,
    One(UserId),
}

/// A token to make. It carries no more and works no longer than the token that makes it, and is revoked with it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct NewToken {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    #[serde(default)]
    #[schema(max_length = 500)]
    comment: String,
    /// `1h`, `8h`, `30d`, `90d`, `365d` or `never`; 30 days, when it is left out.
    expiration: Option<String>,
    /// The roles it carries at most; all of the token that makes it, when they are left out.
    roles: Option<Vec<String>>,
}

/// A token that was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TokenCreated {
    id: String,
    name: String,
    /// Told this once; null when the same Idempotency-Key asks again.
    secret: Option<String>,
    created_at: String,
    expires_at: Option<String>,
    roles: Option<Vec<String>>,
}

impl NewToken {
    fn parse(self, person: &Bearer) -> Result<New, ApiProblem> {
        let draft = NewDraft {
            name: self.name,
            expiration: self.expiration.unwrap_or_else(|| Life::default().word().to_owned()),
            comment: self.comment,
            roles: Vec::new(),
        };
        let parent = Parent {
            id: person.token().id,
            expires_at: person.token().expires_at,
            narrowed_to: person.token().narrowed_to.as_deref().map(<[String]>::to_vec),
        };
        let new = draft.parse().map_err(wrong)?;
        Ok(New { roles: self.roles, parent: Some(parent), ..new })
    }
}

fn wrong(errors: NewErrors) -> ApiProblem {
    let all = [("name", errors.name), ("expiration", errors.expiration), ("comment", errors.comment)];
    ApiProblem::fields(all.into_iter().filter_map(|(member, words)| Some((member, words?))))
}

/// Make a token
///
/// The secret is in the answer this once.
#[utoipa::path(post, path = "/tokens", tag = "Tokens", request_body = NewToken,
    responses((status = 201, body = TokenCreated)))]
async fn create(person: Bearer, body: Body<NewToken>) -> Result<Answer, ApiProblem> {
    let new = body.value.parse(&person)?;
    person
        .create(&body.once, move |tx, actor| {
            let made = commands::create(tx, actor.may(CreateToken)?, &new)?;
            let shown = |secret| TokenCreated {
                id: made.id.to_string(),
                name: new.name.as_str().to_owned(),
                secret,
                created_at: made.created_at.rfc3339(),
                expires_at: made.expires_at.map(|at| at.rfc3339()),
                roles: made.roles.clone(),
            };
            Ok(Made::keeping(shown(Some(made.secret.reveal().to_owned())), &shown(None))?)
        })
        .await
        .map_err(|halt| halt.told(|refusal| refused(&refusal)))
}

fn refused(refusal: &CreateRefusal) -> ApiProblem {
    let words = commands::words(refusal);
    match refusal {
        CreateRefusal::NotHeld(_) | CreateRefusal::NoRole => ApiProblem::field("roles", words),
        CreateRefusal::OutlivesParent => ApiProblem::field("expiration", words),
        CreateRefusal::TooMany => ApiProblem::conflict(words),
        CreateRefusal::NobodyToOwnIt => ApiProblem::not_permitted(words),
    }
}

/// What was revoked.
#[derive(Serialize, ToSchema)]
struct TokenRevoked {
    id: String,
    name: String,
}

/// Revoke a token
///
/// One's own, or with `iam.tokens.revoke` anybody's; those that were made with it are revoked, too.
#[utoipa::path(post, path = "/tokens/{id}/revoke", tag = "Tokens", params(("id" = String, Path)),
    responses((status = 200, body = TokenRevoked)))]
async fn revoke(person: Bearer, path: Path<String>) -> Answered<TokenRevoked> {
    let (id, me): (AccessTokenId, _) = (named(&path)?, person.me);
    let name = person
        .write(move |tx, actor| {
            let known = commands::parting(tx.conn(), actor, id)?;
            let is_own = known.is_some_and(|known| known.owner == me);
            match actor.may(RevokeOwnToken { of: id }) {
                Ok(permit) if is_own => Ok(commands::revoke_own(tx, permit)?),
                _ => Ok(commands::revoke(tx, actor.may(RevokeToken { of: id })?)?),
            }
        })
        .await
        .map_err(|halt| {
            halt.told(|refusal| match refusal {
                RevokeRefusal::NoSuchToken => ApiProblem::not_found(),
                RevokeRefusal::RevokedAlready => ApiProblem::conflict("The token is revoked already."),
            })
        })?;
    Ok(Json(TokenRevoked { id: id.to_string(), name }))
}
