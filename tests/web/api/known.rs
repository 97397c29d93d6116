//! Tokens are remembered from one request to the next: what they tell is what stands in the database all the same.

use std::collections::BTreeMap;

use chrono::Duration;
use reqwest::StatusCode;

use super::json;
use crate::account::settings;
use crate::cast::{Cast, Kind, enters, has_a_token, with_token};
use crate::routes;
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::world::World;
use crate::users::access_changed;

on_both!(
    a_token_tells_what_stands_in_the_database_after_every_act,
    who_changes_their_own_name_is_called_so_by_their_token_on_every_console,
    a_token_that_ends_is_over_though_nothing_happens,
);

const WHOAMI: &str = "/api/v1/whoami";

/// Whom an act may touch: those who were there first, and those who were made for it.
const PEOPLE: &str = "SELECT email FROM users WHERE status = 'active' AND (
    id IN (SELECT id FROM users ORDER BY id LIMIT 4) OR id IN (SELECT id FROM users ORDER BY id DESC LIMIT 3))";

/// Tokens of people, by address.
type Tokens = BTreeMap<String, (String, String)>;

/// What a token has to tell: of whom, where, what it is called, and in which groups they are; nothing when it opens
/// nothing.
fn stands(world: &World, id: &str) -> Option<(String, Vec<String>)> {
    // One statement, so that all of it is of one moment.
    let rows = texts(
        world,
        &format!(
            "SELECT u.name || ' ' || u.email || ' ' || o.code || ' ' || t.name || '|' || COALESCE(g.name, '')
             FROM access_tokens t JOIN users u ON u.id = t.user_id JOIN organizations o ON o.id = t.organization_id
             LEFT JOIN memberships m ON m.user_id = u.id LEFT JOIN groups g ON g.id = m.group_id
             WHERE t.id = '{id}' AND t.revoked_at IS NULL AND u.status = 'active'"
        ),
    );
    let rows: Vec<_> = rows.iter().map(|row| row.split_once('|').expect("words and a group")).collect();
    let words = rows.first()?.0.to_owned();
    let mut groups: Vec<_> =
        rows.iter().filter(|(_, group)| !group.is_empty()).map(|(_, group)| (*group).to_owned()).collect();
    groups.sort();
    Some((words, groups))
}

fn told(world: &World, secret: &str) -> Option<(String, Vec<String>)> {
    let page = with_token(&world.visitor(), secret).get(WHOAMI);
    if page.status != StatusCode::OK {
        assert!(page.status.is_client_error(), "{}: {}", page.status, page.body);
        return None;
    }
    let (all, text) = (json(&page), |it: &serde_json::Value| it.as_str().expect("text").to_owned());
    let who = &all["principal"];
    let words = [&who["name"], &who["email"], &who["orgUid"], &all["token"]["name"]].map(text).join(" ");
    let mut groups: Vec<_> = who["groups"].as_array().expect("a list").iter().map(text).collect();
    groups.sort();
    Some((words, groups))
}

fn a_token_tells_what_stands_in_the_database_after_every_act(world: World) {
    let cast = Cast::assemble(&world);
    let mut tokens = Tokens::new();
    let mut changed = 0;
    for route in routes::all(&world).iter().filter(|route| !route.is_safe()) {
        cast.refresh();
        let (person, asked) = (cast.asks(Kind::Administrator, route), cast.request_to(route));
        let people = texts(&world, PEOPLE);
        tokens.retain(|email, _| people.contains(email));
        for email in people {
            tokens.entry(email.clone()).or_insert_with(|| {
                let (id, secret) = has_a_token(&world, &email, None);
                (id.to_string(), secret)
            });
        }
        // What prepared the act may have written past the console.
        world.db().write_now(None, access_changed).expect("a new epoch");
        let before: Vec<_> = tokens.values().map(|(_, secret)| told(&world, secret)).collect();
        cast.sends(&person, route, &asked);
        for ((email, (id, secret)), before) in tokens.iter().zip(before) {
            // Work that goes on afterwards may come between the one look and the other, but not twice.
            let (earlier, there, now) = (told(&world, secret), stands(&world, id), told(&world, secret));
            assert!(there == earlier || there == now, "{email} after {route}: {there:?}, not {now:?}");
            changed += usize::from(now != before);
        }
        // Of whom nothing is told any more nothing will be.
        tokens.retain(|_, (id, _)| stands(&world, id).is_some());
    }
    assert!(changed > 4, "acts that change what tokens tell: {changed}");
}

fn who_changes_their_own_name_is_called_so_by_their_token_on_every_console(world: World) {
    let cast = Cast::assemble(&world);
    let beside = world.beside();
    let (_, secret) = has_a_token(&world, ADMINISTRATOR, None);
    let consoles = [world.visitor(), beside.visitor()].map(|visitor| with_token(&visitor, &secret));
    let names = || consoles.each_ref().map(|it| json(&it.get(WHOAMI))["principal"]["name"].clone());
    cast.refresh();
    let ada = enters(&world, ADMINISTRATOR);
    for name in ["Augusta King", "Ada King"] {
        names();
        settings(&ada).form("Save profile").fill("Name", name).press();
        assert_eq!(names(), [name, name]);
    }
}

fn a_token_that_ends_is_over_though_nothing_happens(world: World) {
    let cast = Cast::assemble(&world);
    cast.refresh();
    let secret = cast.administrator.opens("/tokens/new").form("Create token");
    let page = secret.fill("Token name", "an hour").choose("Expiration", "1 hour").press();
    let secret = page.whole().control("Secret").attr("value").expect("a secret").to_owned();
    let robot = with_token(&world.visitor(), &secret);
    for (minutes, status) in [(0, StatusCode::OK), (59, StatusCode::OK), (1, StatusCode::UNAUTHORIZED)] {
        world.later(Duration::minutes(minutes));
        assert_eq!(robot.get(WHOAMI).status, status, "{minutes}");
    }
}
