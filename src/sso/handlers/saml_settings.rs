//! The form on which a SAML provider is set up.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};

use super::{
    ours,
    settings::{draft, keep, shown},
};
use crate::{
    access::actions::ChangeSso,
    db::Fault,
    outbound::{Call, Method},
    saml::{self, LONGEST_METADATA, Provider, SigningKey},
    sso::{
        commands::Shown,
        forms::{self, Errors, SamlDraft, Source, Tab},
        model::{Configuration, Draft},
        pages::SamlPage,
        words,
    },
    web::{Fields, Halt, Problem, SignedIn, Site, form::Query, kept, reply, url},
};

/// For all of the metadata.
const PATIENCE: Duration = Duration::from_secs(6);

pub async fn show(request: HttpRequest, person: SignedIn, query: Query) -> Result<HttpResponse, Problem> {
    person.actor.may(ChangeSso)?;
    let shown = shown(&person).await?;
    let mut typed = match kept::take(&request) {
        Some(fields) => SamlDraft::read(&fields),
        None => {
            let waiting = draft(&person).await?.and_then(|waiting| SamlDraft::of(&waiting.draft));
            let in_force = || shown.connection.as_ref().and_then(SamlDraft::of);
            waiting.or_else(in_force).unwrap_or_default()
        }
    };
    typed.tab = Tab::read(&query.0).unwrap_or(typed.tab);
    form(&person, StatusCode::OK, &typed, &Errors::default(), &shown)
}

fn form(
    person: &SignedIn,
    status: StatusCode,
    typed: &SamlDraft,
    errors: &Errors,
    shown: &Shown,
) -> Result<HttpResponse, Problem> {
    let around = (shown, &*person.site.catalogue);
    reply::with_status(status, &SamlPage::new(person.frame(), typed, errors, around, ours(person).saml))
}

/// Looks at what was typed, or reads the metadata again, and leads on to the confirmation.
pub async fn next(request: HttpRequest, person: SignedIn, fields: Fields) -> Result<HttpResponse, Problem> {
    person.actor.may(ChangeSso)?;
    let shown = shown(&person).await?;
    let typed = match fields.get("act") {
        "again" => shown.connection.as_ref().and_then(SamlDraft::of).ok_or(Problem::NotFound)?,
        _ => SamlDraft::read(&fields),
    };
    if typed.people.wants_rows {
        return form(&person, StatusCode::OK, &typed, &Errors::default(), &shown);
    }
    let again = |errors: &Errors| form(&person, StatusCode::UNPROCESSABLE_ENTITY, &typed, errors, &shown);
    let entered = match typed.parse(person.site.settings.allow_private_targets) {
        Ok(entered) => entered,
        Err(errors) => return again(&errors),
    };
    person.needs_fresh_proof()?;
    let provider = match &entered.source {
        Source::Entered(provider) => Ok(provider.clone()),
        Source::At(url) => described(&person.site, url).await,
    };
    let draft = match provider {
        Ok(provider) => entered.draft(&provider, shown.connection.as_ref()),
        Err(words) => return again(&Errors::at("metadata_url", words)),
    };
    make_key(&person, &draft).await?;
    match keep(&person, draft).await {
        Ok(()) => Ok(reply::onward(&request, url::SSO_DEPLOY)),
        Err(Halt::Refused(why)) => again(&words::not_deployed(&why)),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

/// What the metadata at this address say; or why not, in words.
async fn described(site: &Site, url: &::url::Url) -> Result<Provider, String> {
    let away = |why: &dyn std::fmt::Display| format!("The metadata could not be fetched: {why}.");
    let headers = [("accept", "application/samlmetadata+xml, application/xml, text/xml, */*".to_owned())];
    let call = Call {
        method: Method::GET,
        url,
        headers: &headers,
        body: Vec::new(),
        within: PATIENCE,
        most: LONGEST_METADATA,
    };
    let answer = site.fetcher().send(call).await.map_err(|why| away(&why))?;
    if !answer.is_success() {
        return Err(format!("The metadata could not be fetched: the answer there is {}.", answer.status));
    }
    let provider =
        saml::metadata(&answer.body, site.db.now()).map_err(|why| forms::sentence(&why.to_string()))?;
    match forms::sso_url(provider.sso_url.as_str(), site.settings.allow_private_targets) {
        Ok(_) => Ok(provider),
        Err(_) => Err("The metadata name an SSO URL that does not begin with https://.".to_owned()),
    }
}

/// The installation's key for requests, when this provider wants them signed and there is none yet. It is made now, so
/// that the metadata name its certificate before the provider is to believe it.
async fn make_key(person: &SignedIn, draft: &Draft) -> Result<(), Problem> {
    let Configuration::Saml(saml) = &draft.configuration else { return Ok(()) };
    if !saml.signs_requests {
        return Ok(());
    }
    let (db, sealer) = (&person.site.db, person.site.sealer.clone());
    let own = sealer.clone();
    if db.read(move |conn| saml::signing_key(conn, &own)).await?.is_some() {
        return Ok(());
    }
    let now = db.now();
    let broken = || Fault::broken("making a key for SAML requests", "it could not be made");
    let fresh = web::block(move || SigningKey::fresh(now)).await.ok().flatten().ok_or_else(broken)?;
    db.write(None, move |tx| saml::keep_signing_key(tx, &sealer, fresh.clone())).await?;
    Ok(())
}
