//! The catalogue of services, actions and roles: data, checked when it is read.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// The role that lets a person administer the organization.
pub const IAM_ADMIN: &str = "iam_admin";
/// The group whose Default policy gives it.
pub const ADMIN_GROUP: &str = "admin";

const BUILT_IN: &str = include_str!("roles.toml");

#[derive(Debug)]
pub struct Catalogue {
    services: Vec<Service>,
    roles: Vec<Role>,
    by_id: BTreeMap<String, usize>,
    groups: Vec<StandardGroup>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
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
}

/// A group that every organization starts with, and the roles of its Default policy.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardGroup {
    pub name: String,
    pub roles: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    services: Vec<Service>,
    roles: Vec<WrittenRole>,
    groups: Vec<StandardGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRole {
    id: String,
    name: String,
    #[serde(default)]
    includes: Vec<String>,
    actions: BTreeSet<String>,
}

impl Catalogue {
    /// The catalogue that ships inside the binary.
    pub fn built_in() -> Result<Self, String> {
        Self::read(BUILT_IN)
    }

    /// Reads a catalogue and refuses what hangs in the air: an action of no service, a role included before it is
    /// described, the same name twice.
    pub fn read(text: &str) -> Result<Self, String> {
        let Document { services, roles: written, groups } =
            toml::from_str(text).map_err(|e| e.to_string())?;
        let known = actions_of(&services)?;
        let mut catalogue = Self { services, roles: Vec::new(), by_id: BTreeMap::new(), groups: Vec::new() };
        for role in written {
            catalogue.add(role, &known)?;
        }
        for group in groups {
            if let Some(role) = group.roles.iter().find(|role| catalogue.role(role).is_none()) {
                return Err(format!(
                    "group {:?} names the role {role:?}, which is not described",
                    group.name
                ));
            }
            catalogue.groups.push(group);
        }
        Ok(catalogue)
    }

    fn add(&mut self, written: WrittenRole, known: &BTreeSet<String>) -> Result<(), String> {
        let WrittenRole { id, name, includes, mut actions } = written;
        if let Some(action) = actions.iter().find(|action| !known.contains(*action)) {
            return Err(format!("role {id:?} names the action {action:?}, which no service has"));
        }
        for included in &includes {
            let role = self.role(included);
            let role =
                role.ok_or(format!("role {id:?} includes {included:?}, which is not described before it"))?;
            actions.extend(role.actions.iter().cloned());
        }
        if self.by_id.insert(id.clone(), self.roles.len()).is_some() {
            return Err(format!("role {id:?} is described twice"));
        }
        self.roles.push(Role { id, name, includes, actions });
        Ok(())
    }

    pub fn services(&self) -> &[Service] {
        &self.services
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

fn actions_of(services: &[Service]) -> Result<BTreeSet<String>, String> {
    let mut known = BTreeSet::new();
    for service in services {
        for action in &service.actions {
            if !action.starts_with(&format!("{}.", service.id)) {
                return Err(format!(
                    "the action {action:?} does not begin with the name of its service, {:?}",
                    service.id
                ));
            }
            if !known.insert(action.clone()) {
                return Err(format!("the action {action:?} is described twice"));
            }
        }
    }
    Ok(known)
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
        assert!(Catalogue::read(text).unwrap_err().contains("a.c"));
    }
}
