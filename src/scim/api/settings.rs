//! The settings of provisioning for programs of the organization: what the page does, in the JSON API.

use actix_web::web::{self, Json, Path, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::shown::{ProvisioningNote, ProvisioningShown};
use crate::{
    access::actions::{ConfigureScim, ReadScim},
    base::ids::{GroupId, ScimNoteId, ScimTokenId},
    scim::{
        commands::{self, Made as MadeToken},
        forms::TokenDraft,
        model::{LinkRefusal, MOST_TOKENS},
    },
    web::{
        Halt,
        api::{Answer, Answered, ApiProblem, Bearer, Body, Made, Page, Paging, PagingParams, named},
    },
};

/// The most roles that a link says were seen.
const MOST_ROLES: usize = 500;

pub fn api_routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/scim").get(show))
        .service(web::resource("/scim/turn-on").post(turn_on))
        .service(web::resource("/scim/turn-off").post(turn_off))
        .service(web::resource("/scim/log").get(log))
        .service(web::resource("/scim/tokens").post(create_token))
        .service(web::resource("/scim/tokens/{id}/revoke").post(revoke_token))
        .service(web::resource("/scim/groups/{id}/link").post(link));
}

#[derive(OpenApi)]
#[openapi(paths(show, turn_on, turn_off, log, create_token, revoke_token, link))]
pub struct ApiDocument;

fn base_url(person: &Bearer) -> String {
    person.site.absolute(&format!("/scim/v2/{}", person.token().around.organization_code))
}

/// Show provisioning
#[utoipa::path(get, path = "/scim", tag = "Provisioning", responses((status = 200, body = ProvisioningShown)))]
async fn show(person: Bearer) -> Answered<ProvisioningShown> {
    let overview = person
        .read(|conn, actor| Ok::<_, ApiProblem>(commands::overview(conn, &actor.may(ReadScim)?, None, 0)?))
        .await?;
    Ok(Json(ProvisioningShown::new(base_url(&person), overview)))
}

/// Turn provisioning on
///
/// Tokens that are not revoked work again.
#[utoipa::path(post, path = "/scim/turn-on", tag = "Provisioning",
    responses((status = 200, body = ProvisioningShown)))]
async fn turn_on(person: Bearer) -> Answered<ProvisioningShown> {
    turn(&person, true).await
}

/// Turn provisioning off
///
/// Every token is refused on the next request, and none is revoked.
#[utoipa::path(post, path = "/scim/turn-off", tag = "Provisioning",
    responses((status = 200, body = ProvisioningShown)))]
async fn turn_off(person: Bearer) -> Answered<ProvisioningShown> {
    turn(&person, false).await
}

async fn turn(person: &Bearer, on: bool) -> Answered<ProvisioningShown> {
    let overview = person
        .write(move |tx, actor| {
            let permit = actor.may(ConfigureScim)?;
            match on {
                true => commands::enable(tx, permit)?,
                false => commands::disable(tx, permit)?,
            };
            Ok::<_, Halt<ApiProblem>>(commands::overview(tx.conn(), &actor.may(ReadScim)?, None, 0)?)
        })
        .await
        .map_err(|halt| halt.told(|problem| problem))?;
    Ok(Json(ProvisioningShown::new(base_url(person), overview)))
}

/// List what was synchronized
///
/// Newest first; at most 1,000 lines of the last 90 days are kept.
#[utoipa::path(get, path = "/scim/log", tag = "Provisioning", params(PagingParams),
    responses((status = 200, body = Page<ProvisioningNote>)))]
async fn log(person: Bearer, paging: Paging) -> Answered<Page<ProvisioningNote>> {
    const LIST: &str = "provisioning log";
    let (before, most) = (paging.after::<ScimNoteId>(LIST)?, paging.fetch());
    let overview = person
        .read(move |conn, actor| {
            Ok::<_, ApiProblem>(commands::overview(conn, &actor.may(ReadScim)?, before, most)?)
        })
        .await?;
    Ok(Json(paging.page(LIST, overview.log, |line| line.id, ProvisioningNote::from)?))
}

/// A token to make for the provider.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct NewProviderToken {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

/// A token that was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProviderTokenCreated {
    id: String,
    name: String,
    /// Told this once; null when the same Idempotency-Key asks again.
    secret: Option<String>,
    base_url: String,
}

/// Make a token for the provider
///
/// The secret is in the answer this once. It works until it is revoked, while provisioning is on.
#[utoipa::path(post, path = "/scim/tokens", tag = "Provisioning", request_body = NewProviderToken,
    responses((status = 201, body = ProviderTokenCreated)))]
async fn create_token(person: Bearer, body: Body<NewProviderToken>) -> Result<Answer, ApiProblem> {
    person.actor.may(ConfigureScim)?;
    let name = TokenDraft { name: body.value.name }.parse();
    let name = name.map_err(|words| ApiProblem::field("name", words))?;
    let base_url = base_url(&person);
    person
        .create(&body.once, move |tx, actor| {
            let made = commands::create_token(tx, actor.may(ConfigureScim)?, &name)?;
            let MadeToken { id, secret } = made.ok_or(Halt::Refused(()))?;
            let shown = |secret| ProviderTokenCreated {
                id: id.to_string(),
                name: name.as_str().to_owned(),
                secret,
                base_url: base_url.clone(),
            };
            Ok(Made::keeping(shown(Some(secret.reveal().to_owned())), &shown(None))?)
        })
        .await
        .map_err(|halt| halt.told(|()| too_many()))
}

fn too_many() -> ApiProblem {
    let words =
        format!("There are {MOST_TOKENS} tokens, which is as many as there can be. Revoke one first.");
    ApiProblem::conflict(words)
}

/// What was revoked.
#[derive(Serialize, ToSchema)]
struct ProviderTokenRevoked {
    id: String,
    name: String,
}

/// Revoke a token of the provider
#[utoipa::path(post, path = "/scim/tokens/{id}/revoke", tag = "Provisioning", params(("id" = String, Path)),
    responses((status = 200, body = ProviderTokenRevoked)))]
async fn revoke_token(person: Bearer, path: Path<String>) -> Answered<ProviderTokenRevoked> {
    let id: ScimTokenId = named(&path)?;
    let name = person
        .write(move |tx, actor| {
            let name = commands::revoke_token(tx, actor.may(ConfigureScim)?, id)?;
            name.ok_or(Halt::Refused(()))
        })
        .await
        .map_err(|halt| halt.told(|()| ApiProblem::not_found()))?;
    Ok(Json(ProviderTokenRevoked { id: id.to_string(), name }))
}

/// What was seen of a group before it is linked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct GroupToLink {
    /// The roles that it carries. When they are others meanwhile, nothing is changed.
    roles: Vec<String>,
}

/// A group that the provider looks after from now on.
#[derive(Serialize, ToSchema)]
struct LinkedGroup {
    id: String,
    name: String,
}

/// Link a group to the one of its name that the provider pushes
#[utoipa::path(post, path = "/scim/groups/{id}/link", tag = "Provisioning", params(("id" = String, Path)),
    request_body = GroupToLink, responses((status = 200, body = LinkedGroup)))]
async fn link(person: Bearer, path: Path<String>, body: Body<GroupToLink>) -> Answered<LinkedGroup> {
    let (id, mut roles): (GroupId, _) = (named(&path)?, body.value.roles);
    roles.truncate(MOST_ROLES);
    let name = person
        .write(move |tx, actor| Ok(commands::link(tx, actor.may(ConfigureScim)?, id, &roles)?))
        .await
        .map_err(|halt| halt.told(not_linked))?;
    Ok(Json(LinkedGroup { id: id.to_string(), name }))
}

fn not_linked(refusal: LinkRefusal) -> ApiProblem {
    match refusal {
        LinkRefusal::NoSuchGroup => ApiProblem::not_found(),
        LinkRefusal::LinkedAlready => ApiProblem::conflict("The provider looks after that group already."),
        LinkRefusal::Changed => ApiProblem::conflict(
            "The group carries other roles than these. Nothing was changed; read it again.",
        ),
    }
}
