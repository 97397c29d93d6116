//! Which stretches of which index a page is read along.

use super::Asked;
use crate::audit::model::Meant;

/// A stretch of an index: lines that have one thing in common, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lane {
    All,
    Actor(String),
    Target(String),
    Action(String),
    Address(String),
}

/// The lanes that know the most of what is asked; the rest is asked of each line on the way.
pub fn lanes(asked: &Asked) -> Vec<Lane> {
    if let Some(of) = &asked.of {
        let mut lanes = vec![Lane::Target(of.id.clone())];
        lanes.extend(of.is_person.then(|| Lane::Actor(of.id.clone())));
        return lanes;
    }
    if let Meant::These { ids, .. } = &asked.target {
        return ids.iter().cloned().map(Lane::Target).collect();
    }
    if !asked.address.is_empty() {
        return vec![Lane::Address(asked.address.clone())];
    }
    match &asked.actor {
        Meant::These { ids, .. } => return ids.iter().cloned().map(Lane::Actor).collect(),
        Meant::Kind(_) => return vec![Lane::Actor(String::new())],
        Meant::Anything | Meant::Nothing => {}
    }
    if asked.action.is_empty() { vec![Lane::All] } else { vec![Lane::Action(asked.action.clone())] }
}

/// Whether the index tells all that is asked; times and numbers go along with each of them.
pub fn are_whole(asked: &Asked) -> bool {
    let is_said = [
        asked.of.is_some(),
        !matches!(asked.target, Meant::Anything),
        !asked.address.is_empty(),
        !matches!(asked.actor, Meant::Anything),
        !asked.action.is_empty(),
    ];
    let said = is_said.into_iter().filter(|is_said| *is_said).count();
    let knows_kind = !matches!(asked.actor, Meant::Kind(_));
    asked.words.is_empty() && said <= 1 && knows_kind
}
