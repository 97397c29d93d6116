//! One person, and their groups.

use actix_web::web::{Json, Path};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::shown::UserDetails;
use crate::{
    access::actions::{ChangeMemberships, ReadUsers},
    base::ids::{GroupId, UserId},
    groups::{self, ChangeRefusal},
    users::{commands, words},
    web::api::{Answered, ApiProblem, Bearer, Body, named},
};

/// Show a user
#[utoipa::path(get, path = "/users/{id}", tag = "Users", params(("id" = String, Path)),
    responses((status = 200, body = UserDetails)))]
pub async fn show(person: Bearer, path: Path<String>) -> Answered<UserDetails> {
    let (of, now): (UserId, _) = (named(&path)?, person.site.db.now());
    let seen = person
        .read(move |conn, actor| {
            Ok::<_, ApiProblem>(commands::person(conn, &actor.may(ReadUsers)?, of, now)?)
        })
        .await?;
    Ok(Json(seen.ok_or_else(ApiProblem::not_found)?.into()))
}

/// The groups somebody shall be in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupsWanted {
    /// Ids of groups; those that are left out are left.
    groups: Vec<String>,
    /// The `version` of the user when this was decided.
    version: i64,
}

/// The groups somebody is in now.
#[derive(Serialize, ToSchema)]
pub struct GroupsChanged {
    id: String,
    /// Ids of groups.
    groups: Vec<String>,
}

/// Change the groups of a user
///
/// Of somebody who is invited, too. Nobody gives more than they hold.
#[utoipa::path(put, path = "/users/{id}/groups", tag = "Users", params(("id" = String, Path)),
    request_body = GroupsWanted, responses((status = 200, body = GroupsChanged)))]
pub async fn change_groups(
    person: Bearer,
    path: Path<String>,
    body: Body<GroupsWanted>,
) -> Answered<GroupsChanged> {
    let (of, wanted): (UserId, _) = (named(&path)?, body.value);
    let groups = wanted.groups.iter().map(|id| id.parse::<GroupId>()).collect::<Result<_, _>>();
    let change = groups.map(|groups| groups::Change { groups, version: wanted.version });
    let changed = person
        .write(move |tx, actor| {
            let permit = actor.may(ChangeMemberships { of })?;
            let change =
                change.as_ref().map_err(|_| crate::web::Halt::Refused(ChangeRefusal::NoSuchGroup))?;
            groups::change_memberships(tx, permit, change)?;
            Ok(change.groups.iter().map(GroupId::to_string).collect())
        })
        .await
        .map_err(|halt| halt.told(|refusal| not_changed(&refusal)))?;
    Ok(Json(GroupsChanged { id: of.to_string(), groups: changed }))
}

fn not_changed(refusal: &ChangeRefusal) -> ApiProblem {
    match refusal {
        ChangeRefusal::NoSuchPerson => ApiProblem::not_found(),
        ChangeRefusal::Stale => ApiProblem::conflict(words::GROUPS_STALE),
        ChangeRefusal::NoSuchGroup => ApiProblem::field("groups", words::NO_SUCH_GROUP),
        ChangeRefusal::MoreThanOwn => ApiProblem::not_permitted(words::GROUPS_MORE_THAN_OWN),
        ChangeRefusal::Provisioned => ApiProblem::conflict(words::GROUPS_PROVISIONED),
        ChangeRefusal::LastAdministrator => ApiProblem::conflict(words::LAST_ADMINISTRATOR),
    }
}
