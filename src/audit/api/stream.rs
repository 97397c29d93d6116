//! Where the lines are sent on to.

use actix_web::{HttpResponse, web::Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::actions::{ChangeOrganization, ReadAudit, ReadOrganization},
    audit::{
        commands::stream::{self, Done},
        forms::StreamDraft,
        model::{Act, Stream, StreamRefusal},
    },
    base::clock::Moment,
    web::{
        Halt,
        api::{Answered, ApiProblem, Bearer, Body},
    },
};

/// Where the lines are sent on to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StreamShown {
    url: String,
    on: bool,
    /// The last line that was taken.
    sequence: i64,
    /// What went wrong the last time; empty when nothing did.
    problem: String,
    tried_at: Option<String>,
    delivered_at: Option<String>,
    /// The signing secret, when it was made by this very request; it is shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl StreamShown {
    fn of(stream: Stream, secret: Option<String>) -> Self {
        Self {
            url: stream.url,
            on: stream.is_on,
            sequence: stream.sequence,
            problem: stream.problem,
            tried_at: stream.tried_at.map(Moment::rfc3339),
            delivered_at: stream.delivered_at.map(Moment::rfc3339),
            secret,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StreamAddress {
    /// https, outside of private networks unless the operator allows them.
    #[schema(example = "https://siem.example.com/hooks/roster")]
    url: String,
}

/// The audit stream
#[utoipa::path(get, path = "/audit/stream", tag = "Audit", responses(
    (status = 200, body = StreamShown), (status = 404, description = "There is no stream."),
))]
pub async fn show_stream(person: Bearer) -> Answered<StreamShown> {
    shown(&person, None).await
}

/// Send the audit on
///
/// Sets a stream up, and answers its signing secret this once; or leads the one there is elsewhere.
#[utoipa::path(
    put, path = "/audit/stream", tag = "Audit", request_body = StreamAddress,
    responses((status = 200, body = StreamShown))
)]
pub async fn lead_stream(person: Bearer, body: Body<StreamAddress>) -> Answered<StreamShown> {
    let draft = StreamDraft::leading_to(&body.value.url);
    let act = draft
        .parse(person.site.settings.allow_private_targets)
        .map_err(|error| ApiProblem::field("url", error))?;
    match act_on_stream(&person, act).await {
        Ok(done) => shown(&person, secret_of(done)).await,
        Err(Halt::Refused(StreamRefusal::SameAddress)) => shown(&person, None).await,
        Err(halt) => Err(halt.told(refused)),
    }
}

/// Stop sending the audit on, and forget where to
#[utoipa::path(delete, path = "/audit/stream", tag = "Audit", responses(
    (status = 204, description = "It is removed."), (status = 404, description = "There is no stream."),
))]
pub async fn remove_stream(person: Bearer) -> Result<HttpResponse, ApiProblem> {
    act_on_stream(&person, Act::Remove).await.map_err(|halt| halt.told(refused))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Turn the audit stream on
///
/// It goes on where it stopped.
#[utoipa::path(post, path = "/audit/stream/turn-on", tag = "Audit", responses(
    (status = 200, body = StreamShown), (status = 404, description = "There is no stream."),
))]
pub async fn turn_stream_on(person: Bearer) -> Answered<StreamShown> {
    done(&person, Act::TurnOn).await
}

/// Turn the audit stream off
#[utoipa::path(post, path = "/audit/stream/turn-off", tag = "Audit", responses(
    (status = 200, body = StreamShown), (status = 404, description = "There is no stream."),
))]
pub async fn turn_stream_off(person: Bearer) -> Answered<StreamShown> {
    done(&person, Act::TurnOff).await
}

/// Make a new signing secret
///
/// The one before signs no more.
#[utoipa::path(post, path = "/audit/stream/new-secret", tag = "Audit", responses(
    (status = 200, body = StreamShown), (status = 404, description = "There is no stream."),
))]
pub async fn renew_stream_secret(person: Bearer) -> Answered<StreamShown> {
    done(&person, Act::RenewSecret).await
}

/// Send a test message
#[utoipa::path(post, path = "/audit/stream/send-test", tag = "Audit", responses(
    (status = 200, body = StreamShown), (status = 404, description = "There is no stream."),
))]
pub async fn send_stream_test(person: Bearer) -> Answered<StreamShown> {
    done(&person, Act::SendTest).await
}

async fn done(person: &Bearer, act: Act) -> Answered<StreamShown> {
    let done = act_on_stream(person, act).await.map_err(|halt| halt.told(refused))?;
    shown(person, secret_of(done)).await
}

async fn act_on_stream(person: &Bearer, act: Act) -> Result<Done, Halt<StreamRefusal>> {
    let sealer = person.site.sealer.clone();
    person
        .write(move |tx, actor| {
            let (changes, reads) = (actor.may(ChangeOrganization)?, actor.may(ReadAudit)?);
            Ok(stream::act(tx, changes, reads, &sealer, &act)?)
        })
        .await
}

fn secret_of(done: Done) -> Option<String> {
    match done {
        Done::WithSecret(secret) => Some(secret),
        Done::Changed | Done::TestQueued | Done::Removed => None,
    }
}

fn refused(refusal: StreamRefusal) -> ApiProblem {
    match refusal {
        StreamRefusal::NoStream => ApiProblem::not_found(),
        StreamRefusal::SameAddress => ApiProblem::conflict("It leads there already."),
        StreamRefusal::IsSo => ApiProblem::conflict("It is like that already."),
    }
}

async fn shown(person: &Bearer, secret: Option<String>) -> Answered<StreamShown> {
    let stream = person
        .read(|conn, actor| Ok::<_, ApiProblem>(stream::stream(conn, &actor.may(ReadOrganization)?)?))
        .await?
        .ok_or_else(ApiProblem::not_found)?;
    Ok(Json(StreamShown::of(stream, secret)))
}
