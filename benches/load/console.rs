//! The program under load, on a database that was seeded for it.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use roster::base::clock::SystemClock;
use roster::console::Foundation;
use roster::db::schema::organizations;
use roster::db::{AnyConnection, Db, Fault};
use roster::settings::Settings;

use super::client::{Connection, get, post};

const PASSWORD: &str = "engines weave algebra";
/// Of a database of PostgreSQL that was not copied from a file with a key beside it.
const KEY: &str = "a key for loads, as long as a key has to be";
/// As a form sends it.
pub const ADA: &str = "ada.lovelace%40analytical-engines.example";

pub struct Ground {
    program: PathBuf,
    folder: PathBuf,
    /// A database of PostgreSQL, in place of a file in the folder.
    database: Option<String>,
    pub people: u64,
}

impl Ground {
    pub fn of(program: &Path, folder: &Path, server: Option<&str>, people: u64) -> Ground {
        let database = server.map(|server| format!("{server}/roster_{people}"));
        Ground { program: program.to_owned(), folder: folder.join(people.to_string()), database, people }
    }

    /// Its settings, for what is done without the program.
    pub fn settings(&self) -> Settings {
        let mut settings = Settings::for_tests(&self.folder);
        if let Some(database) = &self.database {
            settings.database = database.parse().expect("an address of a database");
        }
        settings
    }

    pub fn open(&self) -> Db {
        Foundation::open(self.settings(), Arc::new(SystemClock)).expect("the database").db
    }

    pub fn is_on_sqlite(&self) -> bool {
        self.database.is_none()
    }

    fn is_seeded(&self) -> bool {
        if self.is_on_sqlite() {
            return self.folder.join("roster.sqlite3").exists();
        }
        let count =
            |conn: &mut AnyConnection| Ok::<i64, Fault>(organizations::table.count().get_result(conn)?);
        self.open().read_now(count).expect("a count") > 0
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env("ROSTER_DATA_DIR", &self.folder)
            .env("ROSTER_LOG", "warn")
            .env("ROSTER_TRUSTED_PROXIES", "127.0.0.1");
        if let Some(database) = &self.database {
            let key = fs::read_to_string(self.folder.join("secret.key")).unwrap_or_else(|_| KEY.to_owned());
            command.env("ROSTER_DATABASE_URL", database).env("ROSTER_SECRET_KEY", key.trim());
        }
        command
    }

    /// Makes the people, if they are not there, and says how long that took.
    pub fn seed(&self) -> Option<Duration> {
        fs::create_dir_all(&self.folder).expect("a folder");
        if self.is_seeded() {
            return None;
        }
        let begun = Instant::now();
        let (people, invitations) = (self.people.to_string(), (self.people / 100).to_string());
        let words = ["seed", "--users", &people, "--invitations", &invitations, "--password", PASSWORD];
        let status = self.command().args(words).status().expect("roster runs");
        assert!(status.success(), "roster seed: {status}");
        Some(begun.elapsed())
    }
}

pub struct Console {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process to its first word that it is ready.
    pub took: Duration,
    pub cookie: String,
}

impl Console {
    pub fn start(ground: &Ground) -> Console {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port");
        let begun = Instant::now();
        let child = ground
            .command()
            .env("ROSTER_LISTEN", free.to_string())
            .stdout(Stdio::null())
            .spawn()
            .expect("roster runs");
        let ready = || {
            Connection::to(free)
                .and_then(|mut it| it.ask(&get("/readyz", "")))
                .is_ok_and(|it| it.status == 200)
        };
        while !ready() {
            assert!(begun.elapsed() < Duration::from_secs(60), "roster is not ready");
            sleep(Duration::from_millis(1));
        }
        Console { child, address: free, took: begun.elapsed(), cookie: String::new() }
    }

    pub fn sign_in(&mut self) {
        let answer = self.connection().ask(&right_sign_in("10.0.0.1")).expect("an answer");
        self.cookie = answer.cookie.filter(|_| answer.status == 303).expect("a session");
    }

    pub fn signed_in(mut self) -> Console {
        self.sign_in();
        self
    }

    pub fn connection(&self) -> Connection {
        Connection::to(self.address).expect("a connection")
    }

    /// In MB, after a pause.
    pub fn memory_when_idle(&self) -> f64 {
        sleep(Duration::from_secs(5));
        self.memory()
    }

    pub fn memory(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a process");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a figure");
        line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).expect("a number") / 1024.0
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A password, tried from that address.
pub fn sign_in(from: &str, email: &str, password: &str) -> Vec<u8> {
    post("/sign-in", &format!("email={email}&password={}", password.replace(' ', "+")), from)
}

pub fn right_sign_in(from: &str) -> Vec<u8> {
    sign_in(from, ADA, PASSWORD)
}
