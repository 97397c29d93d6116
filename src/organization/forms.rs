//! What the forms of the organization's settings ask for.

use std::ops::RangeInclusive;

use super::model::{
    Change, DAYS_OF_GRACE, DAYS_OF_INVITATION, Domains, Limits, LimitsRefusal, MOST_CHARACTERS, NameRefusal,
    OrganizationName, Settings, Topic,
};
use crate::{base::clock::Moment, web::Fields};

#[derive(Clone, Debug, Default)]
pub struct SettingsDraft {
    pub name: String,
    pub is_required: bool,
    pub grace: String,
    pub idle: String,
    pub overall: String,
    pub domains: String,
    pub invitation_days: String,
    /// What the page showed of it: see [`Settings::seen`].
    pub seen: String,
    /// Whether the summary of whom it concerns was agreed to.
    pub is_agreed: bool,
}

/// What is wrong, by the name of the field.
#[derive(Clone, Debug, Default)]
pub struct SettingsErrors(Vec<(&'static str, String)>);

impl SettingsErrors {
    /// Of the form as a whole.
    pub fn whole(words: impl Into<String>) -> Self {
        Self(vec![("", words.into())])
    }

    pub fn of(&self, field: &str) -> Option<String> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, words)| words.clone())
    }
}

impl SettingsDraft {
    /// The days that are offered when a second factor is not required yet.
    pub const USUAL_GRACE: i32 = 7;

    /// The forms as they stand before anything is typed.
    pub fn showing(settings: &Settings, topic: Topic, now: Moment) -> Self {
        Self {
            name: settings.name.clone(),
            is_required: settings.is_factor_required,
            grace: settings.days_of_grace(now).unwrap_or(Self::USUAL_GRACE).to_string(),
            idle: settings.limits.idle.to_string(),
            overall: settings.limits.overall.to_string(),
            domains: settings.domains.shown().join("\n"),
            invitation_days: settings.invitation_days.to_string(),
            seen: settings.seen(topic),
            is_agreed: false,
        }
    }

    pub fn of(fields: &Fields) -> Self {
        Self {
            name: fields.text("name"),
            is_required: fields.get("required") == "on",
            grace: fields.text("grace"),
            idle: fields.text("idle"),
            overall: fields.text("overall"),
            domains: fields.text("domains"),
            invitation_days: fields.text("invitation_days"),
            seen: fields.get("seen").to_owned(),
            is_agreed: fields.has("agreed"),
        }
    }

    /// The change of this topic that was typed; the fields of others say nothing.
    pub fn parse(&self, topic: Topic) -> Result<Change, SettingsErrors> {
        let wrong = |field, words| SettingsErrors(vec![(field, words)]);
        match topic {
            Topic::Name => OrganizationName::parse(&self.name)
                .map(Change::Name)
                .map_err(|refusal| wrong("name", name_words(refusal))),
            Topic::SecondFactor if !self.is_required => Ok(Change::SecondFactor(None)),
            Topic::SecondFactor => count(&self.grace, &DAYS_OF_GRACE)
                .map(|days| Change::SecondFactor(Some(days)))
                .map_err(|words| wrong("grace", words)),
            Topic::Sessions => Limits::of(self.idle.parse().ok(), self.overall.parse().ok())
                .map(Change::Sessions)
                .map_err(|refusal| match refusal {
                    LimitsRefusal::Idle => wrong("idle", "Choose one of the lengths.".into()),
                    LimitsRefusal::Overall => wrong("overall", "Choose one of the lengths.".into()),
                    LimitsRefusal::IdleBeyondOverall => {
                        wrong("idle", "Choose a length that is not above the one for any case.".into())
                    }
                }),
            Topic::Domains => Domains::parse(&self.domains).map(Change::Domains).map_err(|refused| {
                wrong(
                    "domains",
                    match refused {
                        Some(word) => format!("“{word}” is not a domain. Write domains such as example.com."),
                        None => "Enter at most 100 domains.".into(),
                    },
                )
            }),
            Topic::InvitationLife => count(&self.invitation_days, &DAYS_OF_INVITATION)
                .map(Change::InvitationLife)
                .map_err(|words| wrong("invitation_days", words)),
        }
    }

    /// What a summary sends on, so that agreeing saves what was summed up.
    pub fn to_agree(&self, topic: Topic) -> Vec<(&'static str, String)> {
        let mut fields = match topic {
            Topic::Name => vec![("name", self.name.clone())],
            Topic::SecondFactor if self.is_required => {
                vec![("required", "on".to_owned()), ("grace", self.grace.clone())]
            }
            Topic::SecondFactor => vec![],
            Topic::Sessions => vec![("idle", self.idle.clone()), ("overall", self.overall.clone())],
            Topic::Domains => vec![("domains", self.domains.clone())],
            Topic::InvitationLife => vec![("invitation_days", self.invitation_days.clone())],
        };
        fields.extend([("seen", self.seen.clone()), ("agreed", "1".to_owned())]);
        fields
    }
}

fn count(typed: &str, within: &RangeInclusive<i32>) -> Result<i32, String> {
    let typed = typed.parse().ok().filter(|count| within.contains(count));
    typed.ok_or_else(|| format!("Enter a whole number from {} to {}.", within.start(), within.end()))
}

fn name_words(refusal: NameRefusal) -> String {
    match refusal {
        NameRefusal::Empty => "Enter the name of the organization.".into(),
        NameRefusal::TooLong => format!("Use at most {MOST_CHARACTERS} characters."),
    }
}
