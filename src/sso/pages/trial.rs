//! What a dry run showed.

use askama::Template;

use crate::{
    sso::{
        commands::{Regrouped, Trial},
        model::{Connection, Decision, Vouched},
        words,
    },
    web::{page::Shell, shell},
};

#[derive(Template)]
#[template(path = "sso/trial.html")]
pub struct TrialPage {
    frame: Shell,
    is_on: bool,
    is_let_in: bool,
    title: String,
    story: String,
    /// What the provider vouches for.
    vouched: Vec<(&'static str, String)>,
    /// The attributes as they came.
    told: Vec<(String, String)>,
    groups: String,
}

impl TrialPage {
    pub fn new(frame: Shell, is_on: bool) -> Self {
        let empty = String::new;
        let (title, story, groups) = (empty(), empty(), empty());
        Self { frame, is_on, is_let_in: false, title, story, vouched: Vec::new(), told: Vec::new(), groups }
    }

    /// The provider's word is not to be believed, or there is none.
    pub fn refused(self, title: String, story: String) -> Self {
        Self { title, story, ..self }
    }

    pub fn of(
        self,
        connection: &Connection,
        vouched: &Vouched,
        told: &[(String, Vec<String>)],
        trial: &Trial,
    ) -> Self {
        let (title, story) = match &trial.outcome {
            Ok(decision) => would(decision, trial),
            Err(why) => {
                let (title, story) = words::turned_away(*why);
                (title.to_owned(), format!("This is what the person would be told: {story}"))
            }
        };
        let or_none = |text: &str| if text.is_empty() { "None".to_owned() } else { text.to_owned() };
        let address = match (&vouched.email, vouched.is_verified) {
            (None, _) => "None".to_owned(),
            (Some(email), true) => email.clone(),
            (Some(email), false) => format!("{email}, which it does not say is verified"),
        };
        let vouched_for = vec![
            ("Known there as", vouched.subject.clone()),
            ("Address", address),
            ("Name", or_none(&vouched.name)),
            ("Groups", vouched.groups.as_ref().map_or("Not told".to_owned(), |it| or_none(&it.join(", ")))),
        ];
        Self {
            is_let_in: trial.outcome.is_ok(),
            title,
            story,
            vouched: vouched_for,
            told: told.iter().map(|(name, values)| (name.clone(), or_none(&values.join(", ")))).collect(),
            groups: if trial.outcome.is_ok() { groups(connection, trial) } else { String::new() },
            ..self
        }
    }
}

fn would(decision: &Decision, trial: &Trial) -> (String, String) {
    let person = trial.person.as_ref();
    let name = person.map_or(trial.name.as_str(), |it| shell::shown_name(&it.name, &it.email)).to_owned();
    let address = person.map(|it| it.email.to_string()).unwrap_or_default();
    match decision {
        Decision::Enter(_) => (
            format!("{name} would be signed in"),
            format!("The provider’s name for them is known here as the account of {address}."),
        ),
        Decision::Link(_) => (
            format!("{name} would be signed in"),
            format!(
                "The account of {address} would be linked to the provider’s name for them, and they would be told by mail. \
                 From then on that name decides, whatever the address."
            ),
        ),
        Decision::Accept(_) => (
            format!("{name} would accept their invitation"),
            format!("{address} was invited and would be signed in, with the groups of the invitation."),
        ),
        Decision::Create(email) => (
            format!("{name} would get an account"),
            format!(
                "Nobody has the address {}. An account would be made for it and signed in.",
                email.as_str()
            ),
        ),
    }
}

fn groups(connection: &Connection, trial: &Trial) -> String {
    let list = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    match &trial.groups {
        _ if connection.mapping.is_empty() => "No group is mapped, so groups stay as they are.".to_owned(),
        None => "The provider says nothing of groups, so they stay as they are.".to_owned(),
        Some(Regrouped { before, after }) if before == after => {
            format!("Groups stay as they are: {}.", list(after))
        }
        Some(Regrouped { before, after }) => {
            format!("Groups now: {}. Afterwards: {}.", list(before), list(after))
        }
    }
}
