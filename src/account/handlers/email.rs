//! Changing one's address.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use crate::{
    account::{
        commands::email as commands,
        forms::EmailDraft,
        model::{EmailChange, LinkFor, LinkRefusal},
        pages::{self, EmailSection, LinkPage, StoryPage, UndonePage},
    },
    base::ids::EmailChangeId,
    crypto::signing::Purpose,
    db::{Fault, Stop},
    web::{
        Anyone, Fields, Halt, Problem, SignedIn, Wants, kept, page::ToastKind, reply, section, session, url,
    },
};

/// The section as it stands, or with what was typed and what is wrong with it.
pub async fn section(
    person: &SignedIn,
    draft: &EmailDraft,
    error: Option<String>,
) -> Result<EmailSection, Problem> {
    let (user, now) = (person.me.id, person.site.db.now());
    let waiting = person.read(move |conn, _| commands::waiting(conn, user, now)).await?;
    Ok(EmailSection::new(&person.me, waiting, draft, error))
}

/// Somebody who signed in again, or proved who they are, finds here what they had typed.
pub async fn edit(request: HttpRequest, person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    let draft = kept::take(&request).map(|fields| EmailDraft::of(&fields)).unwrap_or_default();
    section::show(&person, &wants, StatusCode::OK, &section(&person, &draft, None).await?)
}

pub async fn update(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let draft = EmailDraft::of(&fields);
    let email = match draft.parse() {
        Ok(email) => email,
        Err(words) => return refuse(&person, &wants, &draft, words).await,
    };
    person.needs_fresh_proof()?;
    let (user, to) = (person.me.id, email.clone());
    match person.write(move |tx, actor| Ok(commands::ask(tx, actor, user, &to)?)).await {
        Ok(()) => {
            let words =
                format!("A link was sent to {email}. Open it within 24 hours to confirm the address.");
            Ok(reply::onward_saying(&request, &url::settings_at("email"), words))
        }
        Err(Halt::Refused(refusal)) => {
            refuse(&person, &wants, &draft, pages::refused(refusal, &person.organization.name)).await
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

async fn refuse(
    person: &SignedIn,
    wants: &Wants,
    draft: &EmailDraft,
    words: String,
) -> Result<HttpResponse, Problem> {
    let section = section(person, draft, Some(words)).await?;
    section::show(person, wants, StatusCode::UNPROCESSABLE_ENTITY, &section)
}

pub async fn cancel(request: HttpRequest, person: SignedIn) -> Result<HttpResponse, Problem> {
    let user = person.me.id;
    match person.write(move |tx, actor| Ok(commands::cancel(tx, actor, user)?)).await {
        Ok(true) => reply::flash(&request, ToastKind::Done, "The change of your address is cancelled."),
        Ok(false) => reply::flash(&request, ToastKind::Notice, "There was no change to cancel any more."),
        Err(Halt::<Fault>::Refused(fault)) => return Err(fault.into()),
        Err(Halt::Problem(problem)) => return Err(problem),
    }
    Ok(reply::onward(&request, &url::settings_at("email")))
}

pub async fn show_confirm(person: Anyone, path: Path<String>) -> Result<HttpResponse, Problem> {
    show(&person, &path, LinkFor::Confirming).await
}

pub async fn show_undo(person: Anyone, path: Path<String>) -> Result<HttpResponse, Problem> {
    show(&person, &path, LinkFor::Undoing).await
}

async fn show(person: &Anyone, token: &str, what: LinkFor) -> Result<HttpResponse, Problem> {
    let (change, allowed) = open(person, token, what).await?;
    match (change, allowed) {
        (Some(change), Ok(())) => reply::html(&LinkPage::new(person.frame(), change, what, token)),
        (change, Err(refusal)) => story(person, change.as_ref(), what, refusal),
        (None, Ok(())) => Err(Problem::NotFound),
    }
}

pub async fn confirm(
    request: HttpRequest,
    person: Anyone,
    path: Path<String>,
) -> Result<HttpResponse, Problem> {
    match act(&person, &path, LinkFor::Confirming).await? {
        Err(answer) => Ok(answer),
        Ok(change) => {
            let is_theirs = person.signed_in().await?.is_some_and(|account| account.user == change.user);
            let goal = if is_theirs { url::settings_at("email") } else { url::SIGN_IN.to_owned() };
            Ok(reply::onward_saying(&request, &goal, format!("The address is {} now.", change.to)))
        }
    }
}

pub async fn undo(person: Anyone, path: Path<String>) -> Result<HttpResponse, Problem> {
    match act(&person, &path, LinkFor::Undoing).await? {
        Err(answer) => Ok(answer),
        Ok(change) => {
            if session::who(&person.session).is_some_and(|who| who.user == change.user) {
                person.session.purge();
            }
            let (organization, email) = (change.organization_name, change.from);
            reply::html(&UndonePage { frame: person.frame(), organization, email })
        }
    }
}

/// Does what the link is for; otherwise the page that says why not.
async fn act(
    person: &Anyone,
    token: &str,
    what: LinkFor,
) -> Result<Result<EmailChange, HttpResponse>, Problem> {
    let (change, allowed) = open(person, token, what).await?;
    let change = match (change, allowed) {
        (Some(change), Ok(())) => change,
        (change, Err(refusal)) => return story(person, change.as_ref(), what, refusal).map(Err),
        (None, Ok(())) => return Err(Problem::NotFound),
    };
    let (id, organization, origin) = (change.id, change.organization, person.visitor.origin());
    let done = person.site.db.write(organization, move |tx| match what {
        LinkFor::Confirming => commands::confirm(tx, id, organization, &origin),
        LinkFor::Undoing => commands::undo(tx, id, organization, &origin),
    });
    match done.await {
        Ok(change) => Ok(Ok(change)),
        Err(Stop::Refused(refusal)) => story(person, Some(&change), what, refusal).map(Err),
        Err(Stop::Fault(fault)) => Err(fault.into()),
    }
}

/// A token that was never made here is not found, whatever it says; one whose row was swept away has expired.
async fn open(
    person: &Anyone,
    token: &str,
    what: LinkFor,
) -> Result<(Option<EmailChange>, Result<(), LinkRefusal>), Problem> {
    let purpose = match what {
        LinkFor::Confirming => Purpose::EmailConfirmation,
        LinkFor::Undoing => Purpose::EmailUndo,
    };
    let named = person.site.signer.open(purpose, token).ok_or(Problem::NotFound)?;
    let (id, now) = (EmailChangeId::of(named.id), person.site.db.now());
    let found = person.site.db.read(move |conn| commands::look_at(conn, id, what, now)).await?;
    Ok(match found {
        Some((change, allowed)) => (Some(change), allowed),
        None => (None, Err(LinkRefusal::Expired)),
    })
}

fn story(
    person: &Anyone,
    change: Option<&EmailChange>,
    what: LinkFor,
    refusal: LinkRefusal,
) -> Result<HttpResponse, Problem> {
    let organization = change.map_or("your organization", |change| &change.organization_name);
    reply::with_status(StatusCode::GONE, &StoryPage::new(person.frame(), organization, what, refusal))
}
