//! Stopping.

use std::io::{Read, Write};
use std::net::TcpStream;

use diesel::prelude::*;
use reqwest::StatusCode;
use roster::db::schema::users;

use crate::ground::{Ground, on_both_grounds};
use crate::starting::set_up;
use crate::support::binary::Server;

on_both_grounds!(a_console_that_is_asked_to_end_finishes_what_is_under_way_and_says_so_first);

fn a_console_that_is_asked_to_end_finishes_what_is_under_way_and_says_so_first(ground: Ground) {
    let server = ground.serves();
    let ada = set_up(&server);
    // Half of a request: its end is awaited, so it is under way.
    let mut slow = connected(&server);
    let body = "theme=dark";
    write!(
        slow,
        "POST /account/theme HTTP/1.1\r\nHost: localhost\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
        ada.cookies(),
        body.len(),
        &body[..3],
    )
    .expect("a request");
    assert_eq!(ada.get("/readyz").status, StatusCode::OK);

    server.is_asked_to_end();
    // Whoever looks learns that it is about to go while it still answers.
    loop {
        let page = ada.get("/readyz");
        if page.status != StatusCode::OK {
            assert_eq!((page.status, page.body.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "stopping\n"));
            break;
        }
    }
    slow.write_all(&body.as_bytes()[3..]).expect("the rest of the request");
    let mut answer = String::new();
    slow.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let code = server.ends().code();
    assert_eq!(code, Some(0));
    let themes: Vec<String> = ground.asks(|conn| users::table.select(users::theme).load(conn));
    assert_eq!(themes, ["dark"], "what was under way was done");
}

fn connected(server: &Server) -> TcpStream {
    let port = server.base_url().port().expect("a port");
    TcpStream::connect(("127.0.0.1", port)).expect("a connection")
}

#[test]
fn a_console_that_is_interrupted_at_the_keyboard_ends_alike() {
    let server = Ground::on(crate::support::world::Database::Sqlite).serves();
    server.is_interrupted();
    assert_eq!(server.ends().code(), Some(0));
}
