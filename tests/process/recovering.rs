//! `roster recover`: an administrator who is locked out gets in again.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use reqwest::StatusCode;
use roster::base::clock::{Clock, SystemClock};
use roster::db::Fault;
use roster::db::schema::{audit_details, organization_settings, password_resets, recovery_codes};

use crate::ground::{Ground, on_both_grounds, told};
use crate::starting::set_up;
use crate::support::authenticator::Authenticator;
use crate::support::binary::Server;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;

on_both_grounds!(
    an_administrator_gets_in_again_by_a_link_from_the_operator,
    whoever_cannot_be_recovered_is_told_why,
    an_administrator_of_several_organizations_gets_a_link_for_each,
    an_administrator_who_lost_their_second_factor_gets_in_again,
);

const NEW_PASSWORD: &str = "eleven amber kites over Lisbon";

fn joins(ground: &Ground, server: &Server, admin: &Person, email: &str, groups: &[&str]) -> Person {
    admin.invites(email, groups);
    let link = ground.mailbox.letter_to(email).link("/invitations/");
    let person = server.visitor();
    let form = person.opens(&link).form("Accept invitation").fill("Your name", "Bob Babbage");
    assert!(form.fill("Password", PASSWORD).press().status.is_success());
    person
}

fn an_administrator_gets_in_again_by_a_link_from_the_operator(ground: Ground) {
    let server = ground.serves();
    let ada = set_up(&server);
    joins(&ground, &server, &ada, "bob@example.com", &["admin"]);
    let recover = |email: &str| {
        let port = server.base_url().port().expect("a port").to_string();
        let url = format!("http://localhost:{port}");
        ground.done(&["--public-url", &url, "recover", "--email", email]).trim().to_owned()
    };
    let older = recover(ADMINISTRATOR);
    let link = recover(" ADA@example.com");
    assert!(link.starts_with("http://localhost:") && link.contains("/password/reset/"), "{link}");
    assert_eq!(server.visitor().get(&older).status, StatusCode::GONE, "the newest is the one that works");
    assert!(ada.is_signed_in(), "making a link ends nothing");
    let guest = server.visitor();
    let page = guest.opens(&link).form("Save password").fill("New password", NEW_PASSWORD).press();
    assert_eq!(page.heading(), "Sign in", "{}", page.text());
    assert!(!ada.is_signed_in());
    assert!(guest.signs_in(ADMINISTRATOR, NEW_PASSWORD).reader.is_signed_in());
    assert_eq!(ground.audit_lines("account.recovery_link"), 2);
    for (email, subject) in [
        (ADMINISTRATOR, "A way into your account was made"),
        ("bob@example.com", "A way in was made for Ada Lovelace"),
    ] {
        ground.mailbox.wait_for(email, |letter| letter.subject.contains(subject));
    }
    ground.audit_is_whole();
}

fn whoever_cannot_be_recovered_is_told_why(ground: Ground) {
    let server = ground.serves();
    let ada = set_up(&server);
    joins(&ground, &server, &ada, "bob@example.com", &["write"]);
    joins(&ground, &server, &ada, "carol@example.com", &["admin"]);
    ada.users().row("carol@example.com").follow("Deactivate").form("Deactivate Bob Babbage").press();
    ada.invites("grace@example.com", &["admin"]);
    for (email, why) in [
        ("nobody@example.com", "nobody has the address nobody@example.com"),
        ("bob@example.com", "does not hold IAM Admin"),
        ("carol@example.com", "is deactivated"),
        ("grace@example.com", "has not accepted the invitation"),
    ] {
        let said = ground.refused(&["recover", "--email", email]);
        assert!(said.contains(why), "{email}: {said}");
    }
    let said = ground.refused(&["recover", "--email", ADMINISTRATOR, "--organization", "nowhere"]);
    assert!(said.contains("no account in an organization with the Org ID nowhere"), "{said}");
    assert!(ground.refused(&["recover", "--email", "nonsense"]).contains("error"));
    assert_eq!(ground.audit_lines("account.recovery_link"), 0);
}

fn an_administrator_of_several_organizations_gets_a_link_for_each(ground: Ground) {
    let server = ground.serves();
    set_up(&server);
    let setup = ground.done(&["setup-link"]);
    let token = setup.trim().rsplit("token=").next().expect("a token").to_owned();
    let form = server.visitor().opens(&format!("/setup?token={token}")).form("Create organization");
    let form = form.fill("Organization name", "Second").fill("Your name", "Ada Lovelace");
    assert!(form.fill("Email", ADMINISTRATOR).fill("Password", PASSWORD).press().status.is_success());

    let said = ground.done(&["recover", "--email", ADMINISTRATOR]);
    let lines: Vec<_> = said.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("Analytical Engines ("), "{said}");
    assert!(lines[1].starts_with("Second ("), "{said}");
    let code = lines[1].split(['(', ')']).nth(1).expect("an Org ID");
    let said = ground.done(&["recover", "--email", ADMINISTRATOR, "--organization", code]);
    assert!(said.starts_with("http") && said.lines().count() == 1, "{said}");
    assert_eq!(ground.audit_lines("account.recovery_link"), 3);
}

/// Switches two-factor authentication on in the settings.
fn has_an_app(person: &Person) {
    let page = person.opens("/account/two-factor/enable").form("Continue").fill("Password", PASSWORD).press();
    let key = page.whole().control("Key, for typing").attr("value").expect("a key").to_owned();
    let page = page.form("Verify").fill("Code", Authenticator::typed(&key).code(SystemClock.now())).press();
    assert_eq!(page.heading(), "Two-factor authentication is on", "{}", page.text());
}

fn an_administrator_who_lost_their_second_factor_gets_in_again(ground: Ground) {
    let server = ground.serves();
    let ada = set_up(&server);
    joins(&ground, &server, &ada, "bob@example.com", &["admin"]);
    let url = format!("http://localhost:{}", server.base_url().port().expect("a port"));
    let recover = |more: &[&str]| {
        let output =
            ground.run(&[&["--public-url", &url, "recover", "--email", ADMINISTRATOR], more].concat());
        assert!(output.status.success(), "{}", told(&output));
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        (text(output.stdout).trim().to_owned(), text(output.stderr))
    };
    assert!(recover(&[]).1.contains("There is no second factor to ask for"));
    has_an_app(&ada);
    let (link, said) = recover(&[]);
    assert!(said.contains("make a link with --second-factor instead"), "{said}");
    assert!(!server.visitor().opens(&link).says("Your second factor goes"));

    let (link, said) = recover(&["--second-factor"]);
    assert!(said.contains("Using it also takes away the second factor"), "{said}");
    let page = server.visitor().signs_in(ADMINISTRATOR, PASSWORD);
    assert_eq!(page.heading(), "Second step", "nothing is gone before the link is used");
    let page = server.visitor().opens(&link);
    assert!(page.says("Your second factor goes with the old password"), "{}", page.text());
    page.form("Save password").fill("New password", NEW_PASSWORD).press();
    assert!(server.visitor().signs_in(ADMINISTRATOR, NEW_PASSWORD).reader.is_signed_in());
    let left = ground.asks(|conn| recovery_codes::table.count().get_result::<i64>(conn));
    assert_eq!(left, 0, "recovery codes go with the app");
    for (email, subject, words) in [
        (ADMINISTRATOR, "A way into your account was made", "also takes your second factor away"),
        ("bob@example.com", "A way in was made for Ada Lovelace", "also takes their second factor away"),
        (ADMINISTRATOR, "Your second factor was reset", "The operator took your second factor away"),
        ("bob@example.com", "The second factor of Ada Lovelace was reset", "The operator took away"),
    ] {
        ground.mailbox.wait_for(email, |it| it.subject.contains(subject) && it.text.contains(words));
    }
    assert_eq!(ground.audit_lines("account.password_reset"), 1);
    let details: Vec<String> =
        ground.asks(|conn| audit_details::table.select(audit_details::details).load(conn));
    let told = |words: &str| details.iter().filter(|details| details.contains(words)).count();
    assert_eq!(
        (told(r#""lifts_second_factor":true"#), told(r#""second_factor":"app""#)),
        (1, 1),
        "{details:?}"
    );
    ground.audit_is_whole();

    let require = |tx: &mut roster::db::Tx<'_>| {
        let required = organization_settings::second_factor_required.eq(true);
        Ok::<_, Fault>(diesel::update(organization_settings::table).set(required).execute(tx.conn())?)
    };
    ground.database().write_now(None, require).expect("a change");
    let page = server.visitor().signs_in(ADMINISTRATOR, NEW_PASSWORD);
    assert_eq!(page.heading(), "Set up a second factor", "what the organization requires still holds");
    let lifting = ground.asks(|conn| {
        let lifting = password_resets::table.filter(password_resets::lifts_factor.eq(true));
        lifting.count().get_result::<i64>(conn)
    });
    assert_eq!(lifting, 1);
}
