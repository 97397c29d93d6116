//! The audit for programs.

use actix_web::{
    HttpResponse,
    http::header::CONTENT_TYPE,
    web::{self, Bytes, Json, ServiceConfig},
};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::{
    commands::{
        self, Export,
        stream::{self, Done},
    },
    forms::StreamDraft,
    model::{Act, Place, Span, Stream, StreamRefusal, Toward, View},
    pages::files,
    shown::LineShown,
};
use crate::{
    access::actions::{ChangeOrganization, ReadAudit, ReadOrganization},
    base::clock::Moment,
    db::Fault,
    web::{
        Halt,
        api::{Answered, ApiProblem, Bearer, Body, Page, Paging, PagingParams, Query},
    },
};

pub fn api_routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/audit").get(index))
        .service(web::resource("/audit.jsonl").get(json_lines))
        .service(web::resource("/audit/stream").get(show_stream).put(lead_stream).delete(remove_stream))
        .service(web::resource("/audit/stream/turn-on").post(turn_stream_on))
        .service(web::resource("/audit/stream/turn-off").post(turn_stream_off))
        .service(web::resource("/audit/stream/new-secret").post(renew_stream_secret))
        .service(web::resource("/audit/stream/send-test").post(send_stream_test));
}

#[derive(OpenApi)]
#[openapi(
    paths(
        index,
        json_lines,
        show_stream,
        lead_stream,
        remove_stream,
        turn_stream_on,
        turn_stream_off,
        renew_stream_secret,
        send_stream_test
    ),
    components(schemas(LineShown))
)]
pub struct ApiDocument;

/// Which lines are asked for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct LinesAsked {
    /// Words in names, addresses and changes; letter case and accents do not matter.
    q: Option<String>,
    /// Who did it: an id, an e-mail address, a name, or `operator`, `system`, `stranger`.
    actor: Option<String>,
    /// To whom or what: an id, an e-mail address or a name.
    target: Option<String>,
    /// The name of an action, such as `iam.users.deactivate`.
    action: Option<String>,
    /// Lines of this moment and later, RFC 3339.
    from: Option<String>,
    /// Lines before this moment, RFC 3339.
    before: Option<String>,
    /// A network address.
    address: Option<String>,
    /// About this thing, and by them if it is a person: `user:` and the id, or `group:`, `policy:`, `token:`,
    /// `access_request:`, `invitation:`.
    of: Option<String>,
}

impl LinesAsked {
    fn read(&self) -> Result<(View, Span), ApiProblem> {
        let said = |name: &str| {
            let value = match name {
                "q" => &self.q,
                "actor" => &self.actor,
                "target" => &self.target,
                "action" => &self.action,
                "address" => &self.address,
                "of" => &self.of,
                _ => &None,
            };
            value.as_deref().unwrap_or_default()
        };
        let view = View::read(said);
        let is_lost = [
            ("address", view.address.is_none()),
            ("of", view.of.is_none()),
            ("action", view.action.is_empty()),
        ];
        if let Some((name, _)) =
            is_lost.into_iter().find(|(name, is_lost)| *is_lost && !said(name).is_empty())
        {
            return Err(ApiProblem::invalid(format!("The value of {name} cannot be read.")));
        }
        Ok((view, Span { from: moment("from", &self.from)?, before: moment("before", &self.before)? }))
    }

    /// The name of the list with its filters, so that a cursor of other filters is refused.
    fn list(&self, view: &View) -> String {
        format!("audit {:?} {:?} {:?}", view.pairs(), self.from, self.before)
    }
}

fn moment(name: &str, text: &Option<String>) -> Result<Option<Moment>, ApiProblem> {
    let read = |text: &String| {
        let at = chrono::DateTime::parse_from_rfc3339(text);
        at.map(|at| Moment::new(at.to_utc()))
            .map_err(|_| ApiProblem::invalid(format!("{name} is a moment such as 2026-11-28T10:00:00Z.")))
    };
    text.as_ref().map(read).transpose()
}

/// Lines of the audit
///
/// Newest first. A page may have fewer lines than its limit, or none, and a next one all the same: what no index knows is
/// looked for in 20,000 lines a page.
#[utoipa::path(
    get, path = "/audit", tag = "Audit", params(LinesAsked, PagingParams),
    responses((status = 200, body = Page<LineShown>))
)]
async fn index(person: Bearer, asked: Query<LinesAsked>, paging: Paging) -> Answered<Page<LineShown>> {
    let (view, span) = asked.0.read()?;
    let list = asked.0.list(&view);
    let toward = paging.after::<i64>(&list)?.map_or(Toward::Start, Toward::After);
    let (place, most) = (Place { toward, is_lost: false }, paging.limit);
    let slice = person
        .read(move |conn, actor| {
            let permit = actor.may(ReadAudit)?;
            Ok::<_, ApiProblem>(commands::look(conn, &permit, view, (span, place), most)?.slice)
        })
        .await?;
    let lines = slice.entries.iter().map(LineShown::from).collect();
    Ok(Json(paging.page_until(&list, lines, slice.next)?))
}

/// All lines as JSON Lines
///
/// The filtered lines, newest first, one JSON object on a line, streamed. That they were taken is written down.
#[utoipa::path(
    get, path = "/audit.jsonl", tag = "Audit", params(LinesAsked),
    responses((status = 200, body = String, content_type = "application/jsonl"))
)]
async fn json_lines(person: Bearer, asked: Query<LinesAsked>) -> Result<HttpResponse, ApiProblem> {
    let (view, span) = asked.0.read()?;
    let noted = view.clone();
    person
        .write(move |tx, actor| {
            let permit = actor.may(ReadAudit)?;
            Ok::<_, Halt<std::convert::Infallible>>(commands::note_export(tx, permit, &noted, "audit.jsonl")?)
        })
        .await
        .map_err(|halt| halt.told(|never| match never {}))?;
    let export = person
        .read(move |conn, actor| {
            Ok::<_, ApiProblem>(Export::begin(conn, &actor.may(ReadAudit)?, &view, span)?)
        })
        .await?;
    let batches = export.written(person.site.db.clone(), files::json_lines);
    let lines = batches
        .map_ok(Bytes::from)
        .inspect_err(|fault: &Fault| tracing::error!(error = %fault, "an export broke off"));
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/jsonl; charset=utf-8")).streaming(lines))
}

/// Where the lines are sent on to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StreamShown {
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
struct StreamAddress {
    /// https, outside of private networks unless the operator allows them.
    #[schema(example = "https://siem.example.com/hooks/roster")]
    url: String,
}

/// The audit stream
#[utoipa::path(get, path = "/audit/stream", tag = "Audit", responses(
    (status = 200, body = StreamShown), (status = 404, description = "There is no stream."),
))]
async fn show_stream(person: Bearer) -> Answered<StreamShown> {
    shown(&person, None).await
}

/// Send the audit on
///
/// Sets a stream up, and answers its signing secret this once; or leads the one there is elsewhere.
#[utoipa::path(
    put, path = "/audit/stream", tag = "Audit", request_body = StreamAddress,
    responses((status = 200, body = StreamShown))
)]
async fn lead_stream(person: Bearer, body: Body<StreamAddress>) -> Answered<StreamShown> {
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
async fn remove_stream(person: Bearer) -> Result<HttpResponse, ApiProblem> {
    act_on_stream(&person, Act::Remove).await.map_err(|halt| halt.told(refused))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Turn the audit stream on
///
/// It goes on where it stopped.
#[utoipa::path(post, path = "/audit/stream/turn-on", tag = "Audit", responses(
    (status = 200, body = StreamShown), (status = 404, description = "There is no stream."),
))]
async fn turn_stream_on(person: Bearer) -> Answered<StreamShown> {
    done(&person, Act::TurnOn).await
}

/// Turn the audit stream off
#[utoipa::path(post, path = "/audit/stream/turn-off", tag = "Audit", responses(
    (status = 200, body = StreamShown), (status = 404, description = "There is no stream."),
))]
async fn turn_stream_off(person: Bearer) -> Answered<StreamShown> {
    done(&person, Act::TurnOff).await
}

/// Make a new signing secret
///
/// The one before signs no more.
#[utoipa::path(post, path = "/audit/stream/new-secret", tag = "Audit", responses(
    (status = 200, body = StreamShown), (status = 404, description = "There is no stream."),
))]
async fn renew_stream_secret(person: Bearer) -> Answered<StreamShown> {
    done(&person, Act::RenewSecret).await
}

/// Send a test message
#[utoipa::path(post, path = "/audit/stream/send-test", tag = "Audit", responses(
    (status = 200, body = StreamShown), (status = 404, description = "There is no stream."),
))]
async fn send_stream_test(person: Bearer) -> Answered<StreamShown> {
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
