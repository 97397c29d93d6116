//! One section of the organization's settings: shown, summed up, saved.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};

use crate::{
    access::actions::{Action, ChangeOrganization, ReadOrganization},
    organization::{
        commands,
        forms::{SettingsDraft, SettingsErrors},
        model::{Change, ChangeRefusal, Settings, Topic},
        pages::{Subject, Summary, TopicSection, View, said},
    },
    web::{Fields, Halt, Problem, SignedIn, Wants, kept, page::ToastKind, reply, section, url},
};

pub async fn show<S: Subject>(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
) -> Result<HttpResponse, Problem> {
    let settings = settled(&person).await?;
    let shown = match kept::take(&request) {
        Some(typed) => {
            TopicSection::<S>::with(view(&person, &settings), &SettingsDraft::of(&typed), Default::default())
        }
        None => TopicSection::of(view(&person, &settings)),
    };
    section::show(&person, &wants, StatusCode::OK, &shown)
}

pub async fn save<S: Subject>(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    person.actor.may(ChangeOrganization)?;
    if S::TOPIC.is_sensitive() {
        person.needs_fresh_proof()?;
    }
    let (draft, settings) = (SettingsDraft::of(&fields), settled(&person).await?);
    let change = match draft.parse(S::TOPIC) {
        Ok(change) => change,
        Err(errors) => return again::<S>(&person, &wants, &settings, &draft, errors),
    };
    if draft.seen != settings.seen(S::TOPIC) {
        return meanwhile::<S>(&person, &wants, draft).await;
    }
    if settings.has(&change, person.site.db.now()) {
        reply::flash(&request, ToastKind::Notice, "It is like that already. Nothing was changed.");
        return Ok(reply::onward(&request, &url::organization_at(S::TOPIC.id())));
    }
    if S::TOPIC == Topic::Sessions {
        // Whoever was here a moment ago is not idle.
        person.site.touches.flush(&person.site.db).await?;
    }
    if S::TOPIC.has_preview() && !draft.is_agreed {
        return sum_up::<S>(&person, &wants, &settings, &draft, change).await;
    }
    saved::<S>(&request, &person, &wants, draft, change).await
}

/// Whom the change concerns, before anything is saved.
async fn sum_up<S: Subject>(
    person: &SignedIn,
    wants: &Wants,
    settings: &Settings,
    draft: &SettingsDraft,
    change: Change,
) -> Result<HttpResponse, Problem> {
    let (session, now, asked) = (Some(person.who.session), person.site.db.now(), change.clone());
    let affected = person
        .read(move |conn, actor| {
            Ok::<_, Problem>(commands::affected(conn, &actor.may(ChangeOrganization)?, &asked, session, now)?)
        })
        .await?;
    let view = view(person, settings);
    let summary = Summary::of::<S>(&change, affected, draft, view);
    let shown = TopicSection::<S>::with(view, draft, SettingsErrors::default()).summing_up(summary);
    section::show(person, wants, StatusCode::OK, &shown)
}

async fn saved<S: Subject>(
    request: &HttpRequest,
    person: &SignedIn,
    wants: &Wants,
    draft: SettingsDraft,
    change: Change,
) -> Result<HttpResponse, Problem> {
    let seen = draft.seen.clone();
    let done = person
        .write(move |tx, actor| Ok(commands::change(tx, actor.may(ChangeOrganization)?, &change, &seen)?))
        .await;
    match done {
        Ok(settings) => {
            let words = said(S::TOPIC, &settings, person.site.db.now(), &person.me.time_zone);
            Ok(reply::onward_saying(
                request,
                &url::organization_at(S::TOPIC.id()),
                format!("Saved. {words}."),
            ))
        }
        Err(Halt::Refused(ChangeRefusal::ChangedMeanwhile | ChangeRefusal::Nothing)) => {
            meanwhile::<S>(person, wants, draft).await
        }
        Err(Halt::Refused(ChangeRefusal::LastAdministrator)) => {
            let words = "Nobody who administers the organization could sign in any more. Give somebody else IAM Admin \
                         and a way to sign in first.";
            let settings = settled(person).await?;
            again::<S>(person, wants, &settings, &draft, SettingsErrors::whole(words))
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

/// Somebody else changed the same thing since this page was made: what was typed stays, with what holds now.
async fn meanwhile<S: Subject>(
    person: &SignedIn,
    wants: &Wants,
    draft: SettingsDraft,
) -> Result<HttpResponse, Problem> {
    let settings = settled(person).await?;
    let now = said(S::TOPIC, &settings, person.site.db.now(), &person.me.time_zone);
    let words =
        format!("This was changed meanwhile. In force is: {now}. Save again to put yours in its place.");
    let draft = SettingsDraft { seen: settings.seen(S::TOPIC), ..draft };
    again::<S>(person, wants, &settings, &draft, SettingsErrors::whole(words))
}

fn again<S: Subject>(
    person: &SignedIn,
    wants: &Wants,
    settings: &Settings,
    draft: &SettingsDraft,
    errors: SettingsErrors,
) -> Result<HttpResponse, Problem> {
    let shown = TopicSection::<S>::with(view(person, settings), draft, errors);
    section::show(person, wants, StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

async fn settled(person: &SignedIn) -> Result<Settings, Problem> {
    person
        .read(|conn, actor| Ok::<_, Problem>(commands::settings(conn, &actor.may(ReadOrganization)?)?))
        .await
}

fn view<'a>(person: &'a SignedIn, settings: &'a Settings) -> View<'a> {
    View {
        settings,
        may_change: person.actor.may_do(ChangeOrganization::NAME),
        now: person.site.db.now(),
        zone: &person.me.time_zone,
    }
}
