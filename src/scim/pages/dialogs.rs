//! Making and revoking a token, turning provisioning off, linking a group.

use askama::Template;

use crate::{
    base::ids::ScimTokenId,
    scim::{commands::Made, forms::TokenDraft, model::Waiting},
    web::{
        SignedIn,
        field::{ErrorSummary, Field},
        page::Shell,
    },
};

#[derive(Template)]
#[template(path = "scim/new.html", blocks = ["dialog"])]
pub struct NewTokenPage {
    frame: Shell,
    errors: ErrorSummary,
    name: Field,
}

impl NewTokenPage {
    pub fn new(frame: Shell, draft: &TokenDraft, error: Option<String>) -> Self {
        let name = Field::text("name", "Token name")
            .value(&draft.name)
            .hint("Such as the name of your identity provider.")
            .error(error)
            .maxlength(100)
            .autocomplete("off")
            .autofocus();
        Self { errors: ErrorSummary::of([&name]), frame, name }
    }
}

#[derive(Template)]
#[template(path = "scim/created.html", blocks = ["dialog"])]
pub struct CreatedPage {
    frame: Shell,
    name: String,
    secret: String,
    base_url: String,
}

impl CreatedPage {
    pub fn new(person: &SignedIn, name: String, made: &Made) -> Self {
        Self {
            frame: person.frame(),
            name,
            secret: made.secret.reveal().to_owned(),
            base_url: person.site.absolute(&format!("/scim/v2/{}", person.organization.code)),
        }
    }
}

#[derive(Template)]
#[template(path = "scim/revoke.html", blocks = ["dialog"])]
pub struct RevokePage {
    pub frame: Shell,
    pub name: String,
    pub id: ScimTokenId,
}

#[derive(Template)]
#[template(path = "scim/disable.html", blocks = ["dialog"])]
pub struct DisablePage {
    pub frame: Shell,
}

#[derive(Template)]
#[template(path = "scim/link.html", blocks = ["dialog"])]
pub struct LinkPage {
    frame: Shell,
    refused: Option<&'static str>,
    group: Waiting,
    /// The names of the roles it carries.
    roles: Vec<String>,
}

impl LinkPage {
    pub fn new(person: &SignedIn, group: Waiting, refused: Option<&'static str>) -> Self {
        let catalogue = person.actor.catalogue();
        let roles = group.roles.iter().map(|role| catalogue.role_name(role).to_owned()).collect();
        Self { frame: person.frame(), refused, roles, group }
    }

    fn seen(&self) -> String {
        self.group.roles.join(" ")
    }

    fn members(&self) -> String {
        match self.group.members {
            0 => "Nobody is in it now".to_owned(),
            1 => "One person is in it now".to_owned(),
            many => format!("{many} people are in it now"),
        }
    }
}
