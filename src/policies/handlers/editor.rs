//! The editor: every button of it answers the form again with everything typed, but for the one that saves.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use super::id;
use crate::{
    access::actions::{Action, ChangePolicy, CreatePolicy, ReadPolicies},
    base::ids::PolicyId,
    policies::{
        commands::{self, Weighed},
        forms::{Act, PolicyDraft, PolicyErrors},
        model::{Edit, Flaw, Policy, Refusal, difference},
        pages::{Changed, EditorPage, PolicyPage, Shown},
        words,
    },
    web::{Fields, Halt, Problem, SignedIn, Wants, kept, page::ToastKind, reply, url},
};

/// Who edits what, and how the answer is wanted.
struct Desk {
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    stored: Option<Policy>,
}

pub async fn new(request: HttpRequest, person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    person.actor.may(CreatePolicy)?;
    let kept = kept::take(&request);
    let draft = kept.as_ref().map_or_else(PolicyDraft::new, PolicyDraft::read);
    let desk = Desk { request, person, wants, stored: None };
    desk.show(StatusCode::OK, &draft, Shown { is_kept: kept.is_some(), ..Shown::default() }).await
}

pub async fn show(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
) -> Result<HttpResponse, Problem> {
    let stored = found(&person, id(&path)?).await?;
    if !person.actor.may_do(ChangePolicy::NAME) {
        return reply::html(&PolicyPage::new(&person, stored));
    }
    let kept = kept::take(&request);
    let draft = match &kept {
        Some(fields) => PolicyDraft::read(fields).settled(&stored),
        None => PolicyDraft::of(&stored),
    };
    let desk = Desk { request, person, wants, stored: Some(stored) };
    desk.show(StatusCode::OK, &draft, Shown { is_kept: kept.is_some(), ..Shown::default() }).await
}

pub async fn create(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    person.actor.may(CreatePolicy)?;
    let draft = PolicyDraft::read(&fields);
    Desk { request, person, wants, stored: None }.answer(draft).await
}

pub async fn update(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let of = id(&path)?;
    person.actor.may(ChangePolicy { of })?;
    let stored = found(&person, of).await?;
    let draft = PolicyDraft::read(&fields).settled(&stored);
    Desk { request, person, wants, stored: Some(stored) }.answer(draft).await
}

async fn found(person: &SignedIn, of: PolicyId) -> Result<Policy, Problem> {
    let found = person
        .read(move |conn, actor| Ok::<_, Problem>(commands::policy(conn, &actor.may(ReadPolicies)?, of)?))
        .await?;
    found.ok_or(Problem::NotFound)
}

impl Desk {
    async fn answer(&self, mut draft: PolicyDraft) -> Result<HttpResponse, Problem> {
        let said = |words: String| Shown { said: words, ..Shown::default() };
        let shown = match draft.act.clone() {
            Act::Save => return self.save(draft).await,
            Act::Preview => return self.preview(draft).await,
            Act::Enter if !draft.searches() => return self.save(draft).await,
            Act::Add if !draft.add() => {
                let errors = PolicyErrors::whole(words::flaw(Flaw::TooManyRules));
                return self.wrong(&draft, errors).await;
            }
            Act::Add => said(format!("Rule {} is added.", draft.cards.len())),
            Act::Delete(key) => {
                draft.remove(&key);
                said(format!("The rule is taken out. {} left.", words::rules(draft.cards.len() as u64)))
            }
            Act::Again | Act::Enter | Act::Find => Shown::default(),
        };
        self.show(StatusCode::OK, &draft, shown).await
    }

    async fn save(&self, draft: PolicyDraft) -> Result<HttpResponse, Problem> {
        let edit = match draft.edit() {
            Ok(edit) => edit,
            Err(errors) => return self.wrong(&draft, errors).await,
        };
        let (of, name) = (self.stored.as_ref().map(|policy| policy.id), edit.wanted.name.as_str().to_owned());
        let done = self
            .person
            .write(move |tx, actor| match of {
                Some(of) => Ok(commands::change(tx, actor.may(ChangePolicy { of })?, &edit)?),
                None => Ok(commands::create(tx, actor.may(CreatePolicy)?, &edit.wanted).map(drop)?),
            })
            .await;
        match done {
            Ok(()) => {
                let words = format!("The policy {name} is saved.");
                Ok(reply::onward_saying(&self.request, url::POLICIES, words))
            }
            Err(Halt::Refused(Refusal::Nothing)) => {
                let words = "It is like that already. Nothing was changed.";
                reply::flash(&self.request, ToastKind::Notice, words);
                Ok(reply::onward(&self.request, url::POLICIES))
            }
            Err(Halt::Refused(refusal)) => self.refused(draft, refusal).await,
            Err(Halt::Problem(problem)) => Err(problem),
        }
    }

    /// Tried in a transaction that is taken back.
    async fn preview(&self, draft: PolicyDraft) -> Result<HttpResponse, Problem> {
        let edit = match draft.edit() {
            Ok(edit) => edit,
            Err(errors) => return self.wrong(&draft, errors).await,
        };
        match self.weigh(edit).await? {
            Weighed::Would(preview) => {
                let shown = Shown { preview: Some(*preview), ..Shown::default() };
                self.show(StatusCode::OK, &draft, shown).await
            }
            Weighed::Not(Refusal::Nothing) => {
                let shown = Shown { preview: Some(Default::default()), ..Shown::default() };
                self.show(StatusCode::OK, &draft, shown).await
            }
            Weighed::Not(refusal) => self.refused(draft, refusal).await,
        }
    }

    async fn weigh(&self, edit: Edit) -> Result<Weighed, Problem> {
        let of = self.stored.as_ref().map(|policy| policy.id);
        let tried = self.person.write(move |tx, actor| {
            let stop = match of {
                Some(of) => commands::weigh_change(tx, &actor.may(ChangePolicy { of })?, &edit),
                None => commands::weigh_creation(tx, &actor.may(CreatePolicy)?, &edit.wanted),
            };
            Err::<std::convert::Infallible, _>(stop.into())
        });
        match tried.await {
            Err(Halt::Refused(weighed)) => Ok(weighed),
            Err(Halt::Problem(problem)) => Err(problem),
        }
    }

    async fn refused(&self, draft: PolicyDraft, refusal: Refusal) -> Result<HttpResponse, Problem> {
        match refusal {
            Refusal::NoSuchPolicy => Err(Problem::NotFound),
            Refusal::ChangedMeanwhile => self.changed_meanwhile(draft).await,
            Refusal::NeedsAgreement(preview) => {
                let shown = Shown { preview: Some(*preview), needs_agreement: true, ..Shown::default() };
                self.show(StatusCode::OK, &draft, shown).await
            }
            refusal => {
                let told = words::refusal(&refusal, self.person.actor.catalogue());
                self.wrong(&draft, PolicyErrors::of(&refusal, told)).await
            }
        }
    }

    /// Somebody else changed it since this page was made: what was typed stays, with what is stored now. Saving again
    /// is saving knowingly.
    async fn changed_meanwhile(&self, mut draft: PolicyDraft) -> Result<HttpResponse, Problem> {
        let Some(seen) = &self.stored else { return Err(Problem::NotFound) };
        let stored = found(&self.person, seen.id).await?;
        let wanted = match draft.parse() {
            Ok(wanted) => wanted,
            Err(errors) => return self.wrong(&draft, errors).await,
        };
        draft.version = stored.version.to_string();
        let difference = difference(&stored.as_wanted(), &wanted);
        let shown = Shown { changed: Some(Changed { difference, stored }), ..Shown::default() };
        self.show(StatusCode::UNPROCESSABLE_ENTITY, &draft, shown).await
    }

    async fn wrong(&self, draft: &PolicyDraft, errors: PolicyErrors) -> Result<HttpResponse, Problem> {
        let shown = Shown { errors, ..Shown::default() };
        self.show(StatusCode::UNPROCESSABLE_ENTITY, draft, shown).await
    }

    async fn show(
        &self,
        status: StatusCode,
        draft: &PolicyDraft,
        shown: Shown,
    ) -> Result<HttpResponse, Problem> {
        let sought = draft.sought();
        let bench = self
            .person
            .read(move |conn, actor| {
                Ok::<_, Problem>(commands::workbench(conn, &actor.may(ReadPolicies)?, &sought)?)
            })
            .await?;
        let page = EditorPage::new(&self.person, self.stored.as_ref(), draft, &bench, shown);
        match self.wants.block("editor") {
            true => reply::with_status(status, &page.as_editor()),
            false => reply::with_status(status, &page),
        }
    }
}
