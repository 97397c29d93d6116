//! Acts on one pending invitation.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use super::{answer, refuse};
use crate::{
    access::{
        Denied,
        actions::{Action, EditUser, InviteUsers, ResendInvitation, RevokeInvitation},
    },
    base::{email_address::EmailAddress, ids::InvitationId},
    invitations::{
        commands,
        forms::{self, AddressDraft},
        model::{ActRefusal, Viewed},
        pages::{AddressPage, LinkPage},
        words,
    },
    mail::Links,
    web::{
        Desk, Fields, Halt, Problem, SignedIn, kept,
        page::{Offer, Toast},
        reply, url,
    },
};

pub async fn link(desk: Desk, path: Path<String>) -> Result<HttpResponse, Problem> {
    let (of, site) = (id(&path)?, &desk.person.site);
    let (links, now) = (Links::new(site.settings.public_url.clone(), site.signer.clone()), site.db.now());
    let found = desk
        .person
        .read(move |conn, actor| {
            Ok::<_, Halt<ActRefusal>>(commands::view(conn, actor.may(ResendInvitation { of })?, &links, now)?)
        })
        .await;
    answer(&desk, found, url::USERS, |(viewed, link)| {
        let page = LinkPage::new(desk.person.frame(), of, viewed, link, now, &desk.person.me.time_zone);
        desk.show(StatusCode::OK, &page, &page.as_dialog())
    })
}

pub async fn resend(desk: Desk, path: Path<String>, fields: Fields) -> Result<HttpResponse, Problem> {
    let (of, seen, back) = (id(&path)?, forms::seen(&fields), back(&fields));
    let sent = desk
        .person
        .write(move |tx, actor| Ok(commands::resend(tx, actor.may(ResendInvitation { of })?, Some(seen))?))
        .await;
    answer(&desk, sent, &back, |email| {
        let words = format!("Invitation sent again to {email}. The older link works no more.");
        Ok(reply::onward_saying(&desk.request, &back, words))
    })
}

pub async fn revoke(desk: Desk, path: Path<String>, fields: Fields) -> Result<HttpResponse, Problem> {
    let (of, seen, back) = (id(&path)?, forms::seen(&fields), back(&fields));
    let revoked = desk
        .person
        .write(move |tx, actor| Ok(commands::revoke(tx, actor.may(RevokeInvitation { of })?, Some(seen))?))
        .await;
    answer(&desk, revoked, list(&back), |invitation| {
        let undo = Offer {
            label: "Undo".to_owned(),
            action: url::pending(of, "undo"),
            fields: vec![("generation".to_owned(), invitation.generation.to_string())],
        };
        let words = format!("The invitation to {} is revoked.", invitation.email);
        reply::flash_toast(&desk.request, Toast::done(words).offering(undo));
        Ok(reply::onward(&desk.request, list(&back)))
    })
}

/// Somebody whose session had ended when they acted on a row comes back to the list of that row.
pub async fn return_to_list(request: HttpRequest, _: SignedIn) -> HttpResponse {
    let back = back(&kept::take(&request).unwrap_or_default());
    reply::onward(&request, list(&back))
}

pub async fn undo(desk: Desk, path: Path<String>, fields: Fields) -> Result<HttpResponse, Problem> {
    let (of, seen) = (id(&path)?, forms::seen(&fields));
    let restored = desk
        .person
        .write(move |tx, actor| Ok(commands::undo_revoke(tx, actor.may(InviteUsers)?, of, seen)?))
        .await;
    answer(&desk, restored, url::USERS, |invitation| {
        let words = format!("{} is invited again, by a new link.", invitation.email);
        Ok(reply::onward_saying(&desk.request, url::USERS, words))
    })
}

pub async fn edit_address(desk: Desk, path: Path<String>) -> Result<HttpResponse, Problem> {
    let of = id(&path)?;
    let kept = kept::take(&desk.request);
    answer(&desk, correctable(&desk, of).await, url::USERS, |viewed| {
        let email = kept.map_or_else(|| viewed.email.clone(), |kept| AddressDraft::read(&kept).email);
        let page = AddressPage::new(desk.person.frame(), of, &viewed, &AddressDraft { email }, None);
        desk.show(StatusCode::OK, &page, &page.as_dialog())
    })
}

pub async fn update_address(desk: Desk, path: Path<String>, fields: Fields) -> Result<HttpResponse, Problem> {
    let (of, draft) = (id(&path)?, AddressDraft::read(&fields));
    let viewed = match correctable(&desk, of).await {
        Ok(viewed) => viewed,
        Err(Halt::Refused(refusal)) => return refuse(&desk, &refusal, url::USERS),
        Err(Halt::Problem(problem)) => return Err(problem),
    };
    let email = match draft.parse() {
        Ok(email) => email,
        Err(error) => return wrong_address(&desk, of, &viewed, &draft, error),
    };
    match correct(&desk, of, &viewed, forms::seen(&fields), email.clone()).await {
        Ok(()) => {
            let words = format!("Invitation sent to {email}. The link that was sent before works no more.");
            Ok(reply::onward_saying(&desk.request, url::USERS, words))
        }
        Err(Halt::Refused(refusal @ (ActRefusal::Changed { .. } | ActRefusal::NoSuchInvitation))) => {
            refuse(&desk, &refusal, url::USERS)
        }
        Err(Halt::Refused(refusal)) => wrong_address(&desk, of, &viewed, &draft, words::refused(&refusal)),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

async fn correct(
    desk: &Desk,
    of: InvitationId,
    viewed: &Viewed,
    seen: i64,
    email: EmailAddress,
) -> Result<(), Halt<ActRefusal>> {
    let user = viewed.user;
    desk.person
        .write(move |tx, actor| {
            let permit = actor.may(EditUser { of: user })?;
            Ok(commands::correct_address(tx, permit, of, seen, &email)?)
        })
        .await
}

async fn correctable(desk: &Desk, of: InvitationId) -> Result<Viewed, Halt<ActRefusal>> {
    if !desk.person.actor.may_do(EditUser::NAME) {
        return Err(Denied { action: EditUser::NAME }.into());
    }
    let now = desk.person.site.db.now();
    desk.person.read(move |conn, actor| Ok(commands::correctable(conn, actor, of, now)?)).await
}

fn wrong_address(
    desk: &Desk,
    of: InvitationId,
    viewed: &Viewed,
    draft: &AddressDraft,
    error: String,
) -> Result<HttpResponse, Problem> {
    let page = AddressPage::new(desk.person.frame(), of, viewed, draft, Some(error));
    desk.show(StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog())
}

fn id(path: &Path<String>) -> Result<InvitationId, Problem> {
    path.parse().map_err(|_| Problem::NotFound)
}

/// The page the act was done on, as its form says: the list with its filters, or the person's page.
fn back(fields: &Fields) -> String {
    url::local(fields.get("return_to"))
        .filter(|path| path.starts_with(url::USERS))
        .unwrap_or(url::USERS)
        .to_owned()
}

/// The same, when the person's page goes with the act.
fn list(back: &str) -> &str {
    let is_list = back.strip_prefix(url::USERS).is_some_and(|rest| rest.is_empty() || rest.starts_with('?'));
    if is_list { back } else { url::USERS }
}
