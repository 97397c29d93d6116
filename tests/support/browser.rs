//! A real browser (headless Chromium), used as a person uses one: things are found by role and name.

mod looks;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, LoggingPrefsLogLevel};
use url::Url;

use super::driver::Driver;
use super::element::{Element, Role};
use super::person::wait;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Window {
    /// 1280 × 800.
    Desktop,
    /// 390 × 844, with touch and a phone's pixels.
    Phone,
}

impl Window {
    /// In the names of pictures.
    pub fn word(self) -> &'static str {
        match self {
            Self::Desktop => "wide",
            Self::Phone => "phone",
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
pub enum Script {
    On,
    Off,
}

/// What the person's system prefers.
#[derive(Clone, Copy, PartialEq)]
pub enum Theme {
    Light,
    Dark,
}

pub struct Browser {
    pub driver: WebDriver,
    base: Url,
    script: Script,
}

const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-breakpad",
    "--hide-scrollbars",
    "--lang=en-US",
];

impl Browser {
    /// A desktop browser with script, in light, that nobody has used before.
    pub fn open(base: &Url) -> Browser {
        Browser::open_as(base, Window::Desktop, Script::On, Theme::Light)
    }

    pub fn open_as(base: &Url, window: Window, script: Script, theme: Theme) -> Browser {
        let driver = Driver::shared();
        let capabilities = capabilities(&driver.fresh_profile(), window, script).expect("capabilities");
        let driver = wait(WebDriver::new(driver.url(), capabilities)).expect("a browser");
        let browser = Browser { driver, base: base.clone(), script };
        if window == Window::Desktop {
            let metrics = json!({ "width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": false });
            browser.tell("Emulation.setDeviceMetricsOverride", metrics);
        }
        browser.prefers(theme);
        browser
    }

    /// Changes what the system prefers. The page has its new colours at once.
    pub fn prefers(&self, theme: Theme) {
        let value = if theme == Theme::Dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": value }]);
        self.tell("Emulation.setEmulatedMedia", json!({ "features": features }));
        if self.script == Script::On {
            self.settles();
        }
    }

    /// Opens a page of the console by its path, or any address.
    pub fn visit(&self, address: &str) -> &Browser {
        let url = self.base.join(address).expect("an address");
        wait(self.driver.goto(url.as_str())).expect("a page");
        self
    }

    /// The path and query of the page that is open.
    pub fn path(&self) -> String {
        let url = wait(self.driver.current_url()).expect("an address");
        url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()
    }

    /// Waits until the page that is open is the one with this path.
    pub fn arrives_at(&self, path: &str) {
        self.until(&format!("the page {path}"), || self.path().split('?').next() == Some(path));
    }

    pub fn title(&self) -> String {
        wait(self.driver.title()).expect("a title")
    }

    pub fn heading(&self, words: &str) -> Element<'_> {
        self.whole().heading(words)
    }

    pub fn button(&self, name: &str) -> Element<'_> {
        self.whole().button(name)
    }

    pub fn link(&self, name: &str) -> Element<'_> {
        self.whole().link(name)
    }

    /// The control with this label, or with a label that begins so.
    pub fn field(&self, label: &str) -> Element<'_> {
        self.whole().field(label)
    }

    /// The table's row that has these words in it.
    pub fn row(&self, words: &str) -> Element<'_> {
        self.whole().row(words)
    }

    /// The open dialog.
    pub fn dialog(&self) -> Element<'_> {
        self.whole().inside(Role::Dialog, "")
    }

    /// Something that has these words in it, and nothing smaller inside that has them.
    pub fn text(&self, words: &str) -> Element<'_> {
        self.whole().inside(Role::Text, words)
    }

    /// Waits until these words can be read.
    pub fn sees(&self, words: &str) {
        self.text(words).is_there();
    }

    fn whole(&self) -> Element<'_> {
        Element::whole(self)
    }

    /// Waits for a condition, asking again and again.
    pub fn until(&self, what: &str, holds: impl Fn() -> bool) {
        super::element::until(|| holds().then_some(()).ok_or_else(String::new), |_| self.story(what));
    }

    /// What the person would tell if `what` never came.
    pub fn story(&self, what: &str) -> String {
        let shot = self.screenshot("failure");
        let body = wait(async { self.driver.find(By::Tag("body")).await?.text().await });
        format!(
            "waited for {what} at {}; a picture is in {}\n{}",
            self.path(),
            shot.display(),
            body.unwrap_or_default()
        )
    }

    /// Types on the keyboard, wherever the focus is.
    pub fn types(&self, keys: impl Into<TypingData>) -> &Browser {
        let keys: TypingData = keys.into();
        wait(self.driver.action_chain().send_keys(keys).perform()).expect("a keyboard");
        self
    }

    /// What the focus is on, as a screen reader announces it: role and name.
    pub fn focus(&self) -> (String, String) {
        wait(async {
            let element = self.driver.active_element().await?;
            super::element::role_and_name(&element).await
        })
        .expect("a focus")
    }

    /// Presses Tab until the focus is on something with this name.
    pub fn tabs_to(&self, name: &str) -> &Browser {
        let mut seen = Vec::new();
        for _ in 0..120 {
            let (role, found) = self.focus();
            if found == name && role != "generic" {
                return self;
            }
            seen.push(found);
            self.types(Key::Tab);
        }
        panic!("Tab never came to {name:?}, only to {seen:?}")
    }

    pub fn run(&self, script: &str) -> Value {
        wait(self.driver.execute(script, vec![])).expect("a script that runs").json().clone()
    }

    /// What the browser complained of: script errors, refused styles and scripts, missing files.
    /// An answer of 4xx to a form is how the console says no, and no complaint.
    pub fn complaints(&self) -> Vec<String> {
        let log = wait(self.driver.browser_log()).expect("the browser's log");
        let is_grave = |level: &str| matches!(level, "SEVERE" | "WARNING");
        let is_refusal = |message: &str| message.contains("the server responded with a status of 4");
        log.into_iter()
            .filter(|it| is_grave(&it.level) && !is_refusal(&it.message))
            .map(|it| it.message)
            .collect()
    }

    /// Looks for what keeps people out (axe-core) and fails on anything serious or critical. Needs script.
    pub fn axe(&self) {
        assert!(self.script == Script::On, "axe-core cannot run while the browser runs no script");
        self.settles();
        const AXE: &str = include_str!("../vendor/axe.min.js");
        const RUN: &str =
            "axe.run(document, { resultTypes: ['violations'] }).then(it => JSON.stringify(it.violations))";
        let answer = self.tell(
            "Runtime.evaluate",
            json!({ "expression": format!("{AXE};{RUN}"), "awaitPromise": true, "returnByValue": true }),
        );
        let violations =
            answer["result"]["value"].as_str().unwrap_or_else(|| panic!("axe-core does not run: {answer}"));
        let violations: Vec<Value> = serde_json::from_str(violations).expect("a list");
        let grave =
            violations.iter().filter(|it| matches!(it["impact"].as_str(), Some("serious" | "critical")));
        let grave: Vec<_> = grave.map(tell_violation).collect();
        assert!(grave.is_empty(), "{} keeps people out:\n{}", self.path(), grave.join("\n"));
    }

    /// Ends whatever moves: colours of a theme that has just changed, a dialog that opens. What inherits from something
    /// that moved begins to move after it, hence again and again. Needs script.
    pub fn settles(&self) {
        const SETTLED: &str = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))) \
            .then(() => { for (let round = 0; round < 50; round++) { \
            const ending = document.getAnimations().filter(it => it.effect.getComputedTiming().endTime < Infinity); \
            if (!ending.length) return; ending.forEach(it => it.finish()) } })";
        self.tell("Runtime.evaluate", json!({ "expression": SETTLED, "awaitPromise": true }));
    }

    /// Looks with axe-core in both themes, where script is on; ends in light.
    pub fn keeps_nobody_out(&self) {
        if self.script == Script::On {
            for theme in [Theme::Dark, Theme::Light] {
                self.prefers(theme);
                self.axe();
            }
        }
    }

    /// A picture of the window, written to `target/pictures/`.
    pub fn screenshot(&self, name: &str) -> PathBuf {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
        let path = folder.join(format!("{name}.png"));
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for pictures");
        wait(self.driver.screenshot(&path)).expect("a picture");
        path
    }

    /// A command of the DevTools protocol.
    pub fn tell(&self, command: &str, parameters: Value) -> Value {
        wait(self.driver.cdp().send_raw(command, parameters))
            .unwrap_or_else(|error| panic!("{command}: {error}"))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = wait(self.driver.clone().quit());
    }
}

fn tell_violation(violation: &Value) -> String {
    let nodes = violation["nodes"].as_array().into_iter().flatten();
    let nodes =
        nodes.map(|node| format!("    {}\n    {}", node["html"], node["failureSummary"])).collect::<Vec<_>>();
    format!("  {} ({}): {}\n{}", violation["id"], violation["impact"], violation["help"], nodes.join("\n"))
}

fn capabilities(profile: &Path, window: Window, script: Script) -> WebDriverResult<ChromeCapabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    for flag in FLAGS {
        capabilities.add_arg(flag)?;
    }
    capabilities.add_arg(&format!("--user-data-dir={}", profile.display()))?;
    match window {
        Window::Desktop => capabilities.add_arg("--window-size=1280,800")?,
        Window::Phone => {
            let metrics =
                json!({ "width": 390, "height": 844, "pixelRatio": 2.0, "mobile": true, "touch": true });
            capabilities.add_experimental_option("mobileEmulation", json!({ "deviceMetrics": metrics }))?;
        }
    }
    let script = if script == Script::On { 1 } else { 2 };
    let preferences = json!({
        "profile.managed_default_content_settings.javascript": script,
        "credentials_enable_service": false,
        "profile.password_manager_leak_detection": false,
    });
    capabilities.add_experimental_option("prefs", preferences)?;
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(capabilities)
}
