//! Signing in with a passkey alone, as the second step of a sign-in, and as a fresh proof.

use actix_web::{HttpRequest, HttpResponse};

use super::{ask, party, take};
use crate::{
    access::{Proof, ProofMethod},
    db::Stop,
    passkeys::{
        commands::{self, Signed},
        forms,
        model::Unproved,
    },
    people::Status,
    sign_in::{self, Completed, Entered},
    web::{
        Anyone, Browser, Fields, Halt, Problem, SignedIn,
        page::ToastKind,
        reply,
        session::{self, Stage, Who},
        url,
    },
};

/// What a passkey that was refused is told, where one is signed in or half in.
const NOT_RIGHT: &str = "No passkey of yours answered. Try again, or use another way.";

/// The question: for a passkey of whoever is half in, otherwise for any that this browser has.
pub async fn begin(person: Anyone) -> Result<HttpResponse, Problem> {
    let (party, now) = (party(&person.site)?, person.site.db.now());
    let Some(who) = half(&person) else {
        let (question, ceremony) = commands::ask_any(&party, now)?;
        return ask(&person.session, &question, &ceremony);
    };
    let question = person.site.db.read(move |conn| commands::ask_own(conn, &party, who.user, now)).await?;
    let (question, ceremony) = question.ok_or(Problem::NotFound)?;
    ask(&person.session, &question, &ceremony)
}

/// Whose second step is due in this browser.
fn half(person: &Anyone) -> Option<Who> {
    session::who(&person.session).filter(|who| who.stage == Stage::Half)
}

pub async fn create(request: HttpRequest, person: Anyone, fields: Fields) -> Result<HttpResponse, Problem> {
    let goal = forms::goal(&fields);
    let signed = verify(&person, &fields).await?;
    match (half(&person), signed) {
        (Some(who), Some(signed)) if signed.user() == who.user => {
            complete(&request, &person, who, signed, &goal).await
        }
        (Some(_), _) => Ok(not_second(&request, &goal)),
        (None, Some(signed)) => enter(&request, &person, signed, &goal).await,
        (None, None) => sign_in::not_by_passkey(&person, &goal),
    }
}

/// The passkey whose signature is right. Whatever is wrong, the answer is the same.
async fn verify(person: &Anyone, fields: &Fields) -> Result<Option<Signed>, Problem> {
    let (Some(ceremony), Some(answer)) = (take(&person.session), forms::answer(fields)) else {
        return Ok(None);
    };
    let (db, party, now) = (&person.site.db, party(&person.site)?, person.site.db.now());
    let verified = db.read(move |conn| commands::verify(conn, &party, &ceremony, &answer, now)).await;
    match verified {
        Ok(signed) => Ok(Some(signed)),
        Err(Stop::Refused(unproved)) => {
            if unproved != Unproved::Wrong {
                let origin = person.visitor.origin();
                db.write(None, move |tx| commands::note_copy(tx, unproved, &origin)).await?;
            }
            Ok(None)
        }
        Err(Stop::Fault(fault)) => Err(fault.into()),
    }
}

async fn enter(
    request: &HttpRequest,
    person: &Anyone,
    signed: Signed,
    goal: &str,
) -> Result<HttpResponse, Problem> {
    let (browser, origin, now) = (Browser::of(request), person.visitor.origin(), person.site.db.now());
    let own = browser.clone();
    let entered = person.site.db.write(None, move |tx| commands::enter(tx, &signed, &own, &origin)).await;
    let proofs = vec![Proof { method: ProofMethod::Passkey, at: now }];
    let entered = match entered {
        Ok(entered) => entered,
        Err(Stop::Refused(_)) => Entered::Gone,
        Err(Stop::Fault(fault)) => return Err(fault.into()),
    };
    match sign_in::arrive(request, person, &browser, entered, proofs, goal)? {
        Some(answer) => Ok(answer),
        None => sign_in::not_by_passkey(person, goal),
    }
}

/// The second step: whoever was deactivated or whose sessions were ended meanwhile begins anew, as does who waited long.
async fn complete(
    request: &HttpRequest,
    person: &Anyone,
    who: Who,
    signed: Signed,
    goal: &str,
) -> Result<HttpResponse, Problem> {
    let (db, now, browser) = (&person.site.db, person.site.db.now(), Browser::of(request));
    if !sign_in::is_open(&who, now) {
        return Ok(begin_anew(request, person));
    }
    let (origin, own, of) = (person.visitor.origin(), browser.clone(), who.clone());
    let done = db
        .write(None, move |tx| -> Result<Option<Completed>, Stop<Unproved>> {
            commands::prove(tx, &signed)?;
            let account = sign_in::account_by_any_means(tx.conn(), of.user)?;
            let agrees =
                |account: &sign_in::Account| account.status == Status::Active && account.epoch == of.epoch;
            if !account.as_ref().is_some_and(agrees) {
                return Ok(None);
            }
            Ok(Some(sign_in::complete(tx, &of, ProofMethod::Passkey, &own, &origin)?))
        })
        .await;
    match done {
        Ok(Some(Completed::In)) => {
            let proof = Proof { method: ProofMethod::Passkey, at: now };
            session::prove(&person.session, &who, proof, Stage::Full)?;
            let mut response = reply::onward(request, goal);
            browser.remember(request, &mut response);
            Ok(response)
        }
        Ok(Some(Completed::OnlyBySso { organization })) => {
            person.session.purge();
            sign_in::only_by_sso(person, organization)
        }
        Ok(None) => Ok(begin_anew(request, person)),
        Err(Stop::Refused(_)) => Ok(not_second(request, goal)),
        Err(Stop::Fault(fault)) => Err(fault.into()),
    }
}

fn begin_anew(request: &HttpRequest, person: &Anyone) -> HttpResponse {
    person.session.purge();
    reply::onward(request, url::SIGN_IN)
}

fn not_second(request: &HttpRequest, goal: &str) -> HttpResponse {
    reply::flash(request, ToastKind::Error, NOT_RIGHT);
    reply::onward(request, &url::second_factor_and_return(goal))
}

/// The forms of other pages are sent here.
pub async fn back(request: HttpRequest, _: Anyone) -> HttpResponse {
    reply::onward(&request, url::SIGN_IN)
}

pub async fn begin_proving(person: SignedIn) -> Result<HttpResponse, Problem> {
    let (party, user, now) = (party(&person.site)?, person.me.id, person.site.db.now());
    let question = person.read(move |conn, _| commands::ask_own(conn, &party, user, now)).await?;
    let (question, ceremony) = question.ok_or(Problem::NotFound)?;
    ask(&person.session, &question, &ceremony)
}

/// A fresh proof; then on with what needed it.
pub async fn prove(request: HttpRequest, person: SignedIn, fields: Fields) -> Result<HttpResponse, Problem> {
    let (goal, anyone) = (forms::goal(&fields), Anyone::of(&request)?);
    let signed = verify(&anyone, &fields).await?.filter(|signed| signed.user() == person.me.id);
    let Some(signed) = signed else { return Ok(not_proved(&request, &goal)) };
    match person.write(move |tx, _| Ok::<_, Halt<Unproved>>(commands::prove(tx, &signed)?)).await {
        Ok(()) => {
            let proof = Proof { method: ProofMethod::Passkey, at: person.site.db.now() };
            session::prove(&person.session, &person.who, proof, Stage::Full)?;
            Ok(reply::onward(&request, &goal))
        }
        Err(Halt::Refused(_)) => Ok(not_proved(&request, &goal)),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

fn not_proved(request: &HttpRequest, goal: &str) -> HttpResponse {
    reply::flash(request, ToastKind::Error, NOT_RIGHT);
    reply::onward(request, &url::prove_and_return(goal))
}

pub async fn back_to_prove(request: HttpRequest, _: SignedIn) -> HttpResponse {
    reply::onward(&request, url::PROVE)
}
