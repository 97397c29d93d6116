//! The way back from a SAML provider: its answer comes by itself, from a page of the provider and without the cookie of
//! the browser that began. It is verified and waits; the browser that began ends the way.

use std::net::IpAddr;

use super::{
    note_untrusted,
    round::{SEALED_FOR, may_end},
};
use crate::{
    access::Origin,
    base::{clock::Moment, ids::OrganizationId},
    crypto::sealing::Sealer,
    db::{AnyConnection, Fault, Stop, Tx},
    organization,
    saml::{self, Assertion, Refusal, Unspent},
    sso::{
        model::{Answer, Attempt, Configuration, Connection, Refused, Saml, Vouched},
        store,
    },
    web::round_trip::{self, Seen},
};

/// The SAML connection of the organization with this Org ID, while it is on.
pub fn of_code(conn: &mut AnyConnection, code: &str) -> Result<Option<Connection>, Fault> {
    let Some(organization) = organization::of_code(conn, code)? else { return Ok(None) };
    let found = store::of_organization(conn, organization)?;
    Ok(found.filter(|it| it.is_on && matches!(it.configuration, Configuration::Saml(_))))
}

/// A way that waits for its answer, with its connection as it is now.
pub struct Waited {
    pub seen: Seen<Attempt>,
    pub saml: Saml,
}

/// The way with this state that an answer to this organization may belong to.
pub fn waits(
    conn: &mut AnyConnection,
    sealer: &Sealer,
    (code, state): (&str, &str),
    now: Moment,
) -> Result<Option<Waited>, Fault> {
    let Some(seen) = round_trip::look::<Attempt>(conn, (sealer, SEALED_FOR), state, now)? else {
        return Ok(None);
    };
    let connection = store::codes_connection(conn, code, seen.attempt.connection)?;
    let connection = connection.filter(|connection| may_end(connection, &seen.attempt));
    Ok(match connection.map(|it| it.configuration) {
        Some(Configuration::Saml(saml)) => Some(Waited { seen, saml }),
        Some(Configuration::Oidc(_)) | None => None,
    })
}

/// Keeps what came of an answer for the browser that began. One answer counts for each way: the first, and a refused one
/// leaves one line.
pub fn receive(
    tx: &mut Tx<'_>,
    sealer: &Sealer,
    (state, seen): (&str, &Seen<Attempt>),
    outcome: Result<Unspent, Refusal>,
    origin: &Origin,
) -> Result<(), Fault> {
    let organization = seen.attempt.organization;
    let answer = match outcome {
        Ok(unspent) => Answer::Verified(unspent),
        Err(why) => Answer::Refused(Refused::from(&why)),
    };
    let attempt = Attempt { answer: Some(answer), ..seen.attempt.clone() };
    if !round_trip::go_on(tx, (sealer, SEALED_FOR), (state, seen), &attempt)? {
        return Ok(());
    }
    match &attempt.answer {
        // A dry run is told of when it ends.
        Some(Answer::Refused(why)) if !attempt.is_dry() => {
            note_untrusted(tx, organization, &why.word, origin)
        }
        _ => Ok(()),
    }
}

/// A way that has ended.
pub struct Finished {
    pub attempt: Attempt,
    pub connection: Connection,
    /// What the provider vouches for, with the words it did so; or why it is not believed.
    pub answer: Result<(Vouched, Assertion), Refused>,
}

/// The way that ends here: begun in this browser, for the organization with this Org ID, answered, and not ended before.
/// The answer is used up.
pub fn finish(
    tx: &mut Tx<'_>,
    sealer: &Sealer,
    key: (&str, &str),
    (code, from): (&str, IpAddr),
    origin: &Origin,
) -> Result<Option<Finished>, Fault> {
    let Some(mut attempt) = round_trip::take::<Attempt>(tx, (sealer, SEALED_FOR), key)? else {
        return Ok(None);
    };
    let connection = store::codes_connection(tx.conn(), code, attempt.connection)?;
    let connection = connection.filter(|connection| may_end(connection, &attempt));
    let (Some(connection), Some(answer)) = (connection, attempt.answer.take()) else { return Ok(None) };
    let Configuration::Saml(saml) = connection.configuration.clone() else { return Ok(None) };
    let answer = match answer {
        Answer::Refused(why) => Err(why),
        Answer::Verified(unspent) => {
            round_trip::came_back(tx, from)?;
            spend(tx, attempt.organization, unspent, origin)?
        }
    };
    let vouch = |assertion: Assertion| {
        let groups = (connection.groups_claim.as_str(), connection.mapping.as_slice());
        (saml.vouched(connection.id, groups, &assertion), assertion)
    };
    Ok(Some(Finished { answer: answer.map(vouch), attempt, connection }))
}

fn spend(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    unspent: Unspent,
    origin: &Origin,
) -> Result<Result<Assertion, Refused>, Fault> {
    match saml::spend(tx, organization, unspent) {
        Ok(assertion) => Ok(Ok(assertion)),
        Err(Stop::Refused(why)) => {
            note_untrusted(tx, organization, why.word(), origin)?;
            Ok(Err(Refused::from(&why)))
        }
        Err(Stop::Fault(fault)) => Err(fault),
    }
}
