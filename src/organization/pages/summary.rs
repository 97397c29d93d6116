//! Whom a change of the settings concerns, before it is saved.

use askama::{Template, filters::HtmlSafe};

use super::{Subject, View};
use crate::{
    organization::{
        forms::SettingsDraft,
        model::{Affected, Change, span},
    },
    web::{url, when},
};

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
