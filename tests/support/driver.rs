//! The one ChromeDriver of a test process, started when the first browser opens.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::PATIENCE;
use super::keeper::Keeper;
use super::person::wait;
use super::ports::free_port;

pub struct Driver {
    port: u16,
    folder: PathBuf,
    profiles: AtomicUsize,
    _process: Child,
    _keeper: Keeper,
}

impl Driver {
    pub fn shared() -> &'static Driver {
        static SHARED: OnceLock<Driver> = OnceLock::new();
        SHARED.get_or_init(Driver::start)
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A folder for a browser that has never been used.
    pub fn fresh_profile(&self) -> PathBuf {
        self.folder.join(self.profiles.fetch_add(1, Ordering::Relaxed).to_string())
    }

    fn start() -> Driver {
        let folder = tempfile::Builder::new()
            .prefix("roster-tests-browser-")
            .tempdir()
            .expect("a temporary folder")
            .keep();
        let keeper = Keeper::of_a_group(&folder);
        let port = free_port();
        let process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .args(["--log-level=OFF", "--allowed-ips=127.0.0.1"])
            .env("HOME", &folder)
            .env("TMPDIR", &folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(keeper.group())
            .spawn()
            .expect("the tests need chromedriver on the path (Debian: chromium-driver)");
        let driver =
            Driver { port, folder, profiles: AtomicUsize::new(0), _process: process, _keeper: keeper };
        wait(driver.is_ready());
        driver
    }

    async fn is_ready(&self) {
        let until = Instant::now() + PATIENCE;
        while reqwest::get(format!("{}/status", self.url())).await.is_err() {
            assert!(Instant::now() < until, "ChromeDriver did not start");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}
