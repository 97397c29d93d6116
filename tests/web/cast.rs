//! One person of every kind, in two organizations, and for every route a request that would do what the route is for.

mod programs;
pub mod scim;

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};
use roster::base::access_secret::AccessSecret;
use roster::base::ids::{AccessRequestId, AccessTokenId, BrowserLinkId, ConnectionId, EmailChangeId};
use roster::console;
use roster::crypto::signing::{Named, Purpose};
use roster::db::schema::{
    access_requests, access_tokens, audit_streams, browser_links, email_changes, groups, invitations,
    password_credentials, sso_connections, token_roles, totp_credentials, users,
};
use roster::db::{AnyConnection, Fault};
use roster::web::assets;
use serde_json::{Value, json};
use std::cell::Cell;
use std::fmt;

use crate::passwords::{NEW_PASSWORD, reset_link};
use crate::routes::Route;
use crate::snapshot::texts;
use crate::support::element::until;
use crate::support::page::Page;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::world::World;
use crate::users::access_changed;

/// The kinds of person that the console tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Nobody,
    Administrator,
    Reader,
    Member,
    Deactivated,
    Elsewhere,
    /// An administrator's token that carries the role CKS Admin only.
    Narrowed,
    /// An administrator's token whose time is over.
    Expired,
    /// An administrator's token that was revoked.
    Revoked,
}

impl Kind {
    const PEOPLE: [Kind; 6] =
        [Kind::Nobody, Kind::Administrator, Kind::Reader, Kind::Member, Kind::Deactivated, Kind::Elsewhere];
    const TOKENS: [Kind; 3] = [Kind::Narrowed, Kind::Expired, Kind::Revoked];

    /// Those that a route tells apart.
    pub fn of(route: &Route) -> Vec<Kind> {
        if route.is_scim() {
            return vec![Kind::Nobody, Kind::Administrator, Kind::Elsewhere, Kind::Revoked];
        }
        let tokens = Kind::TOKENS.into_iter().filter(|_| route.is_api());
        Kind::PEOPLE.into_iter().chain(tokens).collect()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Nobody => "nobody",
            Kind::Administrator => "administrator",
            Kind::Reader => "reader",
            Kind::Member => "member",
            Kind::Deactivated => "deactivated",
            Kind::Elsewhere => "elsewhere",
            Kind::Narrowed => "narrowed",
            Kind::Expired => "expired",
            Kind::Revoked => "revoked",
        })
    }
}

const READER: &str = "rita@example.com";
const MEMBER: &str = "moe@example.com";
const DEACTIVATED: &str = "dee@example.com";
const ELSEWHERE: &str = "grace@elsewhere.example";

/// A path, and the fields of a form or the JSON of a program.
#[derive(Debug)]
pub struct Asked {
    pub path: String,
    pub fields: Vec<(&'static str, String)>,
    pub json: Option<Value>,
}

impl Asked {
    fn at(path: impl Into<String>) -> Asked {
        Asked { path: path.into(), fields: Vec::new(), json: None }
    }

    /// The same with this body.
    fn json(mut self, value: Value) -> Asked {
        self.json = Some(value);
        self
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Asked {
        self.fields.push((name, value.into()));
        self
    }
}

/// An invitation of the first organization.
pub struct Guest {
    pub email: String,
    pub invitation: String,
    pub user: String,
}

pub struct Cast<'w> {
    pub world: &'w World,
    /// Who does what has to be there before something else can be done.
    pub administrator: Person,
    guests: Cell<usize>,
    /// What is stored of the password that everybody has.
    hash: String,
}

impl<'w> Cast<'w> {
    /// Two organizations. In the first: its administrator, a member of `read`, a member without a group, and a former
    /// administrator who is deactivated.
    pub fn assemble(world: &'w World) -> Cast<'w> {
        let administrator = world.administrator();
        let hash = texts(world, "SELECT hash FROM password_credentials").remove(0);
        let cast = Cast { world, administrator, guests: Cell::new(0), hash };
        cast.joins(READER, "Rita Reader", &["read"]);
        cast.joins(MEMBER, "Moe Member", &[]);
        cast.joins(DEACTIVATED, "Dee Parted", &["admin"]);
        cast.set_status(DEACTIVATED, "deactivated");
        another_organization(world, "Elsewhere", ELSEWHERE, PASSWORD);
        cast
    }

    /// A browser in which this person has just signed in. Of the deactivated one the session is as it was before:
    /// nothing but the account's status says that it is over.
    pub fn enters(&self, kind: Kind) -> Person {
        let email = match kind {
            Kind::Nobody => return self.world.visitor(),
            kind => email_of(kind),
        };
        if kind == Kind::Deactivated {
            self.set_status(email, "active");
        }
        self.set_password(email);
        let person = enters(self.world, email);
        if kind == Kind::Deactivated {
            self.set_status(email, "deactivated");
        }
        person
    }

    /// Whoever asks for this route: in a browser, or for the API with a token made just now.
    pub fn asks(&self, kind: Kind, route: &Route) -> Person {
        match route.is_api() {
            true => self.bears(kind),
            false if route.is_scim() => self.provides(kind),
            false => self.enters(kind),
        }
    }

    /// A program with a new token of this person.
    pub fn bears(&self, kind: Kind) -> Person {
        if kind == Kind::Nobody {
            return self.world.visitor();
        }
        let roles = (kind == Kind::Narrowed).then_some(&["cks_admin"][..]);
        let (id, secret) = has_a_token(self.world, email_of(kind), roles);
        let row = access_tokens::table.filter(access_tokens::id.eq(id));
        let spoil = |tx: &mut roster::db::Tx<'_>| {
            let now = tx.now();
            Ok::<_, Fault>(match kind {
                Kind::Expired => {
                    diesel::update(row).set(access_tokens::expires_at.eq(now)).execute(tx.conn())?
                }
                Kind::Revoked => {
                    diesel::update(row).set(access_tokens::revoked_at.eq(now)).execute(tx.conn())?
                }
                _ => 1,
            })
        };
        assert_eq!(self.world.db().write_now(None, spoil).expect("a change"), 1);
        with_token(&self.world.visitor(), &secret)
    }

    /// Lets the administrator in again, after the session that prepares things has ended.
    pub fn refresh(&self) {
        self.set_password(ADMINISTRATOR);
        self.administrator.post("/sign-in", &[("email", ADMINISTRATOR), ("password", PASSWORD)]);
    }

    /// A request that would do what this route is for, with a target of the first organization that nothing was done to
    /// yet.
    pub fn request_to(&self, route: &Route) -> Asked {
        let path = route.pattern.as_str();
        let act = path.rsplit('/').next().unwrap_or_default();
        match (route.method.as_str(), path) {
            _ if route.is_scim() => self.request_of_a_provider(route),
            (_, path) if path.starts_with("/organization/iam/scim/") => self.on_the_page_of_scim(path, act),
            (_, "/static/{hash}/{name}") => Asked::at(assets::url("console.css")),
            (_, "/setup") => self.a_setup(),
            (_, "/invitations/{token}/ask") => Asked::at(self.link_to(&self.a_revoked_guest()) + "/ask"),
            (_, "/invitations/{token}/join") => {
                Asked::at(self.link_to(&self.a_guest()) + "/join").with("name", "Gus Guest")
            }
            (_, "/account/linked/{provider}/unlink") => {
                crate::social::has_linked(self.world, ADMINISTRATOR, "github");
                Asked::at(path.replace("{provider}", "github"))
            }
            (_, path) if path.contains("{provider}") => {
                Asked::at(path.replace("{provider}", "github")).with("return_to", "/account/settings")
            }
            ("POST", "/accounts/saml/{code}/acs") => Asked::at(path.replace("{code}", "ffffff")),
            (_, path) if path.contains("{code}") => {
                let code =
                    texts(self.world, "SELECT code FROM organizations ORDER BY created_at, id").remove(0);
                Asked::at(path.replace("{code}", &code))
            }
            (_, "/invitations/{token}/switch") => Asked::at(self.link_to(&self.a_guest()) + "/switch"),
            (_, "/invitations/{token}") => {
                Asked::at(self.link_to(&self.a_guest())).with("name", "Gus Guest").with("password", PASSWORD)
            }
            (_, "/invitations/send-again") => Asked::at(path).with("email", self.a_guest().email),
            (_, "/sign-in") => Asked::at(path).with("email", MEMBER).with("password", PASSWORD),
            (_, "/sign-in/sso") => Asked::at(path).with("email", MEMBER),
            (_, "/accounts/oidc/{org}/callback") => Asked::at(path.replace("{org}", "ffffff")),
            ("POST", "/organization/iam/sso") => self.a_provider(path, true).with("act", "disable"),
            ("POST", "/organization/iam/sso/require") => self
                .a_provider(path, false)
                .with("required_of", "nobody")
                .with("seen", "1")
                .with("agreed", "1"),
            ("POST", "/organization/iam/sso/try") => self.a_saml_provider(path),
            ("POST", "/organization/iam/sso/deploy") => Asked::at(path).with("draft", "none"),
            (_, "/account/single-sign-on" | "/account/single-sign-on/unlink") => {
                let asked = self.a_provider(path, true);
                crate::sso::is_known_at_the_provider(self.world, ADMINISTRATOR);
                asked
            }
            (_, "/sign-in/organization") => Asked::at(path).with("account", self.user(MEMBER)),
            ("POST", "/account/prove") => Asked::at(path).with("password", PASSWORD),
            ("POST", "/account/two-factor/enable") => Asked::at(path).with("password", PASSWORD),
            ("POST", "/account/two-factor/recovery-codes.txt") => Asked::at(path).with("code", "abcde-fghjk"),
            (_, "/sign-in/browser/{token}") => Asked::at(self.a_browser_link()),
            (_, "/account/email") => Asked::at(path).with("email", self.new_address()),
            (_, "/account/email/confirm/{token}") => {
                Asked::at(self.a_change_of_address("asked", Purpose::EmailConfirmation, "confirm"))
            }
            (_, "/account/email/undo/{token}") => {
                Asked::at(self.a_change_of_address("confirmed", Purpose::EmailUndo, "undo"))
            }
            (_, "/account/sessions/{id}/end") => Asked::at(path.replace("{id}", &self.a_session())),
            (_, path) if programs::is_of(path) => self.request_of_a_program(route),
            (_, "/api/v1/check") => Asked::at(path).json(json!({ "action": "iam.users.read" })),
            (_, "/api/v1/introspect") => {
                Asked::at(path).with("token", has_a_token(self.world, ADMINISTRATOR, None).1)
            }
            ("POST", "/api/v1/tokens") => {
                self.keeps_the_newest_token();
                Asked::at(path).json(json!({ "name": "robot", "expiration": "1h" }))
            }
            (_, "/api/v1/tokens/{id}/revoke") => {
                let (id, _) = has_a_token(self.world, ADMINISTRATOR, None);
                Asked::at(path.replace("{id}", id.as_str()))
            }
            ("POST", "/tokens/new") => {
                self.keeps_the_newest_token();
                Asked::at(path).with("name", "robot").with("expiration", "30d")
            }
            (_, "/tokens/{id}/revoke") => {
                let (id, _) = has_a_token(self.world, ADMINISTRATOR, None);
                Asked::at(path.replace("{id}", id.as_str()))
            }
            (_, "/account/profile") => {
                Asked::at(path).with("name", "Somebody Else").with("time_zone", "Europe/Berlin")
            }
            (_, "/account/theme") => {
                Asked::at(path).with("theme", "dark").with("return_to", "/account/settings")
            }
            (_, "/organization/users/invite") => Asked::at(path).with("email", self.new_address()),
            (_, "/organization/users/invitations/{id}/undo") => self.on(&self.a_revoked_guest(), act),
            (_, "/organization/users/invitations/{id}/address") => {
                self.on(&self.a_guest(), act).with("email", self.new_address())
            }
            (_, path) if path.starts_with("/organization/users/invitations/{id}/") => {
                self.on(&self.a_guest(), act)
            }
            (_, "/account/password") => {
                Asked::at(path).with("current_password", PASSWORD).with("new_password", NEW_PASSWORD)
            }
            (_, "/password/forgotten") => Asked::at(path).with("email", MEMBER),
            (_, "/password/reset/{token}") => Asked::at(self.reset_link()).with("new_password", NEW_PASSWORD),
            ("POST", "/organization/users/{id}/password") => self.to(&self.a_joined_guest(), act),
            ("POST", "/organization/users/{id}/groups") => self.a_change_of_groups(),
            ("POST", "/organization/users/{id}/end-sessions") => self.to(&self.a_joined_guest(), act),
            ("POST", "/organization/users/{id}/deactivate") => self.to(&self.a_joined_guest(), act),
            ("POST", "/organization/users/{id}/second-factor") => {
                let guest = self.a_joined_guest();
                self.gives_an_app(&guest);
                self.to(&guest, act).with("reason", "The phone is lost.")
            }
            ("POST", "/organization/users/{id}/reactivate") => {
                let guest = self.a_joined_guest();
                self.set_status(&guest.email, "deactivated");
                self.to(&guest, act)
            }
            ("PUT", "/api/v1/audit/stream") => Asked::at(path)
                .json(serde_json::json!({ "url": format!("https://hooks.invalid/{}", self.new_address()) })),
            (_, path) if path.starts_with("/api/v1/audit/stream") => self.an_audit_stream(path, act),
            ("POST", "/organization/settings/audit-stream") => {
                Asked::at(path).with("url", format!("https://hooks.invalid/{}", self.new_address()))
            }
            ("POST", "/organization/iam/access-requests/new") => {
                self.nobody_waits();
                let asked = Asked::at(path).with("role", "inference_admin").with("minutes", "60");
                asked.with("reason", "A model is stuck.")
            }
            ("POST", "/api/v1/access-requests") => {
                self.nobody_waits();
                let asked = serde_json::json!({
                    "role": "inference_viewer", "minutes": 60, "reason": "A model is stuck.",
                });
                Asked::at(path).json(asked)
            }
            (_, path) if path.starts_with("/api/v1/access-requests/{id}") => {
                let (of, state) = match act {
                    "withdraw" => (ADMINISTRATOR, "pending"),
                    "give-back" => (ADMINISTRATOR, "approved"),
                    "end" => (MEMBER, "approved"),
                    _ => (MEMBER, "pending"),
                };
                let asked = Asked::at(path.replace("{id}", &self.an_access_request(of, state)));
                match act {
                    "approve" | "deny" => asked.json(serde_json::json!({})),
                    _ => asked,
                }
            }
            (_, path) if path.starts_with("/organization/iam/access-requests/{id}") => {
                let (of, state) = match act {
                    "withdraw" => (ADMINISTRATOR, "pending"),
                    "give-back" => (ADMINISTRATOR, "approved"),
                    "end" => (MEMBER, "approved"),
                    _ => (MEMBER, "pending"),
                };
                Asked::at(path.replace("{id}", &self.an_access_request(of, state)))
            }
            ("POST", "/organization/iam/access-policies/create") => self.a_rule(Asked::at(path)),
            (_, path) if path.starts_with("/organization/iam/access-policies/{id}") => {
                let asked = Asked::at(path.replace("{id}", &self.a_policy()));
                self.a_rule(asked).with("version", "1")
            }
            ("POST", path) if path.starts_with("/organization/settings/") && act != "test-letter" => {
                self.a_setting(path)
            }
            (_, path) if path.starts_with("/account/passkeys/{id}") => {
                let id = crate::passkeys::has_a_passkey(self.world, ADMINISTRATOR);
                Asked::at(path.replace("{id}", &id)).with("name", "Phone")
            }
            (_, "/organization/users/selected") => self.a_selection(),
            (_, "/organization/users/jobs/{id}") => self.a_job(),
            (_, "/organization/iam/roles/{role}") => Asked::at("/organization/iam/roles/iam_admin"),
            (_, "/api/v1/roles/{role}") => Asked::at("/api/v1/roles/iam_admin"),
            (_, "/api/v1/actions/{action}/holders") => Asked::at("/api/v1/actions/iam.users.read/holders"),
            ("POST", "/api/v1/groups") => Asked::at(path).json(json!({ "name": self.new_name() })),
            (method, path) if path.starts_with("/api/v1/groups/{id}") => {
                let asked = self.a_group_act(path, act);
                match (method, path.ends_with("members"), act) {
                    ("PATCH", ..) => asked.json(json!({ "description": "New" })),
                    ("POST", true, _) | ("POST", _, "remove") => {
                        let user = asked.fields[0].1.clone();
                        asked.json(json!({ "users": [user] }))
                    }
                    _ => asked,
                }
            }
            (_, "/organization/groups/create") => Asked::at(path).with("name", self.new_name()),
            (_, path) if path.starts_with("/organization/groups/{id}") => self.a_group_act(path, act),
            ("GET", path) if path.starts_with("/organization/users/{id}") => {
                Asked::at(path.replace("{id}", &self.user(MEMBER)))
            }
            (_, path) if !path.contains('{') => Asked::at(path),
            _ => panic!("tests/web/cast.rs does not say how to ask for {route}"),
        }
    }

    /// The fields of a policy that gives something to nobody yet.
    fn a_rule(&self, asked: Asked) -> Asked {
        let asked = asked.with("name", format!("Policy of {}", self.new_address())).with("act", "save");
        let asked = asked.with("rule", "n1").with("role.n1", "support_viewer");
        asked.with("group.n1", self.group("billing_viewer"))
    }

    /// The id of a policy of the first organization that was just made.
    fn a_policy(&self) -> String {
        let asked = self.a_rule(Asked::at("/organization/iam/access-policies/create"));
        let fields: Vec<_> = asked.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let made = self.administrator.post(&asked.path, &fields);
        assert!(made.status.is_redirection(), "{}: {}", made.status, made.text());
        let id = "SELECT id FROM policies WHERE name LIKE 'Policy of %' ORDER BY id DESC";
        texts(self.world, id).remove(0)
    }

    /// Sends the request that `request_to` made.
    pub fn sends(&self, person: &Person, route: &Route, asked: &Asked) -> Page {
        let fields: Vec<_> = asked.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if route.is_api() || route.is_scim() {
            let url = self.world.base_url().join(&asked.path).expect("an address");
            let request = person.bare_request(route.method(), &asked.path);
            return match (&asked.json, route.is_safe()) {
                (Some(json), false) => person.send(request.json(json), url),
                (None, false) if !asked.fields.is_empty() => person.send(request.form(&asked.fields), url),
                _ => person.send(request, url),
            };
        }
        match route.method.as_str() {
            "POST" => person.post(&asked.path, &fields),
            _ => {
                let url = self.world.base_url().join(&asked.path).expect("an address");
                person.send(person.request(route.method(), &asked.path), url)
            }
        }
    }

    /// The first organization's audit stream, off unless that is what is to be changed.
    fn an_audit_stream(&self, path: &str, act: &str) -> Asked {
        let user = self.user(ADMINISTRATOR);
        let set_up = |tx: &mut roster::db::Tx<'_>| {
            let organization = users::table.filter(users::id.eq(&user)).select(users::organization_id);
            let organization = organization.first::<String>(tx.conn())?;
            diesel::delete(audit_streams::table).execute(tx.conn())?;
            let row = (
                audit_streams::organization_id.eq(organization),
                audit_streams::url.eq("https://hooks.invalid/"),
                audit_streams::secret.eq("sealed"),
                audit_streams::enabled.eq(act == "turn-off"),
                audit_streams::sequence.eq(0),
                audit_streams::created_at.eq(tx.now()),
            );
            Ok::<_, Fault>(diesel::insert_into(audit_streams::table).values(row).execute(tx.conn())?)
        };
        self.world.db().write_now(None, set_up).expect("a stream");
        Asked::at(path)
    }

    /// The first organization's single sign-on; off, it is required, which holds nobody out.
    fn a_provider(&self, path: &str, is_on: bool) -> Asked {
        let oidc = json!({ "kind": "oidc", "issuer": "https://login.invalid/", "client_id": "id" });
        self.a_connection(("oidc", oidc), is_on);
        Asked::at(path)
    }

    /// The same by SAML, which is asked by the browser alone.
    fn a_saml_provider(&self, path: &str) -> Asked {
        let certificate =
            roster::saml::Certificate::parse(crate::support::saml::PROVIDER).expect("a certificate");
        let saml = json!({
            "kind": "saml", "entity_id": "https://idp.example/metadata", "sso_url": "https://idp.example/sso",
            "certificates": [certificate.as_str()], "signed_assertions": false, "signs_requests": false,
            "metadata_url": null,
            "attributes": { "email": "email", "first_name": "first_name", "last_name": "last_name" },
        });
        self.a_connection(("saml", saml), true);
        Asked::at(path)
    }

    fn a_connection(&self, (kind, configuration): (&str, Value), is_on: bool) {
        let user = self.user(ADMINISTRATOR);
        let set_up = |tx: &mut roster::db::Tx<'_>| {
            let organization = users::table.filter(users::id.eq(&user)).select(users::organization_id);
            let organization = organization.first::<String>(tx.conn())?;
            let now = tx.now();
            diesel::delete(sso_connections::table).execute(tx.conn())?;
            let row = (
                sso_connections::id.eq(ConnectionId::new()),
                sso_connections::organization_id.eq(organization),
                sso_connections::kind.eq(kind),
                sso_connections::enabled.eq(is_on),
                sso_connections::required_of.eq(if is_on { "nobody" } else { "domains" }),
                sso_connections::configuration.eq(configuration.to_string()),
                sso_connections::secret.eq("sealed"),
                sso_connections::groups_claim.eq("groups"),
                sso_connections::trusted_factor.eq(false),
                sso_connections::version.eq(1),
                sso_connections::created_at.eq(now),
                sso_connections::updated_at.eq(now),
            );
            Ok::<_, Fault>(diesel::insert_into(sso_connections::table).values(row).execute(tx.conn())?)
        };
        self.world.db().write_now(None, set_up).expect("a provider");
    }

    /// Somebody new whom the administrator has invited into `read`.
    pub fn a_guest(&self) -> Guest {
        let (email, group) = (self.new_address(), self.group("read"));
        let sent =
            self.administrator.post("/organization/users/invite", &[("email", &email), ("group", &group)]);
        assert!(sent.status.is_redirection(), "{}: {}", sent.status, sent.text());
        Guest { invitation: self.invitation_of(&email), user: self.user(&email), email }
    }

    /// A change of the address of somebody who has just joined, and the path of a link about it.
    fn a_change_of_address(&self, state: &str, purpose: Purpose, act: &str) -> String {
        let (id, guest, to) = (EmailChangeId::new(), self.a_joined_guest(), self.new_address());
        let insert = |tx: &mut roster::db::Tx<'_>| {
            let organization = users::table.filter(users::id.eq(&guest.user)).select(users::organization_id);
            let organization = organization.first::<String>(tx.conn())?;
            let (now, from) = (tx.now(), format!("old-{}", guest.email));
            let row = (
                email_changes::id.eq(id),
                email_changes::organization_id.eq(organization),
                email_changes::user_id.eq(&guest.user),
                email_changes::from_email.eq(&from),
                email_changes::to_email.eq(&to),
                email_changes::state.eq(state),
                email_changes::created_at.eq(now),
                email_changes::expires_at.eq(now.plus(chrono::Duration::hours(1))),
                email_changes::confirmed_at.eq((state == "confirmed").then_some(now)),
            );
            Ok::<_, Fault>(diesel::insert_into(email_changes::table).values(row).execute(tx.conn())?)
        };
        self.world.db().write_now(None, insert).expect("a change");
        let named = Named { id: id.uuid(), generation: 1 };
        format!("/account/email/{act}/{}", self.world.site().signer.token(purpose, named))
    }

    /// Revokes the tokens of everything that was asked before, so that nobody has too many.
    fn keeps_the_newest_token(&self) {
        let revoke = |tx: &mut roster::db::Tx<'_>| {
            let newest = access_tokens::table.order(access_tokens::id.desc()).select(access_tokens::id);
            let newest: Option<String> = newest.first(tx.conn()).optional()?;
            let older = access_tokens::table.filter(access_tokens::id.ne(newest.unwrap_or_default()));
            let revoked = access_tokens::revoked_at.eq(tx.now());
            Ok::<_, Fault>(diesel::update(older).set(revoked).execute(tx.conn())?)
        };
        self.world.db().write_now(None, revoke).expect("a change");
    }

    /// Takes every request back that waits, so that nobody has asked for the same or for too much already.
    fn nobody_waits(&self) {
        let withdraw = |tx: &mut roster::db::Tx<'_>| {
            let waiting = access_requests::table.filter(access_requests::state.eq("pending"));
            let withdrawn = access_requests::state.eq("withdrawn");
            Ok::<_, Fault>(diesel::update(waiting).set(withdrawn).execute(tx.conn())?)
        };
        self.world.db().write_now(None, withdraw).expect("a change");
    }

    /// Somebody asks for a role, or holds it until long after everything here.
    fn an_access_request(&self, email: &str, state: &str) -> String {
        let (id, user) = (AccessRequestId::new(), self.user(email));
        self.nobody_waits();
        let insert = |tx: &mut roster::db::Tx<'_>| {
            let organization = users::table.filter(users::id.eq(&user)).select(users::organization_id);
            let organization = organization.first::<String>(tx.conn())?;
            let (now, later) = (tx.now(), tx.now().plus(chrono::Duration::days(300)));
            let row = (
                access_requests::id.eq(id),
                access_requests::organization_id.eq(organization),
                access_requests::user_id.eq(&user),
                access_requests::role.eq("notifications_viewer"),
                access_requests::reason.eq("An alert is missing."),
                access_requests::minutes.eq(60),
                access_requests::state.eq(state),
                access_requests::created_at.eq(now),
                access_requests::expires_at.eq(later),
                access_requests::ends_at.eq((state == "approved").then_some(later)),
            );
            diesel::insert_into(access_requests::table).values(row).execute(tx.conn())?;
            access_changed(tx)
        };
        self.world.db().write_now(None, insert).expect("a request");
        id.to_string()
    }

    /// A session of the member without a group.
    fn a_session(&self) -> String {
        self.enters(Kind::Member);
        let of = self.user(MEMBER);
        texts(self.world, &format!("SELECT id FROM sessions WHERE user_id = '{of}'")).remove(0)
    }

    /// A link that lets a browser in, for the member without a group.
    fn a_browser_link(&self) -> String {
        let (id, user) = (BrowserLinkId::new(), self.user(MEMBER));
        let insert = |tx: &mut roster::db::Tx<'_>| {
            let organization = users::table.filter(users::id.eq(&user)).select(users::organization_id);
            let organization = organization.first::<String>(tx.conn())?;
            let now = tx.now();
            let row = (
                browser_links::id.eq(id),
                browser_links::organization_id.eq(organization),
                browser_links::user_id.eq(&user),
                browser_links::state.eq("pending"),
                browser_links::created_at.eq(now),
                browser_links::expires_at.eq(now.plus(chrono::Duration::hours(1))),
            );
            Ok::<_, Fault>(diesel::insert_into(browser_links::table).values(row).execute(tx.conn())?)
        };
        self.world.db().write_now(None, insert).expect("a link");
        let named = Named { id: id.uuid(), generation: 1 };
        format!("/sign-in/browser/{}", self.world.site().signer.token(Purpose::Browser, named))
    }

    /// Their link's path.
    pub fn link_to(&self, guest: &Guest) -> String {
        let id = guest.invitation.parse().expect("an id");
        let token = self.world.site().signer.token(Purpose::Invitation, Named { id, generation: 1 });
        format!("/invitations/{token}")
    }

    pub fn user(&self, email: &str) -> String {
        let email = email.to_owned();
        self.read(move |conn| {
            users::table.filter(users::email.eq(&email)).select(users::id).first::<String>(conn)
        })
    }

    /// The path of a fresh link that sets a new password for somebody.
    fn reset_link(&self) -> String {
        reset_link(self.world, self.a_joined_guest().user.parse().expect("an id"), "forgotten")
    }

    /// Everybody has the same password whenever they sign in, whatever became of it.
    fn set_password(&self, email: &str) {
        let user = self.user(email);
        let set = |tx: &mut roster::db::Tx<'_>| {
            let row = password_credentials::table.filter(password_credentials::user_id.eq(&user));
            let hash = password_credentials::hash.eq(&self.hash);
            Ok::<_, Fault>(diesel::update(row).set(hash).execute(tx.conn())?)
        };
        assert_eq!(self.world.db().write_now(None, set).expect("a change"), 1);
    }

    fn a_revoked_guest(&self) -> Guest {
        let guest = self.a_guest();
        let asked = self.on(&guest, "revoke");
        let revoked = self.administrator.post(&asked.path, &[("generation", "1")]);
        assert!(revoked.status.is_redirection(), "{}: {}", revoked.status, revoked.text());
        guest
    }

    fn a_joined_guest(&self) -> Guest {
        let guest = self.a_guest();
        self.accepts(&guest, "Gus Guest");
        guest
    }

    /// A row as switching two-factor authentication on leaves one.
    fn gives_an_app(&self, guest: &Guest) {
        let of = guest.user.clone();
        let give = |tx: &mut roster::db::Tx<'_>| {
            let organization: String =
                users::table.filter(users::id.eq(&of)).select(users::organization_id).first(tx.conn())?;
            let values = (
                totp_credentials::user_id.eq(&of),
                totp_credentials::organization_id.eq(organization),
                totp_credentials::secret.eq("sealed"),
                totp_credentials::last_step.eq(1),
                totp_credentials::created_at.eq(tx.now()),
            );
            Ok::<_, Fault>(diesel::insert_into(totp_credentials::table).values(values).execute(tx.conn())?)
        };
        assert_eq!(self.world.db().write_now(None, give).expect("a row"), 1);
    }

    fn joins(&self, email: &str, name: &str, groups: &[&str]) {
        let groups: Vec<_> = groups.iter().map(|name| self.group(name)).collect();
        let mut fields = vec![("email", email)];
        fields.extend(groups.iter().map(|id| ("group", id.as_str())));
        let sent = self.administrator.post("/organization/users/invite", &fields);
        assert!(sent.status.is_redirection(), "{}: {}", sent.status, sent.text());
        let (invitation, user) = (self.invitation_of(email), self.user(email));
        self.accepts(&Guest { email: email.to_owned(), invitation, user }, name);
    }

    fn accepts(&self, guest: &Guest, name: &str) {
        let accepted =
            self.world.visitor().post(&self.link_to(guest), &[("name", name), ("password", PASSWORD)]);
        assert!(accepted.status.is_redirection(), "{}: {}", accepted.status, accepted.text());
    }

    fn on(&self, guest: &Guest, act: &str) -> Asked {
        let id = &guest.invitation;
        Asked::at(format!("/organization/users/invitations/{id}/{act}")).with("generation", "1")
    }

    fn to(&self, guest: &Guest, act: &str) -> Asked {
        Asked::at(format!("/organization/users/{}/{act}", guest.user))
    }

    fn a_change_of_groups(&self) -> Asked {
        let guest = self.a_guest();
        let of = guest.user.clone();
        let version = self.read(move |conn| {
            users::table.filter(users::id.eq(&of)).select(users::version).first::<i64>(conn)
        });
        self.to(&guest, "groups").with("version", version.to_string()).with("group", self.group("metrics"))
    }

    /// A group that was just made, with one member.
    fn a_group_act(&self, path: &str, act: &str) -> Asked {
        let name = self.new_name();
        let made = self.administrator.post("/organization/groups/create", &[("name", &name)]);
        assert!(made.status.is_redirection(), "{}: {}", made.status, made.text());
        let (id, guest) = (self.group(&name), self.a_guest());
        let asked = Asked::at(path.replace("{id}", &id));
        match act {
            "edit" => asked.with("name", self.new_name()),
            "members" => asked.with("user", guest.user),
            "remove" => {
                let members = format!("/organization/groups/{id}/members");
                let added = self.administrator.post(&members, &[("user", &guest.user)]);
                assert!(added.status.is_redirection(), "{}: {}", added.status, added.text());
                asked.with("user", guest.user)
            }
            _ => asked,
        }
    }

    /// A change of what the organization has settled, with the summary agreed to.
    fn a_setting(&self, path: &str) -> Asked {
        let asked = Asked::at(path).with("agreed", "1");
        let asked = match path.rsplit('/').next().unwrap_or_default() {
            "name" => asked.with("name", format!("Engines {}", self.new_address())),
            "second-factor" => asked.with("required", "on").with("grace", "30"),
            "sessions" => asked.with("idle", "240").with("overall", "10080"),
            "domains" => asked.with("domains", "example.com elsewhere.example"),
            "invitations" => asked.with("invitation_days", "9"),
            other => panic!("tests/web/cast.rs does not say how to change {other}"),
        };
        let page = self.administrator.opens(path);
        let seen = page
            .whole()
            .all("main input[name=seen]")
            .next()
            .and_then(|it| it.attr("value").map(str::to_owned));
        asked.with("seen", seen.unwrap_or_default())
    }

    /// Somebody selected to be deactivated, with the summary agreed to.
    fn a_selection(&self) -> Asked {
        let asked = Asked::at("/organization/users/selected").with("user", self.a_joined_guest().user);
        asked.with("act", "deactivate").with("agreed", "1")
    }

    fn a_job(&self) -> Asked {
        let asked = self.a_selection();
        let fields: Vec<_> = asked.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let begun = self.administrator.post(&asked.path, &fields);
        let job = begun.leads_to().unwrap_or_else(|| panic!("a job begins: {}", begun.text()));
        let is_done = || match texts(
            self.world,
            "SELECT state FROM jobs WHERE state <> 'done' AND kind = 'deactivate_users'",
        ) {
            none if none.is_empty() => Ok(()),
            states => Err(states.join(", ")),
        };
        until(is_done, |why| format!("a job: {why}"));
        Asked::at(job.path())
    }

    fn a_setup(&self) -> Asked {
        Asked::at(setup_link(self.world))
            .with("organization", "A third")
            .with("name", "Theo Third")
            .with("email", self.new_address())
            .with("password", PASSWORD)
    }

    fn new_name(&self) -> String {
        self.guests.set(self.guests.get() + 1);
        format!("Team {}", self.guests.get())
    }

    fn new_address(&self) -> String {
        self.guests.set(self.guests.get() + 1);
        format!("guest-{}@example.com", self.guests.get())
    }

    fn invitation_of(&self, email: &str) -> String {
        let email = email.to_owned();
        self.read(move |conn| {
            invitations::table
                .filter(invitations::email.eq(&email))
                .select(invitations::id)
                .first::<String>(conn)
        })
    }

    /// A group of the first organization.
    pub fn group(&self, name: &str) -> String {
        let name = name.to_owned();
        self.read(move |conn| {
            groups::table
                .filter(groups::name.eq(&name))
                .order(groups::id)
                .select(groups::id)
                .first::<String>(conn)
        })
    }

    fn set_status(&self, email: &str, status: &str) {
        let set = |tx: &mut roster::db::Tx<'_>| {
            let row = users::table.filter(users::email.eq(email));
            Ok::<_, Fault>(diesel::update(row).set(users::status.eq(status)).execute(tx.conn())?)
        };
        assert_eq!(self.world.db().write_now(None, set).expect("a change"), 1);
    }

    fn read<T>(&self, work: impl FnOnce(&mut AnyConnection) -> diesel::QueryResult<T>) -> T {
        self.world.db().read_now(|conn| Ok::<_, Fault>(work(conn)?)).expect("an answer")
    }
}

/// The path under which the acts on somebody's invitation are.
pub fn acts_of_invitation(world: &World, email: &str) -> String {
    let email = email.to_owned();
    let of = |conn: &mut AnyConnection| {
        let found = invitations::table.filter(invitations::email.eq(&email));
        Ok::<_, Fault>(found.select(invitations::id).first::<String>(conn)?)
    };
    format!("/organization/users/invitations/{}", world.db().read_now(of).expect("an invitation"))
}

fn email_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Nobody => "",
        Kind::Administrator | Kind::Narrowed | Kind::Expired | Kind::Revoked => ADMINISTRATOR,
        Kind::Reader => READER,
        Kind::Member => MEMBER,
        Kind::Deactivated => DEACTIVATED,
        Kind::Elsewhere => ELSEWHERE,
    }
}

/// A token of somebody as a row, narrowed to `roles` if there are any: its id and its secret.
pub fn has_a_token(world: &World, email: &str, roles: Option<&[&str]>) -> (AccessTokenId, String) {
    let (id, secret) = (AccessTokenId::new(), AccessSecret::random());
    let insert = |tx: &mut roster::db::Tx<'_>| {
        let owner = users::table.filter(users::email.eq(email)).select((users::id, users::organization_id));
        let (user, organization) = owner.first::<(String, String)>(tx.conn())?;
        let now = tx.now();
        let row = (
            access_tokens::id.eq(id),
            access_tokens::organization_id.eq(&organization),
            access_tokens::user_id.eq(user),
            access_tokens::secret_hash.eq(secret.hash()),
            access_tokens::name.eq("robot"),
            access_tokens::narrowed.eq(roles.is_some()),
            access_tokens::created_at.eq(now),
        );
        diesel::insert_into(access_tokens::table).values(row).execute(tx.conn())?;
        for role in roles.unwrap_or_default() {
            let row = (
                token_roles::token_id.eq(id),
                token_roles::role.eq(*role),
                token_roles::organization_id.eq(&organization),
            );
            diesel::insert_into(token_roles::table).values(row).execute(tx.conn())?;
        }
        Ok::<_, Fault>(())
    };
    world.db().write_now(None, insert).expect("a token");
    (id, secret.reveal().to_owned())
}

/// The same program with this token.
pub fn with_token(person: &Person, secret: &str) -> Person {
    person.with("authorization", &format!("Bearer {secret}"))
}

/// A browser in which somebody has just signed in, without looking at a page.
pub fn enters(world: &World, email: &str) -> Person {
    let person = world.visitor();
    let answer = person.post("/sign-in", &[("email", email), ("password", PASSWORD)]);
    assert!(answer.status.is_redirection(), "{email} signs in: {} {}", answer.status, answer.text());
    person
}

/// The path of a link that makes one more organization, as `roster setup-link` makes them.
pub fn setup_link(world: &World) -> String {
    let link = world.db().write_now(None, |tx| roster::setup::further_link(tx, None)).expect("a link");
    let link = url::Url::parse(&console::setup_link(world.site(), link)).expect("an address");
    link[url::Position::BeforePath..].to_owned()
}

/// One more organization; its administrator is signed in.
pub fn another_organization(world: &World, name: &str, email: &str, password: &str) -> Person {
    let person = world.visitor();
    let fields = [("organization", name), ("name", "Grace Hopper"), ("email", email), ("password", password)];
    let answer = person.post(&setup_link(world), &fields);
    assert!(answer.status.is_redirection(), "{}: {}", answer.status, answer.text());
    person
}
