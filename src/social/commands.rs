//! What happens on the way to a provider and back, and to linked accounts.

use std::net::IpAddr;

use serde_json::json;

use super::{
    model::{Attempt, Goal, Linked, NotLinked, NotUnlinked, Vouched},
    store,
};
use crate::{
    access::{Actor, Origin, Proof, hold_last_administrator},
    audit::{self, By, Line, Target},
    base::{
        ids::{OrganizationId, UserId},
        token,
    },
    crypto::sealing::Sealer,
    db::{AnyConnection, Fault, Stop, Tx},
    mail::letters::AccountEvent,
    people,
    settings::Provider,
    sign_in::{self, Entered, Way},
    web::{
        Browser, round_trip,
        session::{self, Entering},
    },
};

const SEALED_FOR: &str = "a way to a provider";

/// A way that was begun, with what the browser takes along: the state, of which only the hash is kept.
pub struct Begun {
    pub state: String,
    pub attempt: Attempt,
}

impl Begun {
    pub fn new(provider: Provider, goal: Goal, now: crate::base::clock::Moment) -> Self {
        let (nonce, verifier) = (token::random_token(), token::random_token());
        let attempt = Attempt { provider, nonce, verifier, begun: now.micros(), goal };
        Self { state: token::random_token(), attempt }
    }
}

/// Keeps what was begun for ten minutes, for whoever holds this key.
pub fn begin(tx: &mut Tx<'_>, sealer: &Sealer, begun: &Begun, holder: &str) -> Result<(), Fault> {
    round_trip::begin(tx, (sealer, SEALED_FOR), (&begun.state, holder), &begun.attempt)
}

/// The way that ends here: begun in this browser, for this provider, within ten minutes, and not ended before.
pub fn take(
    tx: &mut Tx<'_>,
    sealer: &Sealer,
    key: (&str, &str),
    (provider, from): (Provider, IpAddr),
) -> Result<Option<Attempt>, Fault> {
    let attempt: Option<Attempt> = round_trip::take(tx, (sealer, SEALED_FOR), key)?;
    if attempt.is_some() {
        round_trip::came_back(tx, from)?;
    }
    Ok(attempt.filter(|attempt| attempt.provider == provider))
}

/// Whom this account elsewhere signs in, wherever it does.
pub fn signed_in_by(
    conn: &mut AnyConnection,
    vouched: &Vouched,
) -> Result<Vec<(OrganizationId, UserId)>, Fault> {
    store::signed_in_by(conn, &vouched.issuer, &vouched.subject)
}

/// Signs in the person to whom this account is linked.
pub fn enter(
    tx: &mut Tx<'_>,
    (organization, user): (OrganizationId, UserId),
    vouched: &Vouched,
    proof: Proof,
    (browser, origin): (&Browser, &Origin),
) -> Result<Entered, Fault> {
    tx.lock(organization)?;
    if store::holder(tx.conn(), organization, vouched)? != Some(user) {
        return Ok(Entered::Gone);
    }
    store::touch(tx, user, vouched)?;
    let way = (Way::Account(vouched.provider.word()), &[proof][..]);
    sign_in::enter_by(tx, user, way, browser, origin)
}

/// Notes that the account was used, where several people are to choose from.
pub fn touch(
    tx: &mut Tx<'_>,
    (organization, user): (OrganizationId, UserId),
    vouched: &Vouched,
) -> Result<(), Fault> {
    tx.lock(organization)?;
    store::touch(tx, user, vouched)
}

/// One line for each person whom an untrusted word claimed to be.
pub fn note_refusal(
    tx: &mut Tx<'_>,
    provider: Provider,
    (organization, user): (OrganizationId, UserId),
    why: &str,
    origin: &Origin,
) -> Result<(), Fault> {
    tx.lock(organization)?;
    let line = Line {
        action: "account.sign_in_failed",
        target: Target::user(user),
        before: json!({}),
        after: json!({ "by": provider.word(), "why": why }),
    };
    audit::record(tx, organization, &By::stranger(origin.clone()), line)
}

/// Whom a claimed subject signs in.
pub fn claimed(
    conn: &mut AnyConnection,
    issuer: &str,
    subject: &str,
) -> Result<Vec<(OrganizationId, UserId)>, Fault> {
    store::signed_in_by(conn, issuer, subject)
}

/// Whether this account is linked to this very person.
pub fn proves(tx: &mut Tx<'_>, actor: &Actor, user: UserId, vouched: &Vouched) -> Result<bool, Fault> {
    let proves = store::holder(tx.conn(), actor.organization(), vouched)? == Some(user);
    if proves {
        store::touch(tx, user, vouched)?;
    }
    Ok(proves)
}

/// The linked accounts of somebody, oldest first.
pub fn list(conn: &mut AnyConnection, user: UserId) -> Result<Vec<Linked>, Fault> {
    store::of_person(conn, user)
}

/// The providers by whose word this person may sign in, or prove anew that it is them.
pub fn ways(conn: &mut AnyConnection, user: UserId, issuers: &[String]) -> Result<Vec<Provider>, Fault> {
    let linked = store::of_person(conn, user)?.into_iter();
    Ok(linked.filter(|linked| issuers.contains(&linked.issuer)).map(|linked| linked.provider).collect())
}

/// From now on the account signs this person in. Whoever calls this has looked at the person's leave to, tells them and
/// writes the audit line.
pub fn attach(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    user: UserId,
    vouched: &Vouched,
) -> Result<(), Stop<NotLinked>> {
    tx.lock(organization)?;
    match store::holder(tx.conn(), organization, vouched)? {
        Some(holder) if holder == user => return Ok(()),
        Some(_) => return Err(Stop::Refused(NotLinked::AnothersAlready)),
        None => {}
    }
    let own = store::of_person(tx.conn(), user)?;
    if own.iter().any(|linked| linked.provider == vouched.provider) {
        return Err(Stop::Refused(NotLinked::AnotherAccount));
    }
    Ok(store::insert(tx, (organization, user), vouched)?)
}

/// Links the account to whoever is signed in, and mails them.
pub fn link(tx: &mut Tx<'_>, actor: &Actor, user: UserId, vouched: &Vouched) -> Result<(), Stop<NotLinked>> {
    let organization = actor.organization();
    attach(tx, organization, user, vouched)?;
    let (provider, address) = (vouched.provider.label().to_owned(), vouched.address().to_owned());
    people::tell(tx, user, AccountEvent::AccountLinked { provider, address })?;
    let line = Line {
        action: "account.linked",
        target: Target::user(user),
        before: json!({}),
        after: json!({ "provider": vouched.provider.word(), "address": vouched.address() }),
    };
    Ok(audit::record(tx, organization, &actor.into(), line)?)
}

/// Unlinks an account and ends every session of its owner, whose browser enters anew with the answer. Refused when it is
/// the last way to sign in; linked accounts of these issuers are ways.
pub fn unlink(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (user, provider): (UserId, Provider),
    issuers: &[String],
) -> Result<Entering, Stop<NotUnlinked>> {
    let organization = actor.organization();
    let own = store::of_person(tx.conn(), user)?;
    let gone = own.into_iter().find(|linked| linked.provider == provider);
    let gone = gone.ok_or(Stop::Refused(NotUnlinked::NotLinked))?;
    if !store::remove(tx, user, provider)? {
        return Err(Stop::Refused(NotUnlinked::NotLinked));
    }
    if !people::has_a_way_in(tx.conn(), user, issuers)? {
        return Err(Stop::Refused(NotUnlinked::LastWay));
    }
    hold_last_administrator(tx, organization).map_err(|stop| stop.map(|_| NotUnlinked::LastAdministrator))?;
    session::store::end_all_of(tx, user)?;
    let (label, address) = (provider.label().to_owned(), gone.email.clone());
    people::tell(tx, user, AccountEvent::AccountUnlinked { provider: label, address })?;
    let line = Line {
        action: "account.unlinked",
        target: Target::user(user),
        before: json!({ "provider": provider.word(), "address": gone.email }),
        after: json!({}),
    };
    audit::record(tx, organization, &actor.into(), line)?;
    Ok(Entering { organization, user, epoch: store::epoch(tx.conn(), user)? })
}
