//! What is kept of a person as the provider says it, and what cannot be taken away.

use reqwest::Method;
use serde_json::json;

use super::{Provider, refused};
use crate::api::json as told;
use crate::support::on_both;
use crate::support::world::World;

on_both!(what_an_address_is_for_is_kept, what_always_has_a_value_is_not_taken_away);

const BOB: &str = "bob@example.com";

fn what_an_address_is_for_is_kept(world: World) {
    world.administrator();
    let provider = Provider::of(&world);
    let email = |value: &str, kind: &str, primary: bool| json!([{ "value": value, "type": kind, "primary": primary }]);
    let sent = json!({ "userName": "b", "emails": email(BOB, "other", false) });
    let made = provider.sends(Method::POST, "/Users", sent);
    assert_eq!(told(&made)["emails"], email(BOB, "other", false), "{}", made.body);
    let path = format!("/Users/{}", told(&made)["id"].as_str().expect("an id"));
    let value = |path: &str, value: &str| json!({ "op": "replace", "path": path, "value": value });
    let after = |operation| {
        let page = provider.patches(&path, operation);
        assert_eq!(page.status.as_u16(), 200, "{}", page.body);
        assert_eq!(told(&provider.asks(Method::GET, &path)), told(&page));
        told(&page)["emails"].clone()
    };
    let home = value("emails[type eq \"home\"].value", "home@example.com");
    assert_eq!(after(home), email(BOB, "other", false), "one address is kept");
    let work = value("emails[type eq \"work\"].value", "work@example.com");
    assert_eq!(after(work), email("work@example.com", "work", false));
    let main = json!({ "op": "add", "path": "emails", "value": email(BOB, "home", true) });
    assert_eq!(after(main), email(BOB, "home", true));
    assert_eq!(after(value("emails[type eq \"work\"].value", "x@example.com")), email(BOB, "home", true));
    let replaced = provider.sends(Method::PUT, &path, json!({ "userName": BOB }));
    assert_eq!(told(&replaced)["emails"], email(BOB, "work", true), "nothing was said of it");
}

fn what_always_has_a_value_is_not_taken_away(world: World) {
    world.administrator();
    let provider = Provider::of(&world);
    let path = format!("/Users/{}", provider.brings(BOB));
    let off = json!({ "op": "replace", "path": "active", "value": false });
    assert_eq!(provider.patches(&path, off).status.as_u16(), 200);
    for operation in [
        json!({ "op": "remove", "path": "active" }),
        json!({ "op": "replace", "path": "active", "value": null }),
        json!({ "op": "remove", "path": "userName" }),
    ] {
        refused(&provider.patches(&path, operation), 400, "mutability");
    }
    assert_eq!(told(&provider.asks(Method::GET, &path))["active"], false);
    let again = provider.sends(Method::PUT, &path, json!({ "userName": BOB }));
    assert_eq!(told(&again)["active"], false, "what a replacement leaves out lets nobody in");
    let group = format!("/Groups/{}", provider.pushes("Crew", &[]));
    let unnamed = json!({ "op": "remove", "path": "displayName" });
    refused(&provider.patches(&group, unnamed), 400, "mutability");
}
