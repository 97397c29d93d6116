//! What programs want of a policy, and what they are told when it cannot be so.

use std::collections::BTreeSet;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    access::Catalogue,
    policies::{
        forms::{CardDraft, PolicyDraft, PolicyErrors},
        model::{Agreement, Edit, Policy, Refusal, Wanted},
        words,
    },
    web::api::ApiProblem,
};

/// A policy to make.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPolicy {
    /// 1 to 100 characters; differs from the names of other policies in more than case and look.
    name: String,
    #[serde(default)]
    #[schema(max_length = 500)]
    description: String,
    /// 1 to 100; together they name at most 2,000 users and groups.
    rules: Vec<RuleWanted>,
}

/// Roles, and to whom they shall be given: at most 200 users and groups.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleWanted {
    /// Of a rule that the policy has already; needed for those of a standard policy.
    id: Option<String>,
    /// Ids of users.
    #[serde(default)]
    users: Vec<String>,
    /// Ids of groups.
    #[serde(default)]
    groups: Vec<String>,
    /// Ids of roles; those of a standard policy can be left out.
    #[serde(default)]
    roles: Vec<String>,
}

/// A change of a policy. What is left out stays as it is.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyChange {
    name: Option<String>,
    #[schema(max_length = 500)]
    description: Option<String>,
    /// All rules it shall have then, in their order.
    rules: Option<Vec<RuleWanted>>,
    /// The `version` of the policy when this was decided. When it is another one meanwhile, nothing is changed.
    version: i64,
    /// What the preview said, when somebody would lose IAM Admin or all access.
    agreement: Option<String>,
}

impl From<RuleWanted> for CardDraft {
    fn from(rule: RuleWanted) -> Self {
        let mut card = Self::default();
        card.key = rule.id.unwrap_or_default();
        card.users = rule.users.into_iter().collect();
        card.groups = rule.groups.into_iter().collect();
        card.roles = rule.roles.into_iter().collect();
        card
    }
}

/// Of several rules with one id the first keeps it; the others are new ones.
fn cards(rules: Vec<RuleWanted>) -> Vec<CardDraft> {
    let mut known = BTreeSet::new();
    let mut cards: Vec<CardDraft> = rules.into_iter().map(CardDraft::from).collect();
    for card in &mut cards {
        if !known.insert(card.key.clone()) {
            card.key.clear();
        }
    }
    cards
}

impl NewPolicy {
    pub fn parse(self) -> Result<Wanted, PolicyErrors> {
        let mut draft = PolicyDraft::new();
        draft.name = self.name;
        draft.description = self.description.trim().to_owned();
        draft.cards = cards(self.rules);
        draft.parse()
    }
}

impl PolicyChange {
    /// What the stored policy becomes by this.
    pub fn of(self, stored: &Policy) -> Result<Edit, PolicyErrors> {
        let mut draft = PolicyDraft::of(stored);
        if let Some(name) = self.name {
            draft.name = name;
        }
        if let Some(description) = self.description {
            draft.description = description.trim().to_owned();
        }
        if let Some(rules) = self.rules {
            draft.cards = cards(rules);
        }
        let wanted = draft.settled(stored).parse()?;
        let agreement = Agreement::To(self.agreement.unwrap_or_default());
        Ok(Edit { wanted, version: self.version, agreement })
    }
}

/// Why a policy is as it was.
pub enum NotDone {
    Wrong(PolicyErrors),
    Refused(Refusal),
}

impl NotDone {
    pub fn told(self, catalogue: &Catalogue) -> ApiProblem {
        match self {
            Self::Wrong(errors) => wrong(errors),
            Self::Refused(refusal) => refused(&refusal, catalogue),
        }
    }
}

fn refused(refusal: &Refusal, catalogue: &Catalogue) -> ApiProblem {
    let told = words::refusal(refusal, catalogue);
    match refusal {
        Refusal::NoSuchPolicy => ApiProblem::not_found(),
        Refusal::ChangedMeanwhile => {
            ApiProblem::conflict(format!("{told} Nothing was changed; read it again."))
        }
        Refusal::NeedsAgreement(_) => ApiProblem::conflict(format!("{told} {}", words::AGREEMENT_NEEDED)),
        Refusal::Nothing | Refusal::IsDefault | Refusal::LastAdministrator => ApiProblem::conflict(told),
        Refusal::MoreThanOwn(_) => ApiProblem::not_permitted(told),
        Refusal::Flawed(_) | Refusal::NameTaken | Refusal::NoSuchPrincipal { .. } => {
            wrong(PolicyErrors::of(refusal, told))
        }
    }
}

fn wrong(errors: PolicyErrors) -> ApiProblem {
    let of_rule = |place: usize, member: &str| format!("rules/{place}/{member}");
    let whole = errors.whole.into_iter().map(|words| ("rules".to_owned(), words));
    let name = errors.name.map(|words| ("name".to_owned(), words));
    let description = errors.description.map(|words| ("description".to_owned(), words));
    let principals = errors.principals.into_iter().map(|(place, words)| (of_rule(place, "users"), words));
    let roles = errors.roles.into_iter().map(|(place, words)| (of_rule(place, "roles"), words));
    let all: Vec<_> =
        name.into_iter().chain(description).chain(whole).chain(principals).chain(roles).collect();
    ApiProblem::fields(all.iter().map(|(member, words)| (member.as_str(), words.as_str())))
}
