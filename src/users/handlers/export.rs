//! The filtered list as CSV, streamed: a batch is read when the one before it is on its way.

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    web::Bytes,
};
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::{
    access::actions::ReadUsers,
    db::{Db, Fault},
    users::{
        commands::{self, Export},
        model::View,
        pages::csv,
    },
    web::{Halt, Problem, SignedIn, form::Query},
};

pub async fn export(person: SignedIn, query: Query) -> Result<HttpResponse, Problem> {
    let (view, now) = (View::read(|name| query.0.get(name)), person.site.db.now());
    note(&person, &view).await?;
    let export = person
        .read(move |conn, actor| Ok::<_, Problem>(Export::begin(conn, actor.may(ReadUsers)?, &view, now)?))
        .await?;
    let headings = csv::headings().map_err(|e| Fault::broken("writing CSV", e))?;
    let db = person.site.db.clone();
    let batches = stream::try_unfold(Some(export), move |export| next(db.clone(), export));
    let lines = stream::once(async { Ok(Bytes::from(headings)) }).chain(batches);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8; header=present"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"users.csv\""))
        .streaming(lines.inspect_err(|fault: &Fault| tracing::error!(error = %fault, "an export broke off"))))
}

async fn note(person: &SignedIn, view: &View) -> Result<(), Problem> {
    let view = view.clone();
    let noted = person
        .write(move |tx, actor| {
            let permit = actor.may(ReadUsers)?;
            Ok::<_, Halt<std::convert::Infallible>>(commands::note_export(tx, permit, &view)?)
        })
        .await;
    noted.map_err(|halt| match halt {
        Halt::Problem(problem) => problem,
        Halt::Refused(never) => match never {},
    })
}

/// The lines of the next batch, and what is left.
async fn next(db: Db, export: Option<Export>) -> Result<Option<(Bytes, Option<Export>)>, Fault> {
    let Some(export) = export else { return Ok(None) };
    db.read(move |conn| {
        let (batch, rest) = export.next(conn)?;
        let lines = csv::lines(&batch.people, &batch.groups_of);
        let lines = lines.map_err(|e| Fault::broken("writing CSV", e))?;
        Ok(Some((Bytes::from(lines), rest)))
    })
    .await
}
