//! Requests of programs about people, invitations, policies, provisioning, single sign-on and the organization.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use roster::db::schema::users;
use serde_json::json;

use super::{Asked, Cast, Guest, MEMBER};
use crate::routes::Route;

/// Whether a route is one of these.
pub fn is_of(path: &str) -> bool {
    ["users", "invitations", "policies", "organization", "scim", "sso"].iter().any(|room| {
        path.strip_prefix("/api/v1/")
            .and_then(|path| path.strip_prefix(room))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

impl Cast<'_> {
    pub(super) fn request_of_a_program(&self, route: &Route) -> Asked {
        let path = route.pattern.as_str();
        let act = path.rsplit('/').next().unwrap_or_default();
        let at = |id: &str| Asked::at(path.replace("{id}", id));
        match (route.method.as_str(), path) {
            (_, "/api/v1/users/bulk" | "/api/v1/users/bulk/preview") => {
                Asked::at(path).json(json!({ "act": "deactivate", "users": [self.a_joined_guest().user] }))
            }
            (_, "/api/v1/users/jobs/{id}") => {
                at(self.a_job().path.rsplit('/').next().expect("the id of a job"))
            }
            (_, "/api/v1/users/{id}/groups") => {
                let guest = self.a_guest();
                let wanted = json!({ "groups": [self.group("metrics")], "version": self.version(&guest) });
                at(&guest.user).json(wanted)
            }
            ("POST", "/api/v1/users/{id}/reset-second-factor") => {
                let guest = self.a_joined_guest();
                self.gives_an_app(&guest);
                at(&guest.user).json(json!({ "reason": "The phone is lost." }))
            }
            ("POST", "/api/v1/users/{id}/reactivate") => {
                let guest = self.a_joined_guest();
                self.set_status(&guest.email, "deactivated");
                at(&guest.user).json(json!({}))
            }
            ("POST", path) if path.starts_with("/api/v1/users/{id}/") => at(&self.a_joined_guest().user),
            (_, path) if path.starts_with("/api/v1/users/{id}") => at(&self.user(MEMBER)),
            ("POST", "/api/v1/invitations" | "/api/v1/invitations/preview") => {
                Asked::at(path).json(json!({ "addresses": [self.new_address()] }))
            }
            (_, "/api/v1/invitations/{id}/restore") => {
                at(&self.a_revoked_guest().invitation).json(json!({ "generation": 1 }))
            }
            ("PATCH", "/api/v1/invitations/{id}") => {
                let corrected = json!({ "email": self.new_address(), "generation": 1 });
                at(&self.a_guest().invitation).json(corrected)
            }
            ("POST", path) if path.starts_with("/api/v1/invitations/{id}/") => {
                at(&self.a_guest().invitation).json(json!({ "generation": 1 }))
            }
            (_, path) if path.starts_with("/api/v1/invitations/{id}") => at(&self.a_guest().invitation),
            ("POST", "/api/v1/policies" | "/api/v1/policies/preview") => {
                let rule = json!({ "groups": [self.group("billing_viewer")], "roles": ["support_viewer"] });
                Asked::at(path).json(json!({ "name": self.new_name(), "rules": [rule] }))
            }
            ("PATCH" | "POST", path) if path.starts_with("/api/v1/policies/{id}") => {
                at(&self.a_policy()).json(json!({ "description": "New", "version": 1 }))
            }
            (method, path) if path.starts_with("/api/v1/policies/{id}") => {
                let asked = at(&self.a_policy());
                match method == "DELETE" || act == "delete" {
                    true => Asked::at(asked.path + "?version=1"),
                    false => asked,
                }
            }
            (method, path) if path.starts_with("/api/v1/sso") => self.about_sso(method, path, act),
            (_, path) if path.starts_with("/api/v1/scim") => self.about_scim(path, act),
            (_, "/api/v1/organization/preview") => {
                Asked::at(path).json(json!({ "secondFactor": { "required": true } }))
            }
            ("PATCH", "/api/v1/organization") => {
                Asked::at(path).json(json!({ "name": format!("Engines {}", self.new_address()) }))
            }
            (_, path) if !path.contains('{') => Asked::at(path),
            _ => panic!("tests/web/cast/programs.rs does not say how to ask for {route}"),
        }
    }

    /// Of somebody's row as it is now.
    fn version(&self, guest: &Guest) -> i64 {
        let of = guest.user.clone();
        self.read(move |conn| users::table.filter(users::id.eq(&of)).select(users::version).first(conn))
    }

    fn about_sso(&self, method: &str, path: &str, act: &str) -> Asked {
        match (method, act) {
            ("PUT", "saml") => Asked::at(path).json(json!({
                "entityId": "https://idp.example/metadata", "ssoUrl": "https://idp.example/sso",
                "certificates": [crate::support::saml::PROVIDER], "domains": ["sso.example"],
            })),
            ("PUT", _) => Asked::at(path).json(json!({
                "discoveryUrl": "https://127.0.0.1", "clientId": "id", "domains": ["example.com"],
            })),
            (_, "require") => {
                let wanted = json!({ "requiredOf": "nobody", "version": 1 });
                self.a_provider(path, false).json(wanted)
            }
            (_, "preview") => self.a_provider(path, true).json(json!({ "requiredOf": "nobody" })),
            ("DELETE", _) | (_, "turn-on") => self.a_provider(path, false),
            _ => self.a_provider(path, true),
        }
    }
}
