//! Who belongs to the organization.

use actix_web::web::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::shown::UserShown;
use crate::{
    access::actions::ReadUsers,
    users::{
        commands,
        model::{Place, View},
    },
    web::api::{Answered, ApiProblem, Bearer, Paging, PagingParams, Query},
};

/// Which users are asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct UsersAsked {
    /// Text in names and addresses; letter case and accents do not matter.
    pub q: Option<String>,
    /// `invited`, `active` or `deactivated`.
    pub status: Option<String>,
    /// The id of a group.
    pub group: Option<String>,
    /// Whether they have a second factor: `on` or `off`.
    pub second_factor: Option<String>,
    /// Not active for so many days: `30`, `90` or `180`.
    pub inactive: Option<String>,
    /// `person`, `-person`, `active` or `-active`. A short text is listed by name, those who were not active by their
    /// activity, whatever was asked for.
    pub sort: Option<String>,
}

impl UsersAsked {
    pub fn read(&self) -> Result<View, ApiProblem> {
        let said = |name: &str| {
            let value = match name {
                "q" => &self.q,
                "status" => &self.status,
                "group" => &self.group,
                "second_factor" => &self.second_factor,
                "inactive" => &self.inactive,
                "sort" => &self.sort,
                _ => &None,
            };
            value.as_deref().unwrap_or_default()
        };
        let view = View::read(said);
        let unread = [
            ("status", "status", view.status.is_none()),
            ("group", "group", view.group.is_none()),
            ("second_factor", "secondFactor", view.second_factor.is_none()),
            ("inactive", "inactive", view.inactive.is_none()),
            ("sort", "sort", view.sort.word() != said("sort")),
        ];
        match unread.into_iter().find(|(name, _, is_lost)| *is_lost && !said(name).is_empty()) {
            Some((_, name, _)) => Err(ApiProblem::invalid(format!("The value of {name} cannot be read."))),
            None => Ok(view),
        }
    }
}

/// One page of users.
#[derive(Serialize, ToSchema)]
pub struct UsersPage {
    items: Vec<UserShown>,
    /// The cursor of the page after this one; null on the last page.
    next: Option<String>,
    /// False when more people have the text in their name or address than can be looked through: then those whose name
    /// begins with it are listed, or else some of them. A longer text finds them all.
    complete: bool,
}

/// List users
///
/// Invited and deactivated people, too. A page may have fewer users than its limit, or none, and a next one all the
/// same: what no index knows is looked for among 20,000 people a page.
#[utoipa::path(get, path = "/users", tag = "Users", params(UsersAsked, PagingParams),
    responses((status = 200, body = UsersPage)))]
pub async fn index(person: Bearer, asked: Query<UsersAsked>, paging: Paging) -> Answered<UsersPage> {
    let view = asked.0.read()?;
    let list = format!("users {:?}", view.pairs());
    let place = Place { after: paging.after::<String>(&list)?.unwrap_or_default(), before: String::new() };
    let at = (paging.limit, person.site.db.now());
    let looked = person
        .read(move |conn, actor| {
            Ok::<_, ApiProblem>(commands::look(conn, actor.may(ReadUsers)?, view, &place, at)?)
        })
        .await?;
    let (mut groups, mut pending) = (looked.groups_of, looked.pending);
    let shown = looked.slice.people.into_iter().map(|one| {
        let id = one.id;
        UserShown::listed(one, groups.remove(&id).unwrap_or_default(), pending.remove(&id))
    });
    let shown = shown.collect();
    let page = paging.page_until(&list, shown, looked.slice.next.map(|next| next.encode()))?;
    Ok(Json(UsersPage { items: page.items, next: page.next, complete: looked.too_many.is_none() }))
}
