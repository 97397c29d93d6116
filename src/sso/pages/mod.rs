//! The pages of single sign-on.

mod oidc;
mod own;
mod require;
mod stranger;

use std::collections::BTreeMap;

use askama::Template;

use super::{
    commands::{Shown, Waiting},
    forms::Errors,
    model::{Configuration, Connection, Mapped},
};
pub use oidc::OidcPage;
pub use own::{OwnSection, UnlinkPage};
pub use require::RequirePage;
pub use stranger::{GoingPage, SignInPage, StoryPage};

use crate::{
    access::{Catalogue, GroupRoles},
    base::ids::GroupId,
    web::{field::ErrorSummary, page::Shell, url},
};

/// A group by its name, and the roles it carries.
struct Groups(BTreeMap<GroupId, (String, String)>);

impl Groups {
    fn of(groups: &[GroupRoles], catalogue: &Catalogue) -> Self {
        let names = |roles: &[String]| {
            let names =
                roles.iter().map(|role| catalogue.role(role).map_or(role.as_str(), |it| it.name.as_str()));
            let mut names: Vec<_> = names.collect();
            names.sort_unstable();
            names.join(", ")
        };
        Self(groups.iter().map(|group| (group.id, (group.name.clone(), names(&group.roles)))).collect())
    }

    fn rows(&self, mapping: &[Mapped]) -> Vec<MappedRow> {
        let row = |mapped: &Mapped| {
            let (group, roles) = self.0.get(&mapped.group).cloned().unwrap_or_default();
            MappedRow { value: mapped.value.clone(), href: url::group(mapped.group), group, roles }
        };
        mapping.iter().map(row).collect()
    }
}

pub struct MappedRow {
    value: String,
    group: String,
    roles: String,
    href: String,
}

/// What is in force, or about to be.
pub struct Facts {
    pairs: Vec<(&'static str, String)>,
    mapping: Vec<MappedRow>,
}

fn facts(
    configuration: &Configuration,
    domains: &[String],
    (claim, mapping): (&str, Vec<MappedRow>),
    trusts_factor: bool,
) -> Facts {
    let Configuration::Oidc(oidc) = configuration;
    let factor = match trusts_factor {
        true => "The provider is trusted for it",
        false => "Asked for here, as after a password",
    };
    let pairs = vec![
        ("Kind", configuration.kind().label().to_owned()),
        ("Issuer", configuration.identity().to_owned()),
        ("Client ID", oidc.client_id.clone()),
        ("Domains", domains.join(", ")),
        ("Second factor", factor.to_owned()),
        ("Groups claim", claim.to_owned()),
    ];
    Facts { pairs, mapping }
}

#[derive(Template)]
#[template(path = "sso/index.html")]
pub struct IndexPage {
    frame: Shell,
    errors: ErrorSummary,
    may_change: bool,
    is_on: bool,
    people: String,
    required: &'static str,
    facts: Option<Facts>,
    redirect: String,
}

impl IndexPage {
    pub fn new(frame: Shell, shown: &Shown, catalogue: &Catalogue, redirect: String) -> Self {
        let groups = Groups::of(&shown.groups, catalogue);
        let of = |it: &Connection| {
            let mapping = groups.rows(&it.mapping);
            facts(&it.configuration, &it.domains, (&it.groups_claim, mapping), it.trusts_factor)
        };
        Self {
            frame,
            errors: ErrorSummary::default(),
            may_change: false,
            is_on: shown.connection.as_ref().is_some_and(|it| it.is_on),
            people: counted(shown.people),
            required: shown.connection.as_ref().map_or("", |it| require::in_words(it.required)),
            facts: shown.connection.as_ref().map(of),
            redirect,
        }
    }

    pub fn for_who_may_change(self, may_change: bool) -> Self {
        Self { may_change, ..self }
    }

    pub fn refused(self, words: &str) -> Self {
        Self { errors: self.errors.with("", words), ..self }
    }
}

fn counted(people: i64) -> String {
    match people {
        0 => "Nobody has come by it yet.".to_owned(),
        1 => "One person has come by it.".to_owned(),
        many => format!("{many} people have come by it."),
    }
}

/// What is about to be deployed.
#[derive(Template)]
#[template(path = "sso/deploy.html")]
pub struct DeployPage {
    frame: Shell,
    errors: ErrorSummary,
    name: String,
    facts: Facts,
    /// It is another provider than before, which knew so many people.
    forgets: Option<i64>,
    is_secret_new: bool,
}

impl DeployPage {
    pub fn new(frame: Shell, waiting: &Waiting, (shown, catalogue): (&Shown, &Catalogue)) -> Self {
        let draft = &waiting.draft;
        let before = shown.connection.as_ref().map(|it| it.configuration.identity());
        let mapping = Groups::of(&shown.groups, catalogue).rows(&draft.mapping);
        Self {
            frame,
            errors: ErrorSummary::default(),
            name: waiting.name.clone(),
            facts: facts(
                &draft.configuration,
                &draft.domains,
                (&draft.groups_claim, mapping),
                draft.trusts_factor,
            ),
            forgets: before.filter(|before| *before != draft.configuration.identity()).map(|_| shown.people),
            is_secret_new: draft.secret.is_some(),
        }
    }

    pub fn refused(mut self, errors: &Errors) -> Self {
        for (_, words) in &errors.0 {
            self.errors = self.errors.with("", words.as_str());
        }
        self
    }
}
