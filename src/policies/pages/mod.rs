//! What the pages of policies show.

mod delete;
mod editor;
mod list;
mod preview;
mod show;

pub use delete::DeletePage;
pub use editor::{Changed, EditorPage, Shown};
pub use list::PoliciesPage;
pub use show::PolicyPage;

use crate::{
    access::actions::{Action, ReadAudit},
    base::ids::PolicyId,
    web::{SignedIn, url},
};

/// What was done to a policy, for those who may read the audit.
fn audit_href(person: &SignedIn, policy: PolicyId) -> Option<String> {
    person.actor.may_do(ReadAudit::NAME).then(|| url::audit_of("policy", policy))
}
