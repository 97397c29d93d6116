//! Groups: flat, by name; policies give roles to them. Who is in which, from the group's side and from the person's.

mod api;
mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;
mod words;

pub use api::{ApiDocument, api_routes};
pub use commands::{
    Asked, Change, ChangeRefusal, add_members, change_memberships, create, delete, remove_members, update,
};
pub use handlers::routes;
pub use model::{DeleteRefusal, Description, GroupLabel, MembersRefusal, NameError, Naming, NamingRefusal};
pub use store::{GroupName, all, group, named, of_people, of_people_among, provisioned, set_memberships};
