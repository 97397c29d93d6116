//! The section of name and time zone.

use askama::{Template, filters::HtmlSafe};

use crate::{
    account::forms::{ProfileDraft, ProfileErrors},
    web::{
        Me,
        field::{ErrorSummary, Field},
        section::Section,
        when,
    },
};

#[derive(Template)]
#[template(path = "account/profile.html")]
pub struct ProfileSection {
    errors: ErrorSummary,
    name: Field,
    time_zone: Field,
}

impl HtmlSafe for ProfileSection {}

impl Section for ProfileSection {
    const ID: &'static str = "profile";
    const TITLE: &'static str = "Profile";
}

impl ProfileSection {
    pub fn of(me: &Me) -> Self {
        Self::new(&ProfileDraft::from(me), ProfileErrors::default())
    }

    pub fn new(draft: &ProfileDraft, errors: ProfileErrors) -> Self {
        let name = Field::text("name", "Name")
            .id("profile-name")
            .value(&draft.name)
            .error(errors.name)
            .autocomplete("name")
            .maxlength(100);
        let time_zone = Field::select("time_zone", "Time zone", zones(&draft.time_zone))
            .id("profile-zone")
            .value(&draft.time_zone)
            .hint("Times are shown as clocks go there.")
            .error(errors.time_zone);
        Self { errors: ErrorSummary::of([&name, &time_zone]), name, time_zone }
    }
}

/// Every zone to choose from; one of an older name when it was chosen before.
fn zones(chosen: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let older = when::zone(chosen).filter(|zone| when::zones().all(|it| it != *zone));
    older.into_iter().chain(when::zones()).map(|zone| (zone, zone))
}
