//! Where a process runs: its folder, its database, its key, a mail server.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use diesel::prelude::*;
use roster::base::clock::SystemClock;
use roster::db::schema::{audit_lines, groups, invitations, jobs, memberships, organizations, users};
use roster::db::{AnyConnection, Db, Fault, Place};

use crate::support::binary::{Server, roster, run};
use crate::support::mailbox::Mailbox;
use crate::support::ports::free_port;
use crate::support::postgres::{Cluster, TestDatabase};
use crate::support::world::{Database, fresh_folder};

/// Makes of each of these tests, which are functions of a [`Ground`], one on SQLite and one on PostgreSQL.
macro_rules! on_both_grounds {
    ($($name:ident),+ $(,)?) => { $(
        mod $name {
            use crate::{ground::Ground, support::world::Database};

            #[test]
            fn sqlite() {
                super::$name(Ground::on(Database::Sqlite));
            }

            #[test]
            fn postgres() {
                super::$name(Ground::on(Database::Postgres));
            }
        }
    )+ };
}
pub(crate) use on_both_grounds;

pub const KEY: &str = "a key for tests, as long as a key has to be";

pub struct Ground {
    pub folder: PathBuf,
    pub mailbox: Mailbox,
    _database: Option<TestDatabase>,
    url: String,
    key: String,
}

impl Ground {
    pub fn on(database: Database) -> Ground {
        let own = (database == Database::Postgres).then(|| Cluster::shared().empty_database());
        let folder = fresh_folder();
        let file = folder.join("data/roster.sqlite3");
        let url = own.as_ref().map_or_else(|| format!("sqlite:{}", file.display()), TestDatabase::url);
        Ground { folder, mailbox: Mailbox::open(), _database: own, url, key: KEY.to_owned() }
    }

    /// On a database that somebody else looks after.
    pub fn at(url: String) -> Ground {
        Ground { folder: fresh_folder(), mailbox: Mailbox::open(), _database: None, url, key: KEY.to_owned() }
    }

    pub fn with_key(mut self, key: &str) -> Ground {
        self.key = key.to_owned();
        self
    }

    pub fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
    }

    /// The database's file, on SQLite.
    pub fn file(&self) -> PathBuf {
        PathBuf::from(self.url.trim_start_matches("sqlite:"))
    }

    pub fn serves(&self) -> Server {
        self.serves_with(&[])
    }

    pub fn serves_with(&self, more: &[(&str, &str)]) -> Server {
        self.serves_at(free_port(), more)
    }

    /// On a port that browsers know already.
    pub fn serves_at(&self, port: u16, more: &[(&str, &str)]) -> Server {
        let server = Server::of(self.command(more), &self.folder, port);
        server.is_ready();
        server
    }

    /// The command that serves.
    pub fn command(&self, more: &[(&str, &str)]) -> Command {
        let smtp = self.mailbox.url();
        let mut settings = self.settings();
        settings.push(("smtp_url", &smtp));
        settings.extend(more);
        roster(&self.folder, &["serve"], &settings)
    }

    pub fn settings(&self) -> Vec<(&str, &str)> {
        vec![("database_url", &self.url), ("secret_key", &self.key)]
    }

    pub fn run(&self, words: &[&str]) -> Output {
        run(&self.folder, words, &self.settings())
    }

    /// Runs a command that works, and returns what it printed.
    pub fn done(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?}: {}", told(&output));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Runs a command that does not work, and returns why not.
    pub fn refused(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert_eq!(output.status.code(), Some(1), "{words:?}: {}", told(&output));
        String::from_utf8(output.stderr).expect("text")
    }

    /// Makes `count` people with the tests' password, and as many invitations as there are tens of them.
    pub fn seeded(self, count: u64) -> Ground {
        let (users, invitations) = (count.to_string(), (count / 10).to_string());
        let password = crate::support::people::PASSWORD;
        self.done(&["seed", "--users", &users, "--invitations", &invitations, "--password", password]);
        self
    }

    pub fn database(&self) -> Db {
        let place = match self.is_sqlite() {
            true => Place::Sqlite(self.file()),
            false => Place::Postgres(self.url.clone()),
        };
        Db::open(place, Arc::new(SystemClock)).expect("a database")
    }

    /// Asks the database.
    pub fn asks<T>(&self, question: impl FnOnce(&mut AnyConnection) -> QueryResult<T>) -> T {
        self.database().read_now(|conn| Ok::<_, Fault>(question(conn)?)).expect("an answer")
    }

    /// Whether every chain of the audit is whole.
    pub fn audit_is_whole(&self) {
        let said = self.done(&["audit", "verify"]);
        assert!(said.contains("whole") && !said.contains("broken"), "{said}");
    }

    /// Rows of people, of who is in which group, of invitations and letters, in an order of their own.
    pub fn rows(&self) -> Vec<String> {
        self.asks(|conn| {
            let mut rows = Vec::new();
            type User = (String, String, String, String, String, String, String, chrono::NaiveDateTime);
            let people: Vec<User> = users::table
                .order(users::number)
                .select((
                    users::id,
                    users::email,
                    users::name,
                    users::person_key,
                    users::search_text,
                    users::status,
                    users::second_factor,
                    users::last_active_at,
                ))
                .load(conn)?;
            rows.extend(people.iter().map(|row| format!("{row:?}")));
            let members: Vec<(String, String)> = memberships::table
                .order((memberships::user_id, memberships::group_id))
                .select((memberships::user_id, memberships::group_id))
                .load(conn)?;
            rows.extend(members.iter().map(|row| format!("{row:?}")));
            type Invitation = (String, Option<String>, Option<String>, String, i64, chrono::NaiveDateTime);
            let invited: Vec<Invitation> = invitations::table
                .order(invitations::id)
                .select((
                    invitations::id,
                    invitations::user_id,
                    invitations::inviter_id,
                    invitations::state,
                    invitations::generation,
                    invitations::expires_at,
                ))
                .load(conn)?;
            rows.extend(invited.iter().map(|row| format!("{row:?}")));
            let letters: Vec<(String, String, String, String)> = jobs::table
                .filter(jobs::queue.eq("mail"))
                .order(jobs::id)
                .select((jobs::id, jobs::parameters, jobs::state, jobs::problem))
                .load(conn)?;
            rows.extend(letters.iter().map(|row| format!("{row:?}")));
            Ok(rows)
        })
    }

    /// Whether what is counted beside the rows is what the rows say.
    pub fn counts_agree(&self) {
        self.asks(|conn| {
            let organizations: Vec<(String, i64, i64, i64)> = organizations::table
                .select((
                    organizations::id,
                    organizations::users_invited,
                    organizations::users_active,
                    organizations::users_deactivated,
                ))
                .load(conn)?;
            for (id, invited, active, deactivated) in organizations {
                for (status, counted) in
                    [("invited", invited), ("active", active), ("deactivated", deactivated)]
                {
                    let there: i64 = users::table
                        .filter(users::organization_id.eq(&id))
                        .filter(users::status.eq(status))
                        .count()
                        .get_result(conn)?;
                    assert_eq!(counted, there, "{status}");
                }
            }
            let groups: Vec<(String, String, i64)> =
                groups::table.select((groups::id, groups::name, groups::members)).load(conn)?;
            for (id, name, members) in groups {
                let there: i64 =
                    memberships::table.filter(memberships::group_id.eq(&id)).count().get_result(conn)?;
                assert_eq!(members, there, "{name}");
            }
            Ok(())
        });
    }

    pub fn audit_lines(&self, action: &str) -> i64 {
        self.asks(|conn| audit_lines::table.filter(audit_lines::action.eq(action)).count().get_result(conn))
    }
}

/// What a process printed, for the words of a failing test.
pub fn told(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}\n{}{}", output.status, text(&output.stdout), text(&output.stderr))
}

pub fn text(path: &Path) -> String {
    path.display().to_string()
}
