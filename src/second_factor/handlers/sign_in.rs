//! The second step of a sign-in: a code, or setting one up when the organization requires it.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use chrono::Duration;

use super::{begin_key, forget_key, pending_key};
use crate::{
    access::{NextStep, Proof, ProofMethod, next_step},
    db::Stop,
    people::Status,
    second_factor::{
        commands::{self, Obstacle, Presenter},
        forms::{self, Errors},
        model::Verdict,
        pages::{EnrolCodesPage, EnrolKeyPage, EnrolPage, ShownKey, SignInPage},
    },
    sign_in::{self, Account},
    web::{
        Browser, Fields, HalfSignedIn, Problem,
        field::Field,
        form::Query,
        reply,
        session::{self, Stage},
        url,
    },
};

/// How long the second step stays open after the first.
const OPEN: Duration = Duration::minutes(15);

/// Somebody whose second step is due.
struct Due {
    half: HalfSignedIn,
    account: Account,
    step: NextStep,
}

impl Due {
    /// Looked up again: who was deactivated or whose sessions were ended meanwhile begins anew, as does who waited long.
    async fn look(half: HalfSignedIn) -> Result<Self, Problem> {
        let (user, epoch) = (half.who.user, half.who.epoch);
        let now = half.anyone.site.db.now();
        let found = half.anyone.site.db.read(move |conn| sign_in::account(conn, user)).await?;
        let agrees = |account: &Account| account.status == Status::Active && account.epoch == epoch;
        let is_open = half.who.proofs.iter().any(|proof| now.since(proof.at) <= OPEN);
        match found.filter(agrees).filter(|_| is_open) {
            Some(account) => {
                let step = next_step(account.factors(now), &half.who.proofs);
                Ok(Self { half, account, step })
            }
            None => {
                half.anyone.session.purge();
                Err(Problem::NotSignedIn { return_to: url::HOME.to_owned() })
            }
        }
    }

    fn presenter(&self) -> Presenter {
        let visitor = &self.half.anyone.visitor;
        Presenter {
            organization: self.account.organization,
            user: self.account.user,
            from: visitor.address,
            origin: visitor.origin(),
        }
    }

    fn page(&self, goal: &str, errors: &Errors) -> SignInPage {
        let has_app = self.account.factors(self.half.anyone.site.db.now()).app;
        SignInPage::new(self.half.anyone.frame(), (self.account.email.clone(), has_app), goal, errors)
    }

    /// Where they have to go instead, when another step than this is due.
    fn elsewhere(&self, request: &HttpRequest, here: NextStep, goal: &str) -> Option<HttpResponse> {
        match self.step {
            step if step == here => None,
            NextStep::SecondFactor => Some(reply::onward(request, &url::second_factor_and_return(goal))),
            NextStep::Enrol => Some(reply::onward(request, &url::enrol_and_return(goal))),
            // Nothing is due any more; the first step again leads straight in.
            NextStep::Done => {
                self.half.anyone.session.purge();
                Some(reply::onward(request, &url::sign_in_and_return(goal)))
            }
        }
    }
}

pub async fn show(request: HttpRequest, half: HalfSignedIn, query: Query) -> Result<HttpResponse, Problem> {
    let (due, goal) = (Due::look(half).await?, forms::goal(&query.0));
    if let Some(answer) = due.elsewhere(&request, NextStep::SecondFactor, &goal) {
        return Ok(answer);
    }
    reply::html(&due.page(&goal, &Errors::default()))
}

pub async fn verify(
    request: HttpRequest,
    half: HalfSignedIn,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let (due, goal) = (Due::look(half).await?, forms::goal(&fields));
    if let Some(answer) = due.elsewhere(&request, NextStep::SecondFactor, &goal) {
        return Ok(answer);
    }
    let presented = match forms::code(&fields) {
        Ok(presented) => presented,
        Err(words) => return reply::unprocessable(&due.page(&goal, &Errors::of_code(words))),
    };
    let (site, who, browser) = (due.half.anyone.site.clone(), due.presenter(), Browser::of(&request));
    let db = &due.half.anyone.site.db;
    let verdict = db
        .write(who.organization, move |tx| commands::sign_in(tx, &site, (&who, &browser), &presented))
        .await?;
    match verdict {
        Verdict::Right(method) => {
            let proof = Proof { method, at: db.now() };
            session::prove(&due.half.anyone.session, &due.half.who, proof, Stage::Full)?;
            Ok(reply::onward(&request, &goal))
        }
        Verdict::Wait(wait) => Err(Problem::TooOften { wait }),
        Verdict::Wrong | Verdict::Off => {
            reply::unprocessable(&due.page(&goal, &Errors::of_code(forms::WRONG_CODE)))
        }
    }
}

pub async fn enrol(request: HttpRequest, half: HalfSignedIn, query: Query) -> Result<HttpResponse, Problem> {
    let (due, goal) = (Due::look(half).await?, forms::goal(&query.0));
    if let Some(answer) = due.elsewhere(&request, NextStep::Enrol, &goal) {
        return Ok(answer);
    }
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
    let (due, goal) = (Due::look(half).await?, forms::goal(&fields));
    if let Some(answer) = due.elsewhere(&request, NextStep::Enrol, &goal) {
        return Ok(answer);
    }
    let anyone = &due.half.anyone;
    begin_key(&anyone.session, &anyone.site, due.account.user)?;
    Ok(reply::onward(&request, &format!("{}?return_to={}", url::ENROL_KEY, url::encoded(&goal))))
}

pub async fn key(request: HttpRequest, half: HalfSignedIn, query: Query) -> Result<HttpResponse, Problem> {
    let (due, goal) = (Due::look(half).await?, forms::goal(&query.0));
    if let Some(answer) = due.elsewhere(&request, NextStep::Enrol, &goal) {
        return Ok(answer);
    }
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
    let (due, goal) = (Due::look(half).await?, forms::goal(&fields));
    if let Some(answer) = due.elsewhere(&request, NextStep::Enrol, &goal) {
        return Ok(answer);
    }
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
    let (site, who, browser) = (anyone.site.clone(), due.presenter(), Browser::of(&request));
    let enrolled = anyone
        .site
        .db
        .write(who.organization, move |tx| commands::enrol(tx, &site, (&who, &browser), (&key, &code)))
        .await;
    match enrolled {
        Ok(on) => {
            forget_key(&anyone.session);
            let mut proofs = due.half.who.proofs.clone();
            proofs.push(Proof { method: ProofMethod::Totp, at: anyone.site.db.now() });
            session::begin(&anyone.session, &anyone.visitor, on.entering, Stage::Full, proofs)?;
            reply::html(&EnrolCodesPage::new(anyone.frame(), &on.codes, goal))
        }
        Err(Stop::Refused(Obstacle::WrongCode)) => again(forms::WRONG_CODE),
        Err(Stop::Refused(Obstacle::IsOn)) => {
            Ok(reply::onward(&request, &url::second_factor_and_return(&goal)))
        }
        Err(Stop::Fault(fault)) => Err(fault.into()),
    }
}
