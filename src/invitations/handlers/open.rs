//! What invited people do, without an account.

use actix_web::{HttpRequest, HttpResponse, web::Path};

use super::guest::Guest;
use crate::{
    access::{Proof, ProofMethod},
    base::email_address::EmailAddress,
    db::Stop,
    invitations::{
        commands::{self, Acceptance, Accepted, NotAccepted, WayIn},
        forms::{self, AcceptDraft, AcceptErrors, AddressDraft},
        model::{Gone, Welcome},
        pages::{AskedPage, JoinErrors, SendAgainPage, SentAgainPage},
    },
    sign_in, social,
    web::{Anyone, Browser, Fields, Problem, form::Query, reply, session, url},
};

/// With an account in hand whose provider vouches for the invited address, joining is one press away; a password stays
/// possible.
pub async fn show(
    request: HttpRequest,
    anyone: Anyone,
    path: Path<String>,
    query: Query,
) -> Result<HttpResponse, Problem> {
    let guest = match Guest::who_may_accept(&request, anyone, path).await? {
        Ok(guest) => guest,
        Err(answer) => return Ok(answer),
    };
    let kept = social::kept(&guest.anyone.session, guest.anyone.site.db.now());
    match kept.filter(|vouched| vouched.vouches_for(&guest.welcome.offer.email)) {
        Some(vouched) if query.0.get("with") != "password" && !guest.welcome.by_sso.is_required => {
            let name = [&guest.welcome.offer.name, &vouched.name].into_iter().find(|name| !name.is_empty());
            let name = name.cloned().unwrap_or_default();
            reply::html(&guest.join_form(&vouched, &name, JoinErrors::default()))
        }
        _ => {
            let draft = AcceptDraft { name: guest.welcome.offer.name.clone(), ..AcceptDraft::default() };
            reply::html(&guest.form(&draft, AcceptErrors::default()))
        }
    }
}

pub async fn accept(
    request: HttpRequest,
    anyone: Anyone,
    path: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let guest = match Guest::who_may_accept(&request, anyone, path).await? {
        Ok(guest) => guest,
        Err(answer) => return Ok(answer),
    };
    let draft = AcceptDraft::read(&fields);
    let Welcome { offer, rules, .. } = &guest.welcome;
    let filled = match draft.parse(&offer.email, &offer.organization_name, *rules) {
        Ok(filled) => filled,
        Err(errors) => return reply::unprocessable(&guest.form(&draft, errors)),
    };
    // The password is hashed before the transaction opens.
    let (hasher, from) = (&guest.anyone.site.hasher, guest.anyone.visitor.address);
    let hash = hasher.hash(from, filled.password.expose().to_owned()).await?;
    let acceptance = Acceptance { name: filled.name, way_in: WayIn::Password(hash) };
    let browser = Browser::of(&request);
    match enter(&guest, browser.clone(), acceptance).await? {
        Ok(accepted) => {
            let name = &guest.welcome.offer.organization_name;
            begin((&request, &browser), &guest.anyone, accepted, ProofMethod::Acceptance, name).await
        }
        Err(NotAccepted::Gone(gone)) => guest.story(gone),
        Err(NotAccepted::OnlyBySso) => guest.only_by_sso(),
        Err(NotAccepted::OtherAddress | NotAccepted::AnothersAlready) => Err(Problem::NotFound),
    }
}

/// Accepts with the account that is kept.
pub async fn join(
    request: HttpRequest,
    anyone: Anyone,
    path: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let guest = match Guest::who_may_accept(&request, anyone, path).await? {
        Ok(guest) => guest,
        Err(answer) => return Ok(answer),
    };
    let Some(vouched) = social::kept(&guest.anyone.session, guest.anyone.site.db.now()) else {
        return Ok(reply::onward(&request, &url::invitation(&guest.token)));
    };
    let typed = fields.get("name");
    if !vouched.vouches_for(&guest.welcome.offer.email) {
        return guest.refuse(&vouched, typed, NotAccepted::OtherAddress);
    }
    let name = match forms::name(&fields) {
        Ok(name) => name,
        Err(words) => {
            let errors = JoinErrors { name: Some(words), whole: None };
            return reply::unprocessable(&guest.join_form(&vouched, typed, errors));
        }
    };
    let acceptance = Acceptance { name, way_in: WayIn::Account(vouched.clone()) };
    let browser = Browser::of(&request);
    match enter(&guest, browser.clone(), acceptance).await? {
        Ok(accepted) => {
            let name = &guest.welcome.offer.organization_name;
            begin((&request, &browser), &guest.anyone, accepted, ProofMethod::Social, name).await
        }
        Err(why) => guest.refuse(&vouched, typed, why),
    }
}

/// The form of the page is sent here.
pub async fn back(request: HttpRequest, _: Anyone, path: Path<String>) -> HttpResponse {
    reply::onward(&request, &url::invitation(&path))
}

async fn enter(
    guest: &Guest,
    browser: Browser,
    acceptance: Acceptance,
) -> Result<Result<Accepted, NotAccepted>, Problem> {
    let (site, origin, link) = (&guest.anyone.site, guest.anyone.visitor.origin(), guest.link);
    let organization = guest.welcome.offer.organization;
    let accepted = site.db.write(organization, move |tx| {
        let accepted = commands::accept(tx, &link, &acceptance, &origin)?;
        sign_in::completed(tx, &accepted.entering, &browser)?;
        Ok(accepted)
    });
    match accepted.await {
        Ok(accepted) => Ok(Ok(accepted)),
        Err(Stop::Refused(why)) => Ok(Err(why)),
        Err(Stop::Fault(fault)) => Err(fault.into()),
    }
}

/// Begins the session of whoever has joined; a second factor that the organization requires is set up next.
pub async fn begin(
    (request, browser): (&HttpRequest, &Browser),
    anyone: &Anyone,
    accepted: Accepted,
    method: ProofMethod,
    organization: &str,
) -> Result<HttpResponse, Problem> {
    let entering = accepted.entering;
    let proof = Proof { method, at: anyone.site.db.now() };
    let stage = sign_in::stage_after(&anyone.site.db, entering.user, proof).await?;
    session::begin(&anyone.session, &anyone.visitor, entering, stage, vec![proof])?;
    social::forget(&anyone.session);
    let goal = stage.on_the_way_to(url::HOME);
    let mut response = reply::onward_saying(request, &goal, format!("Welcome to {organization}."));
    browser.remember(request, &mut response);
    Ok(response)
}

pub async fn ask(request: HttpRequest, anyone: Anyone, path: Path<String>) -> Result<HttpResponse, Problem> {
    let guest = Guest::receive(anyone, path).await?;
    match guest.welcome.state {
        Ok(()) => return Ok(reply::onward(&request, &url::invitation(&guest.token))),
        Err(Gone::Accepted) => return guest.story(Gone::Accepted),
        Err(Gone::Expired | Gone::Replaced | Gone::Revoked) => {}
    }
    let (link, origin, organization) =
        (guest.link, guest.anyone.visitor.origin(), guest.welcome.offer.organization);
    let db = &guest.anyone.site.db;
    db.write(organization, move |tx| commands::ask_for_fresh_link(tx, &link, &origin)).await?;
    reply::html(&AskedPage { frame: guest.anyone.frame() })
}

/// Signs out whoever is signed in, and comes back to the invitation.
pub async fn switch(
    request: HttpRequest,
    anyone: Anyone,
    path: Path<String>,
) -> Result<HttpResponse, Problem> {
    let guest = Guest::receive(anyone, path).await?;
    if let Some(account) = &guest.signed_in {
        let (user, origin) = (account.user, guest.anyone.visitor.origin());
        guest.anyone.site.db.write(None, move |tx| sign_in::leave(tx, user, &origin)).await?;
    }
    guest.anyone.session.purge();
    Ok(reply::onward(&request, &url::invitation(&guest.token)))
}

pub async fn new_letter(anyone: Anyone) -> Result<HttpResponse, Problem> {
    reply::html(&SendAgainPage::new(anyone.frame(), "", None))
}

/// The same answer, after the same work, for every address: whose invitation it is, is found out afterwards.
pub async fn send_again(anyone: Anyone, fields: Fields) -> Result<HttpResponse, Problem> {
    let draft = AddressDraft::read(&fields);
    let email: EmailAddress = match draft.parse() {
        Ok(email) => email,
        Err(error) => {
            return reply::unprocessable(&SendAgainPage::new(anyone.frame(), &draft.email, Some(error)));
        }
    };
    let (from, origin, wanted) = (anyone.visitor.address, anyone.visitor.origin(), email.clone());
    let wait =
        anyone.site.db.write(None, move |tx| commands::ask_for_letter(tx, &wanted, from, &origin)).await?;
    match wait {
        Some(wait) => Err(Problem::TooOften { wait }),
        None => reply::html(&SentAgainPage { frame: anyone.frame(), email: email.to_string() }),
    }
}
