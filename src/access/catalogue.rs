//! The catalogue of services, actions and roles: data, checked when it is read.

mod reading;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

pub use reading::Mistake;

/// The role that lets a person administer the organization.
pub const IAM_ADMIN: &str = "iam_admin";
/// The group whose Default policy gives it.
pub const ADMIN_GROUP: &str = "admin";

const BUILT_IN: &str = include_str!("roles.toml");

#[derive(Debug, Default)]
pub struct Catalogue {
    services: Vec<Service>,
    roles: Vec<Role>,
    by_id: BTreeMap<String, usize>,
    groups: Vec<StandardGroup>,
}

#[derive(Debug)]
pub struct Service {
    pub id: String,
    pub name: String,
    pub actions: Vec<String>,
}

/// A role with all its actions, those of the roles it includes too.
#[derive(Debug)]
pub struct Role {
    pub id: String,
    pub name: String,
    pub includes: Vec<String>,
    pub actions: BTreeSet<String>,
    /// The service it is listed under: that of its first action.
    pub service: String,
    /// It came with the binary; otherwise with the operator's file.
    pub is_built_in: bool,
}

/// A group that every organization starts with, and the roles of its Default policy.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardGroup {
    pub name: String,
    pub roles: Vec<String>,
}

impl Catalogue {
    /// The catalogue that ships inside the binary.
    pub fn built_in() -> Result<Self, String> {
        Self::read(BUILT_IN).map_err(|mistake| mistake.to_string())
    }

    /// Reads a catalogue and refuses what hangs in the air: an action of no service, a role included before it is
    /// described, the same name twice.
    pub fn read(text: &str) -> Result<Self, Mistake> {
        reading::whole(text)
    }

    /// The catalogue with the services, actions and roles of an operator's file added. Refused are the mistakes that
    /// [`Catalogue::read`] refuses, and changes of what is there: nothing built in is taken away or gets another name,
    /// and the services by which the console itself is guarded get no further actions.
    pub fn extended(self, text: &str) -> Result<Self, Mistake> {
        reading::added(self, text)
    }

    pub fn services(&self) -> &[Service] {
        &self.services
    }

    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.id == id)
    }

    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    pub fn role(&self, id: &str) -> Option<&Role> {
        self.by_id.get(id).map(|at| &self.roles[*at])
    }

    /// The name to show; the identifier itself for a role that is no longer described.
    pub fn role_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.role(id).map_or(id, |role| &role.name)
    }

    pub fn standard_groups(&self) -> &[StandardGroup] {
        &self.groups
    }

    pub fn has_action(&self, name: &str) -> bool {
        self.services.iter().any(|service| service.actions.iter().any(|action| action == name))
    }

    /// Whether a role contains an action.
    pub fn gives(&self, role: &str, action: &str) -> bool {
        self.role(role).is_some_and(|role| role.actions.contains(action))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_catalogue_is_sound_and_an_admin_role_contains_its_viewer() {
        let catalogue = Catalogue::built_in().unwrap();
        for (admin, viewer) in [
            ("iam_admin", "iam_viewer"),
            ("cks_admin", "cks_viewer"),
            ("inference_admin", "inference_viewer"),
        ] {
            let viewer = &catalogue.role(viewer).unwrap().actions;
            assert!(catalogue.role(admin).unwrap().actions.is_superset(viewer), "{admin}");
        }
        assert_eq!(catalogue.standard_groups().len(), 5);
        assert!(catalogue.gives(IAM_ADMIN, "iam.users.read"));
        assert!(!catalogue.gives("iam_viewer", "iam.users.invite"));
    }

    #[test]
    fn a_catalogue_with_a_loose_end_is_refused_with_its_name() {
        let text = "groups = []\n[[services]]\nid = 'a'\nname = 'A'\nactions = ['a.b']\n[[roles]]\nid = 'r'\nname = 'R'\nactions = ['a.c']";
        assert!(Catalogue::read(text).unwrap_err().reason.contains("a.c"));
    }
}
