//! Somebody with a browser: a cookie jar of their own, and the headers a browser sends.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, redirect};
use tokio::runtime::Handle;
use url::Url;

use super::PATIENCE;
use super::page::Page;

#[derive(Clone)]
pub struct Person {
    base: Url,
    client: Client,
    jar: Arc<Jar>,
    /// Sent with every request, after the browser's own.
    extra: Vec<(HeaderName, HeaderValue)>,
}

impl Person {
    /// Somebody whom the console at `base` has not seen before.
    pub fn new(base: &Url) -> Person {
        Person::at(base, IpAddr::V4(Ipv4Addr::LOCALHOST))
    }

    /// The same from another address of the loopback network, which the console sees as another machine.
    pub fn at(base: &Url, address: IpAddr) -> Person {
        let jar = Arc::new(Jar::default());
        let host = base.host_str().expect("a host");
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .cookie_provider(Arc::clone(&jar))
            .local_address(address)
            .resolve(host, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
            .timeout(PATIENCE)
            // Shorter than the console keeps a quiet connection, which might otherwise close under a form.
            .pool_idle_timeout(Duration::from_secs(1))
            .user_agent("Mozilla/5.0 (X11; Linux x86_64) Roster tests")
            .build()
            .expect("a client");
        Person { base: base.clone(), client, jar, extra: vec![] }
    }

    /// The same browser, sending one more header with everything.
    pub fn with(&self, name: &'static str, value: &str) -> Person {
        let mut person = self.clone();
        let value = HeaderValue::from_str(value).expect("a header's value");
        person.extra.push((HeaderName::from_static(name), value));
        person
    }

    /// The same browser on this page, which it names as a page of ours is told to (`Referrer-Policy: same-origin`).
    pub fn coming_from(&self, page: &Url) -> Person {
        self.with("referer", page.as_str())
    }

    /// The same browser with script on, swapping a part of the page by htmx: `tbody#people` is such a `target`.
    pub fn by_htmx(&self, target: &str) -> Person {
        self.with("hx-request", "true").with("hx-request-type", "partial").with("hx-target", target)
    }

    /// A page of the console by its path, or any address; the answer itself, even if it leads on.
    pub fn get(&self, address: &str) -> Page {
        let url = self.base.join(address).expect("an address");
        self.send(self.request(Method::GET, address), url)
    }

    /// Goes to an address and on to where it leads.
    pub fn opens(&self, address: &str) -> Page {
        self.get(address).followed()
    }

    /// Sends fields to an address as a form of the console's own pages would.
    pub fn post(&self, address: &str, fields: &[(&str, &str)]) -> Page {
        let url = self.base.join(address).expect("an address");
        let fields: Vec<_> =
            fields.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        self.send_form(Method::POST, &url, &fields)
    }

    pub fn send_form(&self, method: Method, action: &Url, fields: &[(String, String)]) -> Page {
        let request = self.request(method.clone(), action.as_str());
        if method == Method::GET {
            let mut url = action.clone();
            url.query_pairs_mut().clear().extend_pairs(fields);
            return self.get(url.as_str());
        }
        self.send(request.header("origin", self.origin()).form(fields), action.clone())
    }

    /// A request with the cookies and headers of this browser, to be changed at will and handed to [`Person::send`].
    pub fn request(&self, method: Method, address: &str) -> RequestBuilder {
        self.bare_request(method, address).header("sec-fetch-site", "same-origin")
    }

    /// The same as a page of some other site, or a program, would send it: nothing says where it comes from.
    pub fn bare_request(&self, method: Method, address: &str) -> RequestBuilder {
        let url = self.base.join(address).expect("an address");
        let request = self.client.request(method, url).header("accept", "text/html");
        self.extra.iter().fold(request, |request, (name, value)| request.header(name, value))
    }

    pub fn send(&self, request: RequestBuilder, url: Url) -> Page {
        let (status, headers, body) = wait(async {
            let answer =
                request.send().await.unwrap_or_else(|error| panic!("no answer from {url}: {error:?}"));
            let (status, headers) = (answer.status(), answer.headers().clone());
            (status, headers, answer.text().await.expect("a body of text"))
        });
        Page::new(self.clone(), status, url, headers, body)
    }

    /// What the cookie jar would send, as in the Cookie header.
    pub fn cookies(&self) -> String {
        self.jar
            .cookies(&self.base)
            .and_then(|value| value.to_str().map(str::to_owned).ok())
            .unwrap_or_default()
    }

    pub fn base(&self) -> &Url {
        &self.base
    }

    fn origin(&self) -> String {
        self.base.origin().ascii_serialization()
    }
}

impl Page {
    /// Goes where a redirect leads, as often as it does, within reason.
    pub fn followed(self) -> Page {
        let mut page = self;
        for _ in 0..10 {
            let Some(next) = page.leads_to() else { return page };
            page = page.reader.get(next.as_str());
        }
        panic!("redirected too often, last to {}", page.url)
    }

    /// Where a redirect leads.
    pub fn leads_to(&self) -> Option<Url> {
        let next = self.status.is_redirection().then(|| self.headers.get("location")).flatten()?;
        Some(self.url.join(next.to_str().expect("an address")).expect("an address"))
    }
}

/// Waits for something asynchronous from a plain test.
pub fn wait<T>(future: impl Future<Output = T>) -> T {
    static RUNTIME: OnceLock<Handle> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let handle = runtime.handle().clone();
        std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
        handle
    });
    runtime.block_on(future)
}
