//! One role: what it stands for, and who holds it.

use askama::Template;

use super::HoldersPart;
use crate::{
    access::Role,
    roles::model::Holders,
    web::{SignedIn, page::Shell},
};

#[derive(Template)]
#[template(path = "roles/show.html")]
pub struct RolePage {
    frame: Shell,
    id: String,
    name: String,
    is_built_in: bool,
    includes: Vec<String>,
    services: Vec<(String, Vec<String>)>,
    holders: HoldersPart,
}

impl RolePage {
    pub fn new(person: &SignedIn, role: &Role, holders: Holders) -> Self {
        let catalogue = person.actor.catalogue();
        let of = |service: &crate::access::Service| {
            let actions = service.actions.iter().filter(|action| role.actions.contains(*action));
            (service.name.clone(), actions.cloned().collect::<Vec<_>>())
        };
        Self {
            frame: person.frame(),
            id: role.id.clone(),
            name: role.name.clone(),
            is_built_in: role.is_built_in,
            includes: role.includes.iter().map(|it| catalogue.role_name(it).to_owned()).collect(),
            services: catalogue
                .services()
                .iter()
                .map(of)
                .filter(|(_, actions)| !actions.is_empty())
                .collect(),
            holders: HoldersPart::new(&person.actor, &person.me.time_zone, holders, true),
        }
    }
}
