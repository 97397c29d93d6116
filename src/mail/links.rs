//! The links that prove themselves, for letters and for **Copy link** alike. They begin with the public URL of the
//! settings, never with what a request called this server.

use url::Url;

use crate::{
    base::ids::{BrowserLinkId, EmailChangeId, InvitationId, PasswordResetId, SetupLinkId, UserId},
    crypto::signing::{Named, Purpose, Signer},
};

/// A setup link is never issued again under the same id, so it has one generation.
pub const SETUP_GENERATION: u32 = 1;
/// The same holds for every link of an account.
pub const ACCOUNT_GENERATION: u32 = 1;

/// Makes links; to be cloned freely.
#[derive(Clone)]
pub struct Links {
    public_url: Url,
    signer: Signer,
}

impl Links {
    pub fn new(public_url: Url, signer: Signer) -> Self {
        Self { public_url, signer }
    }

    /// Where Roster is, without a slash at the end.
    pub fn home(&self) -> &str {
        self.public_url.as_str().trim_end_matches('/')
    }

    /// What the host is called, for the names of letters.
    pub fn host(&self) -> &str {
        self.public_url.host_str().unwrap_or("localhost")
    }

    pub fn invitation(&self, invitation: InvitationId, generation: u32) -> String {
        let named = Named { id: invitation.uuid(), generation };
        format!("{}/invitations/{}", self.home(), self.signer.token(Purpose::Invitation, named))
    }

    pub fn setup(&self, link: SetupLinkId) -> String {
        let named = Named { id: link.uuid(), generation: SETUP_GENERATION };
        format!("{}/setup?token={}", self.home(), self.signer.token(Purpose::Setup, named))
    }

    pub fn password_reset(&self, reset: PasswordResetId) -> String {
        format!("{}/password/reset/{}", self.home(), self.account_token(Purpose::PasswordReset, reset.uuid()))
    }

    pub fn email_confirmation(&self, change: EmailChangeId) -> String {
        let token = self.account_token(Purpose::EmailConfirmation, change.uuid());
        format!("{}/account/email/confirm/{token}", self.home())
    }

    pub fn email_undo(&self, change: EmailChangeId) -> String {
        format!(
            "{}/account/email/undo/{}",
            self.home(),
            self.account_token(Purpose::EmailUndo, change.uuid())
        )
    }

    pub fn browser(&self, link: BrowserLinkId) -> String {
        format!("{}/sign-in/browser/{}", self.home(), self.account_token(Purpose::Browser, link.uuid()))
    }

    fn account_token(&self, purpose: Purpose, id: uuid::Uuid) -> String {
        self.signer.token(purpose, Named { id, generation: ACCOUNT_GENERATION })
    }

    /// A person's own settings, at the section by this name.
    pub fn settings(&self, section: &str) -> String {
        format!("{}/account/settings#{section}", self.home())
    }

    pub fn password_forgotten(&self) -> String {
        format!("{}/password/forgotten", self.home())
    }

    pub fn users(&self) -> String {
        format!("{}/organization/users", self.home())
    }

    pub fn tokens(&self) -> String {
        format!("{}/tokens", self.home())
    }

    pub fn access_requests(&self) -> String {
        format!("{}/organization/iam/access-requests", self.home())
    }

    pub fn user(&self, user: UserId) -> String {
        format!("{}/organization/users/{user}", self.home())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_begin_with_the_public_url_and_open_what_they_name() {
        let signer = Signer::new([7; 32], None);
        let links = Links::new("https://people.example.com/".parse().unwrap(), signer.clone());
        let invitation = InvitationId::new();
        let link = links.invitation(invitation, 3);
        let token = link.strip_prefix("https://people.example.com/invitations/").unwrap();
        let named = signer.open(Purpose::Invitation, token).unwrap();
        assert_eq!((named.id, named.generation), (invitation.uuid(), 3));

        let setup = links.setup(SetupLinkId::new());
        let token = setup.strip_prefix("https://people.example.com/setup?token=").unwrap();
        assert_eq!(signer.open(Purpose::Setup, token).unwrap().generation, SETUP_GENERATION);
    }
}
