//! Lines of the audit.

use actix_web::{
    HttpResponse,
    http::header::CONTENT_TYPE,
    web::{Bytes, Json},
};
use futures_util::TryStreamExt;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    access::actions::ReadAudit,
    audit::{
        commands::{self, Export},
        model::{Place, Span, Toward, View},
        pages::files,
        shown::LineShown,
    },
    base::clock::Moment,
    db::Fault,
    web::{
        Halt,
        api::{Answered, ApiProblem, Bearer, Page, Paging, PagingParams, Query},
    },
};

/// Which lines are asked for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LinesAsked {
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
pub async fn index(person: Bearer, asked: Query<LinesAsked>, paging: Paging) -> Answered<Page<LineShown>> {
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
pub async fn json_lines(person: Bearer, asked: Query<LinesAsked>) -> Result<HttpResponse, ApiProblem> {
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
