//! Deleting a policy.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use super::id;
use crate::{
    access::actions::{DeletePolicy, ReadPolicies},
    base::ids::PolicyId,
    policies::{
        commands::{self, Weighed},
        forms::DeletionDraft,
        model::{Policy, Preview, Refusal},
        pages::DeletePage,
        words,
    },
    web::{Fields, Halt, Problem, SignedIn, Wants, reply, url},
};

pub async fn summary(person: SignedIn, wants: Wants, path: Path<String>) -> Result<HttpResponse, Problem> {
    show(&person, &wants, id(&path)?, None).await
}

pub async fn delete(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let (of, draft) = (id(&path)?, DeletionDraft::read(&fields));
    let name = found(&person, of).await?.name;
    let done = person
        .write(move |tx, actor| {
            let permit = actor.may(DeletePolicy { of })?;
            Ok(commands::delete(tx, permit, draft.version, &draft.agreement)?)
        })
        .await;
    match done {
        Ok(()) => Ok(reply::onward_saying(&request, url::POLICIES, format!("The policy {name} is deleted."))),
        Err(Halt::Refused(Refusal::NoSuchPolicy)) => Err(Problem::NotFound),
        Err(Halt::Refused(refusal)) => {
            let told = match refusal {
                Refusal::ChangedMeanwhile | Refusal::NeedsAgreement(_) => {
                    "Somebody changed this policy, or whom it concerns, meanwhile. Look at it again."
                        .to_owned()
                }
                other => words::refusal(&other, person.actor.catalogue()),
            };
            show(&person, &wants, of, Some(told)).await
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

async fn show(
    person: &SignedIn,
    wants: &Wants,
    of: PolicyId,
    refused: Option<String>,
) -> Result<HttpResponse, Problem> {
    person.actor.may(DeletePolicy { of })?;
    let policy = found(person, of).await?;
    let weighed = weighed(person, of, policy.version).await?;
    let weighed = weighed.as_ref().map_err(|refusal| words::refusal(refusal, person.actor.catalogue()));
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = DeletePage::new(person.frame(), &policy, weighed, refused);
    match wants.block("dialog") {
        true => reply::with_status(status, &page.as_dialog()),
        false => reply::with_status(status, &page),
    }
}

async fn found(person: &SignedIn, of: PolicyId) -> Result<Policy, Problem> {
    let found = person
        .read(move |conn, actor| Ok::<_, Problem>(commands::policy(conn, &actor.may(ReadPolicies)?, of)?))
        .await?;
    found.ok_or(Problem::NotFound)
}

/// Tried in a transaction that is taken back.
async fn weighed(person: &SignedIn, of: PolicyId, version: i64) -> Result<Result<Preview, Refusal>, Problem> {
    let tried = person
        .write(move |tx, actor| {
            let permit = actor.may(DeletePolicy { of })?;
            Err::<std::convert::Infallible, _>(commands::weigh_deletion(tx, &permit, version).into())
        })
        .await;
    match tried {
        Err(Halt::Refused(Weighed::Would(preview))) => Ok(Ok(*preview)),
        Err(Halt::Refused(Weighed::Not(Refusal::NoSuchPolicy))) => Err(Problem::NotFound),
        Err(Halt::Refused(Weighed::Not(refusal))) => Ok(Err(refusal)),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}
