//! Carrying lines to their receiver, signed in the manner of Standard Webhooks (standardwebhooks.com): in order, each at
//! least once, the next ones only when those before were taken.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use url::Url;

use super::purpose;
use crate::{
    audit::{commands::looking::entries_after, model::Stream, shown::LineShown, store::streams},
    base::{clock::Moment, ids::OrganizationId, token::random_token},
    crypto::sealing::Sealer,
    db::{Db, Fault},
    outbound::{Call, Fetcher, Method},
};

/// The most lines of one message, and the bytes after which no further line is added.
const MOST_LINES: i64 = 100;
const ENOUGH_BYTES: usize = 512 * 1024;
/// How long a receiver may take to answer; a lease is longer.
const PATIENCE: Duration = Duration::from_secs(15);
/// Nobody reads the answer; a longer one is a sign of something else than a receiver.
const LONGEST_ANSWER: usize = 64 * 1024;

/// What came of a message.
#[derive(Debug, PartialEq, Eq)]
pub enum Sent {
    Some,
    NothingLeft,
    NotNow(String),
    /// The receiver wants no more of it.
    Never(String),
}

/// Carries the lines of one organization.
pub struct Courier<'a> {
    pub db: &'a Db,
    pub sealer: &'a Sealer,
    pub fetcher: &'a Fetcher,
    pub organization: OrganizationId,
}

impl Courier<'_> {
    /// Sends the next lines that were not taken yet.
    pub async fn send_next(&self) -> Result<Sent, Fault> {
        let organization = self.organization;
        let read = move |conn: &mut _| {
            let Some(stream) = streams::find(conn, organization)?.filter(|stream| stream.is_on) else {
                return Ok(None);
            };
            let code = streams::code(conn, organization)?;
            let entries = entries_after(conn, organization, stream.sequence, MOST_LINES)?;
            Ok::<_, Fault>((!entries.is_empty()).then_some((stream, code, entries)))
        };
        let Some((stream, code, entries)) = self.db.read(read).await? else { return Ok(Sent::NothingLeft) };
        let (mut lines, mut bytes, mut last) = (Vec::new(), 0, stream.sequence);
        for entry in &entries {
            let line = serde_json::to_value(LineShown::from(entry))
                .map_err(|error| Fault::broken("writing JSON", error))?;
            bytes += line.to_string().len();
            last = entry.sequence;
            lines.push(line);
            if bytes > ENOUGH_BYTES {
                break;
            }
        }
        let id = format!("audit_{code}_{}_{last}", stream.sequence + 1);
        let data = json!({ "organization": code, "lines": lines });
        let outcome = self.post(&stream, &id, "audit.lines", data).await?;
        let first = stream.sequence;
        self.note(&stream, outcome, move |tx| streams::advance(tx, organization, first, last)).await
    }

    /// Sends a message that says nothing, whether the stream is on or not.
    pub async fn send_test(&self) -> Result<(), Fault> {
        let organization = self.organization;
        let read = move |conn: &mut _| {
            let stream = streams::find(conn, organization)?;
            Ok::<_, Fault>((stream, streams::code(conn, organization)?))
        };
        let (Some(stream), code) = self.db.read(read).await? else { return Ok(()) };
        let id = format!("audit_{code}_test_{}", random_token());
        let outcome = self.post(&stream, &id, "audit.test", json!({ "organization": code })).await?;
        self.note(&stream, outcome, |_| Ok(())).await.map(drop)
    }

    async fn post(&self, stream: &Stream, id: &str, kind: &str, data: Value) -> Result<Sent, Fault> {
        let Some(opened) = self.sealer.open(&purpose(self.organization), &stream.sealed_secret) else {
            return Ok(Sent::NotNow("the secret of the stream cannot be opened; make a new one".to_owned()));
        };
        let Ok(url) = Url::parse(&stream.url) else {
            return Ok(Sent::NotNow("the address cannot be read".to_owned()));
        };
        let now = self.db.now();
        let body = json!({ "type": kind, "timestamp": now.rfc3339(), "data": data }).to_string();
        let seconds = now.utc().timestamp().to_string();
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", seconds.clone()),
            ("webhook-signature", signature(&opened.secret, id, &seconds, &body)?),
        ];
        let call = Call {
            method: Method::POST,
            url: &url,
            headers: &headers,
            body: body.into_bytes(),
            within: PATIENCE,
            most: LONGEST_ANSWER,
        };
        Ok(match self.fetcher.send(call).await {
            Ok(answer) if answer.is_success() => Sent::Some,
            Ok(answer) if answer.status == 410 => {
                Sent::Never("the receiver says that it is gone (410)".to_owned())
            }
            Ok(answer) if (300..400).contains(&answer.status) => Sent::NotNow(format!(
                "the receiver leads elsewhere ({}), which is not followed",
                answer.status
            )),
            Ok(answer) => Sent::NotNow(format!("the receiver answered {}", answer.status)),
            Err(error) => Sent::NotNow(error.to_string()),
        })
    }

    /// Writes down what came of it; `taken` in the same transaction when the receiver took the message.
    async fn note(
        &self,
        stream: &Stream,
        outcome: Sent,
        taken: impl Fn(&mut crate::db::Tx<'_>) -> Result<(), Fault> + Send + 'static,
    ) -> Result<Sent, Fault> {
        let (organization, url) = (self.organization, stream.url.clone());
        let problem = match &outcome {
            Sent::NotNow(why) | Sent::Never(why) => why.clone(),
            Sent::Some | Sent::NothingLeft => String::new(),
        };
        self.db
            .write(None, move |tx| {
                let now: Moment = tx.now();
                streams::note_try(tx, organization, &url, now, &problem)?;
                if problem.is_empty() { taken(tx) } else { Ok(()) }
            })
            .await?;
        Ok(outcome)
    }
}

/// `v1,` and the HMAC-SHA256 over id, time and body in Base64.
fn signature(secret: &[u8], id: &str, seconds: &str, body: &str) -> Result<String, Fault> {
    let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret);
    let mut mac = mac.map_err(|error| Fault::broken("signing a message", error))?;
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_signed_as_standard_webhooks_says() {
        // The example of the specification's own libraries.
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let body = r#"{"test": 2432232314}"#;
        let signed = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body).unwrap();
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
