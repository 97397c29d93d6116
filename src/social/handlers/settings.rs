//! Linked accounts in the settings.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use crate::{
    settings::Provider,
    social::{
        commands,
        model::{Linked, NotUnlinked},
        pages::{LinkedSection, UnlinkPage},
        words,
    },
    web::{
        Halt, Problem, SignedIn, Wants, reply, section,
        session::{self, Stage},
        url,
    },
};

/// The section as it stands for this person.
pub async fn section(person: &SignedIn) -> Result<LinkedSection, Problem> {
    let (user, settings) = (person.me.id, &person.site.settings);
    let linked = person.read(move |conn, _| commands::list(conn, user)).await?;
    let issuers: Vec<_> =
        Provider::ALL.into_iter().map(|provider| (provider, settings.issuer_of(provider))).collect();
    Ok(LinkedSection::new(&linked, &issuers, &person.me.time_zone))
}

pub async fn show(person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    let section = section(&person).await?;
    match section.is_there() {
        true => section::show(&person, &wants, StatusCode::OK, &section),
        false => Err(Problem::NotFound),
    }
}

pub async fn parting(person: SignedIn, wants: Wants, path: Path<String>) -> Result<HttpResponse, Problem> {
    let page = UnlinkPage::new(person.frame(), &own(&person, &path).await?, None);
    reply::page_or_dialog(&wants, StatusCode::OK, &page, &page.as_dialog())
}

pub async fn unlink(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
) -> Result<HttpResponse, Problem> {
    let linked = own(&person, &path).await?;
    person.needs_fresh_proof()?;
    let (whose, issuers) = ((person.me.id, linked.provider), person.site.settings.issuers());
    match person.write(move |tx, actor| Ok(commands::unlink(tx, actor, whose, &issuers)?)).await {
        Ok(entering) => {
            let proofs = person.who.proofs.clone();
            session::begin(&person.session, &person.visitor, entering, Stage::Full, proofs)?;
            let words = format!("{} is unlinked. Your other sessions have ended.", linked.provider.label());
            Ok(reply::onward_saying(&request, &url::settings_at("linked"), words))
        }
        Err(Halt::Refused(NotUnlinked::NotLinked)) => Err(Problem::NotFound),
        Err(Halt::Refused(why @ (NotUnlinked::LastWay | NotUnlinked::LastAdministrator))) => {
            let words = words::not_unlinked(linked.provider, why);
            let page = UnlinkPage::new(person.frame(), &linked, Some(words));
            reply::page_or_dialog(&wants, StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog())
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

/// A linked account of one's own.
async fn own(person: &SignedIn, word: &str) -> Result<Linked, Problem> {
    let (user, provider) = (person.me.id, Provider::of_word(word).ok_or(Problem::NotFound)?);
    let linked = person.read(move |conn, _| commands::list(conn, user)).await?;
    linked.into_iter().find(|linked| linked.provider == provider).ok_or(Problem::NotFound)
}
