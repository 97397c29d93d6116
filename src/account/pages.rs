//! The settings page.

use askama::Template;

use crate::web::{
    Me,
    page::{Shell, Theme},
};

#[derive(Template)]
#[template(path = "account/settings.html")]
pub struct SettingsPage {
    pub frame: Shell,
    pub me: Me,
}
