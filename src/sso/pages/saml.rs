//! The form of a SAML provider.

use askama::Template;

use super::people::{PeopleFields, told};
use crate::{
    access::Catalogue,
    saml::Own,
    sso::{
        commands::Shown,
        forms::{Errors, SamlDraft, Tab},
    },
    web::{
        field::{ErrorSummary, Field},
        page::Shell,
        url,
    },
};

#[derive(Template)]
#[template(path = "sso/saml.html")]
pub struct SamlPage {
    frame: Shell,
    errors: ErrorSummary,
    is_new: bool,
    own: Own,
    tab: Tab,
    /// Those of the tab that is shown.
    provider: Vec<Field>,
    attributes: [Field; 3],
    signed_assertions: bool,
    signs_requests: bool,
    people: PeopleFields,
}

impl SamlPage {
    pub fn new(
        frame: Shell,
        draft: &SamlDraft,
        errors: &Errors,
        (shown, catalogue): (&Shown, &Catalogue),
        own: Own,
    ) -> Self {
        let provider = match draft.tab {
            Tab::Manual => told(by_hand(draft), errors).to_vec(),
            Tab::Metadata => told([by_metadata(draft)], errors).to_vec(),
        };
        let names = &draft.attributes;
        let attribute = |name, label, value: &str| Field::text(name, label).value(value).autocomplete("off");
        let attributes = [
            attribute("email_attribute", "Email attribute", &names.email)
                .hint("Where it is missing, a NameID that is an email address does."),
            attribute("first_name_attribute", "First name attribute", &names.first_name),
            attribute("last_name_attribute", "Last name attribute", &names.last_name),
        ];
        let attributes = told(attributes, errors);
        let people = PeopleFields::new(&draft.people, errors, (shown, catalogue), "attribute");
        Self {
            frame,
            errors: people.summary(provider.iter().chain(&attributes), errors),
            is_new: shown.connection.is_none(),
            own,
            tab: draft.tab,
            provider,
            attributes,
            signed_assertions: draft.signed_assertions,
            signs_requests: draft.signs_requests,
            people,
        }
    }

    /// Both tabs with their addresses.
    fn tabs(&self) -> impl Iterator<Item = (Tab, String)> {
        Tab::BOTH.into_iter().map(|tab| (tab, format!("{}?tab={}", url::SSO_SAML, tab.word())))
    }
}

fn by_hand(draft: &SamlDraft) -> [Field; 4] {
    [
        Field::text("sso_url", "SSO URL")
            .value(&draft.sso_url)
            .placeholder("https://login.example.com/saml/sso")
            .hint("Where people are sent to sign in, for the HTTP-Redirect binding."),
        Field::text("entity_id", "Entity ID")
            .value(&draft.entity_id)
            .autocomplete("off")
            .hint("The identity provider’s own name, also called its issuer."),
        Field::textarea("certificate", "X.509 certificate")
            .value(&draft.certificate)
            .hint("The one it signs with, in PEM."),
        Field::textarea("next_certificate", "Second certificate")
            .value(&draft.next_certificate)
            .hint("For the time in which one follows another: either of them may have signed.")
            .optional(),
    ]
}

fn by_metadata(draft: &SamlDraft) -> Field {
    Field::text("metadata_url", "Metadata URL")
        .value(&draft.metadata_url)
        .placeholder("https://login.example.com/saml/metadata")
        .hint("It is read before you go on, and again only when you say so.")
}
