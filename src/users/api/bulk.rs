//! One act for many people, as a job.

use actix_web::web::{Json, Path};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{list::UsersAsked, shown::UserNamed};
use crate::{
    access::{
        Actor, Denied,
        actions::{ReadJob, ReadUsers},
    },
    base::ids::{JobId, UserId},
    jobs::{
        JobState,
        items::{Item, ItemState},
    },
    users::{
        commands,
        model::{Act, Chosen, JobSeen, Selection, SelectionRefusal, Through},
        words,
    },
    web::{
        Halt,
        api::{Answer, Answered, ApiProblem, Bearer, Body, Made, Page, Paging, PagingParams, named},
    },
};

/// How many of those whom an act takes are named before it begins.
const MOST_NAMED: usize = 100;

/// An act, and whom it shall be done to: `users`, or all that are `matching`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBulk {
    /// `deactivate`, `reactivate`, `resend` (invitations) or `revoke` (invitations).
    act: String,
    /// Ids of users, at most 10,000.
    users: Option<Vec<String>>,
    /// All whom the list of users shows with these filters, at most 10,000.
    matching: Option<UsersAsked>,
    /// How many people the preview named; needed with `matching`. When the list has changed since, nothing is done.
    expected: Option<usize>,
}

struct Asked {
    act: Act,
    selection: Selection,
    expected: Option<usize>,
}

impl NewBulk {
    fn parse(self) -> Result<Asked, ApiProblem> {
        let act = Act::parse(&self.act).ok_or_else(|| ApiProblem::field("act", words::NO_SUCH_ACT))?;
        let selection = match (self.users, self.matching) {
            (Some(users), None) => {
                let ids: Result<_, _> = users.iter().map(|id| id.parse::<UserId>()).collect();
                let ids: std::collections::BTreeSet<_> =
                    ids.map_err(|_| ApiProblem::field("users", words::NO_SUCH_USER))?;
                Selection::These(ids.into_iter().collect())
            }
            (None, Some(asked)) => Selection::All(asked.read()?),
            _ => return Err(ApiProblem::field("users", words::USERS_OR_MATCHING)),
        };
        Ok(Asked { act, selection, expected: self.expected })
    }
}

fn may(actor: &Actor, act: Act) -> Result<(), Denied> {
    match actor.may_do(act.action()) {
        true => Ok(()),
        false => Err(Denied { action: act.action() }),
    }
}

/// Whom an act would be done to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BulkPreview {
    /// How many people it would be done to: what `expected` says.
    included: usize,
    /// The first hundred of them.
    users: Vec<UserNamed>,
    /// How many are left out because they are active, invited or deactivated.
    active: usize,
    invited: usize,
    deactivated: usize,
    /// Whoever asks is left out, too.
    includes_me: bool,
    /// How many are not there any more.
    gone: usize,
}

impl From<Chosen> for BulkPreview {
    fn from(chosen: Chosen) -> Self {
        Self {
            included: chosen.included.len(),
            users: chosen.included.into_iter().take(MOST_NAMED).map(UserNamed::from).collect(),
            active: chosen.active,
            invited: chosen.invited,
            deactivated: chosen.deactivated,
            includes_me: chosen.includes_me,
            gone: chosen.gone,
        }
    }
}

/// Preview an act on many users
///
/// Nothing is done.
#[utoipa::path(post, path = "/users/bulk/preview", tag = "Users", request_body = NewBulk,
    responses((status = 200, body = BulkPreview)))]
pub async fn preview(person: Bearer, body: Body<NewBulk>) -> Answered<BulkPreview> {
    let (Asked { act, selection, .. }, now) = (body.value.parse()?, person.site.db.now());
    let chosen = person
        .read(move |conn, actor| {
            may(actor, act)?;
            Ok::<_, Halt<_>>(commands::sort_out(conn, &actor.may(ReadUsers)?, act, &selection, now)?)
        })
        .await
        .map_err(|halt| halt.told(refused))?;
    Ok(Json(chosen.into()))
}

/// An act on many people that has begun.
#[derive(Serialize, ToSchema)]
pub struct BulkBegun {
    /// The id of the job: see GET /users/jobs/{id}.
    id: String,
    act: &'static str,
}

/// Begin an act on many users
///
/// Each is done by itself, with the rights that the token has at that moment. Whom it cannot be done to, and whoever
/// asks, are left out.
#[utoipa::path(post, path = "/users/bulk", tag = "Users", request_body = NewBulk,
    responses((status = 201, body = BulkBegun)))]
pub async fn create(person: Bearer, body: Body<NewBulk>) -> Result<Answer, ApiProblem> {
    let Asked { act, selection, expected } = body.value.parse()?;
    if matches!(selection, Selection::All(_)) && expected.is_none() {
        return Err(ApiProblem::field("expected", words::EXPECTED_NEEDED));
    }
    let through = Through::Token(person.token().id);
    person
        .create(&body.once, move |tx, actor| {
            may(actor, act)?;
            let permit = actor.may(ReadUsers)?;
            let job = commands::begin(tx, &permit, (act, through), &selection, expected)?;
            Ok(Made::new(BulkBegun { id: job.to_string(), act: act.word() }))
        })
        .await
        .map_err(|halt| halt.told(refused))
}

fn refused(refusal: SelectionRefusal) -> ApiProblem {
    match refusal {
        SelectionRefusal::TooMany => ApiProblem::field("users", words::SELECTION_TOO_LARGE),
        SelectionRefusal::Nobody(_) => ApiProblem::conflict(words::SELECTION_EMPTY),
        SelectionRefusal::Changed(chosen) => {
            ApiProblem::conflict(words::selection_is_now(chosen.included.len()))
        }
    }
}

/// How far a job is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserJob {
    id: String,
    act: &'static str,
    /// `waiting`, `running`, `done`, `failed` or `cancelled`.
    state: &'static str,
    /// What stopped it for good; empty when nothing did.
    problem: String,
    waiting: i64,
    done: i64,
    refused: i64,
    /// A page of the people, in the order in which they are done.
    users: Page<UserOfJob>,
}

#[derive(Serialize, ToSchema)]
pub struct UserOfJob {
    id: String,
    /// Their name, or their address while they had none.
    label: String,
    /// `waiting`, `done` or `refused`.
    state: &'static str,
    /// What became of them, in words.
    words: String,
}

impl From<Item> for UserOfJob {
    fn from(item: Item) -> Self {
        let state = match item.state {
            ItemState::Waiting => "waiting",
            ItemState::Done => "done",
            ItemState::Refused => "refused",
        };
        Self { id: item.target, label: item.label, state, words: item.words }
    }
}

/// Show a job
///
/// How far an act on many users is, and what became of each.
#[utoipa::path(get, path = "/users/jobs/{id}", tag = "Users", params(("id" = String, Path), PagingParams),
    responses((status = 200, body = UserJob)))]
pub async fn show(person: Bearer, path: Path<String>, paging: Paging) -> Answered<UserJob> {
    let of: JobId = named(&path)?;
    let list = format!("job {of}");
    let (after, most) = (paging.after::<i32>(&list)?.unwrap_or(0), paging.fetch());
    let job = person
        .read(move |conn, actor| {
            Ok::<_, ApiProblem>(commands::job(conn, &actor.may(ReadJob { of })?, after, most)?)
        })
        .await?;
    let JobSeen { id, act, state, problem, progress, items, .. } = job.ok_or_else(ApiProblem::not_found)?;
    Ok(Json(UserJob {
        id: id.to_string(),
        act: act.word(),
        state: match state {
            JobState::Waiting => "waiting",
            JobState::Leased => "running",
            JobState::Done => "done",
            JobState::Failed => "failed",
            JobState::Cancelled => "cancelled",
        },
        problem,
        waiting: progress.waiting,
        done: progress.done,
        refused: progress.refused,
        users: paging.page(&list, items, |item| item.position, UserOfJob::from)?,
    }))
}
