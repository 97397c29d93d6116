//! The second step of a sign-in: a code, or setting one up when the organization requires it.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};

use super::{begin_key, forget_key, head, pending_key};
use crate::{
    access::{NextStep, Proof, ProofMethod},
    db::Stop,
    second_factor::{
        commands::{self, Obstacle, Presenter, SecondStep},
        forms::{self, Errors},
        model::Verdict,
        pages::{Codes, EnrolCodesPage, EnrolKeyPage, EnrolPage, ShownKey, SignInPage},
    },
    sign_in::{self, Due},
    web::{
        Browser, Fields, HalfSignedIn, Problem,
        field::Field,
        form::Query,
        reply,
        session::{self, Stage},
        url,
    },
};

fn presenter(due: &Due) -> Presenter {
    let visitor = &due.half.anyone.visitor;
    Presenter {
        organization: due.account.organization,
        user: due.account.user,
        from: visitor.address,
        origin: visitor.origin(),
    }
}

fn step(due: &Due, request: &HttpRequest) -> SecondStep {
    SecondStep { by: presenter(due), half: due.half.who.clone(), browser: Browser::of(request) }
}

/// The sign-in is over: the organization takes another way only.
fn only_by_sso(due: Due) -> Result<HttpResponse, Problem> {
    due.half.anyone.session.purge();
    sign_in::only_by_sso(&due.half.anyone, due.account.organization_name)
}

async fn page(due: &Due, goal: &str, errors: &Errors) -> Result<SignInPage, Problem> {
    let (anyone, user) = (&due.half.anyone, due.account.user);
    let standing = anyone.site.db.read(move |conn| commands::standing(conn, user)).await?;
    Ok(SignInPage::new(anyone.frame(), (due.account.email.clone(), &standing), goal, errors))
}

pub async fn show(half: HalfSignedIn, query: Query) -> Result<HttpResponse, Problem> {
    let goal = forms::goal(&query.0);
    let due = Due::at(NextStep::SecondFactor, half, &goal).await?;
    reply::html(&page(&due, &goal, &Errors::default()).await?)
}

pub async fn verify(
    request: HttpRequest,
    half: HalfSignedIn,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let goal = forms::goal(&fields);
    let due = Due::at(NextStep::SecondFactor, half, &goal).await?;
    let presented = match forms::code(&fields) {
        Ok(presented) => presented,
        Err(words) => return reply::unprocessable(&page(&due, &goal, &Errors::of_code(words)).await?),
    };
    let (site, step) = (due.half.anyone.site.clone(), step(&due, &request));
    let db = &due.half.anyone.site.db;
    let tried =
        db.write(step.by.organization, move |tx| commands::sign_in(tx, &site, &step, &presented)).await?;
    let Some(verdict) = tried else { return only_by_sso(due) };
    match verdict {
        Verdict::Right(method) => {
            let proof = Proof { method, at: db.now() };
            session::prove(&due.half.anyone.session, &due.half.who, proof, Stage::Full)?;
            Ok(reply::onward(&request, &goal))
        }
        Verdict::Wait(wait) => Err(Problem::TooOften { wait }),
        Verdict::Wrong | Verdict::Off => {
            reply::unprocessable(&page(&due, &goal, &Errors::of_code(forms::WRONG_CODE)).await?)
        }
    }
}

pub async fn enrol(half: HalfSignedIn, query: Query) -> Result<HttpResponse, Problem> {
    let goal = forms::goal(&query.0);
    let due = Due::at(NextStep::Enrol, half, &goal).await?;
    reply::html(&EnrolPage {
        frame: due.half.anyone.frame(),
        organization: due.account.organization_name.clone(),
        return_to: Field::hidden("return_to", goal),
    })
}

/// The password was just right, so a key is shown at once.
pub async fn begin(
    request: HttpRequest,
    half: HalfSignedIn,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let goal = forms::goal(&fields);
    let due = Due::at(NextStep::Enrol, half, &goal).await?;
    let anyone = &due.half.anyone;
    begin_key(&anyone.session, &anyone.site, due.account.user)?;
    Ok(reply::onward(&request, &format!("{}?return_to={}", url::ENROL_KEY, url::encoded(&goal))))
}

pub async fn key(request: HttpRequest, half: HalfSignedIn, query: Query) -> Result<HttpResponse, Problem> {
    let goal = forms::goal(&query.0);
    let due = Due::at(NextStep::Enrol, half, &goal).await?;
    show_key(&request, &due, &goal, (StatusCode::OK, Errors::default()))
}

fn show_key(
    request: &HttpRequest,
    due: &Due,
    goal: &str,
    (status, errors): (StatusCode, Errors),
) -> Result<HttpResponse, Problem> {
    let anyone = &due.half.anyone;
    let Some(key) = pending_key(&anyone.session, &anyone.site, due.account.user) else {
        return Ok(reply::onward(request, &url::enrol_and_return(goal)));
    };
    let shown = ShownKey::new(&key, &due.account.organization_name, &due.account.email)?;
    reply::with_status(status, &EnrolKeyPage::new(anyone.frame(), shown, goal, &errors))
}

pub async fn confirm(
    request: HttpRequest,
    half: HalfSignedIn,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let goal = forms::goal(&fields);
    let due = Due::at(NextStep::Enrol, half, &goal).await?;
    let anyone = &due.half.anyone;
    let Some(key) = pending_key(&anyone.session, &anyone.site, due.account.user) else {
        return Ok(reply::onward(&request, &url::enrol_and_return(&goal)));
    };
    let again = |words: &str| {
        show_key(&request, &due, &goal, (StatusCode::UNPROCESSABLE_ENTITY, Errors::of_code(words)))
    };
    let code = match forms::app_code(&fields) {
        Ok(code) => code,
        Err(words) => return again(&words),
    };
    let (site, step) = (anyone.site.clone(), step(&due, &request));
    let enrolled = anyone
        .site
        .db
        .write(step.by.organization, move |tx| commands::enrol(tx, &site, &step, (&key, &code)))
        .await;
    match enrolled {
        Ok(None) => only_by_sso(due),
        Ok(Some(on)) => {
            forget_key(&anyone.session);
            let mut proofs = due.half.who.proofs.clone();
            proofs.push(Proof { method: ProofMethod::Totp, at: anyone.site.db.now() });
            session::begin(&anyone.session, &anyone.visitor, on.entering, Stage::Full, proofs)?;
            let head = head(&due.account.email, &due.account.organization_name);
            reply::html(&EnrolCodesPage { frame: anyone.frame(), codes: Codes::new(&on.codes, head), goal })
        }
        Err(Stop::Refused(Obstacle::WrongCode)) => again(forms::WRONG_CODE),
        Err(Stop::Refused(Obstacle::IsOn)) => {
            Ok(reply::onward(&request, &url::second_factor_and_return(&goal)))
        }
        Err(Stop::Fault(fault)) => Err(fault.into()),
    }
}
