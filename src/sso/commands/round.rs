//! The way to a provider and back.

use std::{net::IpAddr, time::Duration};

use url::Url;

use super::opened;
use crate::{
    access::Actor,
    base::{clock::Moment, ids::UserId, token},
    crypto::sealing::Sealer,
    db::{AnyConnection, Fault, Tx},
    openid::{Client, NotVouched, Round, Told},
    outbound::Fetcher,
    sso::{
        model::{Attempt, Configuration, Connection, Goal, Kind, Oidc, Vouched},
        store,
    },
    web::round_trip,
};

pub(super) const SEALED_FOR: &str = "a way to an organization's own provider";

/// A way that was begun, with what the browser takes along: the state, of which only the hash is kept.
pub struct Begun {
    pub state: String,
    pub attempt: Attempt,
}

impl Begun {
    pub fn new(connection: &Connection, goal: Goal, now: Moment) -> Self {
        let attempt = Attempt {
            connection: connection.id,
            organization: connection.organization,
            nonce: token::random_token(),
            verifier: token::random_token(),
            begun: now.micros(),
            goal,
            request_id: String::new(),
            answer: None,
        };
        Self { state: token::random_token(), attempt }
    }
}

/// The connection that is on, to which addresses of this domain lead, with its organization's Org ID. Whether anybody has
/// the address is not asked.
pub fn leads_from(conn: &mut AnyConnection, domain: &str) -> Result<Option<(Connection, String)>, Fault> {
    store::leads_from(conn, domain)
}

/// The connection by which this person signs in, while it is on.
pub fn own(conn: &mut AnyConnection, user: UserId) -> Result<Option<Connection>, Fault> {
    match store::of_person(conn, user)? {
        Some((id, _)) => store::connection(conn, id),
        None => Ok(None),
    }
}

/// Whether this person may sign in, or prove anew who they are, by their organization's provider.
pub fn is_a_way(conn: &mut AnyConnection, user: UserId) -> Result<bool, Fault> {
    Ok(store::of_person(conn, user)?.is_some())
}

/// How long to wait before the provider is asked again from this network. Each way that ends well is forgiven.
pub fn throttled(tx: &mut Tx<'_>, from: IpAddr) -> Result<Option<Duration>, Fault> {
    round_trip::wait(tx, from)
}

/// Keeps what was begun for ten minutes, for whoever holds this key.
pub fn begin(tx: &mut Tx<'_>, sealer: &Sealer, begun: &Begun, holder: &str) -> Result<(), Fault> {
    round_trip::begin(tx, (sealer, SEALED_FOR), (&begun.state, holder), &begun.attempt)
}

/// The way that ends here, with its connection as it is now: begun in this browser, for the organization with this Org ID,
/// within ten minutes, and not ended before.
pub fn take(
    tx: &mut Tx<'_>,
    sealer: &Sealer,
    key: (&str, &str),
    (code, from): (&str, IpAddr),
) -> Result<Option<(Attempt, Connection)>, Fault> {
    let Some(attempt) = round_trip::take::<Attempt>(tx, (sealer, SEALED_FOR), key)? else { return Ok(None) };
    round_trip::came_back(tx, from)?;
    let connection = store::codes_connection(tx.conn(), code, attempt.connection)?;
    let connection = connection.filter(|it| it.configuration.kind() == Kind::Oidc && may_end(it, &attempt));
    Ok(connection.map(|connection| (attempt, connection)))
}

/// Nothing comes of a way while the connection is off, but for a dry run.
pub(super) fn may_end(connection: &Connection, attempt: &Attempt) -> bool {
    connection.is_on || attempt.is_dry()
}

/// The OpenID provider of a connection, to be asked.
pub struct Asked {
    oidc: Oidc,
    secret: String,
    groups_claim: Option<String>,
    fetcher: Fetcher,
}

/// Makes a connection ready to be asked.
pub fn provider(sealer: &Sealer, connection: &Connection, fetcher: Fetcher) -> Result<Asked, NotVouched> {
    let Configuration::Oidc(oidc) = &connection.configuration else {
        return Err(NotVouched::Unreadable("the provider speaks another protocol"));
    };
    let secret = opened(sealer, connection.organization, &connection.sealed_secret);
    Ok(Asked {
        oidc: oidc.clone(),
        secret: secret.ok_or(NotVouched::Unreadable("the secret of the provider cannot be opened"))?,
        groups_claim: (!connection.mapping.is_empty()).then(|| connection.groups_claim.clone()),
        fetcher,
    })
}

/// Whether an OpenID provider is there and tells of itself as it should.
pub async fn discovered(configuration: &Configuration, fetcher: Fetcher) -> Result<(), NotVouched> {
    let Configuration::Oidc(oidc) = configuration else { return Ok(()) };
    Client { issuer: &oidc.issuer, id: &oidc.client_id, secret: "", groups: None, fetcher }.check().await
}

impl Asked {
    fn client(&self) -> Client<'_> {
        Client {
            issuer: &self.oidc.issuer,
            id: &self.oidc.client_id,
            secret: &self.secret,
            groups: self.groups_claim.as_deref(),
            fetcher: self.fetcher.clone(),
        }
    }

    /// Where the browser goes.
    pub async fn authorization(&self, begun: &Begun, redirect: &str) -> Result<Url, NotVouched> {
        self.client().authorization(&round(&begun.attempt, redirect), &begun.state).await
    }

    /// Turns the code into what the provider vouches for.
    pub async fn vouched(
        &self,
        attempt: &Attempt,
        code: &str,
        redirect: &str,
        now: Moment,
    ) -> Result<Vouched, NotVouched> {
        let told = self.client().told(&round(attempt, redirect), code, now).await?;
        let Told { subject, email, is_email_verified, name, groups, .. } = told;
        let connection = attempt.connection;
        Ok(Vouched { connection, subject, email, is_verified: is_email_verified, name, groups })
    }
}

fn round<'a>(attempt: &'a Attempt, redirect: &'a str) -> Round<'a> {
    Round { redirect, nonce: &attempt.nonce, verifier: &attempt.verifier, anew_since: attempt.anew_since() }
}

/// Whether the provider vouches for this very person; and whether that does for the second factor as well.
pub fn proves(
    tx: &mut Tx<'_>,
    actor: &Actor,
    user: UserId,
    vouched: &Vouched,
) -> Result<Option<bool>, Fault> {
    let connection = store::of_organization(tx.conn(), actor.organization())?;
    let Some(connection) = connection.filter(|it| it.is_on && it.id == vouched.connection) else {
        return Ok(None);
    };
    if store::holder(tx.conn(), connection.id, &vouched.subject)? != Some(user) {
        return Ok(None);
    }
    store::touch(tx, vouched)?;
    Ok(Some(connection.trusts_factor))
}
