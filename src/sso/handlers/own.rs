//! Single sign-on in the settings of whoever comes by it.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};

use crate::{
    sso::{
        commands,
        model::{Known, NotUnlinked},
        pages::{OwnSection, UnlinkPage},
        words,
    },
    web::{
        Halt, Problem, SignedIn, Wants, reply, section,
        session::{self, Stage},
        url,
    },
};

/// The section of this person; nothing for whom no provider knows.
pub async fn section(person: &SignedIn) -> Result<Option<OwnSection>, Problem> {
    Ok(known(person).await?.map(|known| OwnSection::new(&known, &person.me.time_zone)))
}

async fn known(person: &SignedIn) -> Result<Option<Known>, Problem> {
    let user = person.me.id;
    Ok(person.read(move |conn, _| commands::known(conn, user)).await?)
}

pub async fn show(person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    let section = section(&person).await?.ok_or(Problem::NotFound)?;
    section::show(&person, &wants, StatusCode::OK, &section)
}

pub async fn parting(person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    let known = known(&person).await?.ok_or(Problem::NotFound)?;
    let page = UnlinkPage::new(person.frame(), &known, None);
    reply::page_or_dialog(&wants, StatusCode::OK, &page, &page.as_dialog())
}

pub async fn unlink(request: HttpRequest, person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    let known = known(&person).await?.ok_or(Problem::NotFound)?;
    person.needs_fresh_proof()?;
    let (user, issuers) = (person.me.id, person.site.settings.issuers());
    match person.write(move |tx, actor| Ok(commands::unlink(tx, actor, user, &issuers)?)).await {
        Ok(entering) => {
            let proofs = person.who.proofs.clone();
            session::begin(&person.session, &person.visitor, entering, Stage::Full, proofs)?;
            let words = "Single sign-on is unlinked. Your other sessions have ended.";
            Ok(reply::onward_saying(&request, url::SETTINGS, words))
        }
        Err(Halt::Refused(NotUnlinked::NotLinked)) => Err(Problem::NotFound),
        Err(Halt::Refused(why)) => {
            let page = UnlinkPage::new(person.frame(), &known, Some(words::not_unlinked(why)));
            reply::page_or_dialog(&wants, StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog())
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}
