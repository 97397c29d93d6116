//! The stream: lines sent on as they are written, signed, in order, each at least once.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::Duration;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::StatusCode;
use serde_json::Value;
use sha2::Sha256;

use crate::snapshot::{Snapshot, texts};
use crate::support::element::until;
use crate::support::on_both;
use crate::support::page::Page;
use crate::support::person::Person;
use crate::support::world::{Database, World};

const STREAM: &str = "/organization/settings/audit-stream";

on_both!(
    an_address_inside_is_refused_where_it_is_not_allowed,
    the_secret_is_shown_once_and_lies_sealed,
    a_stream_is_turned_off_and_on_renewed_and_removed,
    leading_the_audit_elsewhere_needs_a_fresh_proof,
);

#[test]
fn lines_arrive_signed_in_order_and_each_once() {
    on_both_allowing_private(arrive);
}

#[test]
fn what_a_receiver_does_not_take_is_sent_again_until_it_does() {
    on_both_allowing_private(are_sent_again);
}

#[test]
fn a_receiver_that_is_gone_gets_no_more() {
    on_both_allowing_private(gets_no_more);
}

fn on_both_allowing_private(test: fn(World)) {
    for database in [Database::Sqlite, Database::Postgres] {
        test(World::with(database, &[("allow_private_targets", "true")]));
    }
}

/// What a receiver was sent.
#[derive(Clone)]
struct Message {
    id: String,
    seconds: String,
    signature: String,
    body: String,
}

/// A system of the organization's that takes messages.
struct Receiver {
    url: String,
    status: Arc<AtomicU16>,
    taken: Arc<Mutex<Vec<Message>>>,
}

impl Receiver {
    fn open() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let (status, taken) = (Arc::new(AtomicU16::new(200)), Arc::new(Mutex::new(Vec::new())));
        let (answer, heard) = (status.clone(), taken.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let mut reader = BufReader::new(stream);
                let mut message = Message {
                    id: String::new(),
                    seconds: String::new(),
                    signature: String::new(),
                    body: String::new(),
                };
                let mut length = 0;
                let mut line = String::new();
                while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                    if let Some((name, value)) = line.trim_end().split_once(": ") {
                        match name {
                            "content-length" => length = value.parse().expect("a length"),
                            "webhook-id" => message.id = value.to_owned(),
                            "webhook-timestamp" => message.seconds = value.to_owned(),
                            "webhook-signature" => message.signature = value.to_owned(),
                            _ => {}
                        }
                    }
                    line.clear();
                }
                let mut body = vec![0; length];
                if reader.read_exact(&mut body).is_err() {
                    continue;
                }
                message.body = String::from_utf8(body).expect("text");
                let status = answer.load(Ordering::SeqCst);
                heard.lock().expect("messages").push(message);
                let answer =
                    format!("HTTP/1.1 {status} Answer\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                let _ = reader.get_mut().write_all(answer.as_bytes());
            }
        });
        Receiver { url, status, taken }
    }

    fn answers(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    fn messages(&self) -> Vec<Message> {
        self.taken.lock().expect("messages").clone()
    }

    /// The numbers of all lines that came, once they include one that is told like this.
    fn lines_until(&self, told: &str) -> Vec<i64> {
        let lines = || -> Vec<Value> {
            let bodies =
                self.messages().into_iter().map(|it| serde_json::from_str::<Value>(&it.body).expect("JSON"));
            bodies.flat_map(|body| body["data"]["lines"].as_array().cloned().unwrap_or_default()).collect()
        };
        until(
            || match lines().iter().any(|line| line["told"] == told) {
                true => Ok(()),
                false => {
                    Err(format!("{:?}", lines().iter().map(|line| line["told"].clone()).collect::<Vec<_>>()))
                }
            },
            |seen| format!("{told:?} has not come, only {seen}"),
        );
        lines().iter().map(|line| line["sequence"].as_i64().expect("a number")).collect()
    }
}

fn set_up(ada: &Person, url: &str) -> (Page, String) {
    let page = ada.opens("/organization/settings").form("Set up stream").fill("Address", url).press();
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let secret = page.form_value("Signing secret");
    (page, secret)
}

trait ReadsField {
    fn form_value(&self, label: &str) -> String;
}

impl ReadsField for Page {
    fn form_value(&self, label: &str) -> String {
        self.whole().control(label).attr("value").expect("a value").to_owned()
    }
}

fn arrive(world: World) {
    let (ada, receiver) = (world.administrator(), Receiver::open());
    ada.invites("before@example.com", &[]);
    let (_, secret) = set_up(&ada, &receiver.url);
    for nth in 0..7 {
        ada.invites(&format!("guest{nth}@example.com"), &[]);
    }
    let lines = receiver.lines_until("Ada Lovelace invited guest6@example.com");
    let first = lines[0];
    assert_eq!(lines, (first..first + 8).collect::<Vec<_>>(), "the set-up and seven invitations");
    let key = STANDARD
        .decode(secret.strip_prefix("whsec_").expect("a secret of Standard Webhooks"))
        .expect("Base64");
    let mut ids = std::collections::BTreeSet::new();
    for Message { id, seconds, signature, body } in receiver.messages() {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key).expect("a key");
        mac.update(format!("{id}.{seconds}.{body}").as_bytes());
        assert_eq!(signature, format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())));
        assert!(ids.insert(id));
        assert!(!body.contains(&secret));
    }
    let page = ada.opens("/organization/settings");
    assert!(page.says("The last delivery was taken on"), "{}", page.text());
    page.form("Send a test").press();
    until(
        || {
            receiver
                .messages()
                .iter()
                .any(|it| it.body.contains("audit.test"))
                .then_some(())
                .ok_or_else(String::new)
        },
        |_| "no test has come".to_owned(),
    );
}

fn are_sent_again(world: World) {
    let (ada, receiver) = (world.administrator(), Receiver::open());
    receiver.answers(503);
    set_up(&ada, &receiver.url);
    ada.invites("guest@example.com", &[]);
    let fails = |words: &str| {
        until(
            || {
                let page = ada.opens("/organization/settings");
                if page.says(words) { Ok(()) } else { Err(page.text()) }
            },
            |seen| format!("{words:?} is not told: {seen}"),
        );
    };
    fails("the receiver answered 503");
    receiver.answers(307);
    world.later(Duration::minutes(2));
    fails("which is not followed");
    receiver.answers(200);
    world.later(Duration::minutes(5));
    let lines = receiver.lines_until("Ada Lovelace invited guest@example.com");
    assert!(lines.len() >= 2);
    fails("The last delivery was taken on");
}

fn gets_no_more(world: World) {
    let (ada, receiver) = (world.administrator(), Receiver::open());
    receiver.answers(410);
    set_up(&ada, &receiver.url);
    let off = || {
        texts(&world, "SELECT action FROM audit_lines WHERE action = 'organization.audit_stream_off'").len()
    };
    until(|| if off() == 1 { Ok(()) } else { Err(String::new()) }, |_| "the stream stays on".to_owned());
    let page = ada.opens("/organization/settings");
    assert!(
        page.says("the receiver says that it is gone (410)") && page.has_button("Turn on"),
        "{}",
        page.text()
    );
    let came = receiver.messages().len();
    ada.invites("guest@example.com", &[]);
    receiver.answers(200);
    assert_eq!(receiver.messages().len(), came);
    page.form("Turn on").press();
    receiver.lines_until("Ada Lovelace invited guest@example.com");
}

fn an_address_inside_is_refused_where_it_is_not_allowed(world: World) {
    let ada = world.administrator();
    let before = Snapshot::of(&world);
    for (url, words) in [
        ("http://hooks.example.com/", "begins neither with https://"),
        ("https://127.0.0.1:9/", "leads into a private network"),
        ("https://169.254.169.254/latest", "leads into a private network"),
        ("https://ada:secret@hooks.example.com/", "has a user or password in it"),
        ("nonsense", "Write the whole address"),
        ("", "Write the whole address"),
    ] {
        let page = ada.opens("/organization/settings").form("Set up stream").fill("Address", url).press();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        assert!(page.says(words), "{url}: {}", page.text());
        assert_eq!(page.form("Set up stream").value("Address"), url, "what was typed stays");
    }
    assert_eq!(Snapshot::of(&world), before);
    for act in ["on", "off", "secret", "test", "remove"] {
        assert_eq!(
            ada.post(STREAM, &[("act", act)]).status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{act} without one"
        );
    }
    assert_eq!(Snapshot::of(&world), before);
}

fn the_secret_is_shown_once_and_lies_sealed(world: World) {
    let ada = world.administrator();
    let (page, secret) = set_up(&ada, "https://hooks.invalid/roster");
    assert!(page.says("not shown again") && secret.len() > 40);
    let page = ada.opens("/organization/settings");
    assert!(!page.body.contains(&secret));
    let sealed = texts(&world, "SELECT secret FROM audit_streams");
    let bare = secret.trim_start_matches("whsec_");
    assert!(sealed.len() == 1 && !sealed[0].contains(bare));
    assert!(!texts(&world, "SELECT details FROM audit_details").iter().any(|it| it.contains(bare)));
    let renewed = page.form("New secret").press();
    assert_ne!(renewed.form_value("Signing secret"), secret);
}

fn a_stream_is_turned_off_and_on_renewed_and_removed(world: World) {
    let ada = world.administrator();
    set_up(&ada, "https://hooks.invalid/roster");
    let settings = || ada.opens("/organization/settings");
    assert!(settings().form("Turn off").press().says("The audit stream is off."));
    let again = ada.post(STREAM, &[("act", "off")]);
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text());
    assert!(settings().form("Turn on").press().says("goes on where it stopped"));
    let same = settings().form("Save address").press();
    assert!(same.says("leads there already"), "{}", same.text());
    settings().form("Save address").fill("Address", "https://hooks.invalid/other").press();
    assert_eq!(texts(&world, "SELECT url FROM audit_streams"), ["https://hooks.invalid/other"]);
    assert!(settings().form("Remove").press().says("The audit stream is removed."));
    assert!(settings().has_button("Set up stream"));
    assert_eq!(crate::users::lines(&world, "iam.organization.write"), 5, "a line each");
}

fn leading_the_audit_elsewhere_needs_a_fresh_proof(world: World) {
    let ada = world.administrator();
    let page = ada.opens("/organization/settings");
    world.later(Duration::minutes(11));
    let answer = page.form("Set up stream").fill("Address", "https://hooks.invalid/kept").press_once();
    assert_eq!(answer.leads_to().expect("a proof").path(), "/account/prove");
    assert_eq!(texts(&world, "SELECT url FROM audit_streams"), [""; 0]);
    let kept = ada.opens(STREAM);
    assert_eq!(kept.form("Set up stream").value("Address"), "https://hooks.invalid/kept");
}
