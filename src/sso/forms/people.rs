//! Who comes by a connection and into which groups: the part of the form that all kinds have.

use super::{Errors, Terms};
use crate::{
    organization::Domains,
    sso::model::{MOST_MAPPED, Mapped},
    web::Fields,
};

/// What most providers call it.
const USUAL_CLAIM: &str = "groups";

#[derive(Clone, Debug)]
pub struct PeopleDraft {
    pub domains: String,
    pub groups_claim: String,
    pub trusts_factor: bool,
    /// Values of the claim and ids of groups, as they stand in a row.
    pub mapping: Vec<(String, String)>,
    /// More rows are wanted.
    pub wants_rows: bool,
}

impl Default for PeopleDraft {
    fn default() -> Self {
        Self {
            domains: String::new(),
            groups_claim: USUAL_CLAIM.to_owned(),
            trusts_factor: false,
            mapping: Vec::new(),
            wants_rows: false,
        }
    }
}

/// The same, once it is right.
#[derive(Clone, Debug, Default)]
pub struct People {
    pub domains: Vec<String>,
    pub groups_claim: String,
    pub mapping: Vec<Mapped>,
    pub trusts_factor: bool,
}

impl PeopleDraft {
    pub fn read(fields: &Fields) -> Self {
        let values = fields.all("value").map(|value| value.trim().to_owned());
        let groups = fields.all("mapped_group").map(str::to_owned);
        Self {
            domains: fields.text("domains"),
            groups_claim: fields.text("groups_claim"),
            trusts_factor: fields.get("trusts_factor") == "on",
            mapping: values.zip(groups).take(MOST_MAPPED + 50).collect(),
            wants_rows: fields.get("act") == "row",
        }
    }

    pub fn of(terms: Terms<'_>) -> Self {
        let row = |it: &Mapped| (it.value.clone(), it.group.to_string());
        Self {
            domains: terms.domains.join("\n"),
            groups_claim: terms.groups_claim.to_owned(),
            trusts_factor: terms.trusts_factor,
            mapping: terms.mapping.iter().map(row).collect(),
            wants_rows: false,
        }
    }

    /// `claim` is what the kind calls where groups are told: a claim or an attribute.
    pub fn parse(&self, claim: &str, errors: &mut Errors) -> People {
        let domains = self.domains().map_err(|words| errors.add("domains", words)).unwrap_or_default();
        if self.groups_claim.is_empty() || self.groups_claim.len() > 200 {
            errors.add("groups_claim", format!("Enter the name of the {claim}, such as groups."));
        }
        let mapping = self.mapping(claim, errors);
        People {
            domains,
            groups_claim: self.groups_claim.clone(),
            mapping,
            trusts_factor: self.trusts_factor,
        }
    }

    fn domains(&self) -> Result<Vec<String>, String> {
        let domains = Domains::parse(&self.domains).map_err(|refused| match refused {
            Some(word) => format!("“{word}” is not a domain. Write domains such as example.com."),
            None => "Enter at most 100 domains.".to_owned(),
        })?;
        match domains.is_empty() {
            true => {
                Err("Enter at least one domain: it is by their address that people are led here.".to_owned())
            }
            false => Ok(domains.ascii().split(',').map(str::to_owned).collect()),
        }
    }

    fn mapping(&self, claim: &str, errors: &mut Errors) -> Vec<Mapped> {
        let mut mapping: Vec<Mapped> = Vec::new();
        for (number, (value, group)) in self.mapping.iter().enumerate() {
            match (value.as_str(), group.parse()) {
                ("", Err(_)) => {}
                ("", Ok(_)) => {
                    errors.add(&value_id(number), format!("Enter the value that stands in the {claim}."));
                }
                (value, _) if value.len() > 255 => {
                    errors.add(&value_id(number), "Use at most 255 characters.");
                }
                (_, Err(_)) => errors.add(&group_id(number), "Choose the group that this value leads to."),
                (value, Ok(group)) => {
                    let mapped = Mapped { value: value.to_owned(), group };
                    if !mapping.contains(&mapped) {
                        mapping.push(mapped);
                    }
                }
            }
        }
        if mapping.len() > MOST_MAPPED {
            errors.add("", format!("Map at most {MOST_MAPPED} values."));
        }
        mapping
    }
}

pub fn value_id(number: usize) -> String {
    format!("value-{}", number + 1)
}

pub fn group_id(number: usize) -> String {
    format!("group-{}", number + 1)
}
