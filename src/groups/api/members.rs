//! Who is in a group.

use actix_web::web::{Json, Path};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::shown::GroupMember;
use crate::{
    access::actions::{ChangeMembers, ReadGroup},
    base::ids::{GroupId, UserId},
    groups::{
        commands,
        forms::{MembersDraft, MembersErrors},
        model::{MOST_AT_ONCE, MemberPlace, MembersRefusal, Place, Removed},
        words,
    },
    people::Someone,
    web::{
        Halt,
        api::{Answered, ApiProblem, Bearer, Body, Page, Paging, PagingParams, named},
    },
};

/// List members
///
/// By name; people who are invited are members before they accept.
#[utoipa::path(get, path = "/groups/{id}/members", tag = "Groups", params(("id" = String, Path), PagingParams),
    responses((status = 200, body = Page<GroupMember>)))]
pub async fn members(person: Bearer, path: Path<String>, paging: Paging) -> Answered<Page<GroupMember>> {
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
                    MembersRefusal::Provisioned | MembersRefusal::LastAdministrator => {
                        ApiProblem::conflict(words)
                    }
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
pub async fn add(person: Bearer, path: Path<String>, body: Body<NewMembers>) -> Answered<MembersAdded> {
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
pub async fn remove(
    person: Bearer,
    path: Path<String>,
    body: Body<FormerMembers>,
) -> Answered<MembersRemoved> {
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
