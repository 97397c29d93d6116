//! One's own passkeys in the settings.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use super::{ask, party, take};
use crate::{
    base::ids::PasskeyId,
    passkeys::{
        commands, forms,
        model::{self, AddRefusal, ChangeRefusal, Shown},
        pages::{Draft, EditPage, PasskeysSection, RemovePage},
        words,
    },
    web::{
        Browser, Fields, Halt, Problem, SignedIn, Wants, kept, reply, section,
        session::{self, Stage},
        url,
    },
};

/// The section as it stands for this person.
pub async fn section(request: &HttpRequest, person: &SignedIn) -> Result<PasskeysSection, Problem> {
    let name = kept_name(request).unwrap_or_else(|| Browser::of(request).device);
    with(person, Draft { name, error: None, refused: None }).await
}

fn kept_name(request: &HttpRequest) -> Option<String> {
    kept::take(request).map(|fields| fields.get("name").to_owned())
}

async fn with(person: &SignedIn, draft: Draft) -> Result<PasskeysSection, Problem> {
    let user = person.me.id;
    let passkeys = person.read(move |conn, _| commands::list(conn, user)).await?;
    let is_possible = model::party(&person.site.settings).is_some();
    Ok(PasskeysSection::new(passkeys, &person.me.time_zone, is_possible, draft))
}

pub async fn show(request: HttpRequest, person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    section::show(&person, &wants, StatusCode::OK, &section(&request, &person).await?)
}

/// The question to make a passkey.
pub async fn begin(person: SignedIn) -> Result<HttpResponse, Problem> {
    person.needs_fresh_proof()?;
    let (party, me, now) = (party(&person.site)?, person.me.clone(), person.site.db.now());
    let shown = if me.name.is_empty() { me.email.clone() } else { me.name.clone() };
    let question = person
        .read(move |conn, _| commands::ask_to_add(conn, &party, (me.id, &me.email, &shown), now))
        .await?;
    match question {
        Some((question, ceremony)) => ask(&person.session, &question, &ceremony),
        None => Err(Problem::NotAllowedHere),
    }
}

pub async fn create(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    person.needs_fresh_proof()?;
    let (party, typed) = (party(&person.site)?, fields.get("name").to_owned());
    let name = match forms::name(&fields) {
        Ok(name) => name,
        Err(words) => {
            let draft = Draft { name: typed, error: Some(words), refused: None };
            return refused(&person, &wants, draft).await;
        }
    };
    let (Some(ceremony), Some(answer)) = (take(&person.session), forms::answer(&fields)) else {
        return refused(&person, &wants, not_added(typed, AddRefusal::Unfit)).await;
    };
    let told = name.clone();
    let added = person
        .write(move |tx, actor| Ok(commands::add(tx, actor, &party, &ceremony, (&name, &answer))?))
        .await;
    match added {
        Ok(()) => {
            let words = format!("The passkey “{told}” can sign in from now on.");
            Ok(reply::onward_saying(&request, &url::settings_at("passkeys"), words))
        }
        Err(Halt::Refused(refusal)) => refused(&person, &wants, not_added(typed, refusal)).await,
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

async fn refused(person: &SignedIn, wants: &Wants, draft: Draft) -> Result<HttpResponse, Problem> {
    let shown = with(person, draft).await?;
    section::show(person, wants, StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

fn not_added(name: String, refusal: AddRefusal) -> Draft {
    Draft { name, error: None, refused: Some(words::not_added(refusal).to_owned()) }
}

pub async fn edit(person: SignedIn, wants: Wants, path: Path<String>) -> Result<HttpResponse, Problem> {
    let page = EditPage::new(person.frame(), &own(&person, &path).await?, None, None);
    reply::page_or_dialog(&wants, StatusCode::OK, &page, &page.as_dialog())
}

pub async fn update(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let passkey = own(&person, &path).await?;
    let name = match forms::name(&fields) {
        Ok(name) => name,
        Err(words) => {
            let page = EditPage::new(person.frame(), &passkey, Some(fields.get("name")), Some(words));
            return reply::page_or_dialog(&wants, StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog());
        }
    };
    let own = (person.me.id, passkey.id);
    let told = format!("The passkey is called “{name}” now.");
    match person.write(move |tx, actor| Ok(commands::rename(tx, actor, own, &name)?)).await {
        Ok(()) => Ok(reply::onward_saying(&request, &url::settings_at("passkeys"), told)),
        Err(Halt::Refused(ChangeRefusal::NoSuchPasskey)) => Err(Problem::NotFound),
        Err(Halt::Refused(refusal)) => not_removed(&person, &wants, passkey, refusal),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

pub async fn parting(person: SignedIn, wants: Wants, path: Path<String>) -> Result<HttpResponse, Problem> {
    let page = RemovePage::new(person.frame(), own(&person, &path).await?, None);
    reply::page_or_dialog(&wants, StatusCode::OK, &page, &page.as_dialog())
}

pub async fn remove(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
) -> Result<HttpResponse, Problem> {
    let passkey = own(&person, &path).await?;
    person.needs_fresh_proof()?;
    let own = (person.me.id, passkey.id);
    let issuers = person.site.settings.issuers();
    match person.write(move |tx, actor| Ok(commands::remove(tx, actor, own, &issuers)?)).await {
        Ok((gone, entering)) => {
            let proofs = person.who.proofs.clone();
            session::begin(&person.session, &person.visitor, entering, Stage::Full, proofs)?;
            let words = format!("The passkey “{}” is removed. Your other sessions have ended.", gone.name);
            Ok(reply::onward_saying(&request, &url::settings_at("passkeys"), words))
        }
        Err(Halt::Refused(ChangeRefusal::NoSuchPasskey)) => Err(Problem::NotFound),
        Err(Halt::Refused(refusal)) => not_removed(&person, &wants, passkey, refusal),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

fn not_removed(
    person: &SignedIn,
    wants: &Wants,
    passkey: Shown,
    refusal: ChangeRefusal,
) -> Result<HttpResponse, Problem> {
    let words = match refusal {
        ChangeRefusal::NoSuchPasskey => return Err(Problem::NotFound),
        ChangeRefusal::LastWay => {
            "This is your only way to sign in. Set a password or add another passkey, then remove this one."
        }
        ChangeRefusal::LastAdministrator => {
            "Nobody who administers the organization could sign in any more. Give somebody else IAM Admin and a way to \
             sign in first."
        }
    };
    let page = RemovePage::new(person.frame(), passkey, Some(words));
    reply::page_or_dialog(wants, StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog())
}

/// A passkey of one's own; another's is not there.
async fn own(person: &SignedIn, path: &str) -> Result<Shown, Problem> {
    let id: PasskeyId = path.parse().map_err(|_| Problem::NotFound)?;
    let user = person.me.id;
    person.read(move |conn, _| commands::find(conn, user, id)).await?.ok_or(Problem::NotFound)
}
