//! The switch in the settings, its steps, and recovery codes.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
};

use super::{begin_key, forget_key, head, pending_key, presenter};
use crate::{
    access::{Proof, ProofMethod},
    base::password::PresentedPassword,
    crypto::totp::Key,
    db::Fault,
    passwords,
    second_factor::{
        commands::{self, Obstacle, StaysOn, TurnedOn},
        forms::{self, Errors},
        model::{RECOVERY_CODES, RecoveryCode, Standing, Verdict},
        pages::{Codes, CodesPage, DisablePage, EnablePage, KeyPage, RenewPage, ShownKey, TwoFactorSection},
    },
    web::{
        Fields, Halt, Problem, SignedIn, Wants,
        page::ToastKind,
        reply, section,
        session::{self, Entering, Stage},
        url,
    },
};

const SECTION: &str = "two-factor";

/// The section as it stands for this person.
pub async fn section(person: &SignedIn) -> Result<TwoFactorSection, Problem> {
    Ok(TwoFactorSection::new(&standing(person).await?, &person.me.time_zone))
}

async fn standing(person: &SignedIn) -> Result<Standing, Problem> {
    let user = person.me.id;
    Ok(person.read(move |conn, _| commands::standing(conn, user)).await?)
}

pub async fn show(person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    section::show(&person, &wants, StatusCode::OK, &section(&person).await?)
}

/// Step 1: who is it.
pub async fn enable(request: HttpRequest, person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    if standing(&person).await?.since.is_some() {
        return Ok(on_already(&request));
    }
    let page = EnablePage::new(person.frame(), &Errors::default());
    reply::page_or_dialog(&wants, StatusCode::OK, &page, &page.as_dialog())
}

pub async fn prove(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    if standing(&person).await?.since.is_some() {
        return Ok(on_already(&request));
    }
    let refused = match forms::password(&fields) {
        Ok(password) if is_right(&person, &password).await? => None,
        Ok(_) => Some(forms::WRONG_PASSWORD.to_owned()),
        Err(words) => Some(words),
    };
    if let Some(words) = refused {
        let page = EnablePage::new(person.frame(), &Errors::of_password(words));
        return reply::page_or_dialog(&wants, StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog());
    }
    begin_key(&person.session, &person.site, person.me.id)?;
    match wants.block("dialog") {
        true => show_key(&request, &person, &wants, (StatusCode::OK, Errors::default())),
        false => Ok(reply::onward(&request, url::TWO_FACTOR_KEY)),
    }
}

/// Step 2: the app has the key.
pub async fn key(request: HttpRequest, person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    show_key(&request, &person, &wants, (StatusCode::OK, Errors::default()))
}

fn show_key(
    request: &HttpRequest,
    person: &SignedIn,
    wants: &Wants,
    (status, errors): (StatusCode, Errors),
) -> Result<HttpResponse, Problem> {
    let Some(key) = pending_key(&person.session, &person.site, person.me.id) else {
        return Ok(reply::onward(request, url::TWO_FACTOR_ENABLE));
    };
    let shown = ShownKey::new(&key, &person.organization.name, &person.me.email)?;
    let page = KeyPage::new(person.frame(), shown, &errors);
    reply::page_or_dialog(wants, status, &page, &page.as_dialog())
}

pub async fn verify(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let Some(key) = pending_key(&person.session, &person.site, person.me.id) else {
        return Ok(reply::onward(&request, url::TWO_FACTOR_ENABLE));
    };
    let again = |words: &str| {
        let errors = (StatusCode::UNPROCESSABLE_ENTITY, Errors::of_code(words));
        show_key(&request, &person, &wants, errors)
    };
    let code = match forms::app_code(&fields) {
        Ok(code) => code,
        Err(words) => return again(&words),
    };
    match turn_on(&person, key, code).await {
        Ok(on) => {
            forget_key(&person.session);
            begin_anew(&person, on.entering, true)?;
            let title = "Two-factor authentication is on";
            shown_once(&person, &wants, (title, &on.codes)).await
        }
        Err(Halt::Refused(Obstacle::WrongCode)) => again(forms::WRONG_CODE),
        Err(Halt::Refused(Obstacle::IsOn)) => Ok(on_already(&request)),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

async fn turn_on(person: &SignedIn, key: Key, code: String) -> Result<TurnedOn, Halt<Obstacle>> {
    let (site, who) = (person.site.clone(), presenter(person));
    person.write(move |tx, actor| Ok(commands::turn_on(tx, &site, &who, &actor.into(), (&key, &code))?)).await
}

/// Every session of the person has ended; this browser goes on with a new one.
fn begin_anew(person: &SignedIn, entering: Entering, with_code: bool) -> Result<(), Problem> {
    let mut proofs = person.who.proofs.clone();
    proofs.retain(|proof| !matches!(proof.method, ProofMethod::Totp | ProofMethod::RecoveryCode));
    if with_code {
        proofs.push(Proof { method: ProofMethod::Totp, at: person.site.db.now() });
    }
    session::begin(&person.session, &person.visitor, entering, Stage::Full, proofs)
}

async fn shown_once(
    person: &SignedIn,
    wants: &Wants,
    (title, codes): (&'static str, &[RecoveryCode]),
) -> Result<HttpResponse, Problem> {
    let shown = (title, Codes::new(codes, head(&person.me.email, &person.organization.name)));
    let page = CodesPage::new(person.frame(), shown, wants.block("dialog"), section(person).await?);
    reply::page_or_dialog(wants, StatusCode::OK, &page, &page.as_dialog())
}

/// Before switching off.
pub async fn parting(request: HttpRequest, person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    let standing = standing(&person).await?;
    if standing.since.is_none() {
        return Ok(off_already(&request));
    }
    let page = DisablePage::new(person.frame(), &standing, &Errors::default());
    reply::page_or_dialog(&wants, StatusCode::OK, &page, &page.as_dialog())
}

pub async fn disable(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let standing = standing(&person).await?;
    if standing.since.is_none() {
        return Ok(off_already(&request));
    }
    let again = |errors: &Errors| {
        let page = DisablePage::new(person.frame(), &standing, errors);
        reply::page_or_dialog(&wants, StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog())
    };
    let (password, presented) = match forms::both(&fields) {
        Ok(both) => both,
        Err(errors) => return again(&errors),
    };
    if !is_right(&person, &password).await? {
        return again(&Errors::of_password(forms::WRONG_PASSWORD));
    }
    let (site, who) = (person.site.clone(), presenter(&person));
    let outcome = person
        .write(move |tx, actor| {
            Ok::<_, Halt<Fault>>(commands::turn_off(tx, &site, &who, &actor.into(), &presented)?)
        })
        .await?;
    match outcome {
        Ok(entering) => {
            begin_anew(&person, entering, false)?;
            let words = "Two-factor authentication is off. Your other sessions have ended.";
            Ok(reply::onward_saying(&request, &url::settings_at(SECTION), words))
        }
        Err(StaysOn::LastAdministrator) => again(&Errors::of_code(forms::LAST_ADMINISTRATOR)),
        Err(StaysOn::Code(Verdict::Wait(wait))) => Err(Problem::TooOften { wait }),
        Err(StaysOn::Code(Verdict::Off)) => Ok(off_already(&request)),
        Err(StaysOn::Code(Verdict::Wrong | Verdict::Right(_))) => again(&Errors::of_code(forms::WRONG_CODE)),
    }
}

pub async fn codes(request: HttpRequest, person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    let standing = standing(&person).await?;
    if standing.since.is_none() {
        return Ok(off_already(&request));
    }
    let page = RenewPage { frame: person.frame(), codes_left: standing.codes_left };
    reply::page_or_dialog(&wants, StatusCode::OK, &page, &page.as_dialog())
}

pub async fn renew(request: HttpRequest, person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    person.needs_fresh_proof()?;
    let (site, who) = (person.site.clone(), presenter(&person));
    let renewed = person
        .write(move |tx, actor| Ok::<_, Halt<Fault>>(commands::renew_codes(tx, &site, &who, &actor.into())?))
        .await?;
    match renewed {
        Some(codes) => shown_once(&person, &wants, ("New recovery codes", &codes)).await,
        None => Ok(off_already(&request)),
    }
}

/// The codes that the page shows, as a file: what the form brings back, and nothing but recovery codes.
pub async fn download(person: SignedIn, fields: Fields) -> Result<HttpResponse, Problem> {
    let codes: Vec<_> = fields.all("code").take(RECOVERY_CODES).filter_map(RecoveryCode::parse).collect();
    if codes.is_empty() {
        return Err(Problem::NotFound);
    }
    let codes: String = codes.iter().map(|code| code.shown() + "\r\n").collect();
    let head = head(&person.me.email, &person.organization.name);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"recovery-codes.txt\""))
        .body(format!("{head}\r\nEach works once.\r\n\r\n{codes}")))
}

/// The file is made of what the page shows, which is gone.
pub async fn no_download(request: HttpRequest, _: SignedIn) -> HttpResponse {
    reply::onward(&request, &url::settings_at(SECTION))
}

async fn is_right(person: &SignedIn, password: &PresentedPassword) -> Result<bool, Problem> {
    passwords::is_right(&person.site, &person.visitor, person.me.id, password).await
}

fn on_already(request: &HttpRequest) -> HttpResponse {
    reply::flash(request, ToastKind::Notice, "Two-factor authentication is on already.");
    reply::onward(request, &url::settings_at(SECTION))
}

fn off_already(request: &HttpRequest) -> HttpResponse {
    reply::flash(request, ToastKind::Notice, "Two-factor authentication is off.");
    reply::onward(request, &url::settings_at(SECTION))
}
