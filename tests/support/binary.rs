//! The real program in a process of its own, started as an operator starts it and ended as a machine ends it.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{self, Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use url::Url;

use super::PATIENCE;
use super::keeper::Keeper;
use super::person::{Person, wait};
use super::ports::free_port;

/// `roster` with these words, and no settings but the ones given and the data folder.
pub fn roster(folder: &Path, words: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roster"));
    command
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("ROSTER_DATA_DIR", folder.join("data"));
    for (key, value) in settings {
        command.env(format!("ROSTER_{}", key.to_uppercase()), value);
    }
    command
}

/// Runs a subcommand to its end.
pub fn run(folder: &Path, words: &[&str], settings: &[(&str, &str)]) -> process::Output {
    roster(folder, words, settings).stdin(Stdio::null()).output().expect("roster runs")
}

/// A server process.
pub struct Server {
    child: Child,
    port: u16,
    said: Arc<Said>,
    _keeper: Keeper,
}

/// What it has said so far.
#[derive(Default)]
struct Said {
    lines: Mutex<Vec<(Output, String)>>,
    changed: Condvar,
}

#[derive(Clone, Copy, PartialEq)]
enum Output {
    /// What it prints for whoever started it.
    Standard,
    /// Its log.
    Error,
}

impl Server {
    /// Starts the console on a free port and waits until it is ready.
    pub fn start(folder: &Path, settings: &[(&str, &str)]) -> Server {
        let server = Server::start_at(folder, free_port(), settings);
        server.is_ready();
        server
    }

    /// Starts the console on this port and does not wait.
    pub fn start_at(folder: &Path, port: u16, settings: &[(&str, &str)]) -> Server {
        Server::of(roster(folder, &["serve"], settings), folder, port)
    }

    /// The process that this command becomes.
    pub fn of(mut command: Command, folder: &Path, port: u16) -> Server {
        let keeper = Keeper::of_a_group(&folder.join("nothing-to-remove"));
        let mut child = command
            .env("ROSTER_LISTEN", format!("127.0.0.1:{port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(keeper.group())
            .spawn()
            .expect("roster starts");
        let said = Arc::new(Said::default());
        said.listen(Output::Standard, child.stdout.take().expect("standard output"));
        said.listen(Output::Error, child.stderr.take().expect("standard error"));
        Server { child, port, said, _keeper: keeper }
    }

    pub fn base_url(&self) -> Url {
        Url::parse(&format!("http://localhost:{}", self.port)).expect("an address")
    }

    pub fn visitor(&self) -> Person {
        Person::new(&self.base_url())
    }

    /// Waits until it answers that it is ready.
    pub fn is_ready(&self) {
        let until = Instant::now() + PATIENCE;
        let url = format!("http://127.0.0.1:{}/readyz", self.port);
        let is_ready = async || reqwest::get(&url).await.is_ok_and(|answer| answer.status().is_success());
        wait(async {
            while !is_ready().await {
                assert!(Instant::now() < until, "roster is not ready; it said {:#?}", self.said());
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
    }

    /// Waits for the setup link to be printed.
    pub fn setup_link(&self) -> String {
        let link = |(_, line): &(Output, String)| {
            line.split_whitespace().find(|word| word.contains("/setup?token=")).map(str::to_owned)
        };
        let lines = self.said.lines.lock().expect("no panic");
        let (lines, _) = self
            .said
            .changed
            .wait_timeout_while(lines, PATIENCE, |lines| lines.iter().find_map(link).is_none())
            .expect("no panic");
        lines.iter().find_map(link).unwrap_or_else(|| panic!("no setup link in {:#?}", self.said()))
    }

    pub fn said(&self) -> Vec<String> {
        self.said.lines.lock().expect("no panic").iter().map(|(_, line)| line.clone()).collect()
    }

    /// What stands on its standard output.
    pub fn printed(&self) -> Vec<String> {
        self.said.on(Output::Standard)
    }

    /// What stands in its log.
    pub fn logged(&self) -> Vec<String> {
        self.said.on(Output::Error)
    }

    /// Pulls the plug: SIGKILL.
    pub fn dies(mut self) {
        self.child.kill().expect("a process to kill");
        self.child.wait().expect("an end");
    }

    /// Asks it to end: SIGTERM.
    pub fn is_asked_to_end(&self) {
        kill(Pid::from_raw(self.child.id() as i32), Signal::SIGTERM).expect("a process to ask");
    }

    /// Ctrl-C: SIGINT.
    pub fn is_interrupted(&self) {
        kill(Pid::from_raw(self.child.id() as i32), Signal::SIGINT).expect("a process to interrupt");
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it has ended by itself.
    pub fn ends(mut self) -> ExitStatus {
        self.child.wait().expect("an end")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Said {
    fn on(&self, output: Output) -> Vec<String> {
        let lines = self.lines.lock().expect("no panic");
        lines.iter().filter(|(on, _)| *on == output).map(|(_, line)| line.clone()).collect()
    }

    fn listen(self: &Arc<Said>, on: Output, output: impl std::io::Read + Send + 'static) {
        let said = Arc::clone(self);
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                said.lines.lock().expect("no panic").push((on, line));
                said.changed.notify_all();
            }
        });
    }
}
