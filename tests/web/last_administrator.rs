//! Whatever people do, by whatever path, somebody is left who administers the organization and can sign in. What is
//! refused changed nothing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;
use diesel::{ExpressionMethods, RunQueryDsl};
use roster::base::ids::AccessRequestId;
use roster::db::Tx;
use roster::db::schema::access_requests;

use crate::api::json;
use crate::cast::{has_a_token, with_token};
use crate::policies::{CREATE, POLICIES, creates, edits, fields, posts, rule};
use crate::snapshot::{Snapshot, texts};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::world::{Beside, World};
use crate::support::{at_once, on_both};
use crate::users::{access_changed, group_id, id_of, member, organization};

on_both!(
    no_walk_of_random_acts_leaves_nobody_who_administers,
    of_many_acts_at_once_that_would_remove_all_administrators_one_is_refused,
    a_role_that_ends_by_itself_does_not_count,
    two_rules_that_name_one_administrator_do_not_hide_the_second,
);

/// Asked of the tables in other words than the console's own.
const WHO: &str = "SELECT DISTINCT u.email FROM users u WHERE u.status = 'active'
    AND (EXISTS (SELECT 1 FROM password_credentials c WHERE c.user_id = u.id AND NOT c.disabled)
        OR EXISTS (SELECT 1 FROM passkeys k WHERE k.user_id = u.id))
    AND EXISTS (SELECT 1 FROM rule_roles rr WHERE rr.role = 'iam_admin' AND (
        EXISTS (SELECT 1 FROM rule_users ru WHERE ru.rule_id = rr.rule_id AND ru.user_id = u.id)
        OR EXISTS (SELECT 1 FROM rule_groups rg JOIN memberships m ON m.group_id = rg.group_id
            WHERE rg.rule_id = rr.rule_id AND m.user_id = u.id)))
    ORDER BY 1";

const PEOPLE: [&str; 5] =
    [ADMINISTRATOR, "bob@example.com", "carol@example.com", "dora@example.com", "emil@example.com"];

fn two_rules_that_name_one_administrator_do_not_hide_the_second(world: World) {
    let ada = world.administrator();
    for email in ["bob@example.com", "carol@example.com"] {
        member(&world, email, email.split('@').next().expect("a name"), &[]);
    }
    // Whoever has the first id is named twice; the other one once.
    let mut both = ["bob@example.com", "carol@example.com"];
    both.sort_by_key(|email| id_of(&world, email));
    creates(&ada, &world, "One", &["iam_admin"], &both, &[]);
    creates(&ada, &world, "Two", &["iam_admin"], &both[..1], &[]);
    let second = world.visitor();
    second.signs_in(both[1], PASSWORD);
    let page = second.users().row(ADMINISTRATOR).follow("Ada Lovelace");
    assert!(page.form("Save groups").uncheck("admin").press().toast().is_some());
    let first = second.opens(&format!("/organization/users/{}", id_of(&world, both[0])));
    assert!(first.has_link("Deactivate"), "{}", first.text());
}

/// A walk that is the same each time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn some<'a>(&mut self, of: &[&'a str]) -> Vec<&'a str> {
        of.iter().copied().filter(|_| self.below(3) == 0).collect()
    }
}

struct Walk<'w> {
    world: &'w World,
    dice: Dice,
    signed_in: BTreeMap<String, Person>,
}

fn no_walk_of_random_acts_leaves_nobody_who_administers(world: World) {
    let seed = std::env::var("ROSTER_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(4);
    world.administrator();
    for (email, groups) in PEOPLE[1..].iter().zip([&["admin"][..], &["read"], &[], &[]]) {
        member(&world, email, email.split('@').next().expect("a name"), groups);
    }
    let asked = Asked::of(&world);
    let mut walk = Walk { world: &world, dice: Dice(seed), signed_in: BTreeMap::new() };
    let (mut done, mut refused) = (0, 0);
    for step in 0..120 {
        let who = texts(&world, WHO);
        let by = who[walk.dice.below(who.len())].clone();
        let actor = walk.enters(&by);
        let before = (Snapshot::of(&world), lines(&world));
        let act = walk.acts(&actor);
        let told = format!("seed {seed}, step {step}: {by} {act}");
        assert!(!texts(&world, WHO).is_empty(), "{told} left nobody");
        asked.agree_with_the_tables(&world, &told);
        if lines(&world) == before.1 {
            refused += 1;
            assert_eq!(Snapshot::of(&world), before.0, "{told} was refused and changed something");
        } else {
            done += 1;
        }
    }
    assert!(done > 20 && refused > 5, "a walk with {done} acts and {refused} refusals");
}

/// Everybody's tokens on two consoles: what these answer is what the tables say, from the very next request on.
struct Asked {
    tokens: Vec<(&'static str, [Person; 2])>,
    _beside: Beside,
}

/// Who can use the token they have.
const USABLE: &str = "SELECT u.email FROM users u JOIN access_tokens t ON t.user_id = u.id
    WHERE u.status = 'active' AND t.revoked_at IS NULL";

/// Each person with each role they hold.
const MAY: &str = "SELECT u.email || ' ' || rr.role FROM users u
    JOIN rule_roles rr ON EXISTS (SELECT 1 FROM rule_users ru WHERE ru.rule_id = rr.rule_id AND ru.user_id = u.id)
        OR EXISTS (SELECT 1 FROM rule_groups rg JOIN memberships m ON m.group_id = rg.group_id
            WHERE rg.rule_id = rr.rule_id AND m.user_id = u.id)";

impl Asked {
    fn of(world: &World) -> Asked {
        let beside = world.beside();
        let tokens = PEOPLE.map(|email| {
            let (_, secret) = has_a_token(world, email, None);
            (email, [world.visitor(), beside.visitor()].map(|visitor| with_token(&visitor, &secret)))
        });
        Asked { tokens: tokens.into(), _beside: beside }
    }

    fn agree_with_the_tables(&self, world: &World, told: &str) {
        let may: BTreeSet<String> = texts(world, MAY).into_iter().collect();
        let usable = texts(world, USABLE);
        for (email, consoles) in &self.tokens {
            let of = |role: &str| format!("{email} {role}");
            let here: BTreeSet<_> = may.iter().filter(|it| it.starts_with(&of(""))).cloned().collect();
            for console in consoles {
                let answer = console.get("/api/v1/whoami");
                if !usable.contains(&(*email).to_owned()) {
                    assert_eq!(answer.status, 401, "{told}: {email}: {}", answer.body);
                    continue;
                }
                let answer = json(&answer);
                let roles =
                    answer["principal"]["roles"].as_array().unwrap_or_else(|| panic!("{told}: {answer}"));
                let said: BTreeSet<_> = roles.iter().map(|role| of(role.as_str().expect("a role"))).collect();
                assert_eq!(said, here, "{told}: {email}");
            }
        }
    }
}

fn lines(world: &World) -> usize {
    texts(world, "SELECT action FROM audit_lines").len()
}

impl Walk<'_> {
    /// Somebody who can sign in, with a session that is fresh.
    fn enters(&mut self, email: &str) -> Person {
        let known = self.signed_in.get(email).filter(|person| person.is_signed_in()).cloned();
        let person = known.unwrap_or_else(|| {
            let person = self.world.visitor();
            person.signs_in(email, PASSWORD);
            assert!(person.is_signed_in(), "{email} can sign in, as is said of them");
            person
        });
        self.signed_in.insert(email.to_owned(), person.clone());
        person
    }

    /// Does something at random, and says what.
    fn acts(&mut self, by: &Person) -> String {
        let of = self.dice.one(&PEOPLE);
        let path = |act: &str| format!("/organization/users/{}/{act}", id_of(self.world, of));
        match self.dice.below(14) {
            0 | 1 => {
                by.post(&path("deactivate"), &[]);
                format!("deactivates {of}")
            }
            2 => {
                by.post(&path("reactivate"), &[]);
                format!("reactivates {of}")
            }
            3 | 4 => {
                let path = path("groups");
                self.changes_groups(by, of, &path)
            }
            5 => self.creates_a_policy(by),
            6 | 7 => self.edits_a_policy(by),
            8 => self.deletes_a_policy(by),
            9 => {
                by.post(&path("password"), &[]);
                format!("requires a new password of {of}")
            }
            10 => {
                by.post("/organization/groups/create", &[("name", "Own")]);
                "makes the group Own".to_owned()
            }
            11 => {
                for id in texts(self.world, "SELECT id FROM groups WHERE name = 'Own'") {
                    by.post(&format!("/organization/groups/{id}/delete"), &[]);
                }
                "deletes the group Own".to_owned()
            }
            12 => {
                let page = by.opens("/organization/settings").form("Review second factor");
                let is_on = page.is_checked("Require a second factor");
                let form = page.fill("Grace period in days", "90");
                let form = if is_on {
                    form.uncheck("Require a second factor")
                } else {
                    form.check("Require a second factor")
                };
                let page = form.press();
                assert!(page.form("Save second factor").press().status.is_success());
                "changes whether a second factor is required".to_owned()
            }
            _ => {
                self.is_given_for_an_hour(of);
                by.post(&path("second-factor"), &[("reason", "A walk.")]);
                self.world.later(Duration::hours(2));
                self.signed_in.clear();
                take_away_what_was_given(self.world);
                format!("resets the second factor of {of}, whose grant then ends")
            }
        }
    }

    /// Some of the groups there are now.
    fn some_groups(&mut self) -> Vec<String> {
        let all = texts(self.world, "SELECT name FROM groups WHERE name IN ('admin', 'read', 'Own')");
        all.into_iter().filter(|_| self.dice.below(3) == 0).collect()
    }

    fn changes_groups(&mut self, by: &Person, of: &str, path: &str) -> String {
        let groups = self.some_groups();
        let version =
            texts(self.world, &format!("SELECT CAST(version AS TEXT) FROM users WHERE email = '{of}'"));
        let ids: Vec<String> = groups.iter().map(|name| group_id(self.world, name).to_string()).collect();
        let mut fields = vec![("version", version[0].as_str())];
        fields.extend(ids.iter().map(|id| ("group", id.as_str())));
        by.post(path, &fields);
        format!("puts {of} into {groups:?}")
    }

    fn creates_a_policy(&mut self, by: &Person) -> String {
        let (name, role) =
            (format!("P{}", self.dice.below(4)), self.dice.one(&["iam_admin", "iam_admin", "cks_viewer"]));
        let (people, groups) = (self.dice.some(&PEOPLE), self.some_groups());
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        posts(by, CREATE, &fields(self.world, &name, &[role], &people, &groups));
        format!("creates {name}: {role} for {people:?} {groups:?}")
    }

    fn edits_a_policy(&mut self, by: &Person) -> String {
        let all = texts(
            self.world,
            "SELECT id FROM policies WHERE name IN ('admin', 'P0', 'P1', 'P2', 'P3') ORDER BY id",
        );
        let id = &all[self.dice.below(all.len())];
        let about = |column: &str| {
            texts(self.world, &format!("SELECT {column} FROM policies WHERE id = '{id}'")).remove(0)
        };
        let (name, version) = (about("name"), about("CAST(version AS TEXT)"));
        let rules =
            texts(self.world, &format!("SELECT id FROM rules WHERE policy_id = '{id}' ORDER BY position"));
        let role = self.dice.one(&["iam_admin", "cks_viewer"]);
        let roles: &[&str] = if name == "admin" { &[] } else { &[role] };
        let (people, groups) = (self.dice.some(&PEOPLE), self.some_groups());
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        let mut sent = vec![
            ("name".to_owned(), name.clone()),
            ("version".to_owned(), version),
            ("act".to_owned(), "save".to_owned()),
        ];
        for key in &rules {
            sent.extend(rule(self.world, key, roles, &people, &groups));
        }
        let page = posts(by, &format!("{POLICIES}/{id}"), &sent);
        if page.status.is_success() && page.says("Save again if this is what you want") {
            page.form("Save Policy").press();
        }
        format!("makes {name} give {roles:?} to {people:?} {groups:?}")
    }

    fn deletes_a_policy(&mut self, by: &Person) -> String {
        let name = self.dice.one(&["admin", "P0", "P1", "P2", "P3"]);
        let id = texts(self.world, &format!("SELECT id FROM policies WHERE name = '{name}'"));
        if let Some(id) = id.first() {
            let page = by.get(&format!("{POLICIES}/{id}/delete"));
            let button = format!("Delete {name}");
            if page.has_button(&button) {
                page.form(&button).press();
            } else {
                let version = texts(
                    self.world,
                    &format!("SELECT CAST(version AS TEXT) FROM policies WHERE id = '{id}'"),
                );
                by.post(&format!("{POLICIES}/{id}/delete"), &[("version", &version[0])]);
            }
        }
        format!("deletes {name}")
    }

    fn is_given_for_an_hour(&self, email: &str) {
        give_for_an_hour(self.world, email);
    }
}

/// The walk gave it past the console, so a refused act leaves nothing of it behind.
fn take_away_what_was_given(world: &World) {
    let take = |tx: &mut Tx<'_>| {
        diesel::delete(access_requests::table).execute(tx.conn())?;
        access_changed(tx)
    };
    world.db().write_now(None, take).expect("no grant");
}

/// As an approved request leaves it.
fn give_for_an_hour(world: &World, email: &str) {
    let (of, id) = (organization(world), id_of(world, email));
    let give = |tx: &mut Tx<'_>| {
        let now = tx.now();
        let row = (
            access_requests::id.eq(AccessRequestId::new()),
            access_requests::organization_id.eq(of),
            access_requests::user_id.eq(id),
            access_requests::role.eq("iam_admin"),
            access_requests::reason.eq("A walk."),
            access_requests::minutes.eq(60),
            access_requests::state.eq("approved"),
            access_requests::created_at.eq(now),
            access_requests::expires_at.eq(now),
            access_requests::decided_at.eq(now),
            access_requests::ends_at.eq(now.plus(Duration::hours(1))),
        );
        diesel::insert_into(access_requests::table).values(row).execute(tx.conn())?;
        access_changed(tx)
    };
    world.db().write_now(None, give).expect("a grant");
}

fn a_role_that_ends_by_itself_does_not_count(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob Babbage", &[]);
    give_for_an_hour(&world, "bob@example.com");
    let me = id_of(&world, ADMINISTRATOR);
    let before = lines(&world);
    assert_eq!(bob.get("/organization/users").status, 200, "Bob may what IAM Admin may");
    for by in [&ada, &bob] {
        assert_eq!(by.post(&format!("/organization/users/{me}/deactivate"), &[]).status, 422);
        let page = edits(by, "admin").form("Save Policy").uncheck("admin").press();
        assert!(page.says("Give somebody else IAM Admin and a way to sign in first"), "{}", page.text());
    }
    assert_eq!(lines(&world), before);
}

fn of_many_acts_at_once_that_would_remove_all_administrators_one_is_refused(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &["admin"]);
    let carol = member(&world, "carol@example.com", "Carol", &[]);
    let dora = member(&world, "dora@example.com", "Dora", &[]);
    creates(&ada, &world, "Deputies", &["iam_admin"], &["carol@example.com", "dora@example.com"], &[]);
    let on = |email: &str, act: &str| format!("/organization/users/{}/{act}", id_of(&world, email));
    let groups_of =
        |by: &Person, email: &str| by.opens(&on(email, "groups")).form("Save groups").uncheck("admin");
    let agreed = |by: &Person, policy: &str, out: &[&str]| {
        let form = edits(by, policy).form("Save Policy");
        out.iter().fold(form, |form, name| form.uncheck(name)).press().form("Save Policy")
    };
    let deletion = carol.opens(POLICIES).row("Deputies").follow("Delete").form("Delete Deputies");
    let forms = [
        agreed(&carol, "admin", &["admin"]),
        agreed(&ada, "Deputies", &["Carol"]),
        deletion,
        groups_of(&bob, ADMINISTRATOR),
        groups_of(&ada, "bob@example.com"),
    ];
    let posts: [(&Person, String); 3] = [
        (&ada, on("bob@example.com", "deactivate")),
        (&bob, on(ADMINISTRATOR, "password")),
        (&dora, on("carol@example.com", "deactivate")),
    ];
    at_once(32, |n| match n % 8 {
        n if n < forms.len() => drop(forms[n].press_once()),
        n => drop(posts[n - forms.len()].0.post(&posts[n - forms.len()].1, &[])),
    });
    let left = texts(&world, WHO);
    assert!(!left.is_empty(), "somebody is left");
    assert!(left.len() < 4, "something was done: {left:?}");
}
