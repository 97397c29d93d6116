//! The pages on the way to a provider and back, and the section of the settings.

use askama::{Template, filters::HtmlSafe};

use super::model::Linked;
use crate::{
    settings::Provider,
    web::{
        field::ErrorSummary,
        page::{Plain, Shell},
        section::Section,
        url, when,
    },
};

/// Leads on to the provider by itself; a form's answer may not be a redirect to another site.
#[derive(Template)]
#[template(path = "social/going.html")]
pub struct GoingPage {
    pub frame: Plain,
    pub provider: Provider,
    pub href: String,
}

/// Why the way to a provider did not lead where it should, and the way back.
#[derive(Template)]
#[template(path = "social/story.html")]
pub struct StoryPage {
    pub frame: Plain,
    pub title: String,
    pub story: String,
    pub back: String,
    /// The words of the way back.
    pub label: &'static str,
}

#[derive(Template)]
#[template(path = "social/section.html")]
pub struct LinkedSection {
    rows: Vec<Row>,
}

impl HtmlSafe for LinkedSection {}

impl Section for LinkedSection {
    const ID: &'static str = "linked";
    const TITLE: &'static str = "Linked accounts";
}

struct Row {
    provider: Provider,
    told: String,
    /// Where it is linked, when it is not.
    link: Option<String>,
    unlink: Option<String>,
}

impl LinkedSection {
    /// A row for each provider that is set up here, or of which an account is linked.
    pub fn new(linked: &[Linked], issuers: &[(Provider, Option<String>)], zone: &str) -> Self {
        let row = |(provider, issuer): &(Provider, Option<String>)| {
            let word = provider.word();
            match linked.iter().find(|linked| linked.provider == *provider) {
                Some(linked) => Some(Row {
                    provider: *provider,
                    told: told(linked, issuer.as_ref() == Some(&linked.issuer), zone),
                    link: None,
                    unlink: Some(url::unlink_account(word)),
                }),
                None => issuer.as_ref().map(|_| Row {
                    provider: *provider,
                    told: "Not linked".to_owned(),
                    link: Some(url::link_account(word)),
                    unlink: None,
                }),
            }
        };
        Self { rows: issuers.iter().filter_map(row).collect() }
    }

    /// Whether there is anything to show.
    pub fn is_there(&self) -> bool {
        !self.rows.is_empty()
    }
}

fn told(linked: &Linked, signs_in: bool, zone: &str) -> String {
    let since = when::in_zone(linked.created_at, zone);
    let used = linked
        .last_used_at
        .map_or_else(|| "not used yet".to_owned(), |at| format!("last used {}", when::in_zone(at, zone)));
    let rest = if signs_in { used } else { "not set up here any more, so it signs nobody in".to_owned() };
    format!("{} · linked {since}, {rest}", linked.email)
}

#[derive(Template)]
#[template(path = "social/unlink.html", blocks = ["dialog"])]
pub struct UnlinkPage {
    frame: Shell,
    errors: ErrorSummary,
    action: String,
    provider: Provider,
    email: String,
}

impl UnlinkPage {
    pub fn new(frame: Shell, linked: &Linked, refused: Option<String>) -> Self {
        let errors =
            refused.map_or_else(ErrorSummary::default, |words| ErrorSummary::default().with("", words));
        Self {
            frame,
            errors,
            action: url::unlink_account(linked.provider.word()),
            provider: linked.provider,
            email: linked.email.clone(),
        }
    }

    fn label(&self) -> String {
        format!("Unlink {}", self.provider.label())
    }
}
