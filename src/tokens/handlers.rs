//! The pages of tokens over HTTP.

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Path, ServiceConfig},
};

use super::{
    commands::{self, CreateRefusal, Parting, RevokeRefusal},
    forms::{NewDraft, NewErrors},
    pages::{CreatedPage, NewPage, RevokePage, Row, Tab, TokensPage},
};
use crate::{
    access::actions::{CreateToken, ListOwnTokens, ReadTokens, RevokeOwnToken, RevokeToken},
    base::ids::AccessTokenId,
    web::{Fields, Halt, Problem, SignedIn, Wants, form::Query, kept, page::ToastKind, reply, url},
};

/// Tokens on one page of the list.
const ON_A_PAGE: usize = 50;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource(url::TOKENS).get(index))
        .service(web::resource(url::TOKEN_NEW).get(new).post(create))
        .service(web::resource(format!("{}/{{id}}/revoke", url::TOKENS)).get(parting).post(revoke));
}

async fn index(person: SignedIn, Query(query): Query) -> Result<HttpResponse, Problem> {
    let after: Option<AccessTokenId> = query.get("after").parse().ok();
    let tabs: Vec<Tab> = Tab::ALL.into_iter().filter(|tab| tab.is_open_to(&person.actor)).collect();
    let usual = tabs.first().copied().unwrap_or(Tab::Mine);
    let tab = Tab::parse(query.get("show")).unwrap_or(usual);
    let (most, now) = (i64::try_from(ON_A_PAGE + 1).unwrap_or(i64::MAX), person.site.db.now());
    let (mut tokens, owners) = person
        .read(move |conn, actor| {
            Ok::<_, Problem>(match tab {
                Tab::Mine => (commands::own(conn, &actor.may(ListOwnTokens)?, after, most)?, BTreeMap::new()),
                Tab::Everyone => commands::everybodys(conn, &actor.may(ReadTokens)?, after, most)?,
            })
        })
        .await?;
    let is_more = tokens.len() > ON_A_PAGE;
    tokens.truncate(ON_A_PAGE);
    let next = tokens.last().filter(|_| is_more).map(|last| format!("{}&after={}", tab.href(), last.id));
    let (actor, at) = (&person.actor, (now, person.me.time_zone.as_str()));
    let row = |token| match tab {
        Tab::Mine => Row::of(token, actor, at),
        Tab::Everyone => Row::of_everybodys(token, &owners, actor, at),
    };
    reply::html(&TokensPage {
        tab,
        tabs,
        rows: tokens.into_iter().map(row).collect(),
        may_create: actor.may_do("tokens.create"),
        previous: after.map(|_| tab.href()),
        next,
        frame: person.frame(),
    })
}

async fn new(request: HttpRequest, person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    person.actor.may(CreateToken)?;
    let draft = kept::take(&request).map(|fields| NewDraft::read(&fields)).unwrap_or_default();
    form(&person, &wants, StatusCode::OK, &draft, NewErrors::default())
}

fn form(
    person: &SignedIn,
    wants: &Wants,
    status: StatusCode,
    draft: &NewDraft,
    errors: NewErrors,
) -> Result<HttpResponse, Problem> {
    let page = NewPage::new(person.frame(), &person.actor, draft, errors);
    show(wants, status, &page, &page.as_dialog())
}

async fn create(person: SignedIn, wants: Wants, fields: Fields) -> Result<HttpResponse, Problem> {
    person.actor.may(CreateToken)?;
    let draft = NewDraft::read(&fields);
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let new = match draft.parse() {
        Ok(new) => new,
        Err(errors) => return form(&person, &wants, wrong, &draft, errors),
    };
    person.needs_fresh_proof()?;
    let name = new.name.as_str().to_owned();
    let made = person.write(move |tx, actor| Ok(commands::create(tx, actor.may(CreateToken)?, &new)?)).await;
    match made {
        Ok(created) => {
            let page = CreatedPage::new(person.frame(), &name, &created, &person.me.time_zone);
            show(&wants, StatusCode::OK, &page, &page.as_dialog())
        }
        Err(Halt::Refused(refusal)) => form(&person, &wants, wrong, &draft, refused(&refusal)),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

/// What the form says of a refusal.
fn refused(refusal: &CreateRefusal) -> NewErrors {
    let words = commands::words(refusal);
    match refusal {
        CreateRefusal::NotHeld(_) | CreateRefusal::NoRole => {
            NewErrors { roles: Some(words), ..NewErrors::default() }
        }
        CreateRefusal::OutlivesParent => NewErrors { expiration: Some(words), ..NewErrors::default() },
        CreateRefusal::TooMany | CreateRefusal::NobodyToOwnIt => {
            NewErrors { whole: Some(words), ..NewErrors::default() }
        }
    }
}

async fn parting(
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
    Query(query): Query,
) -> Result<HttpResponse, Problem> {
    let parting = known(&person, id(&path)?).await?;
    let tab = Tab::parse(query.get("show"));
    let page = RevokePage { frame: person.frame(), back: back(&person, &parting, tab), parting, tab };
    show(&wants, StatusCode::OK, &page, &page.as_dialog())
}

/// A token that whoever asks may revoke.
async fn known(person: &SignedIn, id: AccessTokenId) -> Result<Parting, Problem> {
    person
        .read(move |conn, actor| {
            let parting = commands::parting(conn, actor, id)?.ok_or(Problem::NotFound)?;
            let is_own = Some(parting.owner) == actor.user();
            if is_own && actor.may(RevokeOwnToken { of: id }).is_ok() {
                return Ok(parting);
            }
            actor.may(RevokeToken { of: id })?;
            Ok(parting)
        })
        .await
}

/// Where the list is that the token stands in: the one that asked, or its owner's.
fn back(person: &SignedIn, parting: &Parting, tab: Option<Tab>) -> String {
    match tab {
        Some(tab) => tab.href(),
        None if parting.owner == person.me.id => url::TOKENS.to_owned(),
        None => url::user(parting.owner),
    }
}

async fn revoke(
    request: HttpRequest,
    person: SignedIn,
    path: Path<String>,
    Query(query): Query,
) -> Result<HttpResponse, Problem> {
    let id = id(&path)?;
    let parting = known(&person, id).await?;
    let is_own = parting.owner == person.me.id;
    let done = person
        .write(move |tx, actor| match actor.may(RevokeOwnToken { of: id }) {
            Ok(permit) if is_own => Ok(commands::revoke_own(tx, permit)?),
            _ => Ok(commands::revoke(tx, actor.may(RevokeToken { of: id })?)?),
        })
        .await;
    let to = back(&person, &parting, Tab::parse(query.get("show")));
    match done {
        Ok(name) => {
            let words = format!("The token {name} is revoked. Whatever uses it is refused from now on.");
            Ok(reply::onward_saying(&request, &to, words))
        }
        Err(Halt::Refused(RevokeRefusal::NoSuchToken)) => Err(Problem::NotFound),
        Err(Halt::Refused(RevokeRefusal::RevokedAlready)) => {
            reply::flash(&request, ToastKind::Notice, "That token had been revoked already.");
            Ok(reply::onward(&request, &to))
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

fn id(path: &Path<String>) -> Result<AccessTokenId, Problem> {
    path.parse().map_err(|_| Problem::NotFound)
}

/// The page whole, or its dialog when that is what htmx swaps.
fn show(
    wants: &Wants,
    status: StatusCode,
    page: &impl askama::Template,
    dialog: &impl askama::Template,
) -> Result<HttpResponse, Problem> {
    match wants.block("dialog") {
        true => reply::with_status(status, dialog),
        false => reply::with_status(status, page),
    }
}
