//! The pages of single sign-on.

mod facts;
mod oidc;
mod own;
mod people;
mod require;
mod saml;
mod stranger;
mod trial;

use askama::Template;

use super::{
    commands::{Shown, Waiting},
    forms::Errors,
    model::{Configuration, Connection, Kind},
};
use facts::{Facts, Groups};
pub use oidc::OidcPage;
pub use own::{OwnSection, UnlinkPage};
pub use require::RequirePage;
pub use saml::SamlPage;
pub use stranger::{GoingPage, SignInPage, StoryPage};
pub use trial::TrialPage;

use crate::{
    access::Catalogue,
    base::clock::Moment,
    saml::Own,
    web::{field::ErrorSummary, page::Shell, url},
};

/// What the provider of an organization has to know of us.
pub struct Ours {
    /// The redirect address of OpenID Connect.
    pub redirect: String,
    pub saml: Own,
}

/// The form of a kind.
fn form_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Oidc => url::SSO_OIDC,
        Kind::Saml => url::SSO_SAML,
    }
}

/// A text with a button to copy it: its id, label and value.
struct Copied(&'static str, &'static str, String);

#[derive(Template)]
#[template(path = "sso/index.html")]
pub struct IndexPage {
    frame: Shell,
    errors: ErrorSummary,
    may_change: bool,
    is_on: bool,
    /// How it is called on the buttons.
    called: &'static str,
    edit: &'static str,
    /// The particulars can be read again from where they were read.
    is_of_metadata: bool,
    people: String,
    required: &'static str,
    facts: Option<Facts>,
    copied: Vec<Copied>,
}

impl IndexPage {
    pub fn new(frame: Shell, shown: &Shown, catalogue: &Catalogue, ours: Ours, at: (Moment, &str)) -> Self {
        let groups = Groups::of(&shown.groups, catalogue);
        let connection = shown.connection.as_ref();
        let of = |it: &Connection| {
            let people =
                (it.domains.as_slice(), it.groups_claim.as_str(), it.mapping.as_slice(), it.trusts_factor);
            Facts::of(&it.configuration, people, &groups, at)
        };
        let kind = connection.map(|it| it.configuration.kind());
        let copied = match kind {
            Some(Kind::Oidc) => vec![Copied("redirect", "Redirect address", ours.redirect)],
            Some(Kind::Saml) => vec![
                Copied("acs", "ACS URL", ours.saml.acs),
                Copied("entity", "Entity ID of this side", ours.saml.entity_id),
            ],
            None => Vec::new(),
        };
        Self {
            frame,
            errors: ErrorSummary::default(),
            may_change: false,
            is_on: connection.is_some_and(|it| it.is_on),
            called: if kind == Some(Kind::Saml) { "SAML" } else { "SSO" },
            edit: kind.map_or(url::SSO_OIDC, form_of),
            is_of_metadata: connection.is_some_and(|it| match &it.configuration {
                Configuration::Saml(saml) => saml.metadata_url.is_some(),
                Configuration::Oidc(_) => false,
            }),
            people: counted(shown.people),
            required: connection.map_or("", |it| require::in_words(it.required)),
            facts: connection.map(of),
            copied,
        }
    }

    pub fn for_who_may_change(self, may_change: bool) -> Self {
        Self { may_change, ..self }
    }

    pub fn refused(self, words: &str) -> Self {
        Self { errors: self.errors.with("", words), ..self }
    }
}

fn counted(people: i64) -> String {
    match people {
        0 => "Nobody has come by it yet.".to_owned(),
        1 => "One person has come by it.".to_owned(),
        many => format!("{many} people have come by it."),
    }
}

/// What is about to be deployed.
#[derive(Template)]
#[template(path = "sso/deploy.html")]
pub struct DeployPage {
    frame: Shell,
    errors: ErrorSummary,
    name: String,
    facts: Facts,
    /// The form it was typed into.
    form: &'static str,
    form_label: &'static str,
    /// It is another provider than before, which knew so many people.
    forgets: Option<i64>,
    /// Said of the client secret, where there is one.
    secret: &'static str,
}

impl DeployPage {
    pub fn new(
        frame: Shell,
        waiting: &Waiting,
        (shown, catalogue): (&Shown, &Catalogue),
        at: (Moment, &str),
    ) -> Self {
        let draft = &waiting.draft;
        let is_another = |before: &&Connection| !before.configuration.is_same_provider(&draft.configuration);
        let people = (
            draft.domains.as_slice(),
            draft.groups_claim.as_str(),
            draft.mapping.as_slice(),
            draft.trusts_factor,
        );
        let kind = draft.configuration.kind();
        Self {
            frame,
            errors: ErrorSummary::default(),
            name: waiting.name.clone(),
            facts: Facts::of(&draft.configuration, people, &Groups::of(&shown.groups, catalogue), at),
            form: form_of(kind),
            form_label: match kind {
                Kind::Oidc => "Configure OpenID Connect",
                Kind::Saml => "Configure SAML",
            },
            forgets: shown.connection.as_ref().filter(is_another).map(|_| shown.people),
            secret: match (kind, &draft.secret) {
                (Kind::Saml, _) => "",
                (Kind::Oidc, Some(_)) => "The client secret you entered is kept sealed.",
                (Kind::Oidc, None) => "The client secret stays the one there is.",
            },
        }
    }

    pub fn refused(mut self, errors: &Errors) -> Self {
        for (_, words) in &errors.0 {
            self.errors = self.errors.with("", words.as_str());
        }
        self
    }
}
