//! Whom a provider's word lets in. Every kind of connection ends here.

use serde_json::{Value, json};

use super::groups;
use crate::{
    access::{Origin, Proof},
    audit::{self, By, Line, Target},
    base::{
        clock::Moment,
        email_address::EmailAddress,
        ids::{OrganizationId, UserId},
    },
    db::{AnyConnection, Fault, Stop, Tx},
    invitations,
    mail::letters::AccountEvent,
    organization::PersonName,
    people::{self, NewPerson, Status},
    sign_in::{self, Way},
    sso::{
        model::{Admitted, Connection, Decision, TurnedAway, Vouched},
        store,
    },
    web::Browser,
};

/// What this word would lead to. Nothing is written.
///
/// The subject decides when it is known. Otherwise the address does, once: it must be in one of the connection's domains,
/// and the provider must say that it is verified.
pub fn decide(
    conn: &mut AnyConnection,
    connection: &Connection,
    vouched: &Vouched,
    now: Moment,
) -> Result<Result<Decision, TurnedAway>, Fault> {
    if !connection.is_on || connection.id != vouched.connection {
        return Ok(Err(TurnedAway::Off));
    }
    if let Some(user) = store::holder(conn, connection.id, &vouched.subject)? {
        let is_deactivated = status(conn, connection.organization, user)? == Some(Status::Deactivated);
        return Ok(if is_deactivated {
            Err(TurnedAway::Deactivated(user))
        } else {
            Ok(Decision::Enter(user))
        });
    }
    let Some(email) = vouched.email.as_ref().and_then(|email| EmailAddress::parse(email).ok()) else {
        return Ok(Err(TurnedAway::NoAddress));
    };
    if !connection.leads_from(&email) {
        return Ok(Err(TurnedAway::OtherDomain));
    }
    if !vouched.is_verified {
        return Ok(Err(TurnedAway::Unverified));
    }
    let found = people::by_addresses(conn, connection.organization, std::slice::from_ref(&email))?;
    let Some(person) = found.into_iter().flatten().next() else { return Ok(Ok(Decision::Create(email))) };
    let who = (connection.organization, person.id);
    Ok(match person.status {
        Status::Deactivated => Err(TurnedAway::Deactivated(person.id)),
        Status::Invited if invitations::is_open_to(conn, who, now)? => Ok(Decision::Accept(person.id)),
        Status::Invited => Err(TurnedAway::InvitationOver(person.id)),
        Status::Active if store::of_person(conn, person.id)?.is_some() => Err(TurnedAway::Another(person.id)),
        Status::Active => Ok(Decision::Link(person.id)),
    })
}

fn status(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
) -> Result<Option<Status>, Fault> {
    Ok(people::these(conn, organization, &[user])?.first().map(|person| person.status))
}

/// Lets in whom the provider vouches for: who is known, who is linked now, who accepts their invitation by it, or who is
/// created by it; never who is deactivated. Then their mapped groups follow what the provider says. Of many words about one
/// person at once, one creates them.
pub fn admit(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    vouched: &Vouched,
    proof: Proof,
    (browser, origin): (&Browser, &Origin),
) -> Result<Admitted, Fault> {
    tx.lock(organization)?;
    let now = tx.now();
    let found = store::of_organization(tx.conn(), organization)?;
    let Some(connection) = found.filter(|connection| connection.id == vouched.connection) else {
        return turn_away(tx, organization, vouched, TurnedAway::Off, origin);
    };
    let way = (Way::SingleSignOn { trusts_factor: connection.trusts_factor }, &[proof][..]);
    let user = match decide(tx.conn(), &connection, vouched, now)? {
        Ok(Decision::Enter(user)) => {
            store::touch(tx, vouched)?;
            user
        }
        Ok(Decision::Link(user)) => {
            link(tx, &connection, user, vouched, origin)?;
            user
        }
        Ok(Decision::Accept(user)) => match accept(tx, &connection, user, vouched, origin)? {
            true => user,
            false => {
                let why = TurnedAway::InvitationOver(user);
                return turn_away(tx, organization, vouched, why, origin);
            }
        },
        Ok(Decision::Create(email)) => create(tx, &connection, &email, vouched, origin)?,
        // Told and written down as for whoever comes by another way.
        Err(TurnedAway::Deactivated(user)) => {
            return Ok(Admitted::In(sign_in::enter_by(tx, user, way, browser, origin)?));
        }
        Err(why) => return turn_away(tx, organization, vouched, why, origin),
    };
    groups::follow(tx, &connection, user, vouched, origin)?;
    Ok(Admitted::In(sign_in::enter_by(tx, user, way, browser, origin)?))
}

fn turn_away(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    vouched: &Vouched,
    why: TurnedAway,
    origin: &Origin,
) -> Result<Admitted, Fault> {
    let after = json!({ "why": why.word(), "by": "sso", "address": vouched.shown() });
    let (action, target) = match why.about() {
        Some(user) => ("account.sign_in_refused", Target::user(user)),
        None => ("sso.refused", Target::organization(organization)),
    };
    let line = Line { action, target, before: json!({}), after };
    audit::record(tx, organization, &By::stranger(origin.clone()), line)?;
    Ok(Admitted::Not(why))
}

/// The provider's word is about another address than the invitation that was to be accepted by it.
pub fn note_other_address(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    (vouched, expected): (&Vouched, &str),
    origin: &Origin,
) -> Result<(), Fault> {
    let line = Line {
        action: "sso.refused",
        target: Target::organization(organization),
        before: json!({}),
        after: json!({
            "why": "another address than the invited one",
            "by": "sso",
            "address": vouched.shown(),
            "invited": expected,
        }),
    };
    audit::record(tx, organization, &By::stranger(origin.clone()), line)
}

/// The provider's word itself was not to be trusted.
pub fn note_untrusted(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    why: &str,
    origin: &Origin,
) -> Result<(), Fault> {
    let line = Line {
        action: "sso.refused",
        target: Target::organization(organization),
        before: json!({}),
        after: json!({ "why": why, "by": "sso" }),
    };
    audit::record(tx, organization, &By::stranger(origin.clone()), line)
}

fn link(
    tx: &mut Tx<'_>,
    connection: &Connection,
    user: UserId,
    vouched: &Vouched,
    origin: &Origin,
) -> Result<(), Fault> {
    store::link(tx, (connection.organization, user), vouched, vouched.shown())?;
    let provider = format!("single sign-on ({})", connection.configuration.host());
    let address = vouched.shown().to_owned();
    people::tell(tx, user, AccountEvent::AccountLinked { provider, address })?;
    note(tx, connection, ("account.linked", user), json!({ "address": vouched.shown() }), origin)
}

/// False when the invitation is over meanwhile.
fn accept(
    tx: &mut Tx<'_>,
    connection: &Connection,
    user: UserId,
    vouched: &Vouched,
    origin: &Origin,
) -> Result<bool, Fault> {
    let who = (connection.organization, user);
    let invited = people::these(tx.conn(), connection.organization, &[user])?;
    let known = invited.first().map(|person| person.name.clone()).unwrap_or_default();
    let name = vouched.person_name(&known)?;
    match invitations::join_by_sso(tx, who, name, origin) {
        Ok(_) => {}
        Err(Stop::Refused(_)) => return Ok(false),
        Err(Stop::Fault(fault)) => return Err(fault),
    }
    store::link(tx, who, vouched, vouched.shown())?;
    Ok(true)
}

fn create(
    tx: &mut Tx<'_>,
    connection: &Connection,
    email: &EmailAddress,
    vouched: &Vouched,
    origin: &Origin,
) -> Result<UserId, Fault> {
    let (id, organization) = (UserId::new(), connection.organization);
    let name = vouched.person_name("")?.as_str().to_owned();
    let person =
        NewPerson { id, organization, email: email.clone(), name: name.clone(), status: Status::Active };
    people::insert(tx, &person)?;
    store::link(tx, (organization, id), vouched, email.as_str())?;
    note(tx, connection, ("sso.join", id), json!({ "email": email.as_str(), "name": name }), origin)?;
    Ok(id)
}

fn note(
    tx: &mut Tx<'_>,
    connection: &Connection,
    (action, user): (&'static str, UserId),
    mut after: Value,
    origin: &Origin,
) -> Result<(), Fault> {
    after["provider"] = connection.configuration.identity().into();
    let line = Line { action, target: Target::user(user), before: json!({}), after };
    audit::record(tx, connection.organization, &By::person(user, origin.clone()), line)
}

impl Vouched {
    /// The address, or the subject when there is none.
    pub fn shown(&self) -> &str {
        self.email.as_deref().unwrap_or(&self.subject)
    }

    /// As the provider knows them; or as they are known here; or what stands before the @.
    pub(super) fn person_name(&self, known: &str) -> Result<PersonName, Fault> {
        let local = self.email.as_deref().and_then(|email| email.split('@').next()).unwrap_or_default();
        let names = [known, self.name.as_str(), local, "New person"].into_iter();
        let mut names =
            names.filter_map(|name| PersonName::parse(&name.chars().take(100).collect::<String>()).ok());
        names.next().ok_or_else(|| Fault::broken("naming a person", "no name is one"))
    }
}
