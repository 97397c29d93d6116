//! The filtered list as a file, streamed: a batch is read when the one before it is on its way.

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    web::Bytes,
};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::span;
use crate::{
    access::actions::ReadAudit,
    audit::{
        commands::{self, Export, Write},
        model::View,
        pages::files,
    },
    db::Fault,
    web::{Halt, Problem, SignedIn, form::Query},
};

pub async fn csv(person: SignedIn, query: Query) -> Result<HttpResponse, Problem> {
    let broken = |error| Fault::broken("writing CSV", error);
    let headings = files::csv_headings().map_err(broken)?;
    let kind = ("audit.csv", "text/csv; charset=utf-8; header=present");
    file(person, query, kind, headings, |entries| {
        files::csv(entries).map_err(|error| Fault::broken("writing CSV", error))
    })
    .await
}

pub async fn json_lines(person: SignedIn, query: Query) -> Result<HttpResponse, Problem> {
    let kind = ("audit.jsonl", "application/jsonl; charset=utf-8");
    file(person, query, kind, Vec::new(), files::json_lines).await
}

async fn file(
    person: SignedIn,
    query: Query,
    (name, kind): (&'static str, &'static str),
    head: Vec<u8>,
    write: Write,
) -> Result<HttpResponse, Problem> {
    let view = View::read(|name| query.0.get(name));
    let span = span(&view, &person.me.time_zone);
    note(&person, &view, name).await?;
    let export = person
        .read(move |conn, actor| Ok::<_, Problem>(Export::begin(conn, &actor.may(ReadAudit)?, &view, span)?))
        .await?;
    let batches = export.written(person.site.db.clone(), write);
    let lines = stream::once(async { Ok(head) }).chain(batches).map_ok(Bytes::from);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .streaming(lines.inspect_err(|fault: &Fault| tracing::error!(error = %fault, "an export broke off"))))
}

async fn note(person: &SignedIn, view: &View, file: &'static str) -> Result<(), Problem> {
    let view = view.clone();
    let noted = person
        .write(move |tx, actor| {
            let permit = actor.may(ReadAudit)?;
            Ok::<_, Halt<std::convert::Infallible>>(commands::note_export(tx, permit, &view, file)?)
        })
        .await;
    noted.map_err(|halt| match halt {
        Halt::Problem(problem) => problem,
        Halt::Refused(never) => match never {},
    })
}
