//! Starting.

use reqwest::StatusCode;

use crate::ground::{Ground, KEY, on_both_grounds, told};
use crate::support::at_once;
use crate::support::binary::Server;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::ports::free_port;

on_both_grounds!(
    the_setup_link_is_printed_at_each_start_and_only_the_newest_opens,
    another_secret_key_is_refused,
    a_mistake_in_the_roles_file_stops_the_start_with_its_line_and_the_reason,
    a_file_of_authorities_that_holds_none_stops_the_start_and_is_named,
    two_processes_that_start_at_once_both_come_up,
    no_token_or_password_is_ever_logged,
    the_secret_key_is_changed_without_signing_anybody_out,
    what_the_console_is_doing_can_be_read_as_figures,
);

/// Sets up the organization; whoever does it is signed in.
pub fn set_up(server: &Server) -> Person {
    let ada = server.visitor();
    let form = ada.opens(&server.setup_link()).form("Create organization");
    let form = form.fill("Organization name", "Analytical Engines").fill("Your name", "Ada Lovelace");
    let page = form.fill("Email", ADMINISTRATOR).fill("Password", PASSWORD).press();
    assert!(ada.is_signed_in(), "{}", page.text());
    ada
}

fn the_setup_link_is_printed_at_each_start_and_only_the_newest_opens(ground: Ground) {
    let first = ground.serves();
    let older = first.setup_link();
    let printed = |server: &Server| server.printed().iter().filter(|it| it.contains("/setup?token=")).count();
    assert_eq!(printed(&first), 1);
    drop(first);

    let second = ground.serves();
    let (newer, token) = (second.setup_link(), older.split_once("token=").expect("a token").1);
    assert_ne!(newer, older);
    let page = second.visitor().get(&format!("/setup?token={token}"));
    assert_eq!(page.status, StatusCode::GONE, "{}", page.text());
    set_up(&second);
    drop(second);

    let third = ground.serves();
    set_up_is_over(&third);
    assert_eq!(printed(&third), 0, "{:#?}", third.printed());
}

fn set_up_is_over(server: &Server) {
    let page = server.visitor().signs_in(ADMINISTRATOR, PASSWORD);
    assert!(page.reader.is_signed_in(), "{}", page.text());
}

fn another_secret_key_is_refused(ground: Ground) {
    drop(ground.serves());
    let ground = ground.with_key("another key for tests, and just as long");
    let output = ground.run(&["serve"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("not the one this database was made with"), "{}", told(&output));
}

fn a_mistake_in_the_roles_file_stops_the_start_with_its_line_and_the_reason(ground: Ground) {
    let file = ground.folder.join("roles.toml");
    let starts = |written: &str| {
        std::fs::write(&file, written).expect("a file");
        let mut command = ground.command(&[("roles_file", &file.to_string_lossy())]);
        let output = command.output().expect("a process that ends");
        assert_eq!(output.status.code(), Some(1), "{}", told(&output));
        told(&output)
    };
    let service = "[[services]]\nid = 'games'\nname = 'Games'\nactions = ['games.play']\n\n";
    let role =
        |actions: &str| format!("{service}[[roles]]\nid = 'host'\nname = 'Host'\nactions = {actions}\n");
    for (written, line, reason) in [
        (role("['games.host']"), 9, "names the action \"games.host\", which no service has"),
        (role("['games.play'"), 9, "unclosed array"),
        (
            format!("{service}[[roles]]\nid = 'iam_admin'\nname = 'Mine'\nactions = ['games.play']\n"),
            7,
            "twice",
        ),
    ] {
        let words = starts(&written);
        let place = format!("the roles file {}, line {line}: ", file.display());
        assert!(words.contains(&place) && words.contains(reason), "{words}");
    }
    std::fs::remove_file(&file).expect("no file");
    let output = ground.command(&[("roles_file", &file.to_string_lossy())]).output().expect("a process");
    assert!(told(&output).contains("cannot be read"), "{}", told(&output));
}

fn a_file_of_authorities_that_holds_none_stops_the_start_and_is_named(ground: Ground) {
    let file = ground.folder.join("authorities.pem");
    let starts = || {
        let output = ground.command(&[("ca_file", &file.to_string_lossy())]).output().expect("a process");
        assert_eq!(output.status.code(), Some(1), "{}", told(&output));
        told(&output)
    };
    assert!(starts().contains(&format!("the file {} cannot be read", file.display())));
    std::fs::write(&file, "authorities").expect("a file");
    let words = starts();
    assert!(
        words.contains(&format!("the file of authorities {}: no certificate", file.display())),
        "{words}"
    );
}

fn two_processes_that_start_at_once_both_come_up(ground: Ground) {
    let servers = at_once(2, |_| ground.serves());
    for server in &servers {
        assert_eq!(server.visitor().get("/readyz").status, StatusCode::OK);
    }
    // Either of them made its link last; that one opens.
    let opens = |server: &&Server| server.visitor().get(&server.setup_link()).status == StatusCode::OK;
    assert_eq!(servers.iter().filter(opens).count(), 1);
}

fn no_token_or_password_is_ever_logged(ground: Ground) {
    let server = ground.serves_with(&[("log", "debug"), ("log_format", "json")]);
    let mut secrets = vec![PASSWORD.to_owned(), server.setup_link()];
    let ada = set_up(&server);
    ada.invites("bob@example.com", &[]);
    let letter = ground.mailbox.letter_to("bob@example.com");
    let link = letter.link("/invitations/");
    let bob = server.visitor();
    let form = bob.opens(&link).form("Accept invitation").fill("Your name", "Bob");
    assert!(form.fill("Password", PASSWORD).press().status.is_success());
    server.visitor().signs_in("bob@example.com", "a wrong password of Bob's");
    secrets.extend(["a wrong password of Bob's".to_owned(), link]);
    secrets.extend([&ada, &bob].map(|person| person.cookies()));
    for secret in secrets {
        let bare = secret.rsplit(['/', '=']).next().expect("a secret").to_owned();
        assert!(bare.len() > 15, "{secret}");
        let lines = server.logged();
        let leaks: Vec<_> = lines.iter().filter(|line| line.contains(&bare)).collect();
        assert!(leaks.is_empty() && !lines.is_empty(), "{bare} is in {leaks:#?}");
    }
}

fn what_the_console_is_doing_can_be_read_as_figures(ground: Ground) {
    ground.mailbox.closes();
    let server = ground.serves();
    let ada = set_up(&server);
    ada.invites("bob@example.com", &[]);
    let figures = server.visitor().get("/metrics").body;
    for line in [
        "roster_outbox_letters{status=\"waiting\"} 1",
        "roster_outbox_letters{status=\"failed\"} 0",
        "roster_password_hashes_waiting 0",
        "roster_password_hashes_refused_total 0",
        "roster_database_connections{state=\"idle\"} ",
        "roster_http_requests_total{method=\"POST\",route=\"/setup\",status=\"3xx\"} 1",
    ] {
        assert!(figures.contains(line), "{line} is not in\n{figures}");
    }
    assert!(!figures.contains("token"), "{figures}");
}

fn the_secret_key_is_changed_without_signing_anybody_out(ground: Ground) {
    const NEXT: &str = "another key for tests, and just as long";
    let port = free_port();
    let server = ground.serves_at(port, &[]);
    let ada = set_up(&server);
    ada.invites("bob@example.com", &[]);
    let link = ground.mailbox.letter_to("bob@example.com").link("/invitations/");
    drop(server);

    let ground = ground.with_key(NEXT);
    let server = ground.serves_at(port, &[("secret_key_previous", KEY)]);
    assert!(ada.is_signed_in());
    assert_eq!(server.visitor().get(&link).status, StatusCode::OK, "open invitations keep working");
    ada.invites("grace@example.com", &[]);
    let newer = ground.mailbox.letter_to("grace@example.com").link("/invitations/");
    drop(server);

    let server = ground.serves_at(port, &[]);
    assert!(ada.is_signed_in());
    assert_eq!(server.visitor().get(&newer).status, StatusCode::OK);
    assert_eq!(server.visitor().get(&link).status, StatusCode::NOT_FOUND, "made with the key that is gone");
    ground.audit_is_whole();
}
