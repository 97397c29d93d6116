//! A dry run: what a provider's word would do, without doing it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{admit::decide, groups::wanted};
use crate::{
    access::{Permit, actions::ChangeSso},
    audit::{self, Line, Target},
    base::ids::{GroupId, UserId},
    db::{Fault, Tx},
    groups::{GroupName, named, of_people},
    people::{self, Someone},
    sso::model::{Connection, Decision, TurnedAway, Vouched},
};

/// What would come of it.
pub struct Trial {
    pub outcome: Result<Decision, TurnedAway>,
    /// Whom it is about, where somebody is here already.
    pub person: Option<Someone>,
    /// What somebody new would be called.
    pub name: String,
    /// Nothing where groups stay as they are.
    pub groups: Option<Regrouped>,
}

/// The names of the groups that somebody is in, and would be in.
pub struct Regrouped {
    pub before: Vec<String>,
    pub after: Vec<String>,
}

/// Decides as at a sign-in with the connection on, and writes down that it was tried. Nothing else is written.
pub fn try_out(
    tx: &mut Tx<'_>,
    permit: &Permit<ChangeSso>,
    connection: &Connection,
    vouched: &Vouched,
) -> Result<Trial, Fault> {
    let (organization, now) = (permit.organization(), tx.now());
    let connection = Connection { is_on: true, ..connection.clone() };
    let outcome = decide(tx.conn(), &connection, vouched, now)?;
    let user = match &outcome {
        Ok(Decision::Enter(user) | Decision::Link(user) | Decision::Accept(user)) => Some(*user),
        Ok(Decision::Create(_)) => None,
        Err(why) => why.about(),
    };
    let person = match user {
        Some(user) => people::these(tx.conn(), organization, &[user])?.pop(),
        None => None,
    };
    let groups = match outcome {
        Ok(_) => changed_groups(tx, &connection, user, vouched)?,
        Err(_) => None,
    };
    let told = match &outcome {
        Ok(Decision::Enter(_)) => "would be signed in",
        Ok(Decision::Link(_)) => "would be linked and signed in",
        Ok(Decision::Accept(_)) => "would accept their invitation",
        Ok(Decision::Create(_)) => "would get a new account",
        Err(why) => why.word(),
    };
    note_trial(tx, permit, json!({ "outcome": told, "address": vouched.shown() }))?;
    let name = vouched.person_name("")?.as_str().to_owned();
    Ok(Trial { outcome, person, name, groups })
}

fn changed_groups(
    tx: &mut Tx<'_>,
    connection: &Connection,
    user: Option<UserId>,
    vouched: &Vouched,
) -> Result<Option<Regrouped>, Fault> {
    let Some(claimed) = &vouched.groups else { return Ok(None) };
    let organization = connection.organization;
    let before = match user {
        Some(user) => of_people(tx.conn(), organization, &[user])?.remove(&user).unwrap_or_default(),
        None => Vec::new(),
    };
    let had: BTreeSet<GroupId> = before.iter().map(|group| group.id).collect();
    let after: Vec<_> = wanted(connection, &had, claimed).into_iter().collect();
    let after = named(tx.conn(), organization, &after)?;
    let names = |groups: Vec<GroupName>| groups.into_iter().map(|group| group.name).collect();
    Ok(Some(Regrouped { before: names(before), after: names(after) }))
}

/// Writes down that somebody tried it, and what came of it.
pub fn note_trial(tx: &mut Tx<'_>, permit: &Permit<ChangeSso>, after: Value) -> Result<(), Fault> {
    let organization = permit.organization();
    let target = Target::organization(organization);
    let line = Line { action: "sso.dry_run", target, before: json!({}), after };
    audit::record(tx, organization, &permit.actor().into(), line)
}
