//! The stream's section.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};

use crate::{
    access::actions::{Action, ChangeOrganization, ReadAudit, ReadOrganization},
    audit::{
        commands::stream::{self, Done},
        forms::StreamDraft,
        model::{Act, Stream, StreamRefusal},
        pages::StreamSection,
    },
    web::{Fields, Halt, Problem, SignedIn, Wants, kept, reply, section, url},
};

pub async fn show(request: HttpRequest, person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    let stream = found(&person).await?;
    let zone = &person.me.time_zone;
    let shown = match kept::take(&request) {
        Some(typed) => {
            StreamSection::with(stream.as_ref(), may_change(&person), zone, &StreamDraft::read(&typed), None)
        }
        None => StreamSection::new(stream.as_ref(), may_change(&person), zone),
    };
    section::show(&person, &wants, StatusCode::OK, &shown)
}

pub async fn change(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    person.actor.may(ChangeOrganization)?;
    person.actor.may(ReadAudit)?;
    let draft = StreamDraft::read(&fields);
    let act = match draft.parse(person.site.settings.allow_private_targets) {
        Ok(act) => act,
        Err(error) => return again(&person, &wants, &draft, Err(error)).await,
    };
    person.needs_fresh_proof()?;
    let (sealer, asked) = (person.site.sealer.clone(), act.clone());
    let done = person
        .write(move |tx, actor| {
            let (changes, reads) = (actor.may(ChangeOrganization)?, actor.may(ReadAudit)?);
            Ok(stream::act(tx, changes, reads, &sealer, &asked)?)
        })
        .await;
    match done {
        Ok(Done::WithSecret(secret)) => {
            let stream = found(&person).await?;
            let shown = StreamSection::new(stream.as_ref(), true, &person.me.time_zone).showing(secret);
            section::show(&person, &wants, StatusCode::OK, &shown)
        }
        Ok(done) => {
            Ok(reply::onward_saying(&request, &url::organization_at("audit-stream"), said(&done, &act)))
        }
        Err(Halt::Refused(refusal)) => again(&person, &wants, &draft, Ok(refused(refusal))).await,
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

fn said(done: &Done, act: &Act) -> &'static str {
    match (done, act) {
        (Done::TestQueued, _) => "A test is on its way. What came of it stands here in a moment.",
        (Done::Removed, _) => "The audit stream is removed.",
        (_, Act::TurnOn) => "The audit stream is on. It goes on where it stopped.",
        (_, Act::TurnOff) => "The audit stream is off.",
        _ => "Saved.",
    }
}

fn refused(refusal: StreamRefusal) -> &'static str {
    match refusal {
        StreamRefusal::NoStream => "There is no stream any more. Save an address to set one up.",
        StreamRefusal::SameAddress => "It leads there already. Nothing was changed.",
        StreamRefusal::IsSo => "It is like that already. Nothing was changed.",
    }
}

/// The form again: with what is wrong with its field, or with all of it.
async fn again(
    person: &SignedIn,
    wants: &Wants,
    draft: &StreamDraft,
    wrong: Result<&'static str, String>,
) -> Result<HttpResponse, Problem> {
    let stream = found(person).await?;
    let zone = &person.me.time_zone;
    let shown = match wrong {
        Ok(words) => StreamSection::with(stream.as_ref(), true, zone, draft, None).refused(words),
        Err(error) => StreamSection::with(stream.as_ref(), true, zone, draft, Some(error)),
    };
    section::show(person, wants, StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

fn may_change(person: &SignedIn) -> bool {
    [ChangeOrganization::NAME, ReadAudit::NAME].iter().all(|action| person.actor.may_do(action))
}

async fn found(person: &SignedIn) -> Result<Option<Stream>, Problem> {
    person.read(|conn, actor| Ok::<_, Problem>(stream::stream(conn, &actor.may(ReadOrganization)?)?)).await
}
