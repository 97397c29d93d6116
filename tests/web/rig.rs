//! The rig itself: a test that leans on it should not fall over because of it.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use diesel::sql_types::Integer;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};
use lettre::message::Mailbox as Address;
use lettre::{Message, SmtpTransport, Transport};

use crate::support::mailbox::Mailbox;
use crate::support::postgres::Cluster;

fn send(mailbox: &Mailbox, to: &str) -> Result<(), lettre::transport::smtp::Error> {
    let to: Address = to.parse().expect("an address");
    let letter = Message::builder()
        .from("roster@example.com".parse().expect("an address"))
        .to(to)
        .subject("Käthe invites you")
        .body("Open http://localhost:1/invitations/abc\n.a line that begins with a dot\n".to_owned())
        .expect("a letter");
    SmtpTransport::from_url(&mailbox.url()).expect("an address").build().send(&letter).map(drop)
}

#[test]
fn the_mailbox_keeps_letters_as_their_reader_sees_them() {
    let mailbox = Mailbox::open();
    send(&mailbox, "Ada@example.com").expect("a letter that is accepted");
    let letter = mailbox.letter_to("ada@example.com");
    assert_eq!(letter.subject, "Käthe invites you");
    assert_eq!(letter.link("/invitations/"), "http://localhost:1/invitations/abc");
    assert!(letter.text.contains("\n.a line that begins with a dot"), "{}", letter.text);
    assert!(letter.header("Message-ID").is_none());
    assert_eq!(letter.header("To").as_deref(), Some("Ada@example.com"));
}

#[test]
fn the_mailbox_is_as_unfriendly_as_it_is_told() {
    let mailbox = Mailbox::open();
    mailbox.refuses("bob@example.com", "550 5.1.1 No such person here");
    let refusal = send(&mailbox, "bob@example.com").expect_err("a refusal");
    assert!(refusal.is_permanent() && format!("{refusal}").contains("550"), "{refusal}");

    mailbox.greylists();
    assert!(send(&mailbox, "ada@example.com").expect_err("a delay").is_transient());
    send(&mailbox, "ada@example.com").expect("a letter that is accepted");

    mailbox.forgets_to_answer(true);
    assert!(send(&mailbox, "ada@example.com").is_err());
    mailbox.letters_to("ada@example.com", 2);
    mailbox.forgets_to_answer(false);

    mailbox.closes();
    assert!(send(&mailbox, "ada@example.com").is_err());
    mailbox.opens();
    send(&mailbox, "ada@example.com").expect("a letter that is accepted");
    mailbox.letters_to("ada@example.com", 3);
}

#[test]
fn a_slow_mailbox_says_nothing_until_it_may() {
    let mailbox = Mailbox::open();
    mailbox.dawdles();
    let mut stream = TcpStream::connect(mailbox.url().trim_start_matches("smtp://")).expect("a connection");
    stream.write_all(b"NOOP\r\n").expect("a listener");
    mailbox.wait_for_visits(1);
    stream.set_nonblocking(true).expect("a socket");
    assert!(stream.peek(&mut [0]).is_err(), "no greeting yet");
    stream.set_nonblocking(false).expect("a socket");
    mailbox.hurries();
    let mut greeting = String::new();
    BufReader::new(stream).read_line(&mut greeting).expect("a greeting");
    assert!(greeting.starts_with("220 "), "{greeting}");
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Integer)]
    number: i32,
}

fn ask(url: &str, question: &str) -> i32 {
    let mut connection = PgConnection::establish(url).expect("a connection");
    sql_query(question).get_result::<Answer>(&mut connection).expect("an answer").number
}

#[test]
fn databases_come_from_a_template_and_go_with_their_value() {
    let cluster = Cluster::shared();
    let first = cluster.empty_database();
    let mut connection = PgConnection::establish(&first.url()).expect("a connection");
    sql_query("CREATE TABLE t AS SELECT 7 AS number").execute(&mut connection).expect("a table");
    drop(connection);
    let template = first.into_template();
    let copy = cluster.database(&template);
    assert_eq!(ask(&copy.url(), "SELECT number FROM t"), 7);
    let url = copy.url();
    drop(copy);
    assert!(PgConnection::establish(&url).is_err(), "the database is gone");
}

#[test]
fn a_cluster_of_ones_own_keeps_what_was_committed_while_it_was_away() {
    let cluster = Cluster::start();
    cluster.execute("CREATE TABLE t AS SELECT 7 AS number");
    cluster.stop();
    assert!(PgConnection::establish(&cluster.url("postgres")).is_err(), "the server is away");
    cluster.resume();
    assert_eq!(ask(&cluster.url("postgres"), "SELECT number FROM t"), 7);
}
