//! The letters Roster writes. A letter holds what it is about and never a rendered link: links are made while it is
//! sent, so that a copy of the database opens nothing.

mod access;
mod account;

use serde::{Deserialize, Serialize};

use crate::base::{
    clock::Moment,
    ids::{BrowserLinkId, EmailChangeId, InvitationId, OrganizationId, PasswordResetId, SetupLinkId, UserId},
};
pub use access::RequestEvent;
pub use account::{AccountEvent, Reset};

/// To whom a letter goes, and where its status is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    pub address: String,
    /// Empty when it is not known.
    pub name: String,
    /// Nobody's, for letters of the operator.
    pub organization: Option<OrganizationId>,
    /// What the letter's status is shown for, such as an invitation's id; a letter that only tells of it has none.
    pub about: Option<String>,
}

/// A new kind of letter is a variant here, its word in [`Letter::kind`] and [`Letter::KINDS`], and its words in
/// `content.rs`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Letter {
    /// To the invited person.
    Invitation {
        invitation: InvitationId,
        generation: u32,
        organization: String,
        inviter: String,
        groups: Vec<String>,
        message: String,
        #[serde(with = "moment")]
        expires_at: Moment,
    },
    /// To the inviter: somebody has joined.
    InvitationAccepted { person: String, email: String, organization: String, user: UserId },
    /// To the inviter or the administrators: the invitation could not be delivered, in the mail server's words.
    InvitationMailFailed { email: String, reason: String, organization: String },
    /// To the inviter: the link no longer works and the invited person would like another. Nobody is invited any more
    /// when it was revoked.
    FreshLinkAsked { email: String, organization: String, user: Option<UserId> },
    /// To whom the operator lets make a further organization.
    FurtherOrganization {
        setup_link: SetupLinkId,
        #[serde(with = "moment")]
        expires_at: Moment,
    },
    /// To a person: something happened to their account.
    AccountNotice { organization: String, event: AccountEvent },
    /// To the other administrators: something happened to somebody's account that they should know of.
    AdministratorNotice { organization: String, person: String, user: UserId, event: AccountEvent },
    /// To a person: the way to set a new password.
    PasswordReset {
        reset: PasswordResetId,
        organization: String,
        why: Reset,
        #[serde(with = "moment")]
        expires_at: Moment,
    },
    /// To the new address of a person, to be confirmed.
    EmailConfirmation {
        change: EmailChangeId,
        organization: String,
        #[serde(with = "moment")]
        expires_at: Moment,
    },
    /// To the old address of a person, with the way to take the change back.
    EmailChanged {
        change: EmailChangeId,
        organization: String,
        to: String,
        #[serde(with = "moment")]
        expires_at: Moment,
    },
    /// To a person whose account is under attack: lets a browser that was never seen try passwords.
    BrowserLink {
        link: BrowserLinkId,
        organization: String,
        #[serde(with = "moment")]
        expires_at: Moment,
    },
    /// To the owner of an access token: it ends soon.
    TokenExpires {
        organization: String,
        name: String,
        #[serde(with = "moment")]
        expires_at: Moment,
    },
    /// To those who may approve: somebody asks for a role for some time.
    AccessAsked {
        organization: String,
        person: String,
        role: String,
        reason: String,
        minutes: i32,
        #[serde(with = "moment")]
        expires_at: Moment,
    },
    /// To whom it concerns: what became of an access request. `person` is who asked, empty in their own letter.
    AccessNews { organization: String, person: String, role: String, event: RequestEvent },
    /// Shows that mail arrives.
    Test { requested_by: String },
}

impl Letter {
    /// Every kind there is: what the postman of this version takes from the outbox.
    pub const KINDS: [&'static str; 15] = [
        "invitation",
        "invitation_accepted",
        "invitation_mail_failed",
        "fresh_link_asked",
        "further_organization",
        "account_notice",
        "administrator_notice",
        "password_reset",
        "email_confirmation",
        "email_changed",
        "browser_link",
        "token_expires",
        "access_asked",
        "access_news",
        "test",
    ];

    /// The word that stands for it in the outbox.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Invitation { .. } => "invitation",
            Self::InvitationAccepted { .. } => "invitation_accepted",
            Self::InvitationMailFailed { .. } => "invitation_mail_failed",
            Self::FreshLinkAsked { .. } => "fresh_link_asked",
            Self::FurtherOrganization { .. } => "further_organization",
            Self::AccountNotice { .. } => "account_notice",
            Self::AdministratorNotice { .. } => "administrator_notice",
            Self::PasswordReset { .. } => "password_reset",
            Self::EmailConfirmation { .. } => "email_confirmation",
            Self::EmailChanged { .. } => "email_changed",
            Self::BrowserLink { .. } => "browser_link",
            Self::TokenExpires { .. } => "token_expires",
            Self::AccessAsked { .. } => "access_asked",
            Self::AccessNews { .. } => "access_news",
            Self::Test { .. } => "test",
        }
    }

    /// Why it makes no sense to send it any more.
    pub(super) fn out_of_date(&self, now: Moment) -> Option<String> {
        match self {
            Self::Invitation { expires_at, .. }
            | Self::FurtherOrganization { expires_at, .. }
            | Self::PasswordReset { expires_at, .. }
            | Self::EmailConfirmation { expires_at, .. }
            | Self::BrowserLink { expires_at, .. }
                if *expires_at <= now =>
            {
                Some("The link expired before the letter could be sent.".to_owned())
            }
            Self::AccessAsked { expires_at, .. } if *expires_at <= now => {
                Some("The request expired before the letter could be sent.".to_owned())
            }
            _ => None,
        }
    }
}

/// What the outbox keeps of a letter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Envelope {
    pub address: String,
    pub name: String,
    pub letter: Letter,
}

/// Moments in RFC 3339.
mod moment {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::base::clock::Moment;

    pub fn serialize<S: Serializer>(at: &Moment, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&at.rfc3339())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        DateTime::<Utc>::deserialize(deserializer).map(Moment::new)
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn one_of_each() -> Vec<Letter> {
        let (organization, email) = ("Acme".to_owned(), "bob@example.com".to_owned());
        let expires_at = Moment::from_micros(1_800_000_000_123_456);
        vec![
            Letter::Invitation {
                invitation: InvitationId::new(),
                generation: 2,
                organization: organization.clone(),
                inviter: "Ada".into(),
                groups: vec!["Operators".into()],
                message: "Hello".into(),
                expires_at,
            },
            Letter::InvitationAccepted {
                person: "Bob".into(),
                email: email.clone(),
                organization: organization.clone(),
                user: UserId::new(),
            },
            Letter::InvitationMailFailed {
                email: email.clone(),
                reason: "550 No".into(),
                organization: organization.clone(),
            },
            Letter::FreshLinkAsked {
                email: email.clone(),
                organization: organization.clone(),
                user: Some(UserId::new()),
            },
            Letter::FurtherOrganization { setup_link: SetupLinkId::new(), expires_at },
            Letter::AccountNotice {
                organization: organization.clone(),
                event: AccountEvent::PasswordChanged,
            },
            Letter::AdministratorNotice {
                organization: organization.clone(),
                person: "Bob".into(),
                user: UserId::new(),
                event: AccountEvent::SecondFactorReset { by: "Ada".into(), reason: "lost phone".into() },
            },
            Letter::PasswordReset {
                reset: PasswordResetId::new(),
                organization: organization.clone(),
                why: Reset::Forgotten,
                expires_at,
            },
            Letter::EmailConfirmation {
                change: EmailChangeId::new(),
                organization: organization.clone(),
                expires_at,
            },
            Letter::EmailChanged {
                change: EmailChangeId::new(),
                organization: organization.clone(),
                to: email,
                expires_at,
            },
            Letter::BrowserLink {
                link: BrowserLinkId::new(),
                organization: organization.clone(),
                expires_at,
            },
            Letter::TokenExpires { organization: organization.clone(), name: "backups".into(), expires_at },
            Letter::AccessAsked {
                organization: organization.clone(),
                person: "Bob".into(),
                role: "CKS Admin".into(),
                reason: "a cluster is down".into(),
                minutes: 90,
                expires_at,
            },
            Letter::AccessNews {
                organization,
                person: String::new(),
                role: "CKS Admin".into(),
                event: RequestEvent::Approved { by: "Ada".into(), note: "go".into(), until: expires_at },
            },
            Letter::Test { requested_by: "Ada".into() },
        ]
    }

    #[test]
    fn a_letter_comes_back_from_the_outbox_as_it_went_in() {
        for letter in one_of_each() {
            let row = serde_json::to_value(&letter).unwrap();
            assert_eq!(row["kind"], letter.kind());
            assert_eq!(serde_json::from_value::<Letter>(row).unwrap(), letter);
        }
    }

    #[test]
    fn every_kind_is_taken_by_the_postman() {
        let kinds: Vec<_> = one_of_each().iter().map(Letter::kind).collect();
        assert_eq!(kinds, Letter::KINDS);
    }
}
