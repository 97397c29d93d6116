//! The protocol itself: tokens, errors, discovery, and whatever makes no sense.

use reqwest::{Method, StatusCode};
use roster::base::scim_secret::ScimSecret;
use serde_json::{Value, json};

use super::{Provider, error, refused};
use crate::api::json as told;
use crate::cast::{has_a_token, with_token};
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::world::World;

on_both!(
    without_a_token_of_the_organization_nothing_is_answered,
    it_says_of_itself_what_it_can_do,
    whatever_goes_wrong_is_told_in_the_form_of_the_protocol,
    no_rubbish_is_a_fault,
);

fn without_a_token_of_the_organization_nothing_is_answered(world: World) {
    world.administrator();
    let provider = Provider::of(&world);
    let (_, secret) = has_a_token(&world, ADMINISTRATOR, None);
    let made_up = ScimSecret::random();
    for secret in ["nonsense", &secret, made_up.reveal()] {
        let stranger =
            Provider { program: with_token(&world.visitor(), secret), base: provider.base.clone() };
        for path in ["/Users", "/ServiceProviderConfig", "/Schemas"] {
            let page = stranger.asks(Method::GET, path);
            refused(&page, 401, "");
            assert!(page.headers["www-authenticate"].to_str().is_ok_and(|it| it.contains("invalid_token")));
        }
    }
    let nobody = Provider { program: world.visitor(), base: provider.base.clone() };
    refused(&nobody.asks(Method::GET, "/Users"), 401, "");
    let astray = Provider { program: provider.program.clone(), base: "/scim/v2/ffffff".into() };
    refused(&astray.asks(Method::GET, "/Users"), 401, "");
    let person = provider.program.get("/api/v1/whoami");
    assert_eq!(person.status, StatusCode::UNAUTHORIZED, "a provider is nobody elsewhere");
}

fn it_says_of_itself_what_it_can_do(world: World) {
    world.administrator();
    let provider = Provider::of(&world);
    let of = |path: &str| told(&provider.asks(Method::GET, path));
    let config = of("/ServiceProviderConfig");
    assert_eq!((&config["patch"]["supported"], &config["bulk"]["supported"]), (&json!(true), &json!(false)));
    assert_eq!((&config["etag"]["supported"], &config["filter"]["maxResults"]), (&json!(true), &json!(200)));
    assert_eq!(of("/ResourceTypes")["totalResults"], 2);
    assert_eq!(of("/ResourceTypes/Group")["endpoint"], "/Groups");
    assert_eq!(of("/Schemas")["totalResults"], 2);
    assert_eq!(of("/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group")["name"], "Group");
    refused(&provider.asks(Method::GET, "/Schemas/nothing"), 404, "");
    refused(&provider.asks(Method::GET, "/Schemas?filter=id%20eq%20%22x%22"), 403, "");
    refused(&provider.sends(Method::POST, "/Bulk", json!({})), 501, "");
    refused(&provider.asks(Method::GET, "/Me"), 501, "");
}

fn whatever_goes_wrong_is_told_in_the_form_of_the_protocol(world: World) {
    world.administrator();
    let provider = Provider::of(&world);
    refused(&provider.asks(Method::GET, "/Nothing"), 404, "");
    refused(&provider.asks(Method::GET, "/Users/nothing"), 404, "");
    refused(&provider.asks(Method::POST, "/Users"), 415, "");
    let page = provider.asks(Method::DELETE, "/Users");
    refused(&page, 405, "");
    assert!(page.headers.contains_key("allow"));
    refused(&provider.asks(Method::GET, "/Users?count=many"), 400, "invalidValue");
    let large = json!({ "userName": "x".repeat(300_000) });
    refused(&provider.sends(Method::POST, "/Users", large), 413, "");
    refused(
        &provider.sends(Method::POST, "/Users", json!({ "userName": "a\u{0}@example.com" })),
        400,
        "invalidValue",
    );
    let long = provider.program.with("x-long", &"x".repeat(20_000));
    let long = Provider { program: long, base: provider.base.clone() };
    refused(&long.asks(Method::GET, "/Users"), 431, "");
    refused(&provider.asks(Method::GET, &format!("/Users?filter={}", "x".repeat(20_000))), 431, "");
    let other = json!({ "schemas": ["urn:x"], "userName": "a@example.com" });
    refused(&provider.sends(Method::POST, "/Users", other), 400, "invalidSyntax");
    for path in ["/scim", "/scim/v2", "/scim/v3/x/Users"] {
        assert_eq!(error(&provider.program.get(path)).0, 404, "{path}");
    }
}

/// The same numbers in every run (a linear congruential generator, as in Knuth's MMIX).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % bound as u64).expect("a small number")
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    fn value(&mut self, known: &[String], depth: usize) -> Value {
        const TEXTS: &[&str] =
            &["", " ", "a@b.example", "True", "é💥\u{202e}", "' OR 1=1 --", "\u{0}", "members", "0"];
        const NAMES: &[&str] = &[
            "userName",
            "value",
            "active",
            "emails",
            "name",
            "displayName",
            "members",
            "op",
            "path",
            "Operations",
            "id",
        ];
        match self.below(if depth == 0 { 6 } else { 8 }) {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(self.below(1_000_000)),
            3 => json!(self.one(known)),
            4 | 5 => json!(self.one(TEXTS)),
            6 => (0..self.below(4)).map(|_| self.value(known, depth - 1)).collect(),
            _ => {
                let members =
                    (0..self.below(5)).map(|_| ((*self.one(NAMES)).to_owned(), self.value(known, depth - 1)));
                Value::Object(members.collect())
            }
        }
    }

    fn operation(&mut self, known: &[String]) -> Value {
        const PATHS: &[&str] = &[
            "active",
            "emails[type eq \"work\"].value",
            "members",
            "members[value eq \"x\"]",
            "name.givenName",
            "]",
            "a[b",
            "userName",
            "displayName",
            "externalId",
            "urn:x:y",
            "id",
            "groups",
            "",
        ];
        const KINDS: &[&str] = &["add", "Replace", "REMOVE", "move"];
        let mut operation = json!({ "op": self.one(KINDS), "value": self.value(known, 2) });
        if self.below(3) > 0 {
            operation["path"] = json!(self.one(PATHS));
        }
        operation
    }
}

fn no_rubbish_is_a_fault(world: World) {
    world.administrator();
    let provider = Provider::of(&world);
    let (bob, crew) = (provider.brings("bob@example.com"), provider.pushes("Crew", &[]));
    let known = [bob.clone(), crew.clone(), "bob@example.com".to_owned(), "Crew".to_owned()];
    let mut dice = Dice(7);
    for round in 0..400 {
        let body = match dice.below(2) {
            0 => dice.value(&known, 3),
            _ => {
                json!({ "Operations": (0..1 + dice.below(3)).map(|_| dice.operation(&known)).collect::<Vec<_>>() })
            }
        };
        let (users, groups) = (format!("/Users/{bob}"), format!("/Groups/{crew}"));
        let path = *dice.one(&["/Users", "/Groups", users.as_str(), groups.as_str()]);
        let method = match path {
            "/Users" | "/Groups" => Method::POST,
            _ => dice.one(&[Method::PUT, Method::PATCH]).clone(),
        };
        let page = provider.sends(method.clone(), path, body.clone());
        assert!(page.status.as_u16() < 500, "{round}: {method} {path} {body}: {} {}", page.status, page.body);
        if page.status.is_client_error() {
            error(&page);
        }
    }
    for filter in
        ["%00", "%22", "userName+eq+%22%5Cu0000%22", "%E9", "((((", "id+eq+%22%27--%22", "active+eq+%22x%22"]
    {
        let page = provider.asks(Method::GET, &format!("/Users?filter={filter}"));
        assert!(page.status.as_u16() < 500, "{filter}: {}", page.body);
    }
}
