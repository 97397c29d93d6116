//! Inviting one or many.

use actix_web::{HttpResponse, http::StatusCode};

use crate::{
    access::actions::InviteUsers,
    invitations::{
        commands,
        forms::{self, InviteDraft, InviteErrors, Listed, Step},
        model::{Choice, Entry, Found, InviteRefusal, Invitee},
        pages::{InvitePage, Known, PreviewPage},
        words,
    },
    web::{Desk, Fields, Halt, Problem, kept, reply, url},
};

pub async fn new(desk: Desk) -> Result<HttpResponse, Problem> {
    let kept = kept::take(&desk.request);
    let draft = kept.as_ref().map(InviteDraft::read).unwrap_or_default();
    let mut page = form(&desk, &draft, InviteErrors::default()).await?;
    page.is_kept = kept.is_some();
    desk.show(StatusCode::OK, &page, &page.as_dialog())
}

pub async fn create(desk: Desk, fields: Fields) -> Result<HttpResponse, Problem> {
    let draft = InviteDraft::read(&fields);
    if draft.step == Step::Edit {
        let page = form(&desk, &draft, InviteErrors::default()).await?;
        return desk.show(StatusCode::OK, &page, &page.as_dialog());
    }
    match draft.parse() {
        Err(errors) => wrong(&desk, &draft, errors).await,
        Ok(listed) if draft.step == Step::Confirmed => send(&desk, &draft, listed).await,
        Ok(listed) if draft.step == Step::Send && listed.entries.len() == 1 => {
            send(&desk, &draft, listed).await
        }
        Ok(listed) => preview(&desk, &draft, listed).await,
    }
}

async fn form(desk: &Desk, draft: &InviteDraft, errors: InviteErrors) -> Result<InvitePage, Problem> {
    let choices = desk
        .person
        .read(|conn, actor| {
            let permit = actor.may(InviteUsers)?;
            Ok::<Vec<Choice>, Problem>(commands::choices(conn, &permit)?)
        })
        .await?;
    let days = desk.person.organization.invitation_days;
    Ok(InvitePage::new(desk.person.frame(), days, &choices, draft, errors))
}

async fn wrong(desk: &Desk, draft: &InviteDraft, errors: InviteErrors) -> Result<HttpResponse, Problem> {
    let page = form(desk, draft, errors).await?;
    desk.show(StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog())
}

async fn preview(desk: &Desk, draft: &InviteDraft, listed: Listed) -> Result<HttpResponse, Problem> {
    let people = listed.invite.people;
    let found = desk
        .person
        .read(move |conn, actor| {
            let permit = actor.may(InviteUsers)?;
            Ok::<_, Problem>(commands::sort_out(conn, &permit, &people)?)
        })
        .await?;
    let page = PreviewPage::new(desk.person.frame(), draft, &listed.entries, &found);
    desk.show(StatusCode::OK, &page, &page.as_dialog())
}

async fn send(desk: &Desk, draft: &InviteDraft, listed: Listed) -> Result<HttpResponse, Problem> {
    let Listed { invite, entries } = listed;
    let sent =
        desk.person.write(move |tx, actor| Ok(commands::invite(tx, actor.may(InviteUsers)?, &invite)?)).await;
    let groups = |words: &str| InviteErrors { groups: Some(words.to_owned()), ..InviteErrors::default() };
    match sent {
        Ok(sent) => Ok(reply::onward_saying(&desk.request, url::USERS, words::sent(&sent))),
        Err(Halt::Problem(problem)) => Err(problem),
        Err(Halt::Refused(InviteRefusal::NoSuchGroup)) => {
            wrong(desk, draft, groups(forms::NO_SUCH_GROUP)).await
        }
        Err(Halt::Refused(InviteRefusal::MoreThanOwn)) => {
            wrong(desk, draft, groups(forms::MORE_THAN_OWN)).await
        }
        Err(Halt::Refused(InviteRefusal::Provisioned)) => {
            wrong(desk, draft, groups(forms::PROVISIONED)).await
        }
        Err(Halt::Refused(InviteRefusal::Nobody(found))) => nobody(desk, draft, &entries, &found).await,
    }
}

/// One address is explained at its field, several in the preview.
async fn nobody(
    desk: &Desk,
    draft: &InviteDraft,
    entries: &[Entry],
    found: &[(Invitee, Found)],
) -> Result<HttpResponse, Problem> {
    if let ([_], [(invitee, found)]) = (entries, found) {
        let errors =
            InviteErrors { email: Some(words::found(&invitee.email, found)), ..InviteErrors::default() };
        let mut page = form(desk, draft, errors).await?;
        page.known = Known::of(found);
        return desk.show(StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog());
    }
    let mut page = PreviewPage::new(desk.person.frame(), draft, entries, found);
    page.errors = page.errors.with("", "There is nobody to send an invitation to, so nothing was sent.");
    desk.show(StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog())
}
