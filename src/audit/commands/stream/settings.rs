//! Setting a stream up, changing it, turning it on and off.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{SEND, SEND_TEST, enqueue, purpose};
use crate::{
    access::{
        Permit,
        actions::{ChangeOrganization, ReadAudit, ReadOrganization},
    },
    audit::{
        commands::{By, Line, Target, record},
        model::{Act, Stream, StreamRefusal},
        store::{self, streams},
    },
    base::{ids::OrganizationId, token::random_bytes},
    crypto::sealing::Sealer,
    db::{AnyConnection, Fault, Stop, Tx},
};

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// The secret is shown this once.
    WithSecret(String),
    Changed,
    TestQueued,
    Removed,
}

/// The organization's stream, if it has one.
pub fn stream(conn: &mut AnyConnection, permit: &Permit<ReadOrganization>) -> Result<Option<Stream>, Fault> {
    streams::find(conn, permit.organization())
}

/// Does it. Whoever sends the audit elsewhere must be allowed to read it.
pub fn act(
    tx: &mut Tx<'_>,
    permit: Permit<ChangeOrganization>,
    _reads: Permit<ReadAudit>,
    sealer: &Sealer,
    act: &Act,
) -> Result<Done, Stop<StreamRefusal>> {
    let organization = permit.organization();
    let had = streams::find(tx.conn(), organization)?;
    let Some(stream) = had else {
        let Act::Lead(url) = act else { return Err(Stop::Refused(StreamRefusal::NoStream)) };
        let (secret, sealed) = fresh_secret(sealer, organization)?;
        // The line of this very act is the first to be sent.
        let (sequence, _) = store::head(tx.conn(), organization)?;
        streams::insert(tx, organization, url.as_str(), &sealed, sequence)?;
        note(tx, &permit, json!({}), told(url.as_str(), true))?;
        return Ok(Done::WithSecret(secret));
    };
    let before = told(&stream.url, stream.is_on);
    match act {
        Act::Lead(url) if url.as_str() == stream.url => Err(Stop::Refused(StreamRefusal::SameAddress)),
        Act::Lead(url) => {
            streams::lead(tx, organization, url.as_str())?;
            note(tx, &permit, before, told(url.as_str(), stream.is_on))?;
            Ok(Done::Changed)
        }
        Act::TurnOn | Act::TurnOff => {
            let is_on = *act == Act::TurnOn;
            if is_on == stream.is_on {
                return Err(Stop::Refused(StreamRefusal::IsSo));
            }
            streams::turn(tx, organization, is_on, "")?;
            note(tx, &permit, before, told(&stream.url, is_on))?;
            Ok(Done::Changed)
        }
        Act::RenewSecret => {
            let (secret, sealed) = fresh_secret(sealer, organization)?;
            streams::set_secret(tx, organization, &sealed)?;
            note(tx, &permit, json!({}), json!({ "audit_stream_secret": "renewed" }))?;
            Ok(Done::WithSecret(secret))
        }
        Act::SendTest => {
            enqueue(tx, organization, SEND_TEST)?;
            note(tx, &permit, json!({}), json!({ "audit_stream_test": stream.url }))?;
            Ok(Done::TestQueued)
        }
        Act::Remove => {
            streams::remove(tx, organization)?;
            note(tx, &permit, before, json!({}))?;
            Ok(Done::Removed)
        }
    }
}

fn told(url: &str, is_on: bool) -> Value {
    json!({ "audit_stream": url, "audit_stream_on": is_on })
}

fn note(
    tx: &mut Tx<'_>,
    permit: &Permit<ChangeOrganization>,
    before: Value,
    after: Value,
) -> Result<(), Fault> {
    let organization = permit.organization();
    let line = Line { action: permit.name(), target: Target::organization(organization), before, after };
    record(tx, organization, &permit.actor().into(), line)
}

/// A secret in the form of Standard Webhooks, and the same sealed.
fn fresh_secret(sealer: &Sealer, organization: OrganizationId) -> Result<(String, String), Fault> {
    let secret = random_bytes::<32>();
    let sealed = sealer.seal(&purpose(organization), &secret);
    let sealed = sealed.ok_or_else(|| Fault::broken("sealing the secret of a stream", "it was refused"))?;
    Ok((format!("whsec_{}", STANDARD.encode(secret)), sealed))
}

/// Turns a stream off that nobody has answered for a day, or whose receiver wants no more.
pub fn give_up(tx: &mut Tx<'_>, organization: OrganizationId, problem: &str) -> Result<(), Fault> {
    let Some(stream) = streams::find(tx.conn(), organization)?.filter(|stream| stream.is_on) else {
        return Ok(());
    };
    streams::turn(tx, organization, false, problem)?;
    let after = json!({ "audit_stream": stream.url, "audit_stream_on": false, "problem": problem });
    let line = Line {
        action: "organization.audit_stream_off",
        target: Target::organization(organization),
        before: told(&stream.url, true),
        after,
    };
    record(tx, organization, &By::system(), line)
}

/// Has the lines sent of every stream that is on and behind.
pub fn enqueue_late(tx: &mut Tx<'_>) -> Result<(), Fault> {
    for organization in streams::late(tx.conn())? {
        enqueue(tx, organization, SEND)?;
    }
    Ok(())
}
