//! Every route there is, as the console's own configuration names it.

use actix_web::cookie::Key;
use actix_web::introspection::{IntrospectionNode, IntrospectionTree};
use actix_web::test::{TestRequest, call_and_read_body, init_service};
use actix_web::{App, rt, web};
use reqwest::Method;
use roster::console;
use roster::web::Site;

use crate::support::world::World;

/// A method and the pattern of the paths it is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    pub pattern: String,
    pub method: String,
}

impl Route {
    pub fn method(&self) -> Method {
        self.method.parse().expect("a method")
    }

    pub fn is_safe(&self) -> bool {
        self.method().is_safe()
    }

    /// Whether it is one that browsers send a session with.
    pub fn is_for_machines(&self) -> bool {
        let first = self.pattern.split('/').nth(1).unwrap_or_default();
        matches!(first, "static" | "healthz" | "readyz" | "metrics" | ".well-known")
    }

    /// Whether it is one that programs send a token with.
    pub fn is_api(&self) -> bool {
        self.pattern.starts_with("/api/")
    }

    /// Pages of identity providers send browsers there with an answer.
    pub fn is_for_providers_pages(&self) -> bool {
        self.pattern.ends_with("/acs")
    }

    /// Whether it is one that identity providers send a token with.
    pub fn is_scim(&self) -> bool {
        self.pattern.starts_with("/scim/")
    }

    /// Whether its path names something of an organization. Paths of providers name the organization itself, and a token
    /// of another one opens none of them (tests/web/scim/people.rs).
    pub fn names_something_of_an_organization(&self) -> bool {
        self.pattern.contains("{id}") && !self.is_scim()
    }
}

impl std::fmt::Display for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.pattern)
    }
}

/// All routes by path, and for a path by method.
pub fn all(world: &World) -> Vec<Route> {
    let site = world.site().clone();
    let mut routes = rt::System::new().block_on(introspected(site));
    routes.sort();
    assert!(routes.len() > 20, "the configuration tells its routes: {routes:?}");
    routes
}

async fn introspected(site: Site) -> Vec<Route> {
    const HERE: &str = "/the-test-asks-for-the-routes";
    let tell = |tree: web::Data<IntrospectionTree>| async move {
        let mut routes = Vec::new();
        gather(&tree.root, &mut routes);
        serde_json::to_string(&routes).expect("a list")
    };
    let described = web::Data::new(console::described());
    let app = App::new()
        .route(HERE, web::get().to(tell))
        .configure(|config| console::everything(config, &site, &described, &Key::from(&[7; 64])));
    let app = init_service(app).await;
    let told = call_and_read_body(&app, TestRequest::get().uri(HERE).to_request()).await;
    let told: Vec<(String, String)> = serde_json::from_slice(&told).expect("a list");
    let routes = told.into_iter().filter(|(pattern, _)| pattern != HERE);
    routes.map(|(pattern, method)| Route { pattern, method }).collect()
}

fn gather(node: &IntrospectionNode, routes: &mut Vec<(String, String)>) {
    let is_resource = matches!(node.kind, actix_web::introspection::ResourceType::Resource);
    assert!(!is_resource || !node.methods.is_empty(), "{} takes any method", node.full_path);
    routes.extend(node.methods.iter().map(|method| (node.full_path.clone(), method.to_string())));
    node.children.iter().for_each(|child| gather(child, routes));
}
