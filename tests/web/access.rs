//! Every route, asked by every kind of person: what they get is written down in `access.txt`, to be read by people.
//!
//! After a change that is meant, `ROSTER_TEST_WRITE=1 cargo test --test web access` writes the file anew. Who reads the
//! difference decides.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cast::{Cast, Kind};
use crate::routes::{self, Route};
use crate::support::page::Page;
use crate::support::world::World;

/// With a provider set up: its pages are not there otherwise.
mod every_route_answers_every_kind_of_person_as_it_is_written_down {
    use crate::support::world::{Database, World};

    const SETTINGS: [(&str, &str); 2] = [("github_client_id", "id"), ("github_client_secret", "secret")];

    #[test]
    fn sqlite() {
        super::every_route_answers(World::with(Database::Sqlite, &SETTINGS));
    }

    #[test]
    fn postgres() {
        super::every_route_answers(World::with(Database::Postgres, &SETTINGS));
    }
}

const PREFACE: &str = "\
# What every route answers to every kind of person, when asked to do what it is for with a target of the first
# organization that nothing was done to yet. Written by tests/web/access.rs; a change here is a change of who may what.
#
#   nobody         not signed in
#   administrator  in the group admin of the first organization
#   reader         in its group read
#   member         of the first organization, without a group
#   deactivated    was an administrator of the first organization; the session's row is still there
#   elsewhere      administrator of another organization
#
# Below /api they come with an access token, and there are three more:
#
#   narrowed       the administrator's, narrowed to the role CKS Admin
#   expired        the administrator's, over
#   revoked        the administrator's, revoked
#
# Below /scim they come with a token of an identity provider: administrator is one of the first organization, elsewhere
# one of another.
";

fn every_route_answers(world: World) {
    let cast = Cast::assemble(&world);
    let found: BTreeMap<Route, String> =
        routes::all(&world).into_iter().map(|route| (route.clone(), answers(&cast, &route))).collect();
    if std::env::var_os("ROSTER_TEST_WRITE").is_some() {
        let blocks = found.iter().map(|(route, answers)| format!("\n{route}\n{answers}"));
        std::fs::write(file(), blocks.fold(PREFACE.to_owned(), |text, block| text + block.as_str()))
            .expect("a file");
        return;
    }
    let written = written();
    let mut differences = String::new();
    for (route, answers) in &found {
        match written.get(&route.to_string()) {
            Some(known) if known == answers => {}
            Some(known) => differences += &format!("{route}\n  written down:\n{known}  found:\n{answers}\n"),
            None => differences += &format!("{route}\n  is not written down; found:\n{answers}\n"),
        }
    }
    let gone = written.keys().filter(|known| !found.keys().any(|route| route.to_string() == **known));
    differences.extend(gone.map(|known| format!("{known}\n  is written down and not there\n\n")));
    assert!(
        differences.is_empty(),
        "{} says otherwise. If it is meant, write it anew with ROSTER_TEST_WRITE=1 and have it reviewed.\n\n{differences}",
        file().display()
    );
}

/// The answers to all kinds of person, those with the same one in one line.
fn answers(cast: &Cast<'_>, route: &Route) -> String {
    // What was asked before may have ended the sessions of whoever prepares things.
    cast.refresh();
    let mut kinds: Vec<(String, Vec<String>)> = Vec::new();
    for kind in Kind::of(route) {
        let person = cast.asks(kind, route);
        let asked = cast.request_to(route);
        let answer = told(&cast.sends(&person, route, &asked));
        match kinds.iter_mut().find(|(known, _)| *known == answer) {
            Some((_, kinds)) => kinds.push(kind.to_string()),
            None => kinds.push((answer, vec![kind.to_string()])),
        }
    }
    kinds.sort();
    kinds.into_iter().map(|(answer, kinds)| format!("    {answer:<32} {}\n", kinds.join(", "))).collect()
}

/// Status, and where a redirect leads.
fn told(page: &Page) -> String {
    match page.leads_to() {
        Some(url) => format!("{} {}", page.status.as_u16(), without_names(url.path())),
        None => page.status.as_u16().to_string(),
    }
}

/// Ids and tokens differ each time.
fn without_names(path: &str) -> String {
    let part = |part: &str| match part.len() {
        36 => "{id}".to_owned(),
        length if length > 36 => "{token}".to_owned(),
        _ => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/web/access.txt")
}

fn written() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(file()).unwrap_or_default();
    let mut blocks: BTreeMap<String, String> = BTreeMap::new();
    let mut route = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if line.starts_with(' ') {
            *blocks.entry(route.clone()).or_default() += &format!("{line}\n");
        } else {
            route = line.to_owned();
        }
    }
    blocks
}
