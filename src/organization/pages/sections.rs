//! The sections of the organization's page, one for each thing that is changed by itself.

use std::marker::PhantomData;

use askama::{Template, filters::HtmlSafe};

use crate::{
    base::clock::Moment,
    organization::{
        forms::{SettingsDraft, SettingsErrors},
        model::{
            Affected, Change, DAYS_OF_GRACE, DAYS_OF_INVITATION, IDLE_MINUTES, OVERALL_MINUTES, Settings,
            Topic, days, span,
        },
    },
    web::{
        field::{ErrorSummary, Field},
        section::{Section, Whole},
        url, when,
    },
};

/// A topic as a section of its own.
pub trait Subject: 'static {
    const TOPIC: Topic;
    const TITLE: &'static str;
    /// Under the title.
    const INTRO: &'static str;
    /// What is saved, as the buttons name it.
    const WHAT: &'static str;
    const PATH: &'static str;
}

pub struct NameTopic;

impl Subject for NameTopic {
    const TOPIC: Topic = Topic::Name;
    const TITLE: &'static str = "Name";
    const INTRO: &'static str = "Stands on every page and in every letter.";
    const WHAT: &'static str = "name";
    const PATH: &'static str = url::ORGANIZATION_NAME;
}

pub struct SecondFactorTopic;

impl Subject for SecondFactorTopic {
    const TOPIC: Topic = Topic::SecondFactor;
    const TITLE: &'static str = "Second factor";
    const INTRO: &'static str = "A code from an app or a passkey besides the password.";
    const WHAT: &'static str = "second factor";
    const PATH: &'static str = url::ORGANIZATION_SECOND_FACTOR;
}

pub struct SessionsTopic;

impl Subject for SessionsTopic {
    const TOPIC: Topic = Topic::Sessions;
    const TITLE: &'static str = "Session limits";
    const INTRO: &'static str = "How long people stay signed in. A change holds from the next request on.";
    const WHAT: &'static str = "session limits";
    const PATH: &'static str = url::ORGANIZATION_SESSIONS;
}

pub struct DomainsTopic;

impl Subject for DomainsTopic {
    const TOPIC: Topic = Topic::Domains;
    const TITLE: &'static str = "Allowed domains";
    const INTRO: &'static str = "Whom invitations may be sent to.";
    const WHAT: &'static str = "domains";
    const PATH: &'static str = url::ORGANIZATION_DOMAINS;
}

pub struct InvitationLifeTopic;

impl Subject for InvitationLifeTopic {
    const TOPIC: Topic = Topic::InvitationLife;
    const TITLE: &'static str = "Invitations";
    const INTRO: &'static str = "How long their links open. Invitations that are out keep their day.";
    const WHAT: &'static str = "invitation life";
    const PATH: &'static str = url::ORGANIZATION_INVITATIONS;
}

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

/// Whom a change concerns, before it is saved.
#[derive(Template)]
#[template(path = "organization/summary.html")]
pub struct Summary {
    what: &'static str,
    action: &'static str,
    lead: String,
    names: Vec<String>,
    more: i64,
    then: Vec<String>,
    fields: Vec<(&'static str, String)>,
    back: String,
}

impl HtmlSafe for Summary {}

impl Summary {
    pub fn of<S: Subject>(
        change: &Change,
        affected: Affected,
        draft: &SettingsDraft,
        view: View<'_>,
    ) -> Self {
        let (lead, then) = told(change, &affected, view);
        Self {
            what: S::WHAT,
            action: S::PATH,
            lead,
            more: affected.count - i64::try_from(affected.names.len()).unwrap_or(0),
            names: affected.names,
            then,
            fields: draft.to_agree(S::TOPIC),
            back: url::organization_at(S::TOPIC.id()),
        }
    }
}

/// Whom it concerns, and what becomes of them.
fn told(change: &Change, affected: &Affected, view: View<'_>) -> (String, Vec<String>) {
    let (none, many) = (affected.count == 0, affected.count);
    let after = view.settings.with(change, view.now);
    match change {
        Change::SecondFactor(Some(grace)) => {
            let lead = match many {
                0 => "Everybody has a second factor already.".to_owned(),
                1 => "1 person has no second factor yet:".to_owned(),
                _ => format!("{many} people have no second factor yet:"),
            };
            let from = after.factor_from.map(|from| when::in_zone(from, view.zone)).unwrap_or_default();
            let then = match grace {
                0 => "At the next sign-in whoever has none is led to set one up.".to_owned(),
                _ => format!("From {from} on, signing in leads whoever has none to set one up."),
            };
            let me = affected.is_me.then(|| "You are one of them.".to_owned());
            (
                lead,
                me.into_iter()
                    .chain([then, "Sessions that are open now go on until they end.".to_owned()])
                    .collect(),
            )
        }
        Change::SecondFactor(None) => (
            "Signing in no longer asks everybody for a second factor.".to_owned(),
            vec!["Whoever has one keeps it and is asked for it as before.".to_owned()],
        ),
        Change::Sessions(limits) => {
            let lead = match many {
                0 => "No session ends now.".to_owned(),
                1 => "1 session ends at once, of:".to_owned(),
                _ => format!("{many} sessions end at once, of:"),
            };
            let me = affected.is_me.then(|| "Yours is one of them: you sign in again.".to_owned());
            let then = format!(
                "From now on a session ends {} after its last use, and after {} in any case.",
                span(limits.idle),
                span(limits.overall)
            );
            (lead, me.into_iter().chain([then]).collect())
        }
        Change::Domains(domains) if domains.is_empty() => {
            ("People at every domain can be invited.".to_owned(), Vec::new())
        }
        Change::Domains(_) => {
            let lead = match many {
                0 => "No pending invitation is for another domain.".to_owned(),
                1 => "1 pending invitation is for another domain:".to_owned(),
                _ => format!("{many} pending invitations are for other domains:"),
            };
            let stay = (!none)
                .then(|| "They stay open. Revoke those that should not, on the users page.".to_owned());
            (lead, stay.into_iter().collect())
        }
        Change::Name(_) | Change::InvitationLife(_) => ("Nobody is affected.".to_owned(), Vec::new()),
    }
}
