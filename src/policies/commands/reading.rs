//! What the pages show.

use std::collections::BTreeSet;

use crate::{
    access::{Permit, actions::ReadPolicies},
    base::ids::{GroupId, PolicyId, UserId},
    db::{AnyConnection, Fault},
    people,
    policies::{
        model::{Heard, Looked, Policy, View, Workbench},
        store,
    },
};

/// Up to so many groups are listed in every card; of more, those that are chosen or found.
const FEW_GROUPS: usize = 30;
/// How many of those who were found are shown.
const MOST_FOUND: usize = 20;
/// In how many cards at once people are looked for.
const MOST_SEARCHES: usize = 10;

/// What a card of the editor has chosen and looks for.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    pub users: Vec<UserId>,
    pub groups: Vec<GroupId>,
    pub people_like: String,
    pub groups_like: String,
}

/// One page of the list, at most `most` policies.
pub fn look(
    conn: &mut AnyConnection,
    permit: &Permit<ReadPolicies>,
    view: &View,
    most: usize,
) -> Result<Looked, Fault> {
    store::list(conn, permit.organization(), view, most)
}

/// A policy with everything in it; nothing when the organization has none by this id.
pub fn policy(
    conn: &mut AnyConnection,
    permit: &Permit<ReadPolicies>,
    id: PolicyId,
) -> Result<Option<Policy>, Fault> {
    store::policy(conn, permit.organization(), id)
}

/// The names that an editor with these cards shows. Of another organization there are none.
pub fn workbench(
    conn: &mut AnyConnection,
    permit: &Permit<ReadPolicies>,
    cards: &[Sought],
) -> Result<Workbench, Fault> {
    let organization = permit.organization();
    let users: BTreeSet<UserId> = cards.iter().flat_map(|card| card.users.iter().copied()).collect();
    let chosen: BTreeSet<GroupId> = cards.iter().flat_map(|card| card.groups.iter().copied()).collect();
    let (all, are_more) = store::find_groups(conn, organization, "", FEW_GROUPS)?;
    let people = people::these(conn, organization, &users.into_iter().collect::<Vec<_>>())?;
    let mut bench = Workbench {
        people: people.into_iter().map(|person| (person.id, person)).collect(),
        groups: store::known_groups(conn, organization, &chosen.into_iter().collect::<Vec<_>>())?,
        all_groups: (!are_more).then_some(all),
        ..Workbench::default()
    };
    let searching = |card: &&Sought| !card.people_like.is_empty() || !card.groups_like.is_empty();
    let searches = cards.iter().enumerate().filter(|(_, card)| searching(card)).take(MOST_SEARCHES);
    for (number, card) in searches {
        let mut heard = Heard::default();
        if !card.people_like.is_empty() {
            heard.people = people::search(conn, organization, &card.people_like, MOST_FOUND + 1)?;
            heard.are_more_people = heard.people.len() > MOST_FOUND;
            heard.people.truncate(MOST_FOUND);
        }
        if !card.groups_like.is_empty() {
            (heard.groups, heard.are_more_groups) =
                store::find_groups(conn, organization, &card.groups_like, MOST_FOUND)?;
        }
        bench.found.insert(number, heard);
    }
    Ok(bench)
}
