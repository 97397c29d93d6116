//! Text that means harm, in every place that takes text: it is stored as what can be seen of it, or refused with words,
//! and shown as text.

use reqwest::StatusCode;

use crate::cast::{Cast, acts_of_invitation, setup_link};
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::page::Page;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::world::World;

on_both!(
    no_text_in_any_field_breaks_anything,
    a_name_is_shown_as_it_can_be_seen_wherever_it_is_shown,
    a_name_stays_in_its_place_in_letters,
    a_message_is_text_in_letters_and_on_the_page,
    no_query_of_the_list_breaks_anything,
    what_a_browser_says_of_itself_is_only_text,
);

/// A form as somebody sends it: who, where to, the fields.
type Typed<'a> = (&'a Person, String, Vec<(&'a str, &'a str)>);

/// What may be typed, pasted or sent by a program.
fn nasty() -> Vec<String> {
    let long = "x".repeat(10_000);
    let marks = format!("z{}", "\u{301}".repeat(2_000));
    [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'; DROP TABLE users; --",
        "{{7*7}}${7*7}",
        "Ada\u{202e}ecalevoL",
        "\u{200f}\u{202b}אדה\u{2067}",
        "Ada\0Lovelace",
        "\0",
        "\u{feff}\u{200b}\u{2060}",
        "🦊🏳️‍🌈 𝔄𝔡𝔞",
        "Ada\r\nBcc: eve@evil.example\r\n\r\nhello",
        "=HYPERLINK(\"https://evil.example\")",
        "@SUM(1+1)|cmd",
        "%00%0d%0a%ff",
        "\u{fffd}\u{ffff}\u{10ffff}",
        "../../etc/passwd",
        &long,
        &marks,
    ]
    .map(str::to_owned)
    .into()
}

/// An answer that is neither a failure of ours nor carries what was typed as anything but text.
fn is_harmless(page: &Page, typed: &str, at: &str) {
    let shown: String = typed.chars().take(60).collect();
    assert!(page.status.as_u16() < 500, "{at} {shown:?}: {} {}", page.status, page.text());
    for harm in ["<script>alert", "<img src=x", "onerror=alert(1)>"] {
        assert!(!page.body.contains(harm), "{at} {shown:?}: {}", page.body);
    }
    let set = page.headers.iter().any(|(name, value)| name == "bcc" || value.as_bytes().contains(&b'\n'));
    assert!(!set, "{at} {shown:?}: {:?}", page.headers);
}

fn no_text_in_any_field_breaks_anything(world: World) {
    let cast = Cast::assemble(&world);
    let ada = &cast.administrator;
    let guest = cast.a_guest();
    let (invitation, acts) = (cast.link_to(&guest), acts_of_invitation(&world, &guest.email));
    let setup = setup_link(&world);
    let me = cast.user(ADMINISTRATOR);
    let stranger = world.visitor();
    for text in nasty() {
        let text = text.as_str();
        let person = format!("/organization/users/{me}");
        let forms: Vec<Typed<'_>> = vec![
            (&stranger, "/sign-in".into(), vec![("email", text), ("password", text), ("return_to", text)]),
            (&stranger, "/sign-in/organization".into(), vec![("account", text)]),
            (&stranger, "/account/theme".into(), vec![("theme", text), ("return_to", text)]),
            (&stranger, "/invitations/send-again".into(), vec![("email", text)]),
            (&stranger, invitation.clone(), vec![("name", text), ("password", "short")]),
            (&stranger, invitation.clone(), vec![("name", ""), ("password", text)]),
            (
                &stranger,
                setup.clone(),
                vec![("organization", text), ("name", text), ("email", text), ("password", text)],
            ),
            (
                ada,
                "/organization/users/invite".into(),
                vec![("email", text), ("message", text), ("group", text), ("step", text)],
            ),
            (ada, "/organization/users/invite".into(), vec![("email", text), ("step", "preview")]),
            (ada, format!("{acts}/address"), vec![("email", text), ("generation", text)]),
            (ada, format!("{acts}/resend"), vec![("generation", text), ("return_to", text)]),
            (ada, format!("{acts}/undo"), vec![("generation", text)]),
            (ada, format!("{person}/groups"), vec![("group", text), ("version", text)]),
            (
                ada,
                "/organization/users/selected".into(),
                vec![("act", text), ("user", text), ("agreed", text), ("return_to", text)],
            ),
            (
                ada,
                "/organization/users/selected".into(),
                vec![("act", "revoke"), ("user", text), ("all", text), ("return_to", text)],
            ),
            (&stranger, "/organization/users/invite".into(), vec![(text, text)]),
        ];
        for (sender, path, fields) in forms {
            is_harmless(&sender.post(&path, &fields), text, &path);
        }
        // Guesses of one address are slowed; that is asked about elsewhere.
        world.clock.advance(chrono::Duration::hours(2));
        cast.refresh();
    }
    assert_eq!(
        texts(&world, "SELECT name FROM organizations").len(),
        2,
        "none of these made an organization"
    );
}

/// Names as they are typed, and as they are shown.
const NAMES: [(&str, &str); 7] = [
    ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("Ada\u{202e} \0 Lovelace\u{200b}", "Ada Lovelace"),
    ("  Zoë \r\n  Bcc: eve@evil.example ", "Zoë Bcc: eve@evil.example"),
    ("🦊 \u{1d504}\u{1d521}\u{1d51e}", "🦊 \u{1d504}\u{1d521}\u{1d51e}"),
    ("=HYPERLINK(\"https://evil.example\")", "=HYPERLINK(\"https://evil.example\")"),
    ("\"Eve\" <eve@evil.example>, x", "\"Eve\" <eve@evil.example>, x"),
    ("אדה {{7*7}} &amp; &lt;", "אדה {{7*7}} &amp; &lt;"),
];

fn a_name_is_shown_as_it_can_be_seen_wherever_it_is_shown(world: World) {
    let ada = world.administrator();
    for (nth, (typed, shown)) in NAMES.into_iter().enumerate() {
        let email = format!("guest-{nth}@example.com");
        ada.invites(&email, &["read"]);
        let acts = acts_of_invitation(&world, &email);
        let person = world.accepts(&ada.get(&format!("{acts}/link")).link_in_field(), typed, PASSWORD);
        let id = texts(&world, &format!("SELECT id FROM users WHERE email = '{email}'")).remove(0);
        let pages = [
            ada.get("/organization/users?sort=name"),
            ada.get(&format!("/organization/users/{id}")),
            ada.get(&format!("/organization/users/{id}/deactivate")),
            person.get("/account/settings"),
            person.get("/organization/users"),
        ];
        for page in pages {
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.says(shown), "{shown:?} on {}: {}", page.url, page.text());
            assert!(!page.body.contains("<script>alert"), "{}", page.body);
            assert!(!page.body.contains(['\u{202e}', '\u{200b}', '\0']), "{}", page.body);
        }
        let csv = ada.get("/organization/users.csv").body;
        assert!(
            !csv.contains(",=HYPERLINK") && !csv.contains("\"=HYPERLINK") && !csv.contains("\n=HYPERLINK"),
            "{csv}"
        );
    }
    for typed in ["\u{200b}\u{202e}", "\0", " \r\n ", &"x".repeat(101)] {
        ada.invites("nobody@example.com", &[]);
        let link =
            ada.get(&format!("{}/link", acts_of_invitation(&world, "nobody@example.com"))).link_in_field();
        let form = world.visitor().opens(&link).form("Accept invitation");
        let page = form.fill("Your name", typed).fill("Password", PASSWORD).press();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.error_for("Your name").is_some(), "{}", page.text());
        let acts = acts_of_invitation(&world, "nobody@example.com");
        ada.post(&format!("{acts}/revoke"), &[("generation", "1")]);
        let forget = |tx: &mut roster::db::Tx<'_>| {
            let forget = diesel::sql_query("DELETE FROM invitations WHERE email = 'nobody@example.com'");
            Ok::<_, roster::db::Fault>(diesel::RunQueryDsl::execute(forget, tx.conn()).map(drop)?)
        };
        world.db().write_now(None, forget).expect("a change");
    }
}

impl Page {
    /// The link that the page offers to copy.
    fn link_in_field(&self) -> String {
        let field = self.whole().all("input[readonly]").next();
        field
            .unwrap_or_else(|| panic!("a link to copy: {}", self.body))
            .attr("value")
            .expect("a value")
            .to_owned()
    }
}

fn a_name_stays_in_its_place_in_letters(world: World) {
    for (nth, (typed, shown)) in NAMES.into_iter().enumerate() {
        let person = world.visitor();
        let (admin, guest) = (format!("admin-{nth}@example.com"), format!("guest-{nth}@example.com"));
        let fields = [("organization", typed), ("name", typed), ("email", &admin), ("password", PASSWORD)];
        let answer = person.post(&setup_link(&world), &fields);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{typed:?}: {}", answer.text());
        let page = answer.followed();
        assert!(page.says(&format!("{shown} is ready")), "{typed:?}: {}", page.text());
        assert!(!page.body.contains(['\u{202e}', '\u{200b}', '\0']), "{}", page.body);

        let invited = format!(
            "{}, {guest}",
            if nth == 0 { "\"Bob <script>alert(1)</script>\" <bob@example.com>" } else { "" }
        );
        person.post("/organization/users/invite", &[("email", &invited), ("step", "confirmed")]);
        let letter = world.mailbox.letter_to(&guest);
        assert_eq!(letter.recipients, [guest.as_str()], "{typed:?}");
        assert!(letter.header("Bcc").is_none(), "{}", letter.raw);
        assert!(letter.subject.contains(shown), "{:?} has not {shown:?}", letter.subject);
        assert!(letter.text.contains(shown), "{}", letter.text);
        assert!(!letter.html.contains("<script>alert"), "{}", letter.html);
        assert!(!letter.text.contains(['\u{202e}', '\u{200b}', '\0']), "{}", letter.text);
    }
}

fn a_message_is_text_in_letters_and_on_the_page(world: World) {
    let ada = world.administrator();
    let message = "<b>Hello</b>\r\n<script>alert(1)</script> \u{202e}\0 🦊\r\n.\r\nhttps://evil.example";
    ada.post("/organization/users/invite", &[("email", "bob@example.com"), ("message", message)]);
    let letter = world.mailbox.letter_to("bob@example.com");
    let text = letter.text.replace("\r\n", "\n");
    assert!(
        text.contains("> <b>Hello</b>\n> <script>alert(1)</script>") && text.contains("🦊\n> .\n"),
        "{}",
        letter.text
    );
    assert!(!letter.html.contains("<script>alert") && !letter.html.contains("<b>Hello"), "{}", letter.html);
    assert!(
        letter.html.contains("&#60;b&#62;Hello") || letter.html.contains("&lt;b&gt;Hello"),
        "{}",
        letter.html
    );
    let page = world.visitor().opens(&letter.link("/invitations/"));
    assert!(page.says("<b>Hello</b>") && page.says("<script>alert(1)</script>"), "{}", page.text());
    assert!(!page.body.contains("<script>alert") && !page.body.contains('\u{202e}'), "{}", page.body);
}

fn no_query_of_the_list_breaks_anything(world: World) {
    let cast = Cast::assemble(&world);
    let ada = &cast.administrator;
    let names =
        ["q", "status", "group", "second_factor", "inactive", "sort", "after", "before", "return_to", ""];
    for text in nasty() {
        let text: String = text.chars().take(300).collect();
        let encoded = roster::web::url::encoded(&text);
        for name in names {
            for path in ["/organization/users", "/organization/users.csv", "/sign-in"] {
                let page = ada.get(&format!("{path}?{name}={encoded}"));
                is_harmless(&page, &text, &format!("{path}?{name}"));
                assert!(
                    page.status == StatusCode::OK || path == "/sign-in",
                    "{path}?{name}: {}",
                    page.status
                );
            }
        }
    }
    for query in ["%", "%%", "_", "\"", "*", "(", "^", "a AND", "NEAR(", "-a", "\\", "%_%", "col:a"] {
        let page = ada.get(&format!("/organization/users?q={}", roster::web::url::encoded(query)));
        assert_eq!(page.status, StatusCode::OK, "{query}");
        assert!(!page.has_row("Moe Member"), "{query} is looked for as it is: {}", page.text());
    }
    assert!(ada.get("/organization/users?q=moe").has_row("Moe Member"));
    for query in ["?q=%FF%FE", "?q=%", "?q", "?&&==", "?q=a&q=b", "?after=%00", "?sort=%FF"] {
        assert_eq!(ada.get(&format!("/organization/users{query}")).status, StatusCode::OK, "{query}");
    }
}

fn what_a_browser_says_of_itself_is_only_text(world: World) {
    world.administrator();
    let agents: [&[u8]; 4] =
        [b"<script>alert(1)</script>", &[b'x'; 10_000], b"\xff\xfe\x80", "🦊 fox".as_bytes()];
    for agent in agents {
        let person = world.visitor();
        let header = reqwest::header::HeaderValue::from_bytes(agent).expect("a header");
        let request = person.request(reqwest::Method::POST, "/sign-in").header("user-agent", header);
        let form = request.form(&[("email", ADMINISTRATOR), ("password", PASSWORD)]);
        let page = person.send(form, world.base_url());
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
        assert!(person.is_signed_in());
    }
    let kept = texts(&world, "SELECT agent FROM sessions");
    assert!(kept.iter().all(|agent| agent.chars().count() <= 300), "{kept:?}");
}
