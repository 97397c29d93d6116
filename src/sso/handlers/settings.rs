//! The page on which single sign-on is set up.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};

use super::ours;
use crate::{
    access::actions::{Action, ChangeSso, ReadSso},
    base::clock::Moment,
    sso::{
        commands::{self, Deployed, Shown, Waiting},
        forms::{Errors, OidcDraft},
        model::{DeployRefusal, Draft},
        pages::{DeployPage, IndexPage, OidcPage},
        words,
    },
    web::{Fields, Halt, Problem, SignedIn, kept, reply, url},
};

pub async fn index(person: SignedIn) -> Result<HttpResponse, Problem> {
    page(&person, None).await
}

async fn page(person: &SignedIn, refused: Option<&str>) -> Result<HttpResponse, Problem> {
    let shown = shown(person).await?;
    let page = IndexPage::new(person.frame(), &shown, &person.site.catalogue, ours(person), at(person))
        .for_who_may_change(person.actor.may_do(ChangeSso::NAME));
    match refused {
        Some(words) => reply::unprocessable(&page.refused(words)),
        None => reply::html(&page),
    }
}

/// Now, and where the person lives.
fn at(person: &SignedIn) -> (Moment, &str) {
    (person.site.db.now(), &person.me.time_zone)
}

pub(super) async fn shown(person: &SignedIn) -> Result<Shown, Problem> {
    person.read(|conn, actor| Ok::<_, Problem>(commands::shown(conn, &actor.may(ReadSso)?)?)).await
}

pub(super) async fn draft(person: &SignedIn) -> Result<Option<Waiting>, Problem> {
    let (sealer, organization, now) =
        (person.site.sealer.clone(), person.organization.id, person.site.db.now());
    Ok(person.read(move |conn, _| commands::draft(conn, &sealer, organization, now)).await?)
}

/// Turns it on or off, or removes it.
pub async fn change(request: HttpRequest, person: SignedIn, fields: Fields) -> Result<HttpResponse, Problem> {
    person.actor.may(ChangeSso)?;
    let act = fields.get("act").to_owned();
    let said = match act.as_str() {
        "enable" => "Single sign-on is on.",
        "disable" => "Single sign-on is off. People sign in by their other ways.",
        "remove" => "Single sign-on is removed.",
        _ => return Err(Problem::NotFound),
    };
    person.needs_fresh_proof()?;
    let done = person
        .write(move |tx, actor| {
            let permit = actor.may(ChangeSso)?;
            let done = match act.as_str() {
                "remove" => commands::remove(tx, permit),
                act => commands::enable(tx, permit, act == "enable"),
            };
            Ok(done?)
        })
        .await;
    match done {
        Ok(()) => Ok(reply::onward_saying(&request, url::SSO, said)),
        Err(Halt::Refused(why)) => page(&person, Some(words::not_changed(why))).await,
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

pub async fn oidc(request: HttpRequest, person: SignedIn) -> Result<HttpResponse, Problem> {
    person.actor.may(ChangeSso)?;
    let shown = shown(&person).await?;
    let typed = match kept::take(&request) {
        Some(fields) => OidcDraft::read(&fields),
        None => {
            let waiting = draft(&person).await?.and_then(|waiting| OidcDraft::of(&waiting.draft));
            let in_force = || shown.connection.as_ref().and_then(OidcDraft::of);
            waiting.or_else(in_force).unwrap_or_default()
        }
    };
    form(&person, StatusCode::OK, &typed, &Errors::default(), &shown)
}

fn form(
    person: &SignedIn,
    status: StatusCode,
    typed: &OidcDraft,
    errors: &Errors,
    shown: &Shown,
) -> Result<HttpResponse, Problem> {
    let around = (shown, &*person.site.catalogue);
    reply::with_status(status, &OidcPage::new(person.frame(), typed, errors, around, ours(person).redirect))
}

/// Looks at what was typed, asks the provider, and leads on to the confirmation.
pub async fn next(request: HttpRequest, person: SignedIn, fields: Fields) -> Result<HttpResponse, Problem> {
    person.actor.may(ChangeSso)?;
    let (typed, shown) = (OidcDraft::read(&fields), shown(&person).await?);
    if typed.people.wants_rows {
        return form(&person, StatusCode::OK, &typed, &Errors::default(), &shown);
    }
    let again = |errors: &Errors| form(&person, StatusCode::UNPROCESSABLE_ENTITY, &typed, errors, &shown);
    let parsed = typed.parse(person.site.settings.allow_private_targets, shown.connection.as_ref());
    let draft = match parsed {
        Ok(draft) => draft,
        Err(errors) => return again(&errors),
    };
    person.needs_fresh_proof()?;
    if let Err(why) = commands::discovered(&draft.configuration, person.site.fetcher()).await {
        return again(&Errors::at("discovery", words::not_discovered(&why)));
    }
    match keep(&person, draft).await {
        Ok(()) => Ok(reply::onward(&request, url::SSO_DEPLOY)),
        Err(Halt::Refused(why)) => again(&words::not_deployed(&why)),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

pub(super) async fn keep(person: &SignedIn, draft: Draft) -> Result<(), Halt<DeployRefusal>> {
    let sealer = person.site.sealer.clone();
    person.write(move |tx, actor| Ok(commands::keep(tx, &actor.may(ChangeSso)?, &sealer, &draft)?)).await
}

/// The confirmation.
pub async fn waiting(request: HttpRequest, person: SignedIn) -> Result<HttpResponse, Problem> {
    person.actor.may(ChangeSso)?;
    let Some(waiting) = draft(&person).await? else { return Ok(reply::onward(&request, url::SSO)) };
    let shown = shown(&person).await?;
    reply::html(&DeployPage::new(person.frame(), &waiting, (&shown, &person.site.catalogue), at(&person)))
}

pub async fn deploy(request: HttpRequest, person: SignedIn, fields: Fields) -> Result<HttpResponse, Problem> {
    person.actor.may(ChangeSso)?;
    person.needs_fresh_proof()?;
    let (sealer, name) = (person.site.sealer.clone(), fields.get("draft").to_owned());
    let done =
        person.write(move |tx, actor| Ok(commands::deploy(tx, actor.may(ChangeSso)?, &sealer, &name)?));
    match done.await {
        Ok(Deployed::Begun) => {
            let words =
                "Single sign-on is deployed. People with an address in its domains can come by it now.";
            Ok(reply::onward_saying(&request, url::SSO, words))
        }
        Ok(Deployed::Changed) => Ok(reply::onward_saying(&request, url::SSO, "Single sign-on is changed.")),
        Err(Halt::Refused(why)) => not_deployed(&person, &words::not_deployed(&why)).await,
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

async fn not_deployed(person: &SignedIn, errors: &Errors) -> Result<HttpResponse, Problem> {
    let (waiting, shown) = (draft(person).await?, shown(person).await?);
    match waiting {
        Some(waiting) => {
            let page =
                DeployPage::new(person.frame(), &waiting, (&shown, &person.site.catalogue), at(person));
            reply::unprocessable(&page.refused(errors))
        }
        None => {
            let words = errors.0.first().map(|(_, words)| words.clone()).unwrap_or_default();
            page(person, Some(&words)).await
        }
    }
}
