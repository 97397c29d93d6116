//! The form of an OpenID provider.

use askama::Template;

use super::people::{PeopleFields, told};
use crate::{
    access::Catalogue,
    sso::{
        commands::Shown,
        forms::{Errors, OidcDraft},
        model::Configuration,
    },
    web::{
        field::{ErrorSummary, Field},
        page::Shell,
    },
};

#[derive(Template)]
#[template(path = "sso/oidc.html")]
pub struct OidcPage {
    frame: Shell,
    errors: ErrorSummary,
    is_new: bool,
    redirect: String,
    discovery: Field,
    client_id: Field,
    client_secret: Field,
    people: PeopleFields,
}

impl OidcPage {
    pub fn new(
        frame: Shell,
        draft: &OidcDraft,
        errors: &Errors,
        (shown, catalogue): (&Shown, &Catalogue),
        redirect: String,
    ) -> Self {
        let discovery = Field::text("discovery", "Discovery URL")
            .value(&draft.discovery)
            .placeholder("https://login.example.com/.well-known/openid-configuration")
            .hint("The provider’s discovery document, or its issuer. It is asked before you go on.");
        let client_id = Field::text("client_id", "Client ID").value(&draft.client_id).autocomplete("off");
        let client_secret = Field::password("client_secret", "Client secret", "off");
        let client_secret = match shown.connection.as_ref().map(|it| &it.configuration) {
            Some(Configuration::Oidc(_)) => {
                client_secret.hint("Leave it empty to keep the one there is.").optional()
            }
            Some(Configuration::Saml(_)) | None => {
                client_secret.hint("It is kept sealed and never shown again.")
            }
        };
        let [discovery, client_id, client_secret] = told([discovery, client_id, client_secret], errors);
        let people = PeopleFields::new(&draft.people, errors, (shown, catalogue), "claim");
        Self {
            frame,
            errors: people.summary([&discovery, &client_id, &client_secret], errors),
            is_new: shown.connection.is_none(),
            redirect,
            discovery,
            client_id,
            client_secret,
            people,
        }
    }
}
