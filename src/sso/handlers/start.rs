//! Where the way to an organization's provider begins.

use ::url::Url;
use actix_web::{HttpRequest, HttpResponse};

use super::{redirect, refused};
use crate::{
    db::Fault,
    openid::NotVouched,
    saml::{self, Own},
    sso::{
        commands::{self, Begun},
        forms::{self, StartDraft},
        model::{Configuration, Connection, Goal, Saml},
        pages::{GoingPage, SignInPage},
    },
    web::{Anyone, Fields, Problem, SignedIn, Site, form::Query, reply, round_trip, url},
};

/// Whoever has such an address is told the same, and whether anybody has it is not looked at.
const LEADS_NOWHERE: &str =
    "No single sign-on leads from addresses in this domain. Check it, or sign in another way.";

pub async fn show(request: HttpRequest, person: Anyone, query: Query) -> Result<HttpResponse, Problem> {
    let draft = StartDraft::read(&query.0);
    if person.signed_in().await?.is_some() {
        let to = if draft.return_to.is_empty() { url::HOME } else { &draft.return_to };
        return Ok(reply::onward(&request, to));
    }
    reply::html(&SignInPage::new(person.frame(), &draft, None))
}

/// The domain of an address leads to its organization's provider.
pub async fn create(person: Anyone, fields: Fields) -> Result<HttpResponse, Problem> {
    let draft = StartDraft::read(&fields);
    let again = |words: &str| reply::unprocessable(&SignInPage::new(person.frame(), &draft, Some(words)));
    let email = match draft.parse() {
        Ok(email) => email,
        Err(words) => return again(words),
    };
    let (db, from) = (&person.site.db, person.visitor.address);
    if let Some(wait) = db.write(None, move |tx| commands::throttled(tx, from)).await? {
        return Err(Problem::TooOften { wait });
    }
    let found = db.read(move |conn| commands::leads_from(conn, email.ascii_domain())).await?;
    match found {
        Some((connection, code)) => go(&person, &connection, &code, draft.goal()).await,
        None => again(LEADS_NOWHERE),
    }
}

/// For a fresh proof.
pub async fn prove(request: HttpRequest, person: SignedIn, fields: Fields) -> Result<HttpResponse, Problem> {
    let user = person.me.id;
    let found = person.read(move |conn, _| commands::own(conn, user)).await?;
    let connection = found.ok_or(Problem::NotFound)?;
    let (anyone, from) = (Anyone::of(&request)?, person.visitor.address);
    if let Some(wait) = person.site.db.write(None, move |tx| commands::throttled(tx, from)).await? {
        return Err(Problem::TooOften { wait });
    }
    let goal = Goal::Prove { user, return_to: forms::return_to(&fields) };
    go(&anyone, &connection, &person.organization.code, goal).await
}

/// Keeps the way that begins here, and leads on to the provider.
pub(super) async fn go(
    person: &Anyone,
    connection: &Connection,
    code: &str,
    goal: Goal,
) -> Result<HttpResponse, Problem> {
    let site = &person.site;
    let (organization, mut begun) = (connection.organization, Begun::new(connection, goal, site.db.now()));
    let asked = match &connection.configuration {
        Configuration::Oidc(_) => authorization(site, connection, &begun, code).await,
        Configuration::Saml(saml) => Ok(ask(site, saml, &mut begun, code).await?),
    };
    let href = match asked {
        Ok(href) => href,
        Err(why) => return refused(person, organization, &begun.attempt.goal, why).await,
    };
    let (holder, sealer) = (round_trip::holder(&person.session)?, site.sealer.clone());
    site.db.write(None, move |tx| commands::begin(tx, &sealer, &begun, &holder)).await?;
    let host = href.host_str().unwrap_or_default().to_owned();
    reply::html(&GoingPage { frame: person.frame(), host, href: href.to_string() })
}

async fn authorization(
    site: &Site,
    connection: &Connection,
    begun: &Begun,
    code: &str,
) -> Result<Url, NotVouched> {
    let provider = commands::provider(&site.sealer, connection, site.settings.allow_private_targets)?;
    provider.authorization(begun, &redirect(site, code)).await
}

/// Writes a request to a SAML provider; the way remembers its id.
async fn ask(site: &Site, saml: &Saml, begun: &mut Begun, code: &str) -> Result<Url, Fault> {
    let own = Own::of(&site.settings.public_origin(), code);
    let sealer = site.sealer.clone();
    let key = match saml.signs_requests {
        true => site.db.read(move |conn| saml::signing_key(conn, &sealer)).await?,
        false => None,
    };
    let relay = (begun.state.as_str(), begun.attempt.anew_since().is_some());
    let request = saml::begin(&saml.provider(), &own, relay, key.as_ref())
        .map_err(|why| Fault::broken("asking a SAML provider", why))?;
    begun.attempt.request_id = request.request_id;
    Url::parse(&request.address).map_err(|why| Fault::broken("asking a SAML provider", why))
}

/// The form of another page is sent here.
pub async fn to_prove(request: HttpRequest, _: SignedIn, query: Query) -> HttpResponse {
    reply::onward(&request, &url::prove_and_return(&forms::return_to(&query.0)))
}
