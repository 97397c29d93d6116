//! The sections of the organization's page, one for each thing that is changed by itself.

use std::marker::PhantomData;

use askama::{Template, filters::HtmlSafe};

use super::{Subject, Summary};
use crate::{
    base::clock::Moment,
    organization::{
        forms::{SettingsDraft, SettingsErrors},
        model::{
            DAYS_OF_GRACE, DAYS_OF_INVITATION, IDLE_MINUTES, OVERALL_MINUTES, Settings, Topic, days, span,
        },
    },
    web::{
        field::{ErrorSummary, Field},
        section::{Section, Whole},
        url, when,
    },
};

/// One section: what holds, for those who may read it; a form, for those who may change it; or the summary of whom a
/// change concerns, before it is saved.
#[derive(Template)]
#[template(path = "organization/section.html")]
pub struct TopicSection<S: Subject> {
    may_change: bool,
    in_force: Vec<(&'static str, String)>,
    /// On or off, and its hint, where the section has a switch.
    switch: Option<(bool, String)>,
    fields: Vec<Field>,
    errors: ErrorSummary,
    seen: Field,
    summary: Option<Summary>,
    of: PhantomData<S>,
}

impl<S: Subject> HtmlSafe for TopicSection<S> {}

impl<S: Subject> Section for TopicSection<S> {
    const ID: &'static str = S::TOPIC.id();
    const TITLE: &'static str = S::TITLE;
    const PAGE: Whole = Whole { heading: "Organization", href: url::ORGANIZATION, link: "All settings" };
}

/// Whom it is shown to, and when.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub settings: &'a Settings,
    pub may_change: bool,
    pub now: Moment,
    pub zone: &'a str,
}

impl<S: Subject> TopicSection<S> {
    pub fn of(view: View<'_>) -> Self {
        let draft = SettingsDraft::showing(view.settings, S::TOPIC, view.now);
        Self::with(view, &draft, SettingsErrors::default())
    }

    /// With what was typed, and what is wrong with it.
    pub fn with(view: View<'_>, draft: &SettingsDraft, errors: SettingsErrors) -> Self {
        let fields = fields(S::TOPIC, draft, &errors);
        let mut summed = ErrorSummary::of(&fields);
        if let Some(words) = errors.of("") {
            summed = summed.with("", words);
        }
        let in_force = in_force(S::TOPIC, &view);
        let hint = || in_force.iter().map(|(_, words)| format!("{words}.")).collect();
        Self {
            may_change: view.may_change,
            switch: (S::TOPIC == Topic::SecondFactor).then(|| (draft.is_required, hint())),
            fields,
            errors: summed,
            seen: Field::hidden("seen", &draft.seen),
            in_force,
            summary: None,
            of: PhantomData,
        }
    }

    pub fn summing_up(self, summary: Summary) -> Self {
        Self { summary: Some(summary), ..self }
    }

    fn label(&self) -> String {
        let act = if S::TOPIC.has_preview() { "Review" } else { "Save" };
        format!("{act} {}", S::WHAT)
    }
}

/// What was saved, as a message says it.
pub fn said(topic: Topic, settings: &Settings, now: Moment, zone: &str) -> String {
    let view = View { settings, may_change: true, now, zone };
    let words: Vec<_> =
        in_force(topic, &view).into_iter().map(|(label, words)| format!("{label}: {words}")).collect();
    words.join("; ")
}

fn in_force(topic: Topic, view: &View<'_>) -> Vec<(&'static str, String)> {
    let settings = view.settings;
    match topic {
        Topic::Name => vec![("Name", settings.name.clone())],
        Topic::SecondFactor => vec![(
            "Second factor",
            match (settings.is_factor_required, settings.factor_from) {
                (false, _) => "Not required".to_owned(),
                (true, Some(from)) if from > view.now => {
                    format!("Required from {} on", when::in_zone(from, view.zone))
                }
                (true, Some(from)) => format!("Required since {}", when::in_zone(from, view.zone)),
                (true, None) => "Required".to_owned(),
            },
        )],
        Topic::Sessions => vec![
            ("Without use", format!("End after {}", span(settings.limits.idle))),
            ("In any case", format!("End after {}", span(settings.limits.overall))),
        ],
        Topic::Domains => {
            let shown = settings.domains.shown();
            vec![("Domains", if shown.is_empty() { "All".to_owned() } else { shown.join(", ") })]
        }
        Topic::InvitationLife => {
            vec![("Invitations", format!("Open for {}", days(settings.invitation_days)))]
        }
    }
}

fn fields(topic: Topic, draft: &SettingsDraft, errors: &SettingsErrors) -> Vec<Field> {
    let fields = match topic {
        Topic::Name => vec![
            Field::text("name", "Name").value(&draft.name).autocomplete("organization").maxlength(200),
        ],
        Topic::SecondFactor => vec![Field::text("grace", "Grace period in days").value(&draft.grace).hint(format!(
            "From {} to {}. Until it is over people sign in as before.",
            DAYS_OF_GRACE.start(),
            DAYS_OF_GRACE.end()
        ))],
        Topic::Sessions => vec![
            length("idle", "End a session without use after", &IDLE_MINUTES, &draft.idle),
            length("overall", "End a session in any case after", &OVERALL_MINUTES, &draft.overall),
        ],
        Topic::Domains => vec![
            Field::textarea("domains", "Domains").value(&draft.domains).optional().hint(
                "One in a line, such as example.com. Nobody at another domain can be invited. Left empty, everybody can.",
            ),
        ],
        Topic::InvitationLife => vec![
            Field::text("invitation_days", "Days an invitation stays open").value(&draft.invitation_days).hint(
                format!("From {} to {}.", DAYS_OF_INVITATION.start(), DAYS_OF_INVITATION.end()),
            ),
        ],
    };
    let with_error = |field: Field| {
        let error = errors.of(&field.name);
        field.error(error)
    };
    fields.into_iter().map(with_error).collect()
}

/// A length to choose; one that was set by other means is offered as well.
fn length(name: &str, label: &str, offered: &[i32], chosen: &str) -> Field {
    let mut offered = offered.to_vec();
    offered.extend(chosen.parse::<i32>().ok().filter(|it| *it > 0 && !offered.contains(it)));
    offered.sort_unstable();
    Field::select(name, label, offered.into_iter().map(|minutes| (minutes.to_string(), span(minutes))))
        .value(chosen)
}
