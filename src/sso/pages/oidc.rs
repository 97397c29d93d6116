//! The form of an OpenID provider.

use askama::Template;

use super::Groups;
use crate::{
    access::{Catalogue, GroupRoles},
    sso::{
        commands::Shown,
        forms::{Errors, OidcDraft, group_id, value_id},
    },
    web::{
        field::{ErrorSummary, Field},
        page::Shell,
    },
};

/// So many empty rows stand below those that are mapped.
const EMPTY_ROWS: usize = 2;

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
