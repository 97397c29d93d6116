//! A passkey as the second factor that an organization requires, made in the middle of a sign-in.

use actix_web::{HttpRequest, HttpResponse};

use super::{ask, party, take};
use crate::{
    access::{NextStep, Proof, ProofMethod},
    db::Stop,
    passkeys::{
        commands::{self, Enrolling},
        forms,
        model::AddRefusal,
        words,
    },
    sign_in::{self, Due},
    web::{
        Browser, Fields, HalfSignedIn, Problem,
        page::ToastKind,
        reply,
        session::{self, Stage},
        url,
    },
};

/// The question to make a passkey.
pub async fn begin(half: HalfSignedIn) -> Result<HttpResponse, Problem> {
    let due = Due::at(NextStep::Enrol, half, url::HOME).await?;
    let (anyone, account) = (&due.half.anyone, due.account.clone());
    let (party, now) = (party(&anyone.site)?, anyone.site.db.now());
    let asked = anyone.site.db.read(move |conn| {
        commands::ask_to_add(conn, &party, (account.user, &account.email, &account.email), now)
    });
    let (question, ceremony) = asked.await?.ok_or(Problem::NotAllowedHere)?;
    ask(&anyone.session, &question, &ceremony)
}

/// Adds the passkey, under the name of the device, and completes the sign-in.
pub async fn create(
    request: HttpRequest,
    half: HalfSignedIn,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let goal = forms::goal(&fields);
    let due = Due::at(NextStep::Enrol, half, &goal).await?;
    let anyone = &due.half.anyone;
    let (Some(ceremony), Some(answer)) = (take(&anyone.session), forms::answer(&fields)) else {
        return Ok(not_added(&request, &goal, AddRefusal::Unfit));
    };
    let (party, who, browser) = (party(&anyone.site)?, due.half.who.clone(), Browser::of(&request));
    let origin = anyone.visitor.origin();
    let enrolled = anyone
        .site
        .db
        .write(who.organization, move |tx| {
            let enrolling = Enrolling { who: &who, browser: &browser, origin: &origin };
            commands::enrol(tx, &enrolling, &party, &ceremony, &answer)
        })
        .await;
    match enrolled {
        Ok(false) => {
            anyone.session.purge();
            sign_in::only_by_sso(anyone, due.account.organization_name.clone())
        }
        Ok(true) => {
            let proof = Proof { method: ProofMethod::Passkey, at: anyone.site.db.now() };
            session::prove(&anyone.session, &due.half.who, proof, Stage::Full)?;
            let words = "The passkey is your second factor from now on. You can name it in Settings.";
            Ok(reply::onward_saying(&request, &goal, words))
        }
        Err(Stop::Refused(refusal)) => Ok(not_added(&request, &goal, refusal)),
        Err(Stop::Fault(fault)) => Err(fault.into()),
    }
}

fn not_added(request: &HttpRequest, goal: &str, refusal: AddRefusal) -> HttpResponse {
    reply::flash(request, ToastKind::Error, words::not_added(refusal));
    reply::onward(request, &url::enrol_and_return(goal))
}

/// The form stands on the page where a second factor is chosen.
pub async fn back(request: HttpRequest, _: HalfSignedIn) -> HttpResponse {
    reply::onward(&request, url::ENROL)
}
