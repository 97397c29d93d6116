//! What the pages of groups show.

mod delete;
mod list;
mod members;
mod naming;
mod show;

pub use delete::DeletePage;
pub use list::GroupsPage;
pub use members::AddPage;
pub use naming::NamingPage;
pub use show::GroupPage;

use crate::access::Catalogue;

/// The names of roles as the catalogue orders them, each once.
fn in_order<'a>(catalogue: &Catalogue, held: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let held: Vec<&String> = held.into_iter().collect();
    let known = catalogue.roles().iter().filter(|role| held.contains(&&role.id));
    let mut unknown: Vec<&String> = held.iter().copied().filter(|id| catalogue.role(id).is_none()).collect();
    unknown.sort();
    unknown.dedup();
    known.map(|role| role.name.clone()).chain(unknown.into_iter().cloned()).collect()
}
