//! What invited people do, without an account.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use crate::{
    access::{Proof, ProofMethod},
    base::email_address::EmailAddress,
    db::Stop,
    invitations::{
        commands::{self, Acceptance, Accepted},
        forms::{AcceptDraft, AcceptErrors, AddressDraft, Filled},
        model::{Gone, Opened, Welcome},
        pages::{AcceptPage, AskedPage, SendAgainPage, SentAgainPage, StoryPage, SwitchPage},
    },
    sign_in,
    web::{
        Anyone, Browser, Fields, Problem, reply,
        session::{self, Stage, store::Account},
        shell, url,
    },
};

/// A link that was opened: what it is about, and who the browser belongs to.
struct Guest {
    anyone: Anyone,
    token: String,
    link: Opened,
    welcome: Welcome,
    signed_in: Option<Account>,
}

impl Guest {
    /// A token that was never issued is not found, whatever it says.
    async fn receive(anyone: Anyone, path: Path<String>) -> Result<Self, Problem> {
        let token = path.into_inner();
        let site = &anyone.site;
        let link = Opened::by(&site.signer, &token).ok_or(Problem::NotFound)?;
        let now = site.db.now();
        let welcome = site.db.read(move |conn| commands::welcome(conn, &link, now)).await?;
        let signed_in = anyone.signed_in().await?;
        Ok(Self { token, link, welcome: welcome.ok_or(Problem::NotFound)?, signed_in, anyone })
    }

    /// What stands in the way of accepting, if anything does.
    fn obstacle(&self, request: &HttpRequest) -> Option<Result<HttpResponse, Problem>> {
        match (&self.welcome.state, &self.signed_in) {
            (Err(Gone::Accepted), Some(account)) if self.welcome.user == Some(account.user) => {
                Some(Ok(reply::onward(request, url::HOME)))
            }
            (Err(gone), _) => Some(self.story(*gone)),
            (Ok(()), Some(account)) => Some(self.somebody_else(account)),
            (Ok(()), None) => None,
        }
    }

    fn story(&self, gone: Gone) -> Result<HttpResponse, Problem> {
        let page = StoryPage::new(self.anyone.frame(), &self.token, &self.welcome, gone);
        reply::with_status(StatusCode::GONE, &page)
    }

    fn somebody_else(&self, account: &Account) -> Result<HttpResponse, Problem> {
        reply::with_status(
            StatusCode::CONFLICT,
            &SwitchPage {
                frame: self.anyone.frame(),
                welcome: self.welcome.clone(),
                signed_in: (
                    shell::shown_name(&account.name, &account.email).to_owned(),
                    account.organization_name.clone(),
                ),
                action: format!("{}/switch", url::invitation(&self.token)),
            },
        )
    }

    fn form(&self, draft: &AcceptDraft, errors: AcceptErrors) -> AcceptPage {
        AcceptPage::new(self.anyone.frame(), &self.token, self.welcome.clone(), draft, errors)
    }
}

pub async fn show(request: HttpRequest, anyone: Anyone, path: Path<String>) -> Result<HttpResponse, Problem> {
    let guest = Guest::receive(anyone, path).await?;
    if let Some(answer) = guest.obstacle(&request) {
        return answer;
    }
    let draft = AcceptDraft { name: guest.welcome.name.clone(), ..AcceptDraft::default() };
    reply::html(&guest.form(&draft, AcceptErrors::default()))
}

pub async fn accept(
    request: HttpRequest,
    anyone: Anyone,
    path: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let guest = Guest::receive(anyone, path).await?;
    if let Some(answer) = guest.obstacle(&request) {
        return answer;
    }
    let draft = AcceptDraft::read(&fields);
    let Welcome { email, organization_name, rules, .. } = &guest.welcome;
    let filled = match draft.parse(email, organization_name, *rules) {
        Ok(filled) => filled,
        Err(errors) => return reply::unprocessable(&guest.form(&draft, errors)),
    };
    let browser = Browser::of(&request);
    match enter(&guest, filled, browser.clone()).await? {
        Ok(Accepted { entering }) => {
            let (session, visitor) = (&guest.anyone.session, &guest.anyone.visitor);
            let proof = Proof { method: ProofMethod::Acceptance, at: guest.anyone.site.db.now() };
            let stage = sign_in::stage_after(&guest.anyone.site.db, entering.user, proof).await?;
            session::begin(session, visitor, entering, stage, vec![proof])?;
            let words = format!("Welcome to {}.", guest.welcome.organization_name);
            let goal = if stage == Stage::Half { url::SECOND_FACTOR } else { url::HOME };
            let mut response = reply::onward_saying(&request, goal, words);
            browser.remember(&request, &mut response);
            Ok(response)
        }
        Err(gone) => guest.story(gone),
    }
}

/// The password is hashed before the transaction opens.
async fn enter(guest: &Guest, filled: Filled, browser: Browser) -> Result<Result<Accepted, Gone>, Problem> {
    let (site, visitor, link) = (&guest.anyone.site, &guest.anyone.visitor, guest.link);
    let password_hash = site.hasher.hash(visitor.address, filled.password.expose().to_owned()).await?;
    let (acceptance, origin) = (Acceptance { name: filled.name, password_hash }, visitor.origin());
    let organization = guest.welcome.organization;
    let accepted = site.db.write(organization, move |tx| {
        let accepted = commands::accept(tx, &link, &acceptance, &origin)?;
        sign_in::completed(tx, &accepted.entering, &browser)?;
        Ok(accepted)
    });
    match accepted.await {
        Ok(accepted) => Ok(Ok(accepted)),
        Err(Stop::Refused(gone)) => Ok(Err(gone)),
        Err(Stop::Fault(fault)) => Err(fault.into()),
    }
}

pub async fn ask(request: HttpRequest, anyone: Anyone, path: Path<String>) -> Result<HttpResponse, Problem> {
    let guest = Guest::receive(anyone, path).await?;
    match guest.welcome.state {
        Ok(()) => return Ok(reply::onward(&request, &url::invitation(&guest.token))),
        Err(Gone::Accepted) => return guest.story(Gone::Accepted),
        Err(Gone::Expired | Gone::Replaced | Gone::Revoked) => {}
    }
    let (link, origin, organization) =
        (guest.link, guest.anyone.visitor.origin(), guest.welcome.organization);
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
