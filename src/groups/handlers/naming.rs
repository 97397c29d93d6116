//! Making a group, and renaming it.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use super::{answer, id};
use crate::{
    access::actions::{ChangeGroup, CreateGroup},
    base::ids::GroupId,
    groups::{
        commands,
        forms::{NamingDraft, NamingErrors},
        model::{Group, NamingRefusal},
        pages::NamingPage,
        words,
    },
    web::{Fields, Halt, Problem, SignedIn, Wants, kept, reply, url},
};

pub async fn new(request: HttpRequest, person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    person.actor.may(CreateGroup)?;
    let draft = kept::take(&request).map(|fields| NamingDraft::read(&fields)).unwrap_or_default();
    let page = NamingPage::new_group(person.frame(), &draft, NamingErrors::default());
    answer(&wants, StatusCode::OK, &page, &page.as_dialog())
}

pub async fn create(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let draft = NamingDraft::read(&fields);
    match make(&person, &draft).await {
        Ok(id) => {
            let words = "Group created. Add people, and name it in an access policy.";
            Ok(reply::onward_saying(&request, &url::group(id), words))
        }
        Err(Halt::Refused(errors)) => {
            let page = NamingPage::new_group(person.frame(), &draft, errors);
            answer(&wants, StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog())
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

async fn make(person: &SignedIn, draft: &NamingDraft) -> Result<GroupId, Halt<NamingErrors>> {
    let naming = draft.parse();
    person
        .write(move |tx, actor| {
            let permit = actor.may(CreateGroup)?;
            let naming = naming.as_ref().map_err(|errors| Halt::Refused(errors.clone()))?;
            commands::create(tx, permit, naming).map_err(|stop| stop.map(|refusal| beside(&refusal)).into())
        })
        .await
}

/// A refusal as the error of the field for the name.
fn beside(refusal: &NamingRefusal) -> NamingErrors {
    NamingErrors { name: Some(words::not_named(refusal)), description: None }
}

pub async fn edit(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
) -> Result<HttpResponse, Problem> {
    let group = group(&person, id(&path)?).await?;
    let draft = kept::take(&request).map(|fields| NamingDraft::read(&fields));
    let draft = draft
        .unwrap_or_else(|| NamingDraft { name: group.name.clone(), description: group.description.clone() });
    let page = NamingPage::of_group(person.frame(), &group, &draft, NamingErrors::default());
    answer(&wants, StatusCode::OK, &page, &page.as_dialog())
}

async fn group(person: &SignedIn, of: GroupId) -> Result<Group, Problem> {
    let group = person
        .read(move |conn, actor| {
            let permit = actor.may(ChangeGroup { of })?;
            Ok::<_, Problem>(commands::group(conn, &permit)?)
        })
        .await?;
    group.ok_or(Problem::NotFound)
}

pub async fn update(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let (of, draft) = (id(&path)?, NamingDraft::read(&fields));
    match rename(&person, of, &draft).await {
        Ok(()) => Ok(reply::onward_saying(&request, &url::group(of), "Group saved.")),
        Err(Halt::Refused(errors)) => {
            let group = group(&person, of).await?;
            let page = NamingPage::of_group(person.frame(), &group, &draft, errors);
            answer(&wants, StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog())
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

async fn rename(person: &SignedIn, of: GroupId, draft: &NamingDraft) -> Result<(), Halt<NamingErrors>> {
    let naming = draft.parse();
    person
        .write(move |tx, actor| {
            let permit = actor.may(ChangeGroup { of })?;
            let naming = naming.as_ref().map_err(|errors| Halt::Refused(errors.clone()))?;
            commands::update(tx, permit, naming).map_err(|stop| stop.map(|refusal| beside(&refusal)).into())
        })
        .await
}
