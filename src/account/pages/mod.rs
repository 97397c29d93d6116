//! The settings page and the sections that belong to no other room.

mod email;
mod profile;

use askama::Template;

use crate::{
    passkeys::PasskeysSection,
    passwords::PasswordSection,
    second_factor::TwoFactorSection,
    sessions::SessionsSection,
    social::LinkedSection,
    sso::OwnSection,
    web::page::{Shell, Theme},
};

pub use email::{EmailSection, LinkPage, StoryPage, UndonePage, refused};
pub use profile::ProfileSection;

/// One section after the other; those of other rooms draw themselves, as this room's do.
#[derive(Template)]
#[template(path = "account/settings.html")]
pub struct SettingsPage {
    pub frame: Shell,
    pub profile: ProfileSection,
    pub passkeys: PasskeysSection,
    pub linked: LinkedSection,
    /// For whoever comes by their organization's provider.
    pub by_sso: Option<OwnSection>,
    pub email: EmailSection,
    pub password: PasswordSection,
    pub sessions: SessionsSection,
    pub two_factor: TwoFactorSection,
}
