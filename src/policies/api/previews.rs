//! What an act on a policy would do: tried in a transaction that is taken back.

use std::convert::Infallible;

use actix_web::web::{Json, Path};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    acts::edit,
    sent::{NewPolicy, NotDone, PolicyChange},
    shown::PolicyPreview,
};
use crate::{
    access::{
        Actor,
        actions::{ChangePolicy, CreatePolicy, DeletePolicy},
    },
    db::{Stop, Tx},
    policies::{
        commands::{self, Weighed},
        model::{Preview, Refusal},
    },
    web::{
        Halt,
        api::{Answered, Bearer, Body, Query, named},
    },
};

/// Why there is an answer and nothing was done.
enum Tried {
    Would(Box<Preview>),
    Not(NotDone),
}

impl From<Weighed> for Tried {
    fn from(weighed: Weighed) -> Self {
        match weighed {
            Weighed::Would(preview) => Self::Would(preview),
            Weighed::Not(Refusal::Nothing) => Self::Would(Box::default()),
            Weighed::Not(refusal) => Self::Not(NotDone::Refused(refusal)),
        }
    }
}

async fn tried<F>(person: &Bearer, work: F) -> Answered<PolicyPreview>
where
    F: Fn(&mut Tx<'_>, &Actor) -> Result<Stop<Weighed>, Halt<NotDone>> + Send + 'static,
{
    let outcome = person
        .write(move |tx, actor| {
            Err::<Infallible, Halt<Tried>>(match work(tx, actor) {
                Ok(stop) => stop.map(Tried::from).into(),
                Err(Halt::Refused(not_done)) => Halt::Refused(Tried::Not(not_done)),
                Err(Halt::Problem(problem)) => Halt::Problem(problem),
            })
        })
        .await;
    match outcome {
        Ok(never) => match never {},
        Err(Halt::Refused(Tried::Would(preview))) => Ok(Json((*preview).into())),
        Err(Halt::Refused(Tried::Not(not_done))) => Err(not_done.told(person.actor.catalogue())),
        Err(Halt::Problem(problem)) => Err(problem.into()),
    }
}

/// Preview a new access policy
#[utoipa::path(post, path = "/policies/preview", tag = "Access policies", request_body = NewPolicy,
    responses((status = 200, body = PolicyPreview)))]
pub async fn of_creation(person: Bearer, body: Body<NewPolicy>) -> Answered<PolicyPreview> {
    let wanted = body.value.parse();
    tried(&person, move |tx, actor| {
        let permit = actor.may(CreatePolicy)?;
        let wanted = wanted.as_ref().map_err(|errors| Halt::Refused(NotDone::Wrong(errors.clone())))?;
        Ok(commands::weigh_creation(tx, &permit, wanted))
    })
    .await
}

/// Preview a change of an access policy
///
/// Who gains what, who loses what, who would be locked out; with the agreement that the change needs then.
#[utoipa::path(post, path = "/policies/{id}/preview", tag = "Access policies", params(("id" = String, Path)),
    request_body = PolicyChange, responses((status = 200, body = PolicyPreview)))]
pub async fn of_change(
    person: Bearer,
    path: Path<String>,
    body: Body<PolicyChange>,
) -> Answered<PolicyPreview> {
    let (of, change) = (named(&path)?, body.value);
    tried(&person, move |tx, actor| {
        let permit = actor.may(ChangePolicy { of })?;
        let edit = edit(tx, actor, of, &change)?;
        Ok(commands::weigh_change(tx, &permit, &edit))
    })
    .await
}

/// As which version a policy was seen.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VersionSeen {
    /// The `version` of the policy.
    version: i64,
}

/// Preview the deletion of an access policy
#[utoipa::path(get, path = "/policies/{id}/delete", tag = "Access policies",
    params(("id" = String, Path), VersionSeen),
    responses((status = 200, body = PolicyPreview),
        (status = 409, description = "It was changed, or cannot be deleted.", body = crate::web::api::ProblemDocument)))]
pub async fn of_deletion(
    person: Bearer,
    path: Path<String>,
    query: Query<VersionSeen>,
) -> Answered<PolicyPreview> {
    let (of, version) = (named(&path)?, query.0.version);
    tried(&person, move |tx, actor| {
        Ok(commands::weigh_deletion(tx, &actor.may(DeletePolicy { of })?, version))
    })
    .await
}
