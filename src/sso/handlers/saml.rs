//! The way to a SAML provider and back: it may be begun from there, its answer comes from a page of its own, and the
//! browser that began ends it.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{self, Path},
};
use chrono::Duration;

use super::{
    back, start,
    trial::{self, Untold},
};
use crate::{
    db::{Fault, Tx},
    saml::{self, Expected, Own, Refusal, Unspent},
    sso::{
        commands::{self, Finished, Waited},
        forms,
        model::{Goal, Refused},
        pages::StoryPage,
        words,
    },
    web::{Anyone, Fields, Problem, form::Query, reply, round_trip, session, url},
};

/// Where the session keeps when a provider that was not asked led here last.
const HINTED: &str = "saml_hinted";
/// A provider that answers no question twice within this time does not return what it is sent along (RelayState).
const HINT_AGAIN: Duration = Duration::minutes(1);

/// Begins a sign-in: from the list of applications at the provider, or after an answer that nobody asked for.
pub async fn login(
    request: HttpRequest,
    person: Anyone,
    path: Path<String>,
    query: Query,
) -> Result<HttpResponse, Problem> {
    let code = path.into_inner();
    let return_to = forms::return_to(&query.0);
    if person.signed_in().await?.is_some_and(|account| account.organization_code == code) {
        return Ok(reply::onward(&request, &return_to));
    }
    if query.0.has("hint") && is_hinted_again(&person)? {
        return unasked(&person);
    }
    let (db, from) = (&person.site.db, person.visitor.address);
    if let Some(wait) = db.write(None, move |tx| commands::throttled(tx, from)).await? {
        return Err(Problem::TooOften { wait });
    }
    let org = code.clone();
    match db.read(move |conn| commands::of_code(conn, &org)).await? {
        Some(connection) => start::go(&person, &connection, &code, Goal::SignIn { return_to }).await,
        None => nowhere(&person),
    }
}

/// Whether this browser was led here like this a moment ago, which would go on forever.
fn is_hinted_again(person: &Anyone) -> Result<bool, Problem> {
    let now = person.site.db.now().micros();
    let before: Option<i64> = person.session.get(HINTED).ok().flatten();
    session::put(&person.session, HINTED, &now)?;
    Ok(before.is_some_and(|before| now - before < HINT_AGAIN.num_microseconds().unwrap_or_default()))
}

fn unasked(person: &Anyone) -> Result<HttpResponse, Problem> {
    let words = (
        "The provider’s answer belongs to no sign-in",
        "It came without a question from here, or without what was sent along with the question (RelayState), so it is \
         not certain that it is about this sign-in. Nobody was let in.",
    );
    story(person, StatusCode::CONFLICT, words, url::SSO_SIGN_IN, "Continue with SSO")
}

fn nowhere(person: &Anyone) -> Result<HttpResponse, Problem> {
    let words = (
        "No single sign-on leads from here",
        "The organization has turned it off or uses another provider, or the address is not complete. Ask your \
         administrator.",
    );
    story(person, StatusCode::NOT_FOUND, words, url::SIGN_IN, "Sign in another way")
}

fn story(
    person: &Anyone,
    status: StatusCode,
    (title, story): (&str, &str),
    back: &str,
    label: &'static str,
) -> Result<HttpResponse, Problem> {
    let (title, story, back) = (title.to_owned(), story.to_owned(), back.to_owned());
    reply::with_status(status, &StoryPage { frame: person.frame(), title, story, back, label })
}

/// An answer, from a page of the provider and so without the cookie of this browser. It is looked at and kept for the
/// browser that began the way. One that nobody waits for is only a hint that somebody wants to sign in.
pub async fn receive(person: Anyone, path: Path<String>, fields: Fields) -> Result<HttpResponse, Problem> {
    let (code, state) = (path.into_inner(), fields.get("RelayState").to_owned());
    let (db, sealer) = (&person.site.db, person.site.sealer.clone());
    let (org, wanted, own, now) = (code.clone(), state.clone(), sealer.clone(), db.now());
    let waits = db.read(move |conn| commands::waits(conn, &own, (&org, &wanted), now)).await?;
    let Some(waited) = waits else {
        return Ok(see(&url::with_query(&url::saml(&code, "login"), &[("hint", "1".to_owned())])));
    };
    let finish = url::with_query(&url::saml(&code, "finish"), &[("state", state.clone())]);
    if waited.seen.attempt.answer.is_some() {
        return Ok(see(&finish));
    }
    let answer = fields.get("SAMLResponse").to_owned();
    let own = Own::of(&person.site.settings.public_origin(), &code);
    let looked = web::block(move || (look(&waited, &answer, &own, now), waited)).await;
    let (outcome, waited) =
        looked.map_err(|error| Fault::broken("looking at a SAML answer", error.to_string()))?;
    if let Err(why) = &outcome {
        let organization = waited.seen.attempt.organization;
        tracing::warn!(%organization, why = why.word(), "a SAML answer was refused");
    }
    let origin = person.visitor.origin();
    let receive = move |tx: &mut Tx<'_>| {
        commands::receive(tx, &sealer, (&state, &waited.seen), outcome.clone(), &origin)
    };
    db.write(None, receive).await?;
    Ok(see(&finish))
}

fn look(
    waited: &Waited,
    answer: &str,
    own: &Own,
    now: crate::base::clock::Moment,
) -> Result<Unspent, Refusal> {
    let (attempt, provider) = (&waited.seen.attempt, waited.saml.provider());
    let against = Expected {
        provider: &provider,
        own,
        request_id: &attempt.request_id,
        signed_assertions: waited.saml.signed_assertions,
        authenticated_since: attempt.anew_since(),
        now,
    };
    saml::verify(answer.as_bytes(), &against)
}

/// Never by htmx: the page is another site's.
fn see(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish()
}

/// Whoever opens the address for answers has none.
pub async fn nothing_came() -> HttpResponse {
    see(url::SSO_SIGN_IN)
}

/// Only for the browser that began.
pub async fn finish(
    request: HttpRequest,
    person: Anyone,
    path: Path<String>,
    query: Query,
) -> Result<HttpResponse, Problem> {
    let Some(finished) = take(&person, &path, &query.0).await? else { return back::over(&person) };
    let (goal, organization) = (finished.attempt.goal, finished.connection.organization);
    if let Goal::Try { user } = goal {
        let told = finished.answer.map(|(vouched, assertion)| (vouched, assertion.attributes));
        return trial::show(&request, user, finished.connection, told.map_err(untold)).await;
    }
    match finished.answer {
        Ok((vouched, _)) => back::arrive(&request, &person, organization, vouched, goal).await,
        Err(why) => refused(&person, &goal, &why),
    }
}

fn untold(why: Refused) -> Untold {
    let (title, story) = words::answer_refused(&why.words);
    Untold { title: title.to_owned(), story, word: why.word }
}

async fn take(person: &Anyone, code: &str, query: &Fields) -> Result<Option<Finished>, Problem> {
    let Some(holder) = round_trip::held(&person.session) else { return Ok(None) };
    let (state, sealer, origin) =
        (query.get("state").to_owned(), person.site.sealer.clone(), person.visitor.origin());
    let (code, from) = (code.to_owned(), person.visitor.address);
    let take =
        move |tx: &mut Tx<'_>| commands::finish(tx, &sealer, (&state, &holder), (&code, from), &origin);
    Ok(person.site.db.write(None, take).await?)
}

fn refused(person: &Anyone, goal: &Goal, why: &Refused) -> Result<HttpResponse, Problem> {
    let words = words::answer_refused(&why.words);
    super::story(person, StatusCode::FORBIDDEN, (words.0, &words.1), goal)
}
