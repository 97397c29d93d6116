//! What an organization settles for everyone in it: who may change it, who is named before, and from when it holds.

use chrono::Duration;
use reqwest::StatusCode;

use crate::snapshot::{Snapshot, texts};
use crate::support::on_both;
use crate::support::page::Page;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::world::World;

on_both!(
    a_new_name_stands_everywhere,
    whoever_may_only_read_sees_the_settings_and_cannot_change_them,
    requiring_a_second_factor_names_who_has_none_and_holds_after_the_grace_period,
    a_second_factor_can_be_made_optional_again,
    a_shorter_limit_names_whose_sessions_end_and_holds_on_the_next_request,
    a_session_that_is_over_does_not_come_back_with_a_longer_limit,
    only_people_at_allowed_domains_are_invited,
    pending_invitations_to_other_domains_are_named_and_stay,
    invitations_live_as_long_as_the_organization_says,
    the_second_of_two_administrators_is_told_of_the_first,
    what_decides_who_gets_in_needs_a_fresh_proof,
    what_is_out_of_bounds_is_refused_with_its_words_and_nothing_is_lost,
    a_summary_alone_changes_nothing,
    a_section_is_swapped_alone,
    each_change_is_one_line_with_before_and_after,
);

const SETTINGS: &str = "/organization/settings";

/// Presses Review, reads the summary, and presses Save.
fn review(
    page: &Page,
    fill: impl Fn(crate::support::form::Form) -> crate::support::form::Form,
    what: &str,
) -> Page {
    let page = fill(page.form(&format!("Review {what}"))).press();
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    page
}

fn save(page: &Page, what: &str) -> Page {
    let page = page.form(&format!("Save {what}")).press();
    assert_eq!((page.status, page.url.path()), (StatusCode::OK, SETTINGS), "{}", page.text());
    assert!(page.toast().is_some_and(|toast| toast.contains("Saved")), "{}", page.text());
    page
}

fn allow(ada: &Person, domains: &str) -> Page {
    save(&review(&ada.opens(SETTINGS), |form| form.fill("Domains", domains), "domains"), "domains")
}

fn limit(ada: &Person, idle: &str, overall: &str) -> Page {
    let fill = |form: crate::support::form::Form| {
        form.choose("End a session without use after", idle)
            .choose("End a session in any case after", overall)
    };
    review(&ada.opens(SETTINGS), fill, "session limits")
}

fn enters(world: &World, email: &str) -> Person {
    let person = world.visitor();
    person.signs_in(email, PASSWORD);
    person
}

fn a_new_name_stands_everywhere(world: World) {
    let ada = world.administrator();
    let page = ada.opens(SETTINGS).form("Save name").fill("Name", "  Difference\u{202e} Engines ").press();
    assert_eq!(
        page.toast().as_deref().map(|it| it.starts_with("Saved. Name: Difference Engines.")),
        Some(true)
    );
    assert!(page.says("What holds for everyone in Difference Engines"), "{}", page.text());
    ada.invites("bob@example.com", &[]);
    assert!(world.mailbox.letter_to("bob@example.com").text.contains("Difference Engines"));
    for name in ["", " \u{200b}", &"x".repeat(101)] {
        let page = ada.opens(SETTINGS).form("Save name").fill("Name", name).press();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.error_for("Name").is_some(), "{}", page.text());
    }
}

fn whoever_may_only_read_sees_the_settings_and_cannot_change_them(world: World) {
    let ada = world.administrator();
    let rita = world.member(&ada, "rita@example.com", "Rita Reader", &["read"]);
    let moe = world.member(&ada, "moe@example.com", "Moe Member", &[]);
    let page = rita.opens(SETTINGS);
    for words in ["Not required", "End after 12 hours", "End after 7 days", "Domains All", "Open for 7 days"]
    {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    let forms = ada.opens(SETTINGS);
    let before = Snapshot::of(&world);
    for button in [
        "Save name",
        "Review second factor",
        "Review session limits",
        "Review domains",
        "Save invitation life",
    ] {
        assert!(!page.has_button(button), "{button}");
        for person in [&rita, &moe] {
            let answer = forms.form(button).forge("agreed", "1").by(person).press_once();
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{button}");
        }
    }
    assert_eq!(moe.opens(SETTINGS).status, StatusCode::FORBIDDEN);
    assert_eq!(Snapshot::of(&world), before);
}

fn requiring_a_second_factor_names_who_has_none_and_holds_after_the_grace_period(world: World) {
    let ada = world.administrator();
    world.member(&ada, "bob@example.com", "Bob Babbage", &[]);
    let fill = |form: crate::support::form::Form| {
        form.check("Require a second factor").fill("Grace period in days", "3")
    };
    let page = review(&ada.opens(SETTINGS), fill, "second factor");
    for words in
        ["2 people have no second factor yet", "Ada Lovelace", "Bob Babbage", "You are one of them", "26 Nov"]
    {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    let page = save(&page, "second factor");
    assert!(page.says("Required from 26 Nov 2026, 09:00 UTC on"), "{}", page.text());
    assert!(page.form("Review second factor").is_checked("Require a second factor"));
    let row =
        "SELECT CAST(second_factor_from AS TEXT) FROM organization_settings WHERE second_factor_required";
    assert!(texts(&world, row)[0].starts_with("2026-11-26 09:00:00"), "{:?}", texts(&world, row));
    assert!(enters(&world, "bob@example.com").is_signed_in(), "in the grace period as before");
}

fn a_second_factor_can_be_made_optional_again(world: World) {
    let ada = world.administrator();
    let require = |form: crate::support::form::Form| form.check("Require a second factor");
    save(&review(&ada.opens(SETTINGS), require, "second factor"), "second factor");
    let page = review(&ada.opens(SETTINGS), |form| form.uncheck("Require a second factor"), "second factor");
    assert!(page.says("no longer asks everybody"), "{}", page.text());
    assert!(save(&page, "second factor").says("Not required"));
}

fn a_shorter_limit_names_whose_sessions_end_and_holds_on_the_next_request(world: World) {
    let ada = world.administrator();
    let bob = world.member(&ada, "bob@example.com", "Bob Babbage", &[]);
    let carol = world.member(&ada, "carol@example.com", "Carol Herschel", &[]);
    world.later(Duration::minutes(40));
    assert!(carol.is_signed_in());
    let ada = enters(&world, ADMINISTRATOR);
    let page = limit(&ada, "30 minutes", "7 days");
    assert!(page.says("2 sessions end at once, of: Ada Lovelace Bob Babbage"), "{}", page.text());
    assert!(!page.says("Carol") && !page.says("Yours is one of them"), "{}", page.text());
    let idle = bob.opens("/account/settings").has_button("Sign out");
    assert!(idle, "a summary ends nothing");

    world.later(Duration::minutes(31));
    let ada = enters(&world, ADMINISTRATOR);
    let page = limit(&ada, "30 minutes", "7 days");
    assert!(page.says("Bob Babbage") && page.says("Carol Herschel"), "{}", page.text());
    save(&page, "session limits");
    assert!(!bob.is_signed_in() && !carol.is_signed_in(), "on the very next request");
    assert!(ada.is_signed_in());
    world.later(Duration::minutes(31));
    assert!(!ada.is_signed_in(), "and from then on");

    let ada = enters(&world, ADMINISTRATOR);
    save(&limit(&ada, "30 minutes", "1 hour"), "session limits");
    for _ in 0..3 {
        assert!(ada.is_signed_in());
        world.later(Duration::minutes(21));
    }
    assert!(!ada.is_signed_in(), "however busy");
}

fn a_session_that_is_over_does_not_come_back_with_a_longer_limit(world: World) {
    let ada = world.administrator();
    let bob = world.member(&ada, "bob@example.com", "Bob Babbage", &[]);
    world.later(Duration::hours(13));
    let ada = enters(&world, ADMINISTRATOR);
    let page = limit(&ada, "3 days", "7 days");
    assert!(page.says("No session ends now"), "{}", page.text());
    save(&page, "session limits");
    assert!(!bob.is_signed_in());
}

fn only_people_at_allowed_domains_are_invited(world: World) {
    let ada = world.administrator();
    ada.invites("bop@example.com", &[]);
    let page = allow(&ada, "Example.com\n@BÜCHER.example");
    assert!(page.toast().is_some_and(|toast| toast.contains("example.com, bücher.example")));
    assert_eq!(
        texts(&world, "SELECT invitation_domains FROM organization_settings"),
        ["example.com,xn--bcher-kva.example"]
    );
    for (email, is_allowed) in [
        ("one@example.com", true),
        ("two@xn--bcher-kva.example", true),
        ("three@bu\u{308}cher.example", true),
        ("four@sub.example.com", false),
        ("five@evil-example.com", false),
        ("six@other.example", false),
    ] {
        let page = ada.post("/organization/users/invite", &[("email", email)]);
        assert_eq!(page.status.is_redirection(), is_allowed, "{email}: {}", page.text());
    }
    let path = crate::cast::acts_of_invitation(&world, "bop@example.com") + "/address";
    let correct = |email| ada.post(&path, &[("generation", "1"), ("email", email)]).status;
    assert_eq!(correct("bob@other.example"), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(correct("bob@bücher.example").is_redirection());
    allow(&ada, " ");
    assert!(
        ada.post("/organization/users/invite", &[("email", "six@other.example")]).status.is_redirection()
    );
}

fn pending_invitations_to_other_domains_are_named_and_stay(world: World) {
    let ada = world.administrator();
    for email in ["bob@example.com", "carol@other.example", "dora@xn--bcher-kva.example"] {
        ada.invites(email, &[]);
    }
    let page =
        review(&ada.opens(SETTINGS), |form| form.fill("Domains", "example.com, bücher.example"), "domains");
    assert!(page.says("1 pending invitation is for another domain: carol@other.example"), "{}", page.text());
    assert!(!page.says("bob@") && !page.says("dora@"), "{}", page.text());
    save(&page, "domains");
    world.accepts(&world.invitation_link("carol@other.example"), "Carol Herschel", PASSWORD);
}

fn invitations_live_as_long_as_the_organization_says(world: World) {
    let ada = world.administrator();
    ada.invites("bob@example.com", &[]);
    let page =
        ada.opens(SETTINGS).form("Save invitation life").fill("Days an invitation stays open", "2").press();
    assert!(page.toast().is_some_and(|toast| toast.contains("Open for 2 days")), "{}", page.text());
    ada.invites("carol@example.com", &[]);
    let (bob, carol) = (world.invitation_link("bob@example.com"), world.invitation_link("carol@example.com"));
    world.later(Duration::days(3));
    assert!(!world.visitor().opens(&carol).has_button("Accept invitation"));
    assert!(world.visitor().opens(&bob).has_button("Accept invitation"), "the older one keeps its day");
}

fn the_second_of_two_administrators_is_told_of_the_first(world: World) {
    let ada = world.administrator();
    let grace = world.member(&ada, "grace@example.com", "Grace Hopper", &["admin"]);
    let (mine, theirs) = (ada.opens(SETTINGS), grace.opens(SETTINGS));
    let page = mine.form("Save invitation life").fill("Days an invitation stays open", "3").press();
    assert!(page.toast().is_some());
    let page = theirs.form("Save name").fill("Name", "Difference Engines").press();
    assert!(page.toast().is_some(), "another thing is no conflict: {}", page.text());

    let page = theirs.form("Save invitation life").fill("Days an invitation stays open", "5").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("changed meanwhile") && page.says("Open for 3 days"), "{}", page.text());
    assert_eq!(
        page.form("Save invitation life").value("Days an invitation stays open"),
        "5",
        "what was typed stays"
    );
    assert_eq!(texts(&world, "SELECT CAST(invitation_days AS TEXT) FROM organization_settings"), ["3"]);
    let page = page.form("Save invitation life").press();
    assert!(page.says("Open for 5 days"), "{}", page.text());

    // Between the summary and the button, too.
    let summary = review(&ada.opens(SETTINGS), |form| form.fill("Domains", "example.com"), "domains");
    allow(&grace, "example.org");
    let page = summary.form("Save domains").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("Domains: example.org"), "{}", page.text());
    assert_eq!(page.form("Review domains").value("Domains"), "example.com");
}

fn what_decides_who_gets_in_needs_a_fresh_proof(world: World) {
    let ada = world.administrator();
    let page = ada.opens(SETTINGS);
    world.later(Duration::minutes(11));
    let before = Snapshot::of(&world);
    for (button, section) in [
        ("Review second factor", "second-factor"),
        ("Review session limits", "sessions"),
        ("Review domains", "domains"),
        ("Save invitation life", "invitations"),
    ] {
        let answer = page.form(button).forge("agreed", "1").press_once();
        let to = answer.leads_to().unwrap_or_else(|| panic!("{button}: {}", answer.text()));
        assert_eq!(to.path(), "/account/prove", "{button}");
        let back = format!("/organization/settings/{section}");
        assert_eq!(to.query_pairs().next().map(|(_, value)| value.into_owned()), Some(back));
    }
    let answer = page.form("Review domains").fill("Domains", "kept.example").press_once();
    assert!(answer.leads_to().is_some());
    let kept = ada.opens("/organization/settings/domains");
    assert_eq!(kept.form("Review domains").value("Domains"), "kept.example", "nothing typed is lost");
    assert_eq!(Snapshot::of(&world), before);
    let renamed = page.form("Save name").fill("Name", "Difference Engines").press();
    assert!(renamed.toast().is_some(), "a name decides nothing: {}", renamed.text());
}

fn what_is_out_of_bounds_is_refused_with_its_words_and_nothing_is_lost(world: World) {
    let ada = world.administrator();
    let seen = |section: &str| {
        let page = ada.opens(&format!("{SETTINGS}/{section}"));
        let input = page.whole().all("main input[name=seen]").next();
        input.and_then(|it| it.attr("value").map(str::to_owned)).expect("what was seen")
    };
    let before = Snapshot::of(&world);
    type Wrong<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);
    let wrong: [Wrong<'_>; 11] = [
        ("second-factor", &[("required", "on"), ("grace", "91")], "from 0 to 90"),
        ("second-factor", &[("required", "on"), ("grace", "-1")], "from 0 to 90"),
        ("second-factor", &[("required", "on"), ("grace", "soon")], "from 0 to 90"),
        ("sessions", &[("idle", "1"), ("overall", "10080")], "Choose one of the lengths"),
        ("sessions", &[("idle", "720"), ("overall", "999999999999")], "Choose one of the lengths"),
        ("sessions", &[("idle", "4320"), ("overall", "60")], "not above the one for any case"),
        ("domains", &[("domains", "example.com, a_b.example")], "“a_b.example” is not a domain"),
        ("domains", &[("domains", "100%.example")], "“100%.example” is not a domain"),
        ("invitations", &[("invitation_days", "0")], "from 1 to 30"),
        ("invitations", &[("invitation_days", "31")], "from 1 to 30"),
        ("invitations", &[("invitation_days", "")], "from 1 to 30"),
    ];
    for (section, fields, words) in wrong {
        let seen = seen(section);
        let fields: Vec<_> =
            fields.iter().copied().chain([("agreed", "1"), ("seen", seen.as_str())]).collect();
        let page = ada.post(&format!("{SETTINGS}/{section}"), &fields);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{section} {fields:?}");
        assert!(page.says(words), "{section} {fields:?}: {}", page.text());
        let typed = fields[0].1;
        assert!(typed.is_empty() || typed == "on" || page.body.contains(typed), "{typed}: {}", page.body);
    }
    assert_eq!(Snapshot::of(&world), before);
}

fn a_summary_alone_changes_nothing(world: World) {
    let ada = world.administrator();
    let before = Snapshot::of(&world);
    review(&ada.opens(SETTINGS), |form| form.check("Require a second factor"), "second factor");
    limit(&ada, "15 minutes", "1 hour");
    review(&ada.opens(SETTINGS), |form| form.fill("Domains", "example.com"), "domains");
    assert_eq!(Snapshot::of(&world), before);
    let page = ada.opens(SETTINGS).form("Review domains").press();
    assert!(page.toast().is_some_and(|toast| toast.contains("like that already")), "{}", page.text());
}

fn a_section_is_swapped_alone(world: World) {
    let ada = world.administrator();
    let htmx = ada.by_htmx("section#organization-domains");
    let page = ada.opens(SETTINGS);
    let answer = page.form("Review domains").fill("Domains", "a_b").by(&htmx).press_once();
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.trim_start().starts_with("<section id=\"organization-domains\""), "{}", answer.body);
    let answer = page.form("Review domains").fill("Domains", "example.com").by(&htmx).press_once();
    assert!(
        answer.body.trim_start().starts_with("<section") && answer.has_button("Save domains"),
        "{}",
        answer.body
    );
    for section in ["name", "second-factor", "sessions", "domains", "invitations"] {
        let page = ada.opens(&format!("{SETTINGS}/{section}"));
        assert_eq!((page.status, page.heading()), (StatusCode::OK, "Organization".to_owned()));
        assert_eq!(page.follow("All settings").url.path(), SETTINGS);
    }
}

fn each_change_is_one_line_with_before_and_after(world: World) {
    let ada = world.administrator();
    let count = texts(&world, "SELECT action FROM audit_lines").len();
    ada.opens(SETTINGS).form("Save invitation life").fill("Days an invitation stays open", "2").press();
    save(&limit(&ada, "15 minutes", "1 day"), "session limits");
    let lines = texts(&world, "SELECT action FROM audit_lines ORDER BY sequence");
    assert_eq!(lines[count..], ["iam.organization.write"; 2]);
    let details = texts(&world, "SELECT details FROM audit_details ORDER BY sequence");
    for (line, parts) in [
        (&details[count], ["\"before\":{\"invitation_days\":7}", "\"after\":{\"invitation_days\":2}"]),
        (&details[count + 1], ["\"idle_minutes\":720", "\"idle_minutes\":15"]),
    ] {
        assert!(parts.iter().all(|part| line.contains(part)), "{line}");
    }
}
