//! Identity providers, and requests of theirs.

use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl};
use reqwest::Method;
use roster::base::ids::ScimTokenId;
use roster::base::scim_secret::ScimSecret;
use roster::db::Fault;
use roster::db::schema::{organizations, scim_connections, scim_tokens, users};
use serde_json::{Value, json};

use super::{ADMINISTRATOR, Asked, Cast, ELSEWHERE, Kind, with_token};
use crate::routes::Route;
use crate::support::person::Person;
use crate::support::world::World;

/// A token of the organization of this person as a row, while provisioning is on there: its id and its secret.
pub fn has_a_provider(world: &World, email: &str) -> (ScimTokenId, String) {
    let (id, secret) = (ScimTokenId::new(), ScimSecret::random());
    let insert = |tx: &mut roster::db::Tx<'_>| {
        let now = tx.now();
        let of = users::table.filter(users::email.eq(email)).select(users::organization_id);
        let of: String = of.first(tx.conn())?;
        turn(tx, &of, true)?;
        let row = (
            scim_tokens::id.eq(id),
            scim_tokens::organization_id.eq(&of),
            scim_tokens::secret_hash.eq(secret.hash()),
            scim_tokens::name.eq("directory"),
            scim_tokens::created_at.eq(now),
        );
        Ok::<_, Fault>(diesel::insert_into(scim_tokens::table).values(row).execute(tx.conn())?)
    };
    world.db().write_now(None, insert).expect("a token");
    (id, secret.reveal().to_owned())
}

fn turn(tx: &mut roster::db::Tx<'_>, of: &str, on: bool) -> Result<(), Fault> {
    let now = tx.now();
    diesel::delete(scim_connections::table.find(of)).execute(tx.conn())?;
    let row = (
        scim_connections::organization_id.eq(of),
        scim_connections::enabled.eq(on),
        scim_connections::changed_at.eq(now),
    );
    diesel::insert_into(scim_connections::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// The address of the SCIM API of this person's organization.
pub fn address(world: &World, email: &str) -> String {
    let of = |conn: &mut roster::db::AnyConnection| {
        let found = users::table
            .inner_join(organizations::table.on(organizations::id.eq(users::organization_id)))
            .filter(users::email.eq(email));
        Ok::<_, Fault>(found.select(organizations::code).first::<String>(conn)?)
    };
    format!("/scim/v2/{}", world.db().read_now(of).expect("an organization"))
}

impl Cast<'_> {
    /// A provider with a new token: of the first organization, of the other one, revoked, or none.
    pub(super) fn provides(&self, kind: Kind) -> Person {
        let visitor = self.world.visitor();
        let of = match kind {
            Kind::Nobody => return visitor,
            Kind::Elsewhere => ELSEWHERE,
            _ => ADMINISTRATOR,
        };
        let (id, secret) = has_a_provider(self.world, of);
        if kind == Kind::Revoked {
            let revoke = |tx: &mut roster::db::Tx<'_>| {
                let now = tx.now();
                let row = diesel::update(scim_tokens::table.find(id));
                Ok::<_, Fault>(row.set(scim_tokens::revoked_at.eq(now)).execute(tx.conn())?)
            };
            assert_eq!(self.world.db().write_now(None, revoke).expect("a change"), 1);
        }
        with_token(&visitor, &secret)
    }

    pub(super) fn request_of_a_provider(&self, route: &Route) -> Asked {
        let base = address(self.world, ADMINISTRATOR);
        let path = route.pattern.replace("/scim/v2/{organization}", &base);
        let at = |id: &str| Asked::at(path.replace("{id}", id));
        let person = || json!({ "userName": self.new_address() });
        let group = || json!({ "displayName": self.new_name() });
        match (route.method.as_str(), path.strip_prefix(base.as_str()).expect("below the address")) {
            ("POST", "/Users") => Asked::at(path).json(person()),
            ("POST", "/Groups") => Asked::at(path).json(group()),
            ("POST", "/Bulk" | "/.search" | "/Users/.search" | "/Groups/.search") => {
                Asked::at(path).json(json!({}))
            }
            // Of somebody who is active already, two things happen.
            ("DELETE", "/Users/{id}") => {
                at(&self.provided("/Users", json!({ "userName": self.new_address(), "active": false })))
            }
            ("PUT", "/Users/{id}") => at(&self.provided("/Users", person())).json(person()),
            ("PATCH", "/Users/{id}") => at(&self.provided("/Users", person())).json(json!({
                "Operations": [{ "op": "replace", "path": "displayName", "value": "Somebody Else" }],
            })),
            ("PUT", "/Groups/{id}") => at(&self.provided("/Groups", group())).json(group()),
            ("PATCH", "/Groups/{id}") => {
                let member = self.provided("/Users", person());
                at(&self.provided("/Groups", group())).json(json!({
                    "Operations": [{ "op": "add", "path": "members", "value": [{ "value": member }] }],
                }))
            }
            (_, "/Users/{id}") => at(&self.provided("/Users", person())),
            (_, "/Groups/{id}") => at(&self.provided("/Groups", group())),
            (_, "/ResourceTypes/{id}") => at("User"),
            (_, "/Schemas/{id}") => at("urn:ietf:params:scim:schemas:core:2.0:User"),
            (_, rest) if !rest.contains('{') => Asked::at(path),
            _ => panic!("tests/web/cast/scim.rs does not say how to ask for {route}"),
        }
    }

    /// The id of something that a provider has brought to the first organization.
    fn provided(&self, path: &str, body: Value) -> String {
        let provider = self.provides(Kind::Administrator);
        let path = address(self.world, ADMINISTRATOR) + path;
        let made = crate::api::sends(&provider, Method::POST, &path, body);
        assert_eq!(made.status.as_u16(), 201, "{}", made.body);
        crate::api::json(&made)["id"].as_str().expect("an id").to_owned()
    }

    /// What the page of provisioning asks for.
    pub(super) fn on_the_page_of_scim(&self, path: &str, act: &str) -> Asked {
        match act {
            "enable" => self.turns_provisioning(false),
            "disable" => self.turns_provisioning(true),
            "new" => return Asked::at(path).with("name", "directory"),
            "revoke" => {
                let (id, _) = has_a_provider(self.world, ADMINISTRATOR);
                return Asked::at(path.replace("{id}", id.as_str()));
            }
            "link" => {
                let name = self.new_name();
                let made = self.administrator.post("/organization/groups/create", &[("name", &name)]);
                assert!(made.status.is_redirection(), "{}: {}", made.status, made.text());
                return Asked::at(path.replace("{id}", &self.group(&name)));
            }
            _ => {}
        }
        Asked::at(path)
    }

    fn turns_provisioning(&self, on: bool) {
        let of = |tx: &mut roster::db::Tx<'_>| {
            let of = users::table.filter(users::email.eq(ADMINISTRATOR)).select(users::organization_id);
            let of: String = of.first(tx.conn())?;
            turn(tx, &of, on)
        };
        self.world.db().write_now(None, of).expect("a change");
    }

    /// What programs of the organization ask for.
    pub(super) fn about_scim(&self, path: &str, act: &str) -> Asked {
        match act {
            "turn-on" => self.turns_provisioning(false),
            "turn-off" => self.turns_provisioning(true),
            "tokens" => return Asked::at(path).json(json!({ "name": "directory" })),
            "revoke" | "link" => {
                let asked = self.on_the_page_of_scim(path, act);
                return if act == "link" { asked.json(json!({ "roles": [] })) } else { asked };
            }
            _ => {}
        }
        Asked::at(path)
    }
}
