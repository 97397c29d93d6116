//! Whose token it is, and what was refused to it.

use super::Provider;
use crate::{
    access::Actor,
    base::ids::{OrganizationId, ScimTokenId},
    db::{AnyConnection, Fault, Tx},
    scim::{
        model::{Connection, Life, LogLine, Refusal},
        store,
    },
};

/// The longest text that the log keeps of a request, in characters.
const LONGEST: usize = 300;

pub fn presented(conn: &mut AnyConnection, secret_hash: &str) -> Result<Option<Connection>, Fault> {
    store::presented(conn, secret_hash)
}

/// The provider of a token as it stands in this transaction; none when the token opens nothing any more.
pub fn now(tx: &mut Tx<'_>, secret_hash: &str, earlier: &Actor) -> Result<Option<Provider>, Fault> {
    let found = store::presented(tx.conn(), secret_hash)?;
    let found = found.filter(|it| it.life == Life::Live && it.organization == earlier.organization());
    Ok(found.map(|it| Provider { actor: earlier.clone(), token_name: it.token_name }))
}

pub fn touch(tx: &mut Tx<'_>, token: ScimTokenId) -> Result<(), Fault> {
    store::touch(tx, token)
}

/// Writes down what was refused; of a group that waits to be linked, that it waits.
pub fn note_refusal(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    token_name: &str,
    subject: &str,
    refusal: &Refusal,
) -> Result<(), Fault> {
    tx.lock(organization)?;
    if let Refusal::Unlinked { group, .. } = refusal
        && crate::groups::group(tx.conn(), organization, *group)?.is_some()
    {
        store::put_waiting(tx, organization, *group)?;
    }
    let short = |text: &str| text.chars().filter(|c| !c.is_control()).take(LONGEST).collect::<String>();
    let words = short(&LogLine::words_of(refusal));
    store::append(tx, organization, token_name, (refusal.status().into(), &short(subject), &words))
}
