//! Groups, as a provider finds them again.

use std::collections::BTreeSet;

use crate::{
    base::ids::{OrganizationId, ScimGroupId, ScimUserId},
    db::{AnyConnection, Fault, Stop},
    scim::{
        model::{
            Attribute, Condition, Filter, Found, GroupSeen, MOST_MEMBERS, Operator, Refusal, Window,
            unanswered,
        },
        store,
    },
};

type Done<T> = Result<T, Stop<Refusal>>;

/// One group; with its members only when they are asked for.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: ScimGroupId,
    with_members: bool,
) -> Done<GroupSeen> {
    let group = store::group_by_id(conn, organization, id)?.ok_or(Stop::Refused(Refusal::NotFound))?;
    match with_members {
        true => Ok(fill(conn, group)?.map_err(Stop::Refused)?),
        false => Ok(group),
    }
}

/// The same with its members, as far as the provider looks after them.
fn fill(conn: &mut AnyConnection, group: GroupSeen) -> Result<Result<GroupSeen, Refusal>, Fault> {
    let members = store::members_of(conn, group.group, MOST_MEMBERS as i64 + 1)?;
    Ok(match members.len() > MOST_MEMBERS {
        true => Err(Refusal::TooMany(format!(
            "The group has more than {MOST_MEMBERS} members. Ask with excludedAttributes=members."
        ))),
        false => Ok(GroupSeen { members: members.into_iter().map(|(_, member)| member).collect(), ..group }),
    })
}

/// One page of those that the filter finds, in the order in which they came.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    filter: &Filter,
    window: Window,
    with_members: bool,
) -> Done<Found<GroupSeen>> {
    let mut groups = store::all_groups(conn, organization)?;
    for condition in &filter.0 {
        narrow(conn, organization, &mut groups, condition)?;
    }
    let total = i64::try_from(groups.len()).unwrap_or(i64::MAX);
    let page = groups.into_iter().skip(window.start - 1).take(window.count);
    let mut rows = Vec::new();
    for group in page {
        rows.push(match with_members {
            true => fill(conn, group)?.map_err(Stop::Refused)?,
            false => group,
        });
    }
    Ok(Found { total, rows })
}

fn narrow(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    groups: &mut Vec<GroupSeen>,
    Condition { attribute, operator, value }: &Condition,
) -> Done<()> {
    use crate::base::fold::key;
    match (attribute, operator) {
        (Attribute::Id, Operator::Equal) => groups.retain(|it| it.id.as_str() == value),
        (Attribute::ExternalId, Operator::Equal) => {
            groups.retain(|it| it.external_id.as_ref() == Some(value))
        }
        (Attribute::DisplayName, Operator::Equal) => groups.retain(|it| key(&it.name) == key(value)),
        (Attribute::DisplayName, Operator::StartsWith) => {
            groups.retain(|it| key(&it.name).starts_with(&key(value)));
        }
        (Attribute::DisplayName, Operator::Contains) => {
            groups.retain(|it| key(&it.name).contains(&key(value)))
        }
        (Attribute::Members, Operator::Equal) => {
            let of = match value.parse::<ScimUserId>() {
                Ok(member) => store::of_member(conn, organization, member)?,
                Err(_) => BTreeSet::new(),
            };
            groups.retain(|it| of.contains(&it.group));
        }
        (Attribute::ResourceType, Operator::Equal) => groups.retain(|_| value.eq_ignore_ascii_case("group")),
        _ => return Err(Stop::Refused(unanswered("Groups are not found by that."))),
    }
    Ok(())
}
