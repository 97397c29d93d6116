//! Who is asking, and may they. Knows no HTTP.
//!
//! A person's [`Standing`] is what policies give them; [`decide`] turns it and the name of an action into a
//! [`Decision`] that explains itself; [`Actor::may`] turns a decision into a [`Permit`], which commands demand.

pub mod actions;
mod actor;
mod catalogue;
mod decision;
mod explain;
mod last_administrator;
mod rulebook;
mod single_sign_on;
mod standing;
mod store;

pub use actor::{Actor, ActorKind, Denied, Origin, Permit, Proof, ProofMethod};
pub use catalogue::{ADMIN_GROUP, Catalogue, IAM_ADMIN, Mistake, Role, Service, StandardGroup};
pub use decision::{Decision, decide, is_given};
pub use explain::{Ability, Answer, Offers, Remedy, abilities, explain};
pub use last_administrator::{
    LastAdministrator, administrators_who_can_sign_in, hold_last_administrator, last_administrator,
};
pub use rulebook::{Rulebook, Rulebooks};
pub use single_sign_on::{RequiredOf, SsoRequirement, sso_leads_from, sso_requirement};
pub use standing::{Factors, Grant, NextStep, Source, Standing, next_step};
pub use store::{
    GroupRoles, HeldBy, HoldingGroup, HoldingPerson, administrators, administrators_with_both,
    holding_counts, holding_groups, holding_people, load_standing, pending_requests, requests_waiting_for,
    roles_given_to_groups, roles_of_groups, roles_of_people, rule_numbers,
};
