//! Making and revoking tokens.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    model::{Life, MOST_LIVE, Name, Token},
    store,
};
use crate::{
    access::{
        Actor, Permit,
        actions::{Action, CreateToken, ListOwnTokens, ReadTokens, RevokeOwnToken, RevokeToken},
    },
    audit,
    base::{
        access_secret::AccessSecret,
        clock::Moment,
        ids::{AccessTokenId, UserId},
    },
    db::{AnyConnection, Fault, Stop, Tx},
    mail::{self, Letter, letters::AccountEvent},
    people::{self, Someone},
};

/// A token to be made.
#[derive(Clone, Debug)]
pub struct New {
    pub name: Name,
    pub comment: String,
    pub life: Life,
    /// The roles it carries at most; all that its person holds, for none.
    pub roles: Option<Vec<String>>,
    /// The token it is made with.
    pub parent: Option<Parent>,
}

/// A token that makes another: what it makes carries no more, works no longer, and is revoked with it. So whoever has
/// one gets nothing from it that they do not have already.
#[derive(Clone, Debug)]
pub struct Parent {
    pub id: AccessTokenId,
    pub expires_at: Option<Moment>,
    pub narrowed_to: Option<Vec<String>>,
}

/// A token that was made; its secret is known only now.
#[derive(Clone, Debug)]
pub struct Created {
    pub id: AccessTokenId,
    pub secret: AccessSecret,
    pub created_at: Moment,
    pub expires_at: Option<Moment>,
    pub roles: Option<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CreateRefusal {
    /// There are [`MOST_LIVE`] already.
    TooMany,
    /// A role that the person does not hold, or the parent does not carry.
    NotHeld(String),
    /// Narrowed, but to nothing.
    NoRole,
    /// It would work longer than the token that makes it.
    OutlivesParent,
    /// Only people have tokens.
    NobodyToOwnIt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevokeRefusal {
    NoSuchToken,
    RevokedAlready,
}

/// One's own tokens that are not revoked, the newest first.
pub fn own(
    conn: &mut AnyConnection,
    permit: &Permit<ListOwnTokens>,
    after: Option<AccessTokenId>,
    most: i64,
) -> Result<Vec<Token>, Fault> {
    match permit.actor().user() {
        Some(user) => store::list(conn, permit.organization(), (Some(user), false), after, most),
        None => Ok(Vec::new()),
    }
}

/// Somebody's tokens, or everybody's, the newest first.
pub fn of_person(
    conn: &mut AnyConnection,
    permit: &Permit<ReadTokens>,
    (of, with_revoked): (Option<UserId>, bool),
    after: Option<AccessTokenId>,
    most: i64,
) -> Result<Vec<Token>, Fault> {
    store::list(conn, permit.organization(), (of, with_revoked), after, most)
}

/// Everybody's tokens that are not revoked, the newest first, each with its owner.
pub fn everybodys(
    conn: &mut AnyConnection,
    permit: &Permit<ReadTokens>,
    after: Option<AccessTokenId>,
    most: i64,
) -> Result<(Vec<Token>, BTreeMap<UserId, Someone>), Fault> {
    let tokens = of_person(conn, permit, (None, false), after, most)?;
    let owners: BTreeSet<UserId> = tokens.iter().map(|token| token.owner).collect();
    let owners: Vec<UserId> = owners.into_iter().collect();
    let owners = people::these(conn, permit.organization(), &owners)?;
    Ok((tokens, owners.into_iter().map(|owner| (owner.id, owner)).collect()))
}

/// A token that somebody is about to revoke: what it is called, and of whom when it is not one's own.
#[derive(Clone, Debug)]
pub struct Parting {
    pub id: AccessTokenId,
    pub name: String,
    pub owner: UserId,
    pub of: Option<String>,
    pub is_revoked: bool,
}

/// One token of the organization, for asking before it is revoked; who may is asked elsewhere.
pub fn parting(conn: &mut AnyConnection, actor: &Actor, id: AccessTokenId) -> Result<Option<Parting>, Fault> {
    let known = store::known(conn, actor.organization(), id)?;
    let Some((owner, name, revoked_at)) = known else { return Ok(None) };
    let of = match actor.user() == Some(owner) {
        true => None,
        false => people::contact(conn, owner)?.map(|owner| owner.shown().to_owned()),
    };
    Ok(Some(Parting { id, name, owner, of, is_revoked: revoked_at.is_some() }))
}

/// Makes a token of whoever asks. They are told by mail.
pub fn create(
    tx: &mut Tx<'_>,
    permit: Permit<CreateToken>,
    new: &New,
) -> Result<Created, Stop<CreateRefusal>> {
    let now = tx.now();
    let user = permit.actor().user().ok_or(Stop::Refused(CreateRefusal::NobodyToOwnIt))?;
    let roles = roles_for(&permit, new).map_err(Stop::Refused)?;
    let expires_at = new.life.end(now);
    if outlives(expires_at, new.parent.as_ref()) {
        return Err(Stop::Refused(CreateRefusal::OutlivesParent));
    }
    if store::live_of(tx.conn(), user, now)? >= MOST_LIVE {
        return Err(Stop::Refused(CreateRefusal::TooMany));
    }
    let (id, secret) = (AccessTokenId::new(), AccessSecret::random());
    let row = store::NewRow {
        id,
        organization: permit.organization(),
        user,
        parent: new.parent.as_ref().map(|parent| parent.id),
        secret_hash: &secret.hash(),
        name: new.name.as_str(),
        comment: &new.comment,
        expires_at,
        roles: roles.as_deref(),
    };
    store::insert(tx, &row)?;
    people::tell(tx, user, AccountEvent::TokenCreated { name: new.name.as_str().to_owned() })?;
    let after = json!({
        "name": new.name.as_str(),
        "expires_at": expires_at.map(Moment::rfc3339),
        "roles": roles,
    });
    record(tx, &permit, id, json!({}), after)?;
    Ok(Created { id, secret, created_at: now, expires_at, roles })
}

/// The roles that the new one is narrowed to, if it is.
fn roles_for(permit: &Permit<CreateToken>, new: &New) -> Result<Option<Vec<String>>, CreateRefusal> {
    let carried = new.parent.as_ref().and_then(|parent| parent.narrowed_to.as_ref());
    let Some(roles) = &new.roles else { return Ok(carried.cloned()) };
    let mut roles = roles.clone();
    roles.sort();
    roles.dedup();
    if roles.is_empty() {
        return Err(CreateRefusal::NoRole);
    }
    // The actor's standing is narrowed to what the parent carries.
    match roles.iter().find(|role| !permit.actor().standing().holds(role)) {
        Some(role) => Err(CreateRefusal::NotHeld(role.clone())),
        None => Ok(Some(roles)),
    }
}

fn outlives(expires_at: Option<Moment>, parent: Option<&Parent>) -> bool {
    match parent.and_then(|parent| parent.expires_at) {
        Some(end) => expires_at.is_none_or(|expires_at| expires_at > end),
        None => false,
    }
}

/// Revokes one of one's own tokens, and those that were made with it; returns its name.
pub fn revoke_own(tx: &mut Tx<'_>, permit: Permit<RevokeOwnToken>) -> Result<String, Stop<RevokeRefusal>> {
    let (id, user) = (permit.target().of, permit.actor().user());
    revoke_one(tx, &permit, id, |owner| Some(owner) == user)
}

/// Revokes anybody's token, and those that were made with it; returns its name.
pub fn revoke(tx: &mut Tx<'_>, permit: Permit<RevokeToken>) -> Result<String, Stop<RevokeRefusal>> {
    let id = permit.target().of;
    revoke_one(tx, &permit, id, |_| true)
}

fn revoke_one<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    id: AccessTokenId,
    is_theirs: impl FnOnce(UserId) -> bool,
) -> Result<String, Stop<RevokeRefusal>> {
    let known = store::known(tx.conn(), permit.organization(), id)?;
    let (owner, name, revoked_at) =
        known.filter(|(owner, ..)| is_theirs(*owner)).ok_or(Stop::Refused(RevokeRefusal::NoSuchToken))?;
    if revoked_at.is_some() {
        return Err(Stop::Refused(RevokeRefusal::RevokedAlready));
    }
    let revoked = store::revoke(tx, id)?;
    let by = match permit.actor().user() {
        Some(by) if by != owner => people::contact(tx.conn(), by)?.map(|by| by.shown().to_owned()),
        _ => None,
    };
    people::tell(tx, owner, AccountEvent::TokenRevoked { name: name.clone(), by })?;
    let of = people::contact(tx.conn(), owner)?.map(|owner| owner.shown().to_owned());
    let after = json!({ "revoked": true, "with_those_made_by_it": revoked.saturating_sub(1) });
    record(tx, permit, id, json!({ "name": name, "of": of }), after)?;
    Ok(name)
}

/// Revokes all tokens of somebody as a part of another act, whose audit line says how many.
pub fn revoke_all_of(tx: &mut Tx<'_>, user: UserId) -> Result<usize, Fault> {
    store::revoke_all_of(tx, user)
}

/// How many tokens of somebody are neither revoked nor over.
pub fn live_of(conn: &mut AnyConnection, user: UserId, now: Moment) -> Result<i64, Fault> {
    store::live_of(conn, user, now)
}

fn record<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    id: AccessTokenId,
    before: Value,
    after: Value,
) -> Result<(), Fault> {
    let line = audit::Line { action: permit.name(), target: audit::Target::token(id), before, after };
    audit::record(tx, permit.organization(), &permit.actor().into(), line)
}

/// Mails somebody that a token of theirs ends soon.
pub fn tell_of_end(tx: &mut Tx<'_>, owner: UserId, name: String, expires_at: Moment) -> Result<(), Fault> {
    let Some(person) = people::contact(tx.conn(), owner)? else { return Ok(()) };
    let letter = Letter::TokenExpires { organization: person.organization_name.clone(), name, expires_at };
    mail::enqueue(tx, &person.recipient(), &letter).map(drop)
}

/// Why a token was not made, for its person.
pub fn words(refusal: &CreateRefusal) -> String {
    match refusal {
        CreateRefusal::TooMany => {
            format!("You have {MOST_LIVE} tokens, which is as many as there can be. Revoke one first.")
        }
        CreateRefusal::NotHeld(role) => {
            format!("You do not hold the role {role} now, so a token of yours cannot carry it.")
        }
        CreateRefusal::NoRole => "Name at least one role, or leave the narrowing out.".to_owned(),
        CreateRefusal::OutlivesParent => {
            "A token made with another one cannot work longer than that one.".to_owned()
        }
        CreateRefusal::NobodyToOwnIt => "Only a person can have tokens.".to_owned(),
    }
}
