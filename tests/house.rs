//! The rules of the house (`docs/architecture.md`) that the compiler cannot hold: who may use whom, and who may know
//! of what. A rule that is in the way is changed here and there, in one step, with its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The floors below and above the rooms, ground first. A module uses only what stands before it.
const BELOW: &[&str] =
    &["base", "db", "crypto", "outbound", "openid", "jobs", "mail", "access", "settings", "telemetry", "web"];
const ABOVE: &[&str] = &["routes", "console", "cli", "main", "lib"];

/// Which rooms go through which other rooms' doors. Each entry is a decision; the list has no circles.
const DOORS: &[(&str, &[&str])] = &[
    ("access_requests", &["audit", "people"]),
    (
        "account",
        &[
            "audit",
            "invitations",
            "organization",
            "passkeys",
            "passwords",
            "people",
            "second_factor",
            "sessions",
            "social",
            "sso",
        ],
    ),
    ("audit", &[]),
    ("backup", &[]),
    ("checks", &[]),
    ("groups", &["audit", "people"]),
    ("invitations", &["audit", "groups", "organization", "passwords", "people", "sign_in", "social"]),
    ("organization", &["audit", "groups", "passwords", "people"]),
    ("passkeys", &["audit", "people", "sign_in"]),
    ("passwords", &["audit", "people"]),
    ("people", &[]),
    ("policies", &["audit", "groups", "people"]),
    ("proofs", &["audit", "passwords", "second_factor", "sign_in", "social", "sso"]),
    ("reference", &[]),
    ("roles", &["people"]),
    ("saml", &["organization"]),
    ("scim", &["audit", "groups", "passwords", "people", "users"]),
    ("second_factor", &["audit", "passwords", "people", "sign_in"]),
    ("seed", &["audit", "organization", "people"]),
    ("sessions", &["audit", "people"]),
    ("setup", &["organization", "sign_in"]),
    ("sign_in", &["audit", "passwords", "people"]),
    ("social", &["audit", "people", "sign_in"]),
    ("sso", &["audit", "groups", "invitations", "organization", "people", "saml", "sign_in"]),
    ("tokens", &["audit", "people"]),
    (
        "users",
        &[
            "access_requests",
            "audit",
            "groups",
            "invitations",
            "passwords",
            "people",
            "roles",
            "second_factor",
            "sessions",
            "tokens",
        ],
    ),
];

/// Which files of a room a file of the same room does not know of.
const CLOSED: &[(&str, &[&str])] = &[
    ("model", &["store", "commands", "forms", "pages", "handlers", "api"]),
    ("store", &["commands", "forms", "pages", "handlers", "api"]),
    ("commands", &["forms", "pages", "handlers", "api"]),
    ("forms", &["pages", "handlers", "api"]),
    ("pages", &["handlers", "api"]),
    ("handlers", &["api"]),
    ("api", &["handlers"]),
];

/// Which files may name the nouns of another file of their room (types and bounds), but call none of its functions.
const NOUNS_ONLY: &[(&str, &[&str])] = &[
    ("forms", &["store", "commands"]),
    ("pages", &["store", "commands"]),
    ("handlers", &["store"]),
    ("api", &["store"]),
];

/// A file of the repository: its path below the root, and its text with comments taken out.
struct File {
    path: String,
    text: String,
}

impl File {
    /// The module of the crate it belongs to: `users` for `src/users/store.rs`, `main` for `src/main.rs`.
    fn module(&self) -> &str {
        self.path.split('/').nth(1).unwrap_or_default().trim_end_matches(".rs")
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// The floor inside the room: `store` for `src/users/store.rs` and `src/users/store/search.rs`.
    fn floor(&self) -> &str {
        self.path.split('/').nth(2).unwrap_or_default().trim_end_matches(".rs")
    }
}

fn files(folder: &str, ending: &str) -> Vec<File> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(&folder)).expect("a folder");
        for entry in entries.map(|entry| entry.expect("an entry")) {
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                folders.push(path);
            } else if path.ends_with(ending) {
                let text = fs::read_to_string(entry.path()).expect("a text");
                found.push(File { text: without_comments(&text), path });
            }
        }
    }
    assert!(!found.is_empty(), "nothing in {folder}");
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn without_comments(text: &str) -> String {
    let code =
        |line: &str| if line.trim_start().starts_with("//") { String::new() } else { format!("{line}\n") };
    text.lines().map(code).collect()
}

/// The first names of all paths that begin with `root`, as in `use crate::{base::ids, db}`.
fn used_from(text: &str, root: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (place, _) in text.match_indices(root) {
        let is_whole = !text[..place]
            .ends_with(|letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':');
        if is_whole {
            let rest = &text[place + root.len()..];
            used.extend(first_names(rest));
        }
    }
    used
}

fn first_names(rest: &str) -> Vec<String> {
    let Some(group) = rest.strip_prefix('{') else { return name_at(rest).into_iter().collect() };
    let mut depth = 1;
    let mut names = Vec::new();
    let mut is_start = true;
    for (place, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => is_start = true,
            _ if is_start && depth == 1 && !letter.is_whitespace() => {
                names.extend(name_at(&group[place..]));
                is_start = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

fn name_at(text: &str) -> Option<String> {
    let name: String = text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    name.starts_with(|letter: char| letter.is_lowercase()).then_some(name)
}

fn rooms() -> BTreeSet<String> {
    let modules: BTreeSet<_> = files("src", ".rs").iter().map(|file| file.module().to_owned()).collect();
    modules.into_iter().filter(|it| !BELOW.contains(&it.as_str()) && !ABOVE.contains(&it.as_str())).collect()
}

/// Whether `user` may use `used`.
fn may_use(user: &str, used: &str) -> bool {
    let place = |list: &[&str], name: &str| list.iter().position(|it| *it == name);
    if user == used || user == "lib" {
        return true;
    }
    match (place(BELOW, user), place(ABOVE, user)) {
        (Some(user), _) => place(BELOW, used).is_some_and(|used| used < user),
        (_, Some(user)) => place(ABOVE, used).is_none_or(|used| used < user),
        _ => place(BELOW, used).is_some() || doors().get(user).is_some_and(|doors| doors.contains(used)),
    }
}

fn doors() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    DOORS.iter().map(|(room, doors)| (*room, doors.iter().copied().collect())).collect()
}

fn assert_none(what: &str, findings: Vec<String>) {
    assert!(findings.is_empty(), "{what}:\n  {}", findings.join("\n  "));
}

#[test]
fn arrows_point_one_way() {
    let mut wrong = Vec::new();
    for file in files("src", ".rs") {
        let own_name = if file.module() == "main" { "roster::" } else { "crate::" };
        let used = used_from(&file.text, own_name);
        wrong.extend(
            used.iter().filter(|it| !may_use(file.module(), it)).map(|it| format!("{} uses {it}", file.path)),
        );
    }
    assert_none("these arrows point the wrong way", wrong);
}

#[test]
fn templates_use_the_kit_and_their_own_room() {
    let mut wrong = Vec::new();
    for file in files("templates", ".html") {
        for used in used_from(&file.text, "crate::") {
            if used != "web" && used != file.module() {
                wrong.push(format!("{} uses {used}", file.path));
            }
        }
    }
    assert_none("a template uses another room", wrong);
}

#[test]
fn every_room_has_its_doors_listed_and_there_are_no_circles() {
    let listed: BTreeSet<_> = DOORS.iter().map(|(room, _)| (*room).to_owned()).collect();
    assert_eq!(listed, rooms(), "DOORS lists every room");
    let mut open = doors();
    while !open.is_empty() {
        let is_free = |doors: &BTreeSet<&str>| doors.iter().all(|door| !doors_left(&open, door));
        let free: Vec<_> = open.iter().filter(|(_, doors)| is_free(doors)).map(|(room, _)| *room).collect();
        assert!(!free.is_empty(), "these rooms go in circles: {:?}", open.keys().collect::<Vec<_>>());
        open.retain(|room, _| !free.contains(room));
    }
}

fn doors_left(open: &BTreeMap<&str, BTreeSet<&str>>, room: &str) -> bool {
    open.contains_key(room)
}

#[test]
fn the_floors_of_a_room_know_only_what_is_below_them() {
    let rooms = rooms();
    let mut wrong = Vec::new();
    for file in files("src", ".rs").iter().filter(|file| rooms.contains(file.module())) {
        let Some((_, closed)) = CLOSED.iter().find(|(floor, _)| *floor == file.floor()) else { continue };
        let own = format!("crate::{}::", file.module());
        let used: BTreeSet<_> =
            used_from(&file.text, "super::").into_iter().chain(used_from(&file.text, &own)).collect();
        wrong.extend(
            closed.iter().filter(|it| used.contains(**it)).map(|it| format!("{} uses {it}", file.path)),
        );
    }
    assert_none("these files reach up, or past their neighbours", wrong);
}

#[test]
fn only_commands_ask_the_store() {
    let rooms = rooms();
    let mut wrong = Vec::new();
    for file in files("src", ".rs").iter().filter(|file| rooms.contains(file.module())) {
        let Some((_, others)) = NOUNS_ONLY.iter().find(|(floor, _)| *floor == file.floor()) else { continue };
        for other in *others {
            let calls =
                file.text.split(&format!("{other}::")).skip(1).flat_map(first_names).collect::<Vec<_>>();
            wrong.extend(calls.iter().map(|name| format!("{} calls {other}::{name}", file.path)));
        }
    }
    assert_none("these files do what a command of their room should do", wrong);
}

#[test]
fn nobody_reaches_into_a_store() {
    let rooms = rooms();
    let is_open = |file: &File| {
        rooms.contains(file.module())
            && ["pub mod store", "pub(crate) mod store"].iter().any(|it| file.text.contains(it))
    };
    let open = files("src", ".rs").into_iter().filter(is_open).map(|file| file.path).collect();
    assert_none("a store is its room's own", open);
}

#[test]
fn only_the_database_and_the_stores_know_diesel() {
    let may =
        |file: &File| file.module() == "db" || file.name() == "store.rs" || file.path.contains("/store/");
    assert_none("these files know Diesel", knowing("diesel", may));
}

#[test]
fn only_the_web_side_knows_actix() {
    const MODULES: &[&str] = &["web", "routes", "console", "telemetry", "cli"];
    const FLOORS: &[&str] = &["handlers", "api", "mod"];
    let may = |file: &File| MODULES.contains(&file.module()) || FLOORS.contains(&file.floor());
    assert_none("these files know actix", knowing("actix", may));
}

fn knowing(word: &str, may: impl Fn(&File) -> bool) -> Vec<String> {
    let knows =
        |file: &File| file.text.contains(&format!("{word}_")) || file.text.contains(&format!("{word}::"));
    files("src", ".rs").into_iter().filter(|file| knows(file) && !may(file)).map(|file| file.path).collect()
}

#[test]
fn names_say_what_a_thing_is() {
    const EMPTY: &[&str] = &[
        "util", "utils", "helper", "helpers", "manager", "service", "services", "common", "misc", "data",
        "info",
    ];
    let files = files("src", ".rs").into_iter().chain(files("templates", ".html"));
    let empty = |file: &File| file.path.split(['/', '.']).any(|part| EMPTY.contains(&part));
    // A list of common passwords is one.
    let is_exempt = |file: &File| file.path == "src/base/password/common.rs";
    assert_none(
        "a name that says nothing",
        files.filter(|it| empty(it) && !is_exempt(it)).map(|it| it.path).collect(),
    );
}
