//! Adding people to a group, and taking them out.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use super::{id, show};
use crate::{
    access::actions::ChangeMembers,
    base::ids::{GroupId, UserId},
    groups::{
        commands,
        forms::{self, MembersDraft, MembersErrors, Step},
        model::{Added, MembersRefusal, Place, Removed},
        pages::AddPage,
        words,
    },
    web::{
        Fields, Halt, Problem, SignedIn,
        form::Query,
        kept,
        page::{Offer, Toast},
        reply, url,
    },
};

pub async fn new(
    request: HttpRequest,
    person: SignedIn,
    path: Path<String>,
    query: Query,
) -> Result<HttpResponse, Problem> {
    let kept = kept::take(&request);
    let draft = MembersDraft::read(kept.as_ref().unwrap_or(&query.0));
    reply::html(&form(&person, id(&path)?, &draft, MembersErrors::default(), kept.is_some()).await?)
}

async fn form(
    person: &SignedIn,
    of: GroupId,
    draft: &MembersDraft,
    errors: MembersErrors,
    is_kept: bool,
) -> Result<AddPage, Problem> {
    let (text, ticked) = (draft.search.clone(), draft.known());
    let candidates = person
        .read(move |conn, actor| {
            let permit = actor.may(ChangeMembers { of })?;
            Ok::<_, Problem>(commands::candidates(conn, &permit, &text, &ticked)?)
        })
        .await?
        .ok_or(Problem::NotFound)?;
    Ok(AddPage::new(person.frame(), candidates, draft, errors, is_kept))
}

pub async fn add(
    request: HttpRequest,
    person: SignedIn,
    path: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let (of, draft) = (id(&path)?, MembersDraft::read(&fields));
    if draft.step == Step::Search {
        return reply::html(&form(&person, of, &draft, MembersErrors::default(), false).await?);
    }
    match enter(&person, of, &draft).await {
        Ok(added) => Ok(reply::onward_saying(&request, &url::group(of), words::added(&added))),
        Err(Halt::Refused(errors)) => reply::unprocessable(&form(&person, of, &draft, errors, false).await?),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

async fn enter(person: &SignedIn, of: GroupId, draft: &MembersDraft) -> Result<Added, Halt<MembersErrors>> {
    let asked = draft.parse();
    person
        .write(move |tx, actor| {
            let permit = actor.may(ChangeMembers { of })?;
            let asked = asked.as_ref().map_err(|errors| Halt::Refused(errors.clone()))?;
            commands::add_members(tx, permit, asked)
                .map_err(|stop| stop.map(|refusal| beside(&refusal)).into())
        })
        .await
}

fn beside(refusal: &MembersRefusal) -> MembersErrors {
    let words = Some(words::members_refused(refusal));
    match refusal {
        MembersRefusal::UnknownAddresses(_) => MembersErrors { addresses: words, people: None },
        _ => MembersErrors { people: words, addresses: None },
    }
}

pub async fn remove(
    request: HttpRequest,
    person: SignedIn,
    path: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let (of, people) = (id(&path)?, forms::removed(&fields));
    match take_out(&person, of, people).await {
        Ok(removed) => {
            reply::flash_toast(&request, gone(of, &removed));
            let is_still_a_reader = !removed.people.iter().any(|one| one.id == person.me.id);
            Ok(reply::onward(
                &request,
                &if is_still_a_reader { url::group(of) } else { url::HOME.to_owned() },
            ))
        }
        Err(Halt::Refused(MembersRefusal::NoSuchGroup)) => Err(Problem::NotFound),
        Err(Halt::Refused(refusal)) => {
            let words = words::members_refused(&refusal);
            let page = show::page(&person, of, Place::Start, Some(words)).await?;
            reply::with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

async fn take_out(
    person: &SignedIn,
    of: GroupId,
    people: Vec<UserId>,
) -> Result<Removed, Halt<MembersRefusal>> {
    person
        .write(move |tx, actor| Ok(commands::remove_members(tx, actor.may(ChangeMembers { of })?, &people)?))
        .await
}

/// What was done, with a way to undo it.
fn gone(of: GroupId, removed: &Removed) -> Toast {
    let toast = Toast::done(words::removed(removed));
    let fields: Vec<_> = removed.people.iter().map(|one| ("user".to_owned(), one.id.to_string())).collect();
    match fields.is_empty() {
        true => toast,
        false => {
            toast.offering(Offer { label: "Undo".into(), action: url::group_act(of, "members"), fields })
        }
    }
}
