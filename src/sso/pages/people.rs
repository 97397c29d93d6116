//! Who comes by a connection and into which groups: the part of the form that all kinds have.

use super::Groups;
use crate::{
    access::{Catalogue, GroupRoles},
    sso::{
        commands::Shown,
        forms::{Errors, PeopleDraft, group_id, value_id},
    },
    web::field::{ErrorSummary, Field},
};

/// So many empty rows stand below those that are mapped.
const EMPTY_ROWS: usize = 2;

/// A row of the mapping.
pub struct Row {
    pub value: Field,
    pub group: Field,
}

pub struct PeopleFields {
    pub domains: Field,
    pub groups_claim: Field,
    pub trusts_factor: bool,
    pub rows: Vec<Row>,
}

impl PeopleFields {
    /// `claim` is what the kind calls where groups are told.
    pub fn new(
        draft: &PeopleDraft,
        errors: &Errors,
        (shown, catalogue): (&Shown, &Catalogue),
        claim: &str,
    ) -> Self {
        let domains = Field::textarea("domains", "Domains").value(&draft.domains).hint(
            "One in a line. Addresses in them lead to this provider, and only people with such an address are let in by it.",
        );
        let groups_claim = Field::text("groups_claim", &format!("Groups {claim}"))
            .value(&draft.groups_claim)
            .autocomplete("off")
            .hint(format!("The {claim} in which the provider names a person’s groups."));
        let [domains, groups_claim] = told([domains, groups_claim], errors);
        let title = claim.chars().take(1).flat_map(char::to_uppercase).chain(claim.chars().skip(1));
        let title: String = title.collect();
        let rows = rows(draft, errors, (&Groups::of(&shown.groups, catalogue), &shown.groups), &title);
        Self { domains, groups_claim, trusts_factor: draft.trusts_factor, rows }
    }

    /// What is wrong with these fields and those that stand before them, and with the form as a whole.
    pub fn summary<'a>(
        &'a self,
        before: impl IntoIterator<Item = &'a Field>,
        errors: &Errors,
    ) -> ErrorSummary {
        let of_rows = self.rows.iter().flat_map(|row| [&row.value, &row.group]);
        let own = [&self.domains, &self.groups_claim].into_iter().chain(of_rows);
        let summary = ErrorSummary::of(before.into_iter().chain(own));
        match errors.of("") {
            Some(words) => summary.with("", words),
            None => summary,
        }
    }
}

/// Fields with what is wrong with each.
pub fn told<const N: usize>(fields: [Field; N], errors: &Errors) -> [Field; N] {
    fields.map(|field| {
        let error = errors.of(&field.id);
        field.error(error)
    })
}

fn rows(
    draft: &PeopleDraft,
    errors: &Errors,
    (named, groups): (&Groups, &[GroupRoles]),
    claim: &str,
) -> Vec<Row> {
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
        value: Field::text("value", &format!("{claim} value {}", number + 1))
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
