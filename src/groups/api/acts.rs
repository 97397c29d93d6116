//! Groups to look at, make, change and delete.

use actix_web::web::{Json, Path};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::shown::{GroupDetails, GroupShown, NamingPolicy};
use crate::{
    access::{
        Actor,
        actions::{ChangeGroup, CreateGroup, DeleteGroup, ReadGroup, ReadGroups},
    },
    base::{fold, ids::GroupId},
    db::Tx,
    groups::{
        commands,
        forms::{NamingDraft, NamingErrors},
        model::{DeleteRefusal, Deletion, Listed, NamingRefusal, Place},
        words,
    },
    web::{
        Halt,
        api::{Answer, Answered, ApiProblem, Bearer, Body, Made, Page, Paging, PagingParams, Query, named},
    },
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GroupsAsked {
    /// Only groups with this text in their name or description.
    #[serde(default)]
    q: Option<String>,
}

/// List groups
///
/// By name.
#[utoipa::path(get, path = "/groups", tag = "Groups", params(GroupsAsked, PagingParams),
    responses((status = 200, body = Page<GroupShown>)))]
pub async fn index(person: Bearer, query: Query<GroupsAsked>, paging: Paging) -> Answered<Page<GroupShown>> {
    let text: String = query.0.q.unwrap_or_default().chars().take(200).collect();
    let list = format!("groups {text}");
    let place = match paging.after::<String>(&list)? {
        Some(key) => Place::After(Place::at_name(&key)),
        None => Place::Start,
    };
    let most = paging.limit + 1;
    let page = person
        .read(move |conn, actor| {
            Ok::<_, ApiProblem>(commands::list(conn, &actor.may(ReadGroups)?, &text, &place, most)?)
        })
        .await?;
    let position = |one: &Listed| fold::key(&one.group.name);
    let shown = |one: Listed| GroupShown::new(one.group, one.roles);
    Ok(Json(paging.page(&list, page.groups, position, shown)?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGroup {
    /// 1 to 60 characters; differs from the names of other groups in more than case and look.
    name: String,
    /// Up to 300 characters.
    #[serde(default)]
    description: String,
}

/// Why a group was not named so.
enum NotNamed {
    Wrong(NamingErrors),
    Refused(NamingRefusal),
}

impl NotNamed {
    fn told(self) -> ApiProblem {
        match self {
            Self::Wrong(NamingErrors { name, description }) => {
                let name = name.map(|words| ("name", words));
                ApiProblem::fields(name.into_iter().chain(description.map(|words| ("description", words))))
            }
            Self::Refused(NamingRefusal::NoSuchGroup) => ApiProblem::not_found(),
            Self::Refused(refusal @ (NamingRefusal::Taken(_) | NamingRefusal::Standard)) => {
                ApiProblem::field("name", words::not_named(&refusal))
            }
            Self::Refused(refusal @ (NamingRefusal::TooMany | NamingRefusal::Provisioned)) => {
                ApiProblem::conflict(words::not_named(&refusal))
            }
        }
    }
}

/// Create a group
///
/// It has no members, and no roles until an access policy names it.
#[utoipa::path(post, path = "/groups", tag = "Groups", request_body = NewGroup,
    responses((status = 201, body = GroupShown)))]
pub async fn create(person: Bearer, body: Body<NewGroup>) -> Result<Answer, ApiProblem> {
    let NewGroup { name, description } = body.value;
    let naming = NamingDraft { name, description }.parse();
    let work = move |tx: &mut Tx<'_>, actor: &Actor| {
        let permit = actor.may(CreateGroup)?;
        let naming = naming.as_ref().map_err(|errors| Halt::Refused(NotNamed::Wrong(errors.clone())))?;
        let id = commands::create(tx, permit, naming).map_err(|stop| stop.map(NotNamed::Refused))?;
        let (name, description) = (naming.name.as_str(), naming.description.as_str());
        Ok(Made::new(GroupShown {
            id: id.to_string(),
            name: name.to_owned(),
            description: description.to_owned(),
            standard: false,
            members: 0,
            roles: Vec::new(),
            created_at: tx.now().rfc3339(),
        }))
    };
    person.create(&body.once, work).await.map_err(|halt| halt.told(NotNamed::told))
}

/// Show a group
#[utoipa::path(get, path = "/groups/{id}", tag = "Groups", params(("id" = String, Path)),
    responses((status = 200, body = GroupDetails)))]
pub async fn show(person: Bearer, path: Path<String>) -> Answered<GroupDetails> {
    Ok(Json(details(&person, named(&path)?).await?))
}

async fn details(person: &Bearer, of: GroupId) -> Result<GroupDetails, ApiProblem> {
    let seen = person
        .read(move |conn, actor| {
            Ok::<_, ApiProblem>(commands::show(conn, &actor.may(ReadGroup { of })?, &Place::Start, 1)?)
        })
        .await?
        .ok_or_else(ApiProblem::not_found)?;
    Ok(GroupDetails {
        group: GroupShown::named_by(seen.group, &seen.named_by),
        policies: seen.named_by.into_iter().map(NamingPolicy::from).collect(),
    })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupChange {
    name: Option<String>,
    description: Option<String>,
}

/// Rename or describe a group
///
/// What is left out stays as it is.
#[utoipa::path(patch, path = "/groups/{id}", tag = "Groups", params(("id" = String, Path)),
    request_body = GroupChange, responses((status = 200, body = GroupDetails)))]
pub async fn update(person: Bearer, path: Path<String>, body: Body<GroupChange>) -> Answered<GroupDetails> {
    let (of, change): (GroupId, _) = (named(&path)?, body.value);
    person
        .write(move |tx, actor| {
            let permit = actor.may(ChangeGroup { of })?;
            let group = commands::group(tx.conn(), &permit)?;
            let group = group.ok_or(Halt::Refused(NotNamed::Refused(NamingRefusal::NoSuchGroup)))?;
            let draft = NamingDraft {
                name: change.name.clone().unwrap_or(group.name),
                description: change.description.clone().unwrap_or(group.description),
            };
            let naming = draft.parse().map_err(|errors| Halt::Refused(NotNamed::Wrong(errors)))?;
            Ok(commands::update(tx, permit, &naming).map_err(|stop| stop.map(NotNamed::Refused))?)
        })
        .await
        .map_err(|halt| halt.told(NotNamed::told))?;
    Ok(Json(details(&person, of).await?))
}

/// What deleting a group did.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupDeleted {
    id: String,
    /// How many people were in it.
    members: i64,
    /// The access policies it was taken out of.
    policies: Vec<NamingPolicy>,
}

/// Delete a group
///
/// Takes it out of every access policy that names it. Its members stay in the organization.
#[utoipa::path(delete, path = "/groups/{id}", tag = "Groups", params(("id" = String, Path)),
    responses((status = 200, body = GroupDeleted)))]
pub async fn delete(person: Bearer, path: Path<String>) -> Answered<GroupDeleted> {
    let of: GroupId = named(&path)?;
    let Deletion { group, named_by } = person
        .write(move |tx, actor| Ok(commands::delete(tx, actor.may(DeleteGroup { of })?)?))
        .await
        .map_err(|halt: Halt<DeleteRefusal>| {
            halt.told(|refusal| match refusal {
                DeleteRefusal::NoSuchGroup => ApiProblem::not_found(),
                DeleteRefusal::Standard | DeleteRefusal::Provisioned | DeleteRefusal::LastAdministrator => {
                    ApiProblem::conflict(words::not_deleted(&refusal))
                }
            })
        })?;
    Ok(Json(GroupDeleted {
        id: group.id.to_string(),
        members: group.members,
        policies: named_by.into_iter().map(NamingPolicy::from).collect(),
    }))
}
