//! What the pages of roles show, and the parts that explain on other pages.

mod answer;
mod holders;
mod index;
mod show;

pub use answer::{AbilitiesPart, AnswerPart};
pub use holders::HoldersPart;
pub use index::RolesPage;
pub use show::RolePage;

use crate::access::Catalogue;

/// Every action with what it is called in a list to choose from.
fn actions(catalogue: &Catalogue) -> Vec<String> {
    catalogue.services().iter().flat_map(|service| service.actions.iter().cloned()).collect()
}
