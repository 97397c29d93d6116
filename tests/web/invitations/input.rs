//! Whatever is typed: a clear answer next to its field, and nothing lost.

use reqwest::StatusCode;

use super::{INVITE, ask, invite, lines, people, row};
use crate::support::on_both;
use crate::support::world::World;

on_both!(
    what_is_no_address_is_told_at_the_field_and_kept,
    five_hundred_and_one_addresses_are_refused_with_the_bound,
    the_same_address_in_other_letters_is_one_person,
    international_addresses_are_invited_as_they_are_written,
    names_are_text_everywhere,
    an_over_long_message_is_refused_and_kept,
    an_unknown_group_is_refused_at_the_groups,
    a_letter_takes_no_lines_from_names_or_messages,
    an_empty_form_asks_for_an_address,
);

fn what_is_no_address_is_told_at_the_field_and_kept(world: World) {
    let ada = world.administrator();
    for typed in
        ["nonsense", "a@b@example.com", "@example.com", "a@", "a..b@example.com", "a\u{202E}b@example.com"]
    {
        let form = ada.opens(INVITE).form("Send invitation").fill("Email", typed).check("write");
        let page = form.fill("Message", "Hello").press_once();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        let told = page.error_for("Email").unwrap();
        assert!(
            told.contains("is not an e-mail address") && told.contains("name@example.com"),
            "{typed}: {told}"
        );
        let form = page.form("Send invitation");
        assert_eq!((form.value("Email"), form.value("Message")), (typed, "Hello"));
        assert!(form.is_checked("write") && page.title().starts_with("Error: "));
    }
    let page = invite(&ada, "nonsense, more nonsense", &[]);
    assert!(page.error_for("Email").unwrap().contains("None of these is an e-mail address"));
    assert_eq!(people(&world, "invited"), (0, 0));
}

fn five_hundred_and_one_addresses_are_refused_with_the_bound(world: World) {
    let ada = world.administrator();
    let list = (0..501).map(|n| format!("p{n}@example.com")).collect::<Vec<_>>().join(", ");
    for button in ["Send invitation", "Preview"] {
        let page = ada.opens(INVITE).form(button).fill("Email", &list).press_once();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let told = page.error_for("Email").unwrap();
        assert!(told.contains("up to 500 people at once") && told.contains("501"), "{told}");
        assert_eq!(page.form("Preview").value("Email"), list);
    }
}

fn the_same_address_in_other_letters_is_one_person(world: World) {
    let ada = world.administrator();
    let page = invite(&ada, "Grace@Example.com grace@example.com", &[]);
    assert!(page.row("grace@example.com").says("Duplicate"), "{}", page.text());
    page.form("Send invitations").press_once();
    assert_eq!(people(&world, "invited"), (1, 1));
    let page = invite(&ada, "GRACE@EXAMPLE.COM", &[]);
    assert!(page.error_for("Email").unwrap().contains("invited already"));
    let page = invite(&ada, "ADA@example.com", &[]);
    assert!(page.error_for("Email").unwrap().contains("is a member already"));
}

fn international_addresses_are_invited_as_they_are_written(world: World) {
    let ada = world.administrator();
    assert_eq!(invite(&ada, "zoë@bücher.example", &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(row(&world, "zoë@bücher.example").state, "pending");
    let page = invite(&ada, "ZOË@xn--bcher-kva.example", &[]);
    assert!(page.error_for("Email").unwrap().contains("invited already"), "{}", page.text());
    assert_eq!(invite(&ada, "grace@xn--bcher-kva.example", &[]).status, StatusCode::SEE_OTHER);
    let letter = world.mailbox.letter_to("grace@xn--bcher-kva.example");
    assert!(letter.text.contains("Sent to grace@bücher.example"), "{}", letter.text);
}

fn names_are_text_everywhere(world: World) {
    let ada = world.administrator();
    let name = "<script>alert(1)</script> \u{202E}evil\u{0}";
    invite(&ada, &format!("\"{name}\" <grace@example.com>"), &[]);
    let page = world.visitor().opens(&world.invitation_link("grace@example.com"));
    assert_eq!(page.form("Accept invitation").value("Your name"), "<script>alert(1)</script> evil");
    assert!(!page.body.contains("<script>alert"));
    let page = invite(&ada, "\"<b>B</b>\" <b@example.com>, c@example.com", &[]);
    assert!(!page.body.contains("<b>B</b>") && page.row("b@example.com").says("<b>B</b>"), "{}", page.text());
    let page = invite(&ada, &format!("{} <long@example.com>", "x".repeat(101)), &[]);
    assert!(page.error_for("Email").unwrap().contains("longer than 100 characters"));
}

fn an_over_long_message_is_refused_and_kept(world: World) {
    let ada = world.administrator();
    let form = ada.opens(INVITE).form("Send invitation").fill("Email", "grace@example.com");
    let long = "é".repeat(1_001);
    let page = form.clone().fill("Message", &long).press_once();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.error_for("Message").unwrap().contains("at most 1,000 characters"));
    assert_eq!(page.form("Send invitation").value("Message"), long);
    assert_eq!(form.fill("Message", "é".repeat(1_000)).press_once().status, StatusCode::SEE_OTHER);
}

fn an_unknown_group_is_refused_at_the_groups(world: World) {
    let ada = world.administrator();
    let unknown = roster::base::ids::GroupId::new().to_string();
    for group in [unknown.as_str(), "admin", ""] {
        let form = ada.opens(INVITE).form("Send invitation").fill("Email", "grace@example.com");
        let page = form.forge("group", group).press_once();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{group}");
        assert!(page.part("groups").says("does not exist any more"), "{}", page.text());
        assert_eq!(page.form("Send invitation").value("Email"), "grace@example.com");
    }
    assert_eq!((people(&world, "invited"), lines(&world, "iam.users.invite")), ((0, 0), 0));
}

fn a_letter_takes_no_lines_from_names_or_messages(world: World) {
    let ada = world.administrator();
    let form = ada.opens(INVITE).form("Send invitation");
    let form = form.fill("Email", "\"Grace Bcc: eve@example.com\" <grace@example.com>");
    form.fill("Message", "Hello\r\nBcc: eve@example.com\r\n\r\n.\r\nQUIT\u{202E}").press_once();
    let letter = world.mailbox.letter_to("grace@example.com");
    assert_eq!(letter.recipients, ["grace@example.com"]);
    assert_eq!(letter.header("Bcc"), None);
    assert!(letter.text.contains("QUIT") && !letter.text.contains('\u{202E}'), "{}", letter.text);
    let kept: String = ask(&world, |conn| {
        use diesel::prelude::*;
        use roster::db::schema::invitations;
        invitations::table.select(invitations::message).first(conn)
    });
    assert_eq!(kept, "Hello\nBcc: eve@example.com\n\n.\nQUIT");
    let raw = ada
        .post(INVITE, &[("email", "\"Grace\r\nBcc: eve@example.com\" <eve@example.com>"), ("step", "send")]);
    assert!(raw.status.is_success() || raw.status == StatusCode::UNPROCESSABLE_ENTITY, "{}", raw.status);
    assert_eq!(people(&world, "invited"), (1, 1));
}

fn an_empty_form_asks_for_an_address(world: World) {
    let ada = world.administrator();
    for typed in ["", " ,;\n "] {
        let page = invite(&ada, typed, &[]);
        assert!(page.error_for("Email").unwrap().contains("Enter the address"), "{typed:?}");
    }
}
