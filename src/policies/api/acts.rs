//! Making, changing and deleting a policy.

use actix_web::{
    HttpResponse,
    web::{Json, Path},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    sent::{NewPolicy, NotDone, PolicyChange},
    shown::PolicyShown,
};
use crate::{
    access::{
        Actor,
        actions::{ChangePolicy, CreatePolicy, DeletePolicy, ReadPolicies},
    },
    base::ids::PolicyId,
    db::{Stop, Tx},
    policies::{
        commands,
        model::{Agreement, Edit, Policy, Refusal},
    },
    web::{
        Halt,
        api::{Answer, Answered, ApiProblem, Bearer, Body, Made, Query, named},
    },
};

/// Create an access policy
///
/// Nobody gives more than they hold.
#[utoipa::path(post, path = "/policies", tag = "Access policies", request_body = NewPolicy,
    responses((status = 201, body = PolicyShown)))]
pub async fn create(person: Bearer, body: Body<NewPolicy>) -> Result<Answer, ApiProblem> {
    let wanted = body.value.parse();
    let catalogue = person.actor.catalogue().clone();
    person
        .create(&body.once, move |tx, actor| {
            let permit = actor.may(CreatePolicy)?;
            let wanted = wanted.as_ref().map_err(|errors| Halt::Refused(NotDone::Wrong(errors.clone())))?;
            let id = commands::create(tx, permit, wanted).map_err(|stop| stop.map(NotDone::Refused))?;
            Ok(Made::new(PolicyShown::from(stored(tx, actor, id)?)))
        })
        .await
        .map_err(|halt| halt.told(|not_done| not_done.told(&catalogue)))
}

/// The policy as it is in this transaction.
pub fn stored(tx: &mut Tx<'_>, actor: &Actor, of: PolicyId) -> Result<Policy, Halt<NotDone>> {
    let found = commands::policy(tx.conn(), &actor.may(ReadPolicies)?, of)?;
    found.ok_or(Halt::Refused(NotDone::Refused(Refusal::NoSuchPolicy)))
}

/// What a change makes of the policy as it is.
pub fn edit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    of: PolicyId,
    change: &PolicyChange,
) -> Result<Edit, Halt<NotDone>> {
    let stored = stored(tx, actor, of)?;
    change.clone().of(&stored).map_err(|errors| Halt::Refused(NotDone::Wrong(errors)))
}

/// Change an access policy
///
/// Of a standard one only whom its rules name. When somebody would lose IAM Admin or all access, it has to say what the
/// preview said of that.
#[utoipa::path(patch, path = "/policies/{id}", tag = "Access policies", params(("id" = String, Path)),
    request_body = PolicyChange, responses((status = 200, body = PolicyShown)))]
pub async fn update(person: Bearer, path: Path<String>, body: Body<PolicyChange>) -> Answered<PolicyShown> {
    let (of, change) = (named(&path)?, body.value);
    let catalogue = person.actor.catalogue().clone();
    let policy = person
        .write(move |tx, actor| {
            let permit = actor.may(ChangePolicy { of })?;
            let edit = edit(tx, actor, of, &change)?;
            match commands::change(tx, permit, &edit) {
                Ok(()) | Err(Stop::Refused(Refusal::Nothing)) => stored(tx, actor, of),
                Err(stop) => Err(stop.map(NotDone::Refused).into()),
            }
        })
        .await
        .map_err(|halt| halt.told(|not_done| not_done.told(&catalogue)))?;
    Ok(Json(policy.into()))
}

/// As which version a policy was seen that shall go.
#[derive(Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Deletion {
    /// The `version` of the policy. When it is another one meanwhile, nothing is deleted.
    version: i64,
    /// What the preview said, when somebody would lose IAM Admin or all access.
    agreement: Option<String>,
}

/// Delete an access policy
///
/// With its rules. A standard one stays.
#[utoipa::path(delete, path = "/policies/{id}", tag = "Access policies", params(("id" = String, Path), Deletion),
    responses((status = 204, description = "It is deleted.")))]
pub async fn delete(
    person: Bearer,
    path: Path<String>,
    query: Query<Deletion>,
) -> Result<HttpResponse, ApiProblem> {
    let (of, Deletion { version, agreement }) = (named(&path)?, query.0);
    let agreement = Agreement::To(agreement.unwrap_or_default());
    let catalogue = person.actor.catalogue().clone();
    person
        .write(move |tx, actor| {
            Ok(commands::delete(tx, actor.may(DeletePolicy { of })?, version, &agreement)?)
        })
        .await
        .map_err(|halt| halt.told(|refusal| NotDone::Refused(refusal).told(&catalogue)))?;
    Ok(HttpResponse::NoContent().finish())
}
