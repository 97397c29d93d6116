//! An identity provider as a browser meets it: it is asked by an address, and answers with a form that is sent back by
//! itself. Its page and its metadata are served on loopback.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::Duration;
use flate2::read::DeflateDecoder;
use roster::base::clock::{Clock, Moment, SetClock};
use url::Url;

use super::{Draft, PROVIDER, provider};

/// A request as the provider reads it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub id: String,
    pub acs: String,
    pub issuer: String,
    pub relay_state: String,
    /// The person is to be asked anew.
    pub is_forced: bool,
    pub is_signed: bool,
}

impl Asked {
    pub fn of(address: &Url) -> Asked {
        let query: std::collections::BTreeMap<_, _> = address.query_pairs().into_owned().collect();
        let packed = STANDARD.decode(&query["SAMLRequest"]).expect("Base64");
        let mut text = String::new();
        DeflateDecoder::new(packed.as_slice()).read_to_string(&mut text).expect("deflated text");
        let attribute = |name: &str| between(&text, &format!(" {name}=\""), "\"");
        Asked {
            id: attribute("ID"),
            acs: attribute("AssertionConsumerServiceURL"),
            issuer: between(&text, "<saml:Issuer", "</saml:Issuer>")
                .rsplit('>')
                .next()
                .unwrap_or_default()
                .into(),
            relay_state: query.get("RelayState").cloned().unwrap_or_default(),
            is_forced: text.contains("ForceAuthn=\"true\""),
            is_signed: query.contains_key("Signature"),
        }
    }

    /// An honest answer, good for five minutes.
    pub fn answer(&self, who: &Draft, now: Moment) -> Draft {
        let at = |moment: Moment| moment.utc().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let until = at(now.plus(Duration::minutes(5)));
        Draft {
            issued: at(now),
            authenticated: at(now),
            audience: Some(self.issuer.clone()),
            recipient: self.acs.clone(),
            destination: self.acs.clone(),
            in_response_to: self.id.clone(),
            not_before: at(now),
            not_on_or_after: until.clone(),
            confirmed_until: until,
            response: format!("_r{}", self.id),
            assertion: format!("_a{}", self.id),
            ..who.clone()
        }
    }
}

fn between(text: &str, before: &str, after: &str) -> String {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{before} in {text}"));
    rest.split_once(after).unwrap_or_else(|| panic!("{after} in {text}")).0.to_owned()
}

/// Somebody whom the provider knows by this address, which is the name it tells as well.
pub fn somebody(email: &str, [first, last]: [&str; 2]) -> Draft {
    let attribute = |name: &str, value: &str| (name.to_owned(), vec![value.to_owned()]);
    Draft {
        name_id: email.into(),
        attributes: vec![
            attribute("email", email),
            attribute("first_name", first),
            attribute("last_name", last),
        ],
        ..Draft::default()
    }
}

/// What stands at the metadata's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Served {
    Metadata(Vec<&'static str>),
    Text(String),
    TooMuch,
    Fault,
    Silence,
}

struct State {
    clock: Option<SetClock>,
    who: Draft,
    served: Served,
    /// Connections that are never answered.
    silent: Vec<TcpStream>,
}

#[derive(Clone)]
pub struct Idp {
    pub base: String,
    state: Arc<Mutex<State>>,
}

impl Idp {
    pub fn open() -> Idp {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let served = Served::Metadata(vec![PROVIDER]);
        let state = State { clock: None, who: Draft::default(), served, silent: Vec::new() };
        let idp = Idp { base, state: Arc::new(Mutex::new(state)) };
        let own = idp.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let own = own.clone();
                std::thread::spawn(move || own.serve(stream));
            }
        });
        idp
    }

    pub fn metadata_url(&self) -> String {
        format!("{}/metadata", self.base)
    }

    pub fn keep_time_with(&self, clock: &SetClock) {
        self.state().clock = Some(clock.clone());
    }

    /// Who is signed in there from now on.
    pub fn knows(&self, who: Draft) {
        self.state().who = who;
    }

    pub fn serves(&self, served: Served) {
        self.state().served = served;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn serve(&self, mut stream: TcpStream) {
        let mut lines = BufReader::new(&stream).lines();
        let Some(Ok(first)) = lines.next() else { return };
        // Whoever asked is heard out before they are answered.
        let _ = lines.by_ref().take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty())).count();
        let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let url = Url::parse(&format!("{}{target}", self.base)).expect("an address");
        let served = self.state().served.clone();
        let (status, body) = match (url.path(), served) {
            ("/metadata", Served::Silence) => return self.state().silent.push(stream),
            ("/metadata", Served::Fault) => (500, "it broke".to_owned()),
            ("/metadata", Served::Text(text)) => (200, text),
            ("/metadata", Served::TooMuch) => (200, "x".repeat(300 * 1_024)),
            ("/metadata", Served::Metadata(certificates)) => (200, self.metadata(&certificates)),
            ("/sso", _) => (200, self.page(&url)),
            _ => (404, "nothing".to_owned()),
        };
        let _ = write!(
            stream,
            "HTTP/1.1 {status} Told\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
    }

    fn metadata(&self, certificates: &[&str]) -> String {
        let keys: String = certificates
            .iter()
            .map(|pem| {
                let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
                format!(
                    "<md:KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{body}\
                     </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
                )
            })
            .collect();
        format!(
            "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
             xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"{}\"><md:IDPSSODescriptor \
             protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{keys}<md:SingleSignOnService \
             Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"{}/sso\"/>\
             </md:IDPSSODescriptor></md:EntityDescriptor>",
            provider().entity_id,
            self.base
        )
    }

    /// A form that is sent by itself, or by hand.
    fn page(&self, url: &Url) -> String {
        let asked = Asked::of(url);
        let (who, now) = {
            let state = self.state();
            (state.who.clone(), state.clock.as_ref().expect("a clock").now())
        };
        let (answer, relay) = (asked.answer(&who, now).sent(), &asked.relay_state);
        format!(
            "<!doctype html><html lang=en><title>Identity provider</title><main><h1>Identity provider</h1>\
             <form method=post action=\"{}\"><input type=hidden name=SAMLResponse value=\"{answer}\">\
             <input type=hidden name=RelayState value=\"{relay}\"><button>Go on</button></form></main>\
             <script>document.forms[0].submit()</script>",
            asked.acs
        )
    }
}
