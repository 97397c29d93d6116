//! A console that runs, with everything around it: its database, its clock, its mail server.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, mpsc};
use std::thread::JoinHandle;

use chrono::{DateTime, Duration};
use diesel::{Connection, SqliteConnection};
use diesel_migrations::MigrationHarness;
use roster::base::clock::{Clock, Moment, SetClock, SystemClock};
use roster::console::{Console, Handle};
use roster::db::Db;
use roster::settings::{Settings, Sources};
use roster::web::Site;
use url::Url;

use super::browser::{Browser, Script, Theme, Window};
use super::keeper::Keeper;
use super::mailbox::Mailbox;
use super::migrations;
use super::person::{Person, wait};
use super::ports::free_port;
use super::postgres::{Cluster, TestDatabase};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Database {
    Sqlite,
    Postgres,
}

pub struct World {
    pub clock: SetClock,
    pub mailbox: Mailbox,
    settings: Settings,
    console: Option<Running>,
    database: Option<TestDatabase>,
}

/// See [`World::beside`].
pub struct Beside {
    console: Option<Running>,
}

impl Beside {
    /// Somebody with a browser that has not been here before.
    pub fn visitor(&self) -> Person {
        Person::new(&self.console.as_ref().expect("the console runs").base_url())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.console.take().into_iter().for_each(Running::stop);
    }
}

/// A console in a thread of its own.
struct Running {
    address: SocketAddr,
    setup_link: Option<String>,
    site: Site,
    handle: Handle,
    thread: JoinHandle<()>,
}

impl World {
    /// An installation on this database that nobody has set up yet. It is Monday morning.
    pub fn on(database: Database) -> World {
        World::with(database, &[])
    }

    /// The same with settings of its own, such as `("trusted_proxies", "127.0.0.1")`.
    pub fn with(database: Database, settings: &[(&'static str, &str)]) -> World {
        let monday = DateTime::parse_from_rfc3339("2026-11-23T09:00:00Z").expect("a time");
        World::begun(database, Moment::new(monday.to_utc()), settings)
    }

    /// An installation that began so many hours before this very moment, for pictures with a browser's own clock.
    pub fn hours_ago(database: Database, hours: i64) -> World {
        World::begun(database, SystemClock.now().minus(Duration::hours(hours)), &[])
    }

    fn begun(database: Database, at: Moment, settings: &[(&'static str, &str)]) -> World {
        let folder = fresh_folder();
        let mailbox = Mailbox::open();
        let own = (database == Database::Postgres).then(|| Cluster::shared().migrated_database());
        let url = match &own {
            Some(database) => database.url(),
            None => format!("sqlite:{}", migrated_file(&folder).display()),
        };
        let mut flags = vec![
            ("listen", format!("127.0.0.1:{}", free_port())),
            ("data_dir", folder.display().to_string()),
            ("database_url", url),
            ("secret_key", "a key for tests, as long as a key has to be".to_owned()),
            ("smtp_url", mailbox.url()),
            ("log", std::env::var("ROSTER_TEST_LOG").unwrap_or_else(|_| "off".to_owned())),
        ];
        flags.extend(settings.iter().map(|(key, value)| (*key, (*value).to_owned())));
        let sources = Sources { flags, ..Sources::default() };
        let mut settings = Settings::load(&sources).expect("settings that are right");
        let quick = Settings::for_tests(&folder);
        (settings.password_cost, settings.refusal_pause) = (quick.password_cost, quick.refusal_pause);
        let clock = SetClock::starting_at(at);
        let mut world = World { clock, mailbox, settings, console: None, database: own };
        world.starts();
        world
    }

    /// Where people find the console.
    pub fn base_url(&self) -> Url {
        self.running().base_url()
    }

    /// The link that sets up the first organization, as it was printed at the start.
    pub fn setup_link(&self) -> String {
        self.running().setup_link.clone().expect("a setup link, as long as nobody is an administrator")
    }

    pub fn db(&self) -> &Db {
        &self.running().site.db
    }

    /// What the handlers of the running console stand on.
    pub fn site(&self) -> &Site {
        &self.running().site
    }

    /// The console's data folder.
    pub fn folder(&self) -> &Path {
        &self.settings.data_dir
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Lets time pass, and lets everything that waits for a time look at the clock. When people were last seen is
    /// written in batches; what is waiting is written first, as it would be long before.
    pub fn later(&self, by: Duration) {
        let site = &self.running().site;
        wait(site.touches.flush(&site.db)).expect("when people were last seen");
        self.clock.advance(by);
        self.db().nudge();
    }

    /// Stops the console and starts it again on the same data.
    pub fn restarts(&mut self) {
        self.stops();
        self.starts();
    }

    /// Starts it again as it is outside tests: whoever is refused for trying too often waits so long for the answer.
    pub fn takes_its_time(&mut self, pause: std::time::Duration) {
        self.stops();
        self.settings.refusal_pause = pause;
        self.starts();
    }

    pub fn stops(&mut self) {
        if let Some(running) = self.console.take() {
            running.stop();
        }
    }

    pub fn starts(&mut self) {
        self.console = Some(start(self.settings.clone(), self.clock.clone()));
    }

    /// Another console of the same installation, as operators run several on one database.
    pub fn beside(&self) -> Beside {
        let mut settings = self.settings.clone();
        settings.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        Beside { console: Some(start(settings, self.clock.clone())) }
    }

    /// Somebody with a browser that has not been here before.
    pub fn visitor(&self) -> Person {
        Person::new(&self.base_url())
    }

    /// The same from another machine; each number is one.
    pub fn visitor_from(&self, machine: u8) -> Person {
        Person::at(&self.base_url(), IpAddr::V4(Ipv4Addr::new(127, 0, 1, machine)))
    }

    pub fn browser(&self) -> Browser {
        Browser::open(&self.base_url())
    }

    pub fn browser_as(&self, window: Window, script: Script, theme: Theme) -> Browser {
        Browser::open_as(&self.base_url(), window, script, theme)
    }

    fn running(&self) -> &Running {
        self.console.as_ref().expect("the console runs")
    }
}

/// A console takes its time to stop, and nobody needs to wait for it.
impl Drop for World {
    fn drop(&mut self) {
        let (console, database, folder) =
            (self.console.take(), self.database.take(), self.folder().to_owned());
        std::thread::spawn(move || {
            if let Some(console) = console {
                console.stop();
            }
            drop(database);
            let _ = std::fs::remove_dir_all(folder);
        });
    }
}

impl Running {
    fn base_url(&self) -> Url {
        Url::parse(&format!("http://localhost:{}", self.address.port())).expect("an address")
    }

    /// Stops it as an operator does, and waits until it has.
    fn stop(self) {
        self.handle.stop();
        drop(self.site);
        let _ = self.thread.join();
    }
}

fn start(settings: Settings, clock: SetClock) -> Running {
    let (tell, told) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let console = match Console::build(settings, Arc::new(clock)).await {
                Ok(console) => console,
                Err(error) => return drop(tell.send(Err(format!("{error:?}")))),
            };
            let known = (console.address(), console.setup_link(), console.site().clone(), console.handle());
            let _ = tell.send(Ok(known));
            console.run().await.expect("a console that runs until it is stopped");
        });
    });
    let known = told.recv().expect("a console that does not panic");
    let (address, setup_link, site, handle) =
        known.unwrap_or_else(|error| panic!("the console does not start: {error}"));
    Running { address, setup_link, site, handle, thread }
}

/// A folder of one's own, which is gone with this process at the latest.
pub fn fresh_folder() -> PathBuf {
    static ALL: OnceLock<(PathBuf, Keeper)> = OnceLock::new();
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let (all, _) = ALL.get_or_init(|| {
        let folder =
            tempfile::Builder::new().prefix("roster-tests-").tempdir().expect("a temporary folder").keep();
        let keeper = Keeper::new(r#"rm -rf "$1""#, &[&folder.to_string_lossy()]);
        (folder, keeper)
    });
    let folder = all.join(NEXT.fetch_add(1, Ordering::Relaxed).to_string());
    std::fs::create_dir(&folder).expect("a folder");
    folder
}

/// Memory where there is plenty of it, so that the console's many durable commits do not wait for a disk; what the
/// tests end is processes, and a file in memory outlives those just as well.
fn roomy_folder() -> PathBuf {
    let answer = std::process::Command::new("df").args(["--output=avail", "-k", "/dev/shm"]).output();
    let words = answer.map(|answer| String::from_utf8_lossy(&answer.stdout).into_owned()).unwrap_or_default();
    let kilobytes = words.lines().last().and_then(|line| line.trim().parse::<u64>().ok());
    if kilobytes.is_some_and(|it| it > 1_000_000) { PathBuf::from("/dev/shm") } else { std::env::temp_dir() }
}

/// A SQLite file in this folder with every migration applied, copied from one that this process has made.
fn migrated_file(folder: &Path) -> PathBuf {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let path = folder.join("template.sqlite3");
        let mut connection = SqliteConnection::establish(&path.to_string_lossy()).expect("a database");
        connection.run_pending_migrations(migrations("sqlite")).expect("migrations that apply");
        drop(connection);
        std::fs::read(&path).expect("a database file")
    });
    let path = folder.join("roster.sqlite3");
    std::fs::write(&path, template).expect("a database file");
    path
}
