//! The form on which a SAML provider is set up.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};

use super::{
    ours,
    settings::{draft, keep, shown},
};
use crate::{
    access::actions::ChangeSso,
    saml,
    sso::{
        commands::{self, Shown},
        forms::{Errors, SamlDraft, Source, Tab},
        model::Draft,
        pages::SamlPage,
        words,
    },
    web::{Fields, Halt, Problem, SignedIn, form::Query, kept, reply, url},
};

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
    let allow_private = person.site.settings.allow_private_targets;
    let entered = match typed.parse(allow_private) {
        Ok(entered) => entered,
        Err(errors) => return again(&errors),
    };
    person.needs_fresh_proof()?;
    let provider = match &entered.source {
        Source::Entered(provider) => Ok(provider.clone()),
        Source::At(url) => {
            let site = &person.site;
            commands::described(site.fetcher(), url, (site.db.now(), allow_private)).await
        }
    };
    let draft = match provider {
        Ok(provider) => entered.draft(&provider, shown.connection.as_ref()),
        Err(why) => return again(&Errors::at("metadata_url", words::not_described(&why))),
    };
    make_key(&person, &draft).await?;
    match keep(&person, draft).await {
        Ok(()) => Ok(reply::onward(&request, url::SSO_DEPLOY)),
        Err(Halt::Refused(why)) => again(&words::not_deployed(&why)),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

/// The installation's key for requests, when this provider wants them signed and there is none yet. It is made now, so
/// that the metadata name its certificate before the provider is to believe it.
async fn make_key(person: &SignedIn, draft: &Draft) -> Result<(), Problem> {
    let (db, sealer) = (&person.site.db, person.site.sealer.clone());
    if let Some(fresh) = commands::fresh_key(db, sealer.clone(), draft).await? {
        db.write(None, move |tx| saml::keep_signing_key(tx, &sealer, fresh.clone())).await?;
    }
    Ok(())
}
