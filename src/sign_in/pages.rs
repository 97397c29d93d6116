//! The sign-in page, the choice between organizations, and the page of a deactivated account.

use askama::Template;

use super::{
    forms::{SignInDraft, SignInErrors},
    model::{Account, LinkGone},
};
use crate::{
    base::ids::UserId,
    settings::Provider,
    web::{
        field::{ErrorSummary, Field},
        page::Plain,
        url,
    },
};

#[derive(Template)]
#[template(path = "sign_in/show.html")]
pub struct SignInPage {
    pub frame: Plain,
    email: Field,
    password: Field,
    return_to: Field,
    errors: ErrorSummary,
    /// Something typed waits behind the sign-in.
    is_return: bool,
    /// Whose accounts may sign in.
    providers: Vec<Provider>,
}

impl SignInPage {
    pub fn new(frame: Plain, draft: &SignInDraft, errors: SignInErrors, providers: Vec<Provider>) -> Self {
        let email = Field::email("email", "Email")
            .value(&draft.email)
            .error(errors.email)
            .autocomplete("username webauthn");
        let password = Field::password("password", "Password", "current-password").error(errors.password);
        let mut summary = ErrorSummary::of([&email, &password]);
        if let Some(words) = errors.pair {
            summary = summary.with("email", words);
        }
        if let Some(words) = errors.whole {
            summary = summary.with("", words);
        }
        Self {
            frame,
            is_return: !draft.return_to.is_empty() && summary.is_empty(),
            email,
            password,
            return_to: Field::hidden("return_to", &draft.return_to),
            errors: summary,
            providers,
        }
    }

    /// Where the address leads to the organization's own provider.
    fn sso(&self) -> String {
        url::sso_sign_in_and_return(&self.return_to.value)
    }
}

pub struct Choice {
    pub user: UserId,
    pub organization: String,
}

#[derive(Template)]
#[template(path = "sign_in/choose.html")]
pub struct ChoosePage {
    pub frame: Plain,
    pub choices: Vec<Choice>,
}

impl ChoosePage {
    pub fn new(frame: Plain, accounts: Vec<Account>) -> Self {
        let choices = accounts
            .into_iter()
            .map(|account| Choice { user: account.user, organization: account.organization_name })
            .collect();
        Self { frame, choices }
    }
}

#[derive(Template)]
#[template(path = "sign_in/deactivated.html")]
pub struct DeactivatedPage {
    pub frame: Plain,
    pub organization: String,
    /// Names and addresses.
    pub ask: Vec<(String, String)>,
}

/// For somebody who proved who they are by a way that their organization does not take any more.
#[derive(Template)]
#[template(path = "sign_in/only_by_sso.html")]
pub struct OnlyBySsoPage {
    pub frame: Plain,
    pub organization: String,
}

/// The same for every address.
#[derive(Template)]
#[template(path = "sign_in/link_first.html")]
pub struct LinkFirstPage {
    pub frame: Plain,
}

/// What a link that makes a browser known is about to do.
#[derive(Template)]
#[template(path = "sign_in/browser.html")]
pub struct BrowserPage {
    pub frame: Plain,
    pub organization: String,
    pub email: String,
    pub device: String,
    pub action: String,
}

/// Why such a link does nothing any more.
#[derive(Template)]
#[template(path = "sign_in/browser_story.html")]
pub struct BrowserStoryPage {
    pub frame: Plain,
    pub story: &'static str,
}

impl BrowserStoryPage {
    pub fn new(frame: Plain, gone: LinkGone) -> Self {
        let story = match gone {
            LinkGone::Used => "It has let a browser in already, and works once.",
            LinkGone::Expired => "It worked for one hour, and that is over.",
        };
        Self { frame, story }
    }
}
