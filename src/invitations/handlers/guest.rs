//! Somebody who opened the link of an invitation.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use crate::{
    invitations::{
        commands::{self, NotAccepted},
        forms::{AcceptDraft, AcceptErrors},
        model::{Gone, Opened, Welcome},
        pages::{AcceptPage, JoinDraft, JoinErrors, JoinPage, Joined, StoryPage, SwitchPage, Ways},
        words,
    },
    sign_in,
    social::{self, Vouched},
    web::{Anyone, Problem, reply, session::store::Account, shell, url},
};

/// A link that was opened: what it is about, and who the browser belongs to.
pub struct Guest {
    pub anyone: Anyone,
    pub token: String,
    pub link: Opened,
    pub welcome: Welcome,
    pub signed_in: Option<Account>,
}

impl Guest {
    /// Whoever may accept; or the answer to whoever may not.
    pub async fn who_may_accept(
        request: &HttpRequest,
        anyone: Anyone,
        path: Path<String>,
    ) -> Result<Result<Self, HttpResponse>, Problem> {
        let guest = Self::receive(anyone, path).await?;
        match guest.obstacle(request) {
            Some(answer) => answer.map(Err),
            None => Ok(Ok(guest)),
        }
    }

    /// A token that was never issued is not found, whatever it says.
    pub async fn receive(anyone: Anyone, path: Path<String>) -> Result<Self, Problem> {
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

    pub fn story(&self, gone: Gone) -> Result<HttpResponse, Problem> {
        let page = StoryPage::new(self.anyone.frame(), &self.token, &self.welcome, gone);
        reply::with_status(StatusCode::GONE, &page)
    }

    pub fn only_by_sso(&self) -> Result<HttpResponse, Problem> {
        sign_in::only_by_sso(&self.anyone, self.welcome.offer.organization_name.clone())
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

    pub fn form(&self, draft: &AcceptDraft, errors: AcceptErrors) -> AcceptPage {
        let ways = Ways {
            providers: self.anyone.site.settings.providers(),
            vouched: social::kept(&self.anyone.session, self.anyone.site.db.now()),
        };
        AcceptPage::new(self.anyone.frame(), &self.token, self.welcome.clone(), (draft, errors), ways)
    }

    /// The page for joining with the account that is vouched for.
    pub fn join_form(&self, vouched: &Vouched, name: &str, errors: JoinErrors) -> JoinPage {
        let draft = JoinDraft { name, errors, action: url::join_invitation(&self.token) };
        JoinPage::new(
            self.anyone.frame(),
            vouched,
            vec![Joined::of(&self.welcome.offer, String::new())],
            draft,
        )
        .or_by_password(&url::invitation(&self.token))
    }

    pub fn refuse(&self, vouched: &Vouched, name: &str, why: NotAccepted) -> Result<HttpResponse, Problem> {
        match why {
            NotAccepted::Gone(gone) => self.story(gone),
            NotAccepted::OtherAddress => reply::unprocessable(&self.form(
                &AcceptDraft { name: name.to_owned(), ..AcceptDraft::default() },
                AcceptErrors::default(),
            )),
            NotAccepted::OnlyBySso => self.only_by_sso(),
            NotAccepted::AnothersAlready => {
                let whole =
                    Some(words::anothers_already(vouched.provider, &self.welcome.offer.organization_name));
                reply::unprocessable(&self.join_form(vouched, name, JoinErrors { name: None, whole }))
            }
        }
    }
}
