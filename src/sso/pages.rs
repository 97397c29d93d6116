//! The pages of single sign-on.

use std::collections::BTreeMap;

use askama::Template;

use super::{
    commands::{Shown, Waiting},
    forms::{Errors, OidcDraft, StartDraft, group_id, value_id},
    model::{Configuration, Connection, Mapped},
};
use crate::{
    access::{Catalogue, GroupRoles},
    base::ids::GroupId,
    web::{
        field::{ErrorSummary, Field},
        page::{Plain, Shell},
        url,
    },
};

/// So many empty rows stand below those that are mapped.
const EMPTY_ROWS: usize = 2;

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

/// A row of the mapping.
pub struct Row {
    value: Field,
    group: Field,
}

#[derive(Template)]
#[template(path = "sso/oidc.html")]
pub struct OidcPage {
    frame: Shell,
    errors: ErrorSummary,
    is_new: bool,
    redirect: String,
    discovery: Field,
    client_id: Field,
    client_secret: Field,
    domains: Field,
    groups_claim: Field,
    trusts_factor: bool,
    rows: Vec<Row>,
}

impl OidcPage {
    pub fn new(
        frame: Shell,
        draft: &OidcDraft,
        errors: &Errors,
        (shown, catalogue): (&Shown, &Catalogue),
        redirect: String,
    ) -> Self {
        let is_new = shown.connection.is_none();
        let discovery = Field::text("discovery", "Discovery URL")
            .value(&draft.discovery)
            .placeholder("https://login.example.com/.well-known/openid-configuration")
            .hint("The provider’s discovery document, or its issuer. It is asked before you go on.");
        let client_id = Field::text("client_id", "Client ID").value(&draft.client_id).autocomplete("off");
        let client_secret = Field::password("client_secret", "Client secret", "off");
        let client_secret = match is_new {
            true => client_secret.hint("It is kept sealed and never shown again."),
            false => client_secret.hint("Leave it empty to keep the one there is.").optional(),
        };
        let domains = Field::textarea("domains", "Domains").value(&draft.domains).hint(
            "One in a line. Addresses in them lead to this provider, and only people with such an address are let in by it.",
        );
        let groups_claim = Field::text("groups_claim", "Groups claim")
            .value(&draft.groups_claim)
            .autocomplete("off")
            .hint("The claim in which the provider names a person’s groups.");
        let fields = [discovery, client_id, client_secret, domains, groups_claim];
        let fields = fields.map(|field| {
            let error = errors.of(&field.id);
            field.error(error)
        });
        let rows = rows(draft, errors, &Groups::of(&shown.groups, catalogue), &shown.groups);
        let of_rows = rows.iter().flat_map(|row| [&row.value, &row.group]);
        let mut summary = ErrorSummary::of(fields.iter().chain(of_rows));
        if let Some(words) = errors.of("") {
            summary = summary.with("", words);
        }
        let [discovery, client_id, client_secret, domains, groups_claim] = fields;
        Self {
            frame,
            errors: summary,
            is_new,
            redirect,
            discovery,
            client_id,
            client_secret,
            domains,
            groups_claim,
            trusts_factor: draft.trusts_factor,
            rows,
        }
    }
}

fn rows(draft: &OidcDraft, errors: &Errors, named: &Groups, groups: &[GroupRoles]) -> Vec<Row> {
    let written = |group: &GroupRoles| {
        let (name, roles) = named.0.get(&group.id).cloned().unwrap_or_default();
        let label = if roles.is_empty() { format!("{name} (no roles)") } else { format!("{name} ({roles})") };
        (group.id.to_string(), label)
    };
    let choices: Vec<(String, String)> = std::iter::once((String::new(), "Choose a group".to_owned()))
        .chain(groups.iter().map(written))
        .collect();
    let more = if draft.wants_rows { EMPTY_ROWS + 3 } else { EMPTY_ROWS };
    let filled = draft.mapping.iter().filter(|(value, group)| !(value.is_empty() && group.is_empty()));
    let empty = (String::new(), String::new());
    let row = |(number, (value, group)): (usize, &(String, String))| Row {
        value: Field::text("value", &format!("Claim value {}", number + 1))
            .id(&value_id(number))
            .value(value)
            .autocomplete("off")
            .error(errors.of(&value_id(number)))
            .optional(),
        group: Field::select("mapped_group", &format!("Group {}", number + 1), choices.clone())
            .id(&group_id(number))
            .value(group)
            .error(errors.of(&group_id(number)))
            .optional(),
    };
    filled.chain(std::iter::repeat_n(&empty, more)).enumerate().map(row).collect()
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

/// Asks for the address that leads to an organization's provider.
#[derive(Template)]
#[template(path = "sso/sign_in.html")]
pub struct SignInPage {
    frame: Plain,
    errors: ErrorSummary,
    email: Field,
    return_to: Field,
    back: String,
}

impl SignInPage {
    pub fn new(frame: Plain, draft: &StartDraft, error: Option<&str>) -> Self {
        let email = Field::email("email", "Email")
            .value(&draft.email)
            .hint("Its domain leads to your organization’s provider.")
            .error(error)
            .autofocus();
        Self {
            frame,
            errors: ErrorSummary::of([&email]),
            email,
            back: match draft.return_to.as_str() {
                "" => url::SIGN_IN.to_owned(),
                return_to => url::sign_in_and_return(return_to),
            },
            return_to: Field::hidden("return_to", &draft.return_to),
        }
    }
}

/// Leads on to the provider by itself; a form's answer may not be a redirect to another site.
#[derive(Template)]
#[template(path = "sso/going.html")]
pub struct GoingPage {
    pub frame: Plain,
    pub host: String,
    pub href: String,
}

/// Why the way to a provider did not lead where it should, and the way back.
#[derive(Template)]
#[template(path = "sso/story.html")]
pub struct StoryPage {
    pub frame: Plain,
    pub title: String,
    pub story: String,
    pub back: String,
    /// The words of the way back.
    pub label: &'static str,
}
