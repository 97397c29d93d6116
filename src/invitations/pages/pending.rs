//! What is done to one pending invitation, each a dialog and a page.

use askama::Template;

use crate::{
    base::{clock::Moment, ids::InvitationId},
    invitations::{forms::AddressDraft, model::Viewed, words},
    web::{
        field::{ErrorSummary, Field},
        page::Shell,
        url, when,
    },
};

/// The link, to be copied and handed over.
#[derive(Template)]
#[template(path = "invitations/link.html", blocks = ["dialog"])]
pub struct LinkPage {
    pub frame: Shell,
    viewed: Viewed,
    link: String,
    expiry: String,
    until: (String, String),
    resend: String,
}

impl LinkPage {
    pub fn new(
        frame: Shell,
        id: InvitationId,
        viewed: Viewed,
        link: String,
        now: Moment,
        zone: &str,
    ) -> Self {
        Self {
            frame,
            link,
            expiry: words::expiry(viewed.expires_at, now),
            until: (viewed.expires_at.rfc3339(), when::in_zone(viewed.expires_at, zone)),
            resend: url::pending(id, "resend"),
            viewed,
        }
    }
}

/// Another address for somebody who is invited.
#[derive(Template)]
#[template(path = "invitations/address.html", blocks = ["dialog"])]
pub struct AddressPage {
    pub frame: Shell,
    current: String,
    action: String,
    generation: i64,
    email: Field,
    errors: ErrorSummary,
}

impl AddressPage {
    pub fn new(
        frame: Shell,
        id: InvitationId,
        viewed: &Viewed,
        draft: &AddressDraft,
        error: Option<String>,
    ) -> Self {
        let email = Field::email("email", "Email")
            .value(&draft.email)
            .error(error)
            .hint("A new link goes there; the one that was sent before works no more.")
            .autocomplete("off")
            .autofocus();
        Self {
            frame,
            current: viewed.email.clone(),
            action: url::pending(id, "address"),
            generation: viewed.generation,
            errors: ErrorSummary::of([&email]),
            email,
        }
    }
}

/// An act that was decided on a page which is no longer true.
#[derive(Template)]
#[template(path = "invitations/conflict.html", blocks = ["dialog"])]
pub struct ConflictPage {
    pub frame: Shell,
    pub story: String,
    pub back: String,
}
