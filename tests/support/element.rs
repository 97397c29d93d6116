//! Something on a page that a person can name. It is looked for anew for every act, until it is there, so a test
//! never holds on to a part of the page that has been swapped meanwhile.

use std::time::{Duration, Instant};

use reqwest::Method;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;
use thirtyfour::{RequestData, SessionId};

use super::PATIENCE;
use super::browser::Browser;
use super::person::wait;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Role {
    Heading,
    Button,
    Link,
    Field,
    Row,
    Dialog,
    Text,
}

#[derive(Clone)]
pub struct Element<'b> {
    browser: &'b Browser,
    /// From the outside in.
    way: Vec<(Role, String)>,
}

impl<'b> Element<'b> {
    pub fn whole(browser: &'b Browser) -> Element<'b> {
        Element { browser, way: vec![] }
    }

    pub fn inside(&self, role: Role, name: &str) -> Element<'b> {
        let mut way = self.way.clone();
        way.push((role, name.to_owned()));
        Element { browser: self.browser, way }
    }

    pub fn heading(&self, words: &str) -> Element<'b> {
        self.inside(Role::Heading, words)
    }

    pub fn button(&self, name: &str) -> Element<'b> {
        self.inside(Role::Button, name)
    }

    pub fn link(&self, name: &str) -> Element<'b> {
        self.inside(Role::Link, name)
    }

    pub fn field(&self, label: &str) -> Element<'b> {
        self.inside(Role::Field, label)
    }

    pub fn row(&self, words: &str) -> Element<'b> {
        self.inside(Role::Row, words)
    }

    pub fn sees(&self, words: &str) {
        self.inside(Role::Text, words).is_there();
    }

    /// Waits until it is there.
    pub fn is_there(&self) {
        self.attempt("is there", async |_| Ok(()));
    }

    /// Waits until it is not there, or not to be seen.
    pub fn is_gone(&self) {
        let is_gone = || wait(self.find()).is_ok_and(|found| found.is_none());
        self.browser.until(&format!("{} to be gone", self.tell()), is_gone);
    }

    /// Presses it and does not wait for what comes of it: say next what that is, such as [`Browser::arrives_at`].
    pub fn press(&self) -> &'b Browser {
        self.attempt("is pressed", async |element| element.click().await);
        self.browser
    }

    /// Types into a field, in place of what was there.
    pub fn fill(&self, words: &str) -> &'b Browser {
        self.attempt("is filled in", async |element| {
            element.clear().await?;
            element.send_keys(words).await
        });
        self.browser
    }

    /// Switches a checkbox on.
    pub fn check(&self) -> &'b Browser {
        self.switch(true)
    }

    pub fn uncheck(&self) -> &'b Browser {
        self.switch(false)
    }

    /// Picks the option with these words from a list.
    pub fn choose(&self, words: &str) -> &'b Browser {
        let option = format!(".//option[normalize-space()={}]", quoted(words));
        self.attempt("is chosen from", async |element| element.find(By::XPath(&option)).await?.click().await);
        self.browser
    }

    pub fn text(&self) -> String {
        self.attempt("is read", async |element| element.text().await)
    }

    /// What a field holds.
    pub fn value(&self) -> String {
        self.attempt("is read", async |element| element.value().await).unwrap_or_default()
    }

    pub fn attribute(&self, name: &str) -> Option<String> {
        self.attempt("is read", async |element| element.attr(name).await)
    }

    pub fn is_checked(&self) -> bool {
        self.attempt("is read", async |element| element.is_selected().await)
    }

    fn switch(&self, on: bool) -> &'b Browser {
        self.attempt("is switched", async |element| {
            if element.is_selected().await? == on { Ok(()) } else { element.click().await }
        });
        self.browser
    }

    /// Does something with the element as soon as it is there and lets it be done.
    fn attempt<T>(&self, act: &str, does: impl AsyncFn(WebElement) -> WebDriverResult<T>) -> T {
        let attempt = async || match self.find().await? {
            Some(element) => does(element).await.map(Some),
            None => Ok(None),
        };
        until(
            || match wait(attempt()) {
                Ok(Some(done)) => Ok(done),
                Ok(None) => Err(String::new()),
                Err(error) if is_passing(&error) => Err(format!(" ({error})")),
                Err(error) => panic!("{}: {error}", self.browser.story(&self.tell())),
            },
            |why| self.browser.story(&format!("{} that {act}{why}", self.tell())),
        )
    }

    async fn find(&self) -> WebDriverResult<Option<WebElement>> {
        let mut found = self.browser.driver.find(By::Tag("html")).await?;
        for (role, name) in &self.way {
            let mut next = None;
            for path in paths(*role, name) {
                for element in found.find_all(By::XPath(&path)).await? {
                    if next.is_none() && element.is_displayed().await? {
                        next = Some(element);
                    }
                }
            }
            let Some(next) = next else { return Ok(None) };
            found = next;
        }
        Ok(Some(found))
    }

    fn tell(&self) -> String {
        let steps = self.way.iter().rev().map(|(role, name)| format!("{role:?} {name:?}"));
        steps.collect::<Vec<_>>().join(" in ")
    }
}

/// Where things of this role with this name are, the best place first.
fn paths(role: Role, name: &str) -> Vec<String> {
    let name = quoted(name);
    let named = format!("[normalize-space()={name} or normalize-space(@aria-label)={name}]");
    let seen =
        format!("[span[contains(@class, 'sr-only')]][normalize-space(text()[normalize-space()])={name}]");
    let part = format!("[.//span[normalize-space()={name}]]");
    let contains = format!("contains(normalize-space(), {name})");
    let field = "*[self::input[not(@type='hidden')] or self::select or self::textarea]";
    let labelled = |label: &str| {
        vec![
            format!(".//{field}[@id=//label[{label}]/@for]"),
            format!(".//label[{label}]//{field}"),
            format!(".//{field}[normalize-space(@aria-label)={name}]"),
        ]
    };
    match role {
        Role::Heading => vec![format!(".//*[self::h1 or self::h2 or self::h3]{named}")],
        // By the whole name, by what of it can be seen, or by a part that is set apart in a button that shows more.
        Role::Button => {
            [&named, &seen, &part].map(|it| format!(".//*[self::button or self::summary]{it}")).to_vec()
        }
        Role::Link => [&named, &seen, &part].map(|it| format!(".//a[@href]{it}")).to_vec(),
        Role::Field => {
            let begins = format!("starts-with(normalize-space(), concat({name}, ' '))");
            [labelled(&format!("normalize-space()={name}")), labelled(&begins)].concat()
        }
        Role::Row => vec![format!(".//tbody/tr[{contains}]")],
        Role::Dialog => vec![".//dialog[@open]".to_owned()],
        Role::Text => vec![
            format!(".//body//*[{contains}][not(*[{contains}])]"),
            format!(".//*[{contains}][not(*[{contains}])]"),
        ],
    }
}

/// XPath has no escapes: a text with both kinds of quotes is put together.
fn quoted(text: &str) -> String {
    if !text.contains('\'') {
        return format!("'{text}'");
    }
    format!(
        "concat({})",
        text.split('\'').map(|part| format!("'{part}'")).collect::<Vec<_>>().join(", \"'\", ")
    )
}

/// Errors that go away by themselves while a page settles. Of an element of the page before, ChromeDriver says at times
/// that its node is not of this document, and calls that unknown.
fn is_passing(error: &WebDriverError) -> bool {
    use WebDriverErrorInner::*;
    match error.as_inner() {
        StaleElementReference(_)
        | ElementClickIntercepted(_)
        | ElementNotInteractable(_)
        | NoSuchElement(_) => true,
        UnknownError(_) => error.to_string().contains("does not belong to the document"),
        _ => false,
    }
}

/// Tries until it works; `story` tells why the last try did not, should none.
pub fn until<T>(attempt: impl Fn() -> Result<T, String>, story: impl Fn(&str) -> String) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match attempt() {
            Ok(done) => return done,
            Err(why) => assert!(Instant::now() < deadline, "{}", story(&why)),
        }
        wait(async { tokio::time::sleep(Duration::from_millis(25)).await });
    }
}

/// What a screen reader is told about an element.
pub async fn role_and_name(element: &WebElement) -> WebDriverResult<(String, String)> {
    let ask = async |question| {
        let asked = Asked { element: element.element_id().to_string(), question };
        element.handle().cmd(asked).await?.value::<String>()
    };
    Ok((ask("computedrole").await?, ask("computedlabel").await?))
}

#[derive(Debug)]
struct Asked {
    element: String,
    question: &'static str,
}

impl FormatRequestData for Asked {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(Method::GET, format!("session/{session}/element/{}/{}", self.element, self.question))
    }
}
