//! The browser part of the rig, on a page of its own.

use std::io::{Read, Write};
use std::net::TcpListener;

use url::Url;

use crate::support::browser::{Browser, Script, Theme, Window};

const PAGE: &str = "<!doctype html><html lang=en><meta name=viewport content='width=device-width'><title>Rig</title>\
    <style>html { color-scheme: light dark }</style>\
    <main><h1>Ada's \"page\"</h1><form action='/sent'><label for=a>Email</label> <input id=a name=a value=old>\
    <label><input type=checkbox name=b value=1> read <small>may read</small></label>\
    <label for=c>Theme</label> <select id=c name=c><option value=l>Light<option value=d>Dark</select>\
    <button>Send</button></form>\
    <table><caption>People</caption><tbody><tr><td>Ada<td><a href='/ada'>Open</a><tr><td>Bob<td><a href='/bob'>Open</a></table>\
    <p hidden>Not to be seen</p><noscript><p>No script here</p></noscript><p id=later></p></main>";

/// Serves the same page for every address, under the console's strictest policy.
fn serve() -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://localhost:{}", listener.local_addr().expect("an address").port());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let _ = stream.read(&mut [0; 8192]);
                let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\
                    Content-Security-Policy: default-src 'self'; style-src 'unsafe-inline'";
                let _ = stream
                    .write_all(format!("{head}\r\nContent-Length: {}\r\n\r\n{PAGE}", PAGE.len()).as_bytes());
            });
        }
    });
    Url::parse(&base).expect("an address")
}

#[test]
fn a_page_is_used_by_its_words_with_and_without_script() {
    for script in [Script::On, Script::Off] {
        let browser = Browser::open_as(&serve(), Window::Desktop, script, Theme::Light);
        browser.visit("/");
        browser.heading("Ada's \"page\"").is_there();
        browser.text("Not to be seen").is_gone();
        if script == Script::Off {
            browser.sees("No script here");
        }
        browser.field("Email").fill("ada@example.com");
        browser.field("read").check();
        browser.field("Theme").choose("Dark");
        browser.button("Send").press().arrives_at("/sent");
        assert_eq!(browser.path(), "/sent?a=ada%40example.com&b=1&c=d");
        browser.row("Bob").link("Open").press().arrives_at("/bob");
        assert_eq!(browser.field("Email").value(), "old");
    }
}

#[test]
fn the_keyboard_goes_from_field_to_button() {
    let browser = Browser::open(&serve());
    browser.visit("/").tabs_to("Email").types("ada").tabs_to("Send");
    assert_eq!(browser.focus(), ("button".to_owned(), "Send".to_owned()));
}

#[test]
fn a_phone_is_narrow_and_a_dark_system_is_dark() {
    let browser = Browser::open_as(&serve(), Window::Phone, Script::On, Theme::Dark);
    browser.visit("/");
    assert_eq!(browser.run("return innerWidth"), 390);
    assert_eq!(browser.run("return matchMedia('(prefers-color-scheme: dark)').matches"), true);
    browser.prefers(Theme::Light);
    assert_eq!(browser.run("return matchMedia('(prefers-color-scheme: dark)').matches"), false);
}

#[test]
fn axe_core_runs_under_a_policy_that_forbids_scripts_and_finds_what_is_wrong() {
    let browser = Browser::open(&serve());
    browser.visit("/").axe();
    browser.run("document.querySelector('label[for=a]').remove()");
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| browser.axe()));
    let words = outcome.expect_err("a finding").downcast::<String>().expect("words");
    assert!(words.contains("label"), "{words}");
}
