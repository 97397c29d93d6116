//! Groups for programs: what their pages can do.

use std::collections::BTreeSet;

use actix_web::web::{self, Json, Path, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::{
    commands,
    forms::{MembersDraft, MembersErrors, NamingDraft, NamingErrors},
    model::{
        DeleteRefusal, Deletion, Group, Listed, MOST_AT_ONCE, MemberPlace, MembersRefusal, NamedBy,
        NamingRefusal, Place, Removed,
    },
    words,
};
use crate::{
    access::actions::{ChangeGroup, ChangeMembers, CreateGroup, DeleteGroup, ReadGroup, ReadGroups},
    base::{
        fold,
        ids::{GroupId, UserId},
    },
    people::{Someone, Status},
    web::{
        Halt,
        api::{Answer, Answered, ApiProblem, Bearer, Body, Made, Page, Paging, PagingParams, Query, named},
    },
};

pub fn api_routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/groups").get(index).post(create))
        .service(web::resource("/groups/{id}").get(show).patch(update).delete(delete))
        .service(web::resource("/groups/{id}/members").get(members).post(add))
        .service(web::resource("/groups/{id}/members/remove").post(remove));
}

#[derive(OpenApi)]
#[openapi(paths(index, create, show, update, delete, members, add, remove))]
pub struct ApiDocument;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Group)]
pub struct GroupShown {
    id: String,
    name: String,
    description: String,
    /// One that every organization starts with; it keeps its name and is not deleted.
    standard: bool,
    /// How many people are in it, invited and deactivated ones too.
    members: i64,
    /// The ids of the roles that access policies give to it.
    roles: Vec<String>,
    created_at: String,
}

impl GroupShown {
    fn new(group: Group, roles: Vec<String>) -> Self {
        Self {
            id: group.id.to_string(),
            name: group.name,
            description: group.description,
            standard: group.standard,
            members: group.members,
            created_at: group.created_at.rfc3339(),
            roles,
        }
    }

    fn named_by(group: Group, named_by: &[NamedBy]) -> Self {
        let roles: BTreeSet<&String> = named_by.iter().flat_map(|by| &by.roles).collect();
        Self::new(group, roles.into_iter().cloned().collect())
    }
}

/// An access policy with a rule that names a group.
#[derive(Serialize, ToSchema)]
pub struct NamingPolicy {
    id: String,
    name: String,
    /// The ids of the roles it gives to the group.
    roles: Vec<String>,
}

impl From<NamedBy> for NamingPolicy {
    fn from(by: NamedBy) -> Self {
        Self { id: by.policy.to_string(), name: by.name, roles: by.roles }
    }
}

/// A group, and the access policies that name it.
#[derive(Serialize, ToSchema)]
pub struct GroupDetails {
    group: GroupShown,
    policies: Vec<NamingPolicy>,
}

#[derive(Serialize, ToSchema)]
pub struct GroupMember {
    id: String,
    /// Empty as long as nobody knows it.
    name: String,
    email: String,
    /// `invited`, `active` or `deactivated`.
    status: &'static str,
}

impl From<Someone> for GroupMember {
    fn from(one: Someone) -> Self {
        let status = match one.status {
            Status::Invited => "invited",
            Status::Active => "active",
            Status::Deactivated => "deactivated",
        };
        Self { id: one.id.to_string(), name: one.name, email: one.email, status }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Only groups with this text in their name or description.
    #[serde(default)]
    q: Option<String>,
}

/// List groups
///
/// By name.
#[utoipa::path(get, path = "/groups", tag = "Groups", params(Filter, PagingParams),
    responses((status = 200, body = Page<GroupShown>)))]
async fn index(person: Bearer, query: Query<Filter>, paging: Paging) -> Answered<Page<GroupShown>> {
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
            Self::Refused(refusal @ NamingRefusal::TooMany) => {
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
async fn create(person: Bearer, body: Body<NewGroup>) -> Result<Answer, ApiProblem> {
    let NewGroup { name, description } = body.value;
    let naming = NamingDraft { name, description }.parse();
    let work = move |tx: &mut crate::db::Tx<'_>, actor: &crate::access::Actor| {
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
async fn show(person: Bearer, path: Path<String>) -> Answered<GroupDetails> {
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
async fn update(person: Bearer, path: Path<String>, body: Body<GroupChange>) -> Answered<GroupDetails> {
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
async fn delete(person: Bearer, path: Path<String>) -> Answered<GroupDeleted> {
    let of: GroupId = named(&path)?;
    let Deletion { group, named_by } = person
        .write(move |tx, actor| Ok(commands::delete(tx, actor.may(DeleteGroup { of })?)?))
        .await
        .map_err(|halt: Halt<DeleteRefusal>| {
            halt.told(|refusal| match refusal {
                DeleteRefusal::NoSuchGroup => ApiProblem::not_found(),
                DeleteRefusal::Standard | DeleteRefusal::LastAdministrator => {
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

/// List members
///
/// By name; people who are invited are members before they accept.
#[utoipa::path(get, path = "/groups/{id}/members", tag = "Groups", params(("id" = String, Path), PagingParams),
    responses((status = 200, body = Page<GroupMember>)))]
async fn members(person: Bearer, path: Path<String>, paging: Paging) -> Answered<Page<GroupMember>> {
    let of: GroupId = named(&path)?;
    let list = format!("members of {of}");
    let place = match paging.after::<(String, i64)>(&list)? {
        Some((key, number)) => Place::After(MemberPlace { key, number }.encode()),
        None => Place::Start,
    };
    let most = paging.limit + 1;
    let seen = person
        .read(move |conn, actor| {
            Ok::<_, ApiProblem>(commands::show(conn, &actor.may(ReadGroup { of })?, &place, most)?)
        })
        .await?
        .ok_or_else(ApiProblem::not_found)?;
    let position = |row: &(MemberPlace, Someone)| (row.0.key.clone(), row.0.number);
    Ok(Json(paging.page(&list, seen.members.people, position, |(_, one)| one.into())?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMembers {
    /// Ids of users.
    #[serde(default)]
    users: Vec<String>,
    /// Addresses of users of the organization, invited ones too.
    #[serde(default)]
    addresses: Vec<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembersAdded {
    added: Vec<GroupMember>,
    /// How many of those asked for were members before.
    were_members: usize,
}

/// Why nobody was added or taken out.
enum NotChanged {
    Wrong(MembersErrors),
    Refused(MembersRefusal),
}

impl NotChanged {
    fn told(self) -> ApiProblem {
        match self {
            Self::Wrong(MembersErrors { people, addresses }) => {
                let people = people.map(|words| ("users", words));
                ApiProblem::fields(people.into_iter().chain(addresses.map(|words| ("addresses", words))))
            }
            Self::Refused(MembersRefusal::NoSuchGroup) => ApiProblem::not_found(),
            Self::Refused(refusal) => {
                let words = words::members_refused(&refusal);
                match refusal {
                    MembersRefusal::NoSuchGroup | MembersRefusal::NoSuchPerson => {
                        ApiProblem::field("users", words)
                    }
                    MembersRefusal::UnknownAddresses(_) => ApiProblem::field("addresses", words),
                    MembersRefusal::MoreThanOwn => ApiProblem::not_permitted(words),
                    MembersRefusal::LastAdministrator => ApiProblem::conflict(words),
                }
            }
        }
    }
}

/// Add members
///
/// All of them or none, at most 500 at once. Who is a member already stays one.
#[utoipa::path(post, path = "/groups/{id}/members", tag = "Groups", params(("id" = String, Path)),
    request_body = NewMembers, responses((status = 200, body = MembersAdded)))]
async fn add(person: Bearer, path: Path<String>, body: Body<NewMembers>) -> Answered<MembersAdded> {
    let of: GroupId = named(&path)?;
    let NewMembers { users, addresses } = body.value;
    let draft = MembersDraft { ticked: users, addresses: addresses.join("\n"), ..MembersDraft::default() };
    let asked = draft.parse();
    let added = person
        .write(move |tx, actor| {
            let permit = actor.may(ChangeMembers { of })?;
            let asked = asked.as_ref().map_err(|errors| Halt::Refused(NotChanged::Wrong(errors.clone())))?;
            Ok(commands::add_members(tx, permit, asked).map_err(|stop| stop.map(NotChanged::Refused))?)
        })
        .await
        .map_err(|halt| halt.told(NotChanged::told))?;
    Ok(Json(MembersAdded {
        added: added.people.into_iter().map(GroupMember::from).collect(),
        were_members: added.were_members,
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormerMembers {
    /// Ids of users, at most 500; who is not a member is left alone.
    users: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct MembersRemoved {
    removed: Vec<GroupMember>,
}

/// Remove members
#[utoipa::path(post, path = "/groups/{id}/members/remove", tag = "Groups", params(("id" = String, Path)),
    request_body = FormerMembers, responses((status = 200, body = MembersRemoved)))]
async fn remove(person: Bearer, path: Path<String>, body: Body<FormerMembers>) -> Answered<MembersRemoved> {
    let of: GroupId = named(&path)?;
    let ids: Result<Vec<UserId>, _> = body.value.users.iter().map(|id| id.parse()).collect();
    let people = ids.map_err(|_| ApiProblem::field("users", words::NO_SUCH_PERSON))?;
    if people.len() > MOST_AT_ONCE {
        return Err(ApiProblem::field("users", words::too_many(people.len())));
    }
    let removed: Removed = person
        .write(move |tx, actor| {
            let permit = actor.may(ChangeMembers { of })?;
            Ok(commands::remove_members(tx, permit, &people).map_err(|stop| stop.map(NotChanged::Refused))?)
        })
        .await
        .map_err(|halt| halt.told(NotChanged::told))?;
    Ok(Json(MembersRemoved { removed: removed.people.into_iter().map(GroupMember::from).collect() }))
}
