//! The settings page.

use askama::Template;

use crate::{
    passwords::PasswordSection,
    web::{
        Me,
        page::{Shell, Theme},
    },
};

#[derive(Template)]
#[template(path = "account/settings.html")]
pub struct SettingsPage {
    pub frame: Shell,
    pub me: Me,
    pub password: PasswordSection,
}
