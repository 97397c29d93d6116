//! A session that ends while somebody fills in a form: they sign in, and what they typed is there.

use chrono::Duration;
use reqwest::{Method, StatusCode};

use crate::cast::{Cast, Kind, acts_of_invitation, another_organization};
use crate::routes;
use crate::snapshot::{Snapshot, texts};
use crate::support::form::Form;
use crate::support::on_both;
use crate::support::page::Page;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::world::World;

on_both!(
    what_was_typed_is_there_again_after_signing_in,
    it_does_not_matter_how_the_session_ended,
    a_wrong_password_and_a_choice_in_between_lose_nothing,
    the_dialog_leads_to_sign_in_and_back_to_its_page,
    a_corrected_address_is_kept,
    an_act_on_a_row_leads_back_to_the_list_it_was_done_in,
    every_form_has_a_page_to_come_back_to,
    nobody_else_finds_it,
    a_secret_is_never_kept,
    too_much_is_not_kept,
);

const TYPED: &str = "Bob <bob@example.com>,\r\nnobody at all, \u{202e}<b>eve@example.com</b> \0 🦊";
const MESSAGE: &str = "Dear all,\r\n\r\n  we start on Monday 🦊 \"quoted\" <i>& more</i>";

fn filled_in(ada: &Person) -> Form {
    let form = ada.opens("/organization/users/invite").form("Send invitation");
    form.fill("Email", TYPED).fill("Message", MESSAGE).check("read").check("metrics")
}

fn signs_in(page: &Page) -> Page {
    assert_eq!(page.heading(), "Sign in", "{}", page.text());
    page.form("Sign in").fill("Email", ADMINISTRATOR).fill("Password", PASSWORD).press()
}

fn is_there_again(page: &Page) {
    assert_eq!(
        (page.status, page.url.path()),
        (StatusCode::OK, "/organization/users/invite"),
        "{}",
        page.text()
    );
    assert!(page.says("nothing was sent yet"), "{}", page.text());
    let form = page.form("Send invitation");
    let lines = |text: &str| text.replace("\r\n", "\n").replace('\0', "");
    assert_eq!(lines(form.value("Email")), lines(TYPED));
    assert_eq!(lines(form.value("Message")), lines(MESSAGE));
    let checked = ["admin", "write", "read", "metrics", "billing_viewer"].map(|group| form.is_checked(group));
    assert_eq!(checked, [false, false, true, true, false]);
}

fn what_was_typed_is_there_again_after_signing_in(world: World) {
    let ada = world.administrator();
    let form = filled_in(&ada);
    world.later(Duration::hours(13));
    let before = texts(&world, "SELECT id FROM users");
    let page = form.press();
    assert!(page.says("to go on where you were"), "the way says what waits behind it: {}", page.text());
    assert_eq!(texts(&world, "SELECT id FROM users"), before, "nothing was sent");
    let page = signs_in(&page);
    is_there_again(&page);

    let sent = page.form("Send invitation").fill("Email", "bob@example.com").press();
    assert_eq!(sent.url.path(), "/organization/users");
    assert!(sent.has_row("bob@example.com"), "{}", sent.text());
    let form = ada.opens("/organization/users/invite").form("Send invitation");
    assert_eq!((form.value("Email"), form.value("Message")), ("", ""), "it comes back once");
}

fn it_does_not_matter_how_the_session_ended(world: World) {
    let cast = Cast::assemble(&world);
    let ends: [&dyn Fn(&Person); 4] = [
        &|_| world.later(Duration::hours(13)),
        &|ada| drop(ada.clone().post("/sign-out", &[])),
        &|_| {
            let gone = |tx: &mut roster::db::Tx<'_>| {
                let gone = diesel::sql_query("DELETE FROM sessions");
                Ok::<_, roster::db::Fault>(diesel::RunQueryDsl::execute(gone, tx.conn()).map(drop)?)
            };
            world.db().write_now(None, gone).expect("a change");
        },
        &|_| {
            let raised = |tx: &mut roster::db::Tx<'_>| {
                let raised = diesel::sql_query("UPDATE users SET session_epoch = session_epoch + 1");
                Ok::<_, roster::db::Fault>(diesel::RunQueryDsl::execute(raised, tx.conn()).map(drop)?)
            };
            world.db().write_now(None, raised).expect("a change");
        },
    ];
    for end in ends {
        let ada = cast.enters(Kind::Administrator);
        let form = filled_in(&ada);
        end(&ada);
        is_there_again(&signs_in(&form.press()));
    }
}

fn a_wrong_password_and_a_choice_in_between_lose_nothing(world: World) {
    let ada = world.administrator();
    another_organization(&world, "Second", ADMINISTRATOR, PASSWORD);
    let form = filled_in(&ada);
    world.later(Duration::hours(13));
    let page = form.press();
    let page = page.form("Sign in").fill("Email", ADMINISTRATOR).fill("Password", "a wrong password").press();
    let page = signs_in(&page);
    assert_eq!(page.url.path(), "/sign-in/organization");
    is_there_again(&page.form("Analytical Engines").press());
}

fn the_dialog_leads_to_sign_in_and_back_to_its_page(world: World) {
    let ada = world.administrator();
    let form = filled_in(&ada);
    world.later(Duration::hours(13));
    let here = world.base_url().join("/organization/users?q=b").expect("an address");
    let htmx = ada.by_htmx("div#dialog").with("hx-current-url", here.as_str());
    let answer = form.by(&htmx).press_once();
    let to = answer.headers.get("hx-redirect").expect("a way to sign in").to_str().expect("text");
    is_there_again(&signs_in(&ada.opens(to)));
}

fn a_corrected_address_is_kept(world: World) {
    let ada = world.administrator();
    ada.invites("bop@example.com", &[]);
    let path = acts_of_invitation(&world, "bop@example.com") + "/address";
    let page = ada.opens(&path);
    let button = page.whole().all("main form button[type=submit], dialog form button[type=submit]").last();
    let words = button.map(crate::support::page::text_of).expect("a button");
    let form = page.form(&words).fill("Email", "bob@example.com");
    world.later(Duration::hours(13));
    let page = signs_in(&form.press());
    assert_eq!(page.url.path(), path);
    let form = page.form(&words);
    assert_eq!(form.value("Email"), "bob@example.com");
    assert!(form.press().has_row("bob@example.com"));
}

fn an_act_on_a_row_leads_back_to_the_list_it_was_done_in(world: World) {
    let ada = world.administrator();
    ada.invites("bob@example.com", &[]);
    for act in ["Resend", "Revoke"] {
        let list = ada.opens("/organization/users?q=bob");
        let button = list
            .row("bob@example.com")
            .all("button")
            .map(crate::support::page::text_of)
            .find(|it| it.starts_with(act));
        let form = list.row("bob@example.com").form(&button.expect("a button"));
        world.later(Duration::hours(13));
        let before = texts(&world, "SELECT state || generation FROM invitations");
        let page = signs_in(&form.press());
        assert_eq!(
            (page.status, page.url.path(), page.url.query()),
            (StatusCode::OK, "/organization/users", Some("q=bob"))
        );
        assert!(page.has_row("bob@example.com"), "{}", page.text());
        assert_eq!(
            texts(&world, "SELECT state || generation FROM invitations"),
            before,
            "{act} was not done unasked"
        );
    }
}

fn every_form_has_a_page_to_come_back_to(world: World) {
    let cast = Cast::assemble(&world);
    for route in routes::all(&world)
        .iter()
        .filter(|route| route.pattern.starts_with("/organization") && !route.is_safe())
    {
        let (ada, asked) = (cast.enters(Kind::Administrator), cast.request_to(route));
        world.later(Duration::hours(13));
        let before = Snapshot::of(&world);
        let home = ada.base().join("/organization/users").expect("an address");
        let page = cast.sends(&ada.coming_from(&home), route, &asked).followed();
        assert_eq!(Snapshot::of(&world), before, "{route} did something");
        let page = signs_in(&Page { reader: ada, ..page });
        assert_eq!(page.status, StatusCode::OK, "{route} leads to {}: {}", page.url, page.text());
        cast.refresh();
    }
}

fn nobody_else_finds_it(world: World) {
    let ada = world.administrator();
    world.member(&ada, "bob@example.com", "Bob Builder", &["admin"]);
    let form = filled_in(&ada);
    world.later(Duration::hours(13));
    let page = form.press();
    let page = page.form("Sign in").fill("Email", "bob@example.com").fill("Password", PASSWORD).press();
    assert_eq!(page.url.path(), "/organization/users/invite");
    let form = page.form("Send invitation");
    assert_eq!((form.value("Email"), form.value("Message")), ("", ""), "it is not Bob's");
    assert!(!page.body.contains("Monday"), "{}", page.body);
}

fn a_secret_is_never_kept(world: World) {
    let ada = world.administrator();
    world.later(Duration::hours(13));
    let secrets =
        ["password", "current_password", "new-password", "code", "recovery_code", "token", "secret"];
    let fields = secrets.map(|name| (name, "hunter2 hunter2"));
    let fields: Vec<_> = fields.into_iter().chain([("email", "bob@example.com")]).collect();
    ada.post("/organization/users/invite", &fields);
    let rows = texts(&world, "SELECT state FROM sessions");
    assert!(rows.iter().any(|row| row.contains("bob@example.com")), "{rows:?}");
    assert!(rows.iter().all(|row| !row.contains("hunter2")), "{rows:?}");
}

fn too_much_is_not_kept(world: World) {
    let ada = world.administrator();
    world.later(Duration::hours(13));
    let page = ada.post("/organization/users/invite", &[("message", &"x".repeat(200_000))]).followed();
    assert!(texts(&world, "SELECT state FROM sessions").iter().all(|state| state.len() < 1_000));
    assert_eq!(signs_in(&page).url.path(), "/organization/users/invite");
    // Whoever has no account can fill the table only with what is swept away.
    let stranger = world.visitor();
    stranger.post("/organization/users/invite", &[("email", "x")]);
    let request = stranger.request(Method::GET, "/sign-in");
    assert_eq!(stranger.send(request, world.base_url()).status, StatusCode::OK);
    let lives = "SELECT id FROM sessions WHERE stage = 'anonymous' AND expires_at > '2026-11-24 03:00:00'";
    assert!(texts(&world, lives).is_empty(), "four hours");
}
