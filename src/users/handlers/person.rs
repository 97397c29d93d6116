//! One person's page, and their groups.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use super::id;
use crate::{
    access::actions::{ChangeMemberships, ReadUsers},
    base::ids::UserId,
    groups::{self, ChangeRefusal},
    users::{
        commands,
        forms::GroupsDraft,
        pages::{Onlooker, PersonPage, Unsaved},
    },
    web::{Fields, Halt, Problem, SignedIn, form::Query, kept, reply, url},
};

/// With the answer to a question: may they do this.
pub async fn show(person: SignedIn, path: Path<String>, query: Query) -> Result<HttpResponse, Problem> {
    let asked: String = query.0.text("action").chars().take(200).collect();
    reply::html(&page(&person, id(&path)?, &asked, None).await?)
}

/// Somebody who signed in again finds here the groups they had ticked.
pub async fn return_to_groups(
    request: HttpRequest,
    person: SignedIn,
    path: Path<String>,
) -> Result<HttpResponse, Problem> {
    let draft = kept::take(&request).map(|fields| GroupsDraft::read(&fields));
    reply::html(&page(&person, id(&path)?, "", draft.as_ref().map(Unsaved::Kept)).await?)
}

async fn page(
    person: &SignedIn,
    of: UserId,
    asked: &str,
    unsaved: Option<Unsaved<'_>>,
) -> Result<PersonPage, Problem> {
    let now = person.site.db.now();
    let seen = person
        .read(move |conn, actor| {
            let permit = actor.may(ReadUsers)?;
            Ok::<_, Problem>(commands::person(conn, &permit, of, now)?)
        })
        .await?
        .ok_or(Problem::NotFound)?;
    let by = Onlooker::at(person, now, None);
    Ok(PersonPage::new(person.frame(), &by, seen, asked, unsaved))
}

pub async fn change_groups(
    request: HttpRequest,
    person: SignedIn,
    path: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let (of, draft) = (id(&path)?, GroupsDraft::read(&fields));
    match change(&person, of, &draft).await {
        Ok(()) => Ok(reply::onward_saying(&request, &url::user(of), "Groups saved.")),
        Err(Halt::Refused(ChangeRefusal::NoSuchPerson)) => Err(Problem::NotFound),
        Err(Halt::Refused(refusal)) => {
            let page = page(&person, of, "", Some(Unsaved::Refused(&draft, refusal))).await?;
            reply::with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

async fn change(person: &SignedIn, of: UserId, draft: &GroupsDraft) -> Result<(), Halt<ChangeRefusal>> {
    let change = draft.parse();
    person
        .write(move |tx, actor| {
            let permit = actor.may(ChangeMemberships { of })?;
            let change = change.as_ref().map_err(|refusal| Halt::Refused(refusal.clone()))?;
            Ok(groups::change_memberships(tx, permit, change)?)
        })
        .await
}
