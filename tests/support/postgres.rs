//! A PostgreSQL server for the tests alone: its own folder, its own port on loopback, no durability.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};
use diesel_migrations::MigrationHarness;

use super::keeper::Keeper;
use super::migrations;
use super::ports::free_port;

const FOLDERS: &str = "roster-tests-postgres-";

/// Letters are compared by the rules of a language, as on most installed servers; what sorts well under the plain
/// order of bytes alone is found out here. Durability is off: the cluster does not outlive the tests.
const INITDB: &[&str] = &[
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--locale-provider=icu",
    "--icu-locale=en-US",
    "--no-sync",
    "--no-instructions",
];
const SETTINGS: &str = "fsync=off full_page_writes=off max_connections=300 shared_buffers=64MB listen_addresses=127.0.0.1 \
                        log_min_messages=fatal";

pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
    operator: Mutex<Option<PgConnection>>,
    databases: AtomicUsize,
    _keeper: Keeper,
}

impl Cluster {
    /// The cluster all tests of this process share, started when the first of them asks.
    pub fn shared() -> &'static Cluster {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(Cluster::start)
    }

    /// A cluster of one's own, for tests that stop it.
    pub fn start() -> Cluster {
        let programs = programs();
        sweep(&programs);
        let folder = make_folder();
        let keeper = Keeper::new(
            r#"eval "$3 '$1/pg_ctl' -D '$2/cluster' -m immediate stop"; rm -rf "$2""#,
            &[&programs.to_string_lossy(), &folder.to_string_lossy(), &prefix().join(" ")],
        );
        let cluster = Cluster {
            folder,
            programs,
            port: free_port(),
            operator: Mutex::new(None),
            databases: AtomicUsize::new(0),
            _keeper: keeper,
        };
        cluster.run("initdb", INITDB);
        cluster.resume();
        cluster
    }

    /// Stops the server, as an operator would: connections are cut, what was committed stays.
    pub fn stop(&self) {
        *self.operator.lock().unwrap() = None;
        self.run("pg_ctl", &["-m", "fast", "-w", "stop"]);
    }

    /// Starts the server again, on the same port.
    pub fn resume(&self) {
        let mut options = format!("-p {} -k {}", self.port, self.folder.display());
        for setting in SETTINGS.split_whitespace() {
            options.push_str(" -c ");
            options.push_str(setting);
        }
        let log = self.folder.join("log");
        self.run("pg_ctl", &["-w", "-l", &log.to_string_lossy(), "-o", &options, "start"]);
    }

    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// A new database with nothing in it. It is dropped with the value.
    pub fn empty_database(&'static self) -> TestDatabase {
        self.database("template0")
    }

    /// A new database with every migration applied and nothing in it.
    pub fn migrated_database(&'static self) -> TestDatabase {
        static TEMPLATE: OnceLock<String> = OnceLock::new();
        let template = TEMPLATE.get_or_init(|| {
            let database = self.empty_database();
            let mut connection = PgConnection::establish(&database.url()).expect("a connection");
            connection.run_pending_migrations(migrations("postgres")).expect("migrations that apply");
            database.into_template()
        });
        self.database(template)
    }

    /// A new database that is a copy of `template`, which nobody may be connected to.
    pub fn database(&'static self, template: &str) -> TestDatabase {
        let name = format!("roster_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
        TestDatabase { cluster: self, name }
    }

    /// Runs a statement as the server's operator, in a database of its own.
    pub fn execute(&self, statement: &str) {
        let mut operator = self.operator.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let connection = operator.get_or_insert_with(|| {
            PgConnection::establish(&self.url("postgres")).expect("a connection to the tests' PostgreSQL")
        });
        if let Err(error) = sql_query(statement).execute(connection) {
            drop(operator);
            panic!("{statement}: {error}");
        }
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let cluster = self.folder.join("cluster");
        let prefix = prefix();
        let mut words = prefix.iter().map(PathBuf::from).chain([self.programs.join(program)]);
        let output = Command::new(words.next().expect("a program"))
            .args(words)
            .arg("-D")
            .arg(&cluster)
            .args(arguments)
            .current_dir(&self.folder)
            .output()
            .unwrap_or_else(|error| panic!("{program} does not run: {error}"));
        if !output.status.success() {
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            panic!(
                "{program} failed ({})\n{}{}{log}",
                output.status,
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr),
            );
        }
        output
    }
}

/// A database that lives as long as this value.
pub struct TestDatabase {
    cluster: &'static Cluster,
    name: String,
}

impl TestDatabase {
    pub fn url(&self) -> String {
        self.cluster.url(&self.name)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Keeps the database for the rest of the process: it becomes a template.
    pub fn into_template(self) -> String {
        let name = self.name.clone();
        std::mem::forget(self);
        name
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.cluster.execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}

/// The newest server that is installed: in Debian's place, or on the path.
fn programs() -> PathBuf {
    let version = |folder: &PathBuf| folder.parent()?.file_name()?.to_str()?.parse::<u32>().ok();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    debian
        .map(|entry| entry.path().join("bin"))
        .filter(|folder| folder.join("initdb").exists())
        .max_by_key(version)
        .or_else(|| std::env::split_paths(&on_path).find(|folder| folder.join("initdb").exists()))
        .expect("the tests need a PostgreSQL server: no initdb in /usr/lib/postgresql/*/bin or on the path")
}

/// PostgreSQL refuses to run as root, so root lends it the user its package made.
fn prefix() -> Vec<&'static str> {
    if is_root() { vec!["runuser", "-u", "postgres", "--"] } else { vec![] }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn make_folder() -> PathBuf {
    let folder = tempfile::Builder::new()
        .prefix(&format!("{FOLDERS}{}-", std::process::id()))
        .tempdir()
        .expect("a temporary folder")
        .keep();
    if is_root() {
        let status = Command::new("chown").arg("postgres:postgres").arg(&folder).status();
        assert!(status.is_ok_and(|status| status.success()), "a folder for the user postgres");
    }
    folder
}

/// Removes clusters whose test process and keeper are both gone, as after a power cut or `kill -9` of everything.
fn sweep(programs: &Path) {
    for folder in fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten().map(|entry| entry.path())
    {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let owner = name.strip_prefix(FOLDERS).and_then(|rest| rest.split('-').next());
        let Some(owner) = owner else { continue };
        if Path::new("/proc/self").exists() && !Path::new("/proc").join(owner).exists() {
            let cluster = folder.join("cluster");
            let mut words = prefix().into_iter().map(PathBuf::from).chain([programs.join("pg_ctl")]);
            let _ = Command::new(words.next().expect("a program"))
                .args(words)
                .arg("-D")
                .arg(cluster)
                .args(["-m", "immediate", "stop"])
                .output();
            let _ = fs::remove_dir_all(&folder);
        }
    }
}
