//! What keeps strangers out of a browser's session: who may cause a request, what a request may look like, and what every
//! answer says to the browser.

use std::io::{Read, Write};
use std::net::TcpStream;

use reqwest::{Method, StatusCode};
use roster::db::Fault;

use crate::cast::{Cast, Kind};
use crate::routes;
use crate::snapshot::Snapshot;
use crate::support::on_both;
use crate::support::page::Page;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::world::{Database, World};

on_both!(
    no_other_site_can_change_anything,
    every_answer_has_the_headers_that_protect_the_browser,
    a_route_takes_no_other_methods_than_its_own,
    what_is_no_form_is_refused,
    too_much_is_refused,
    a_failure_of_ours_tells_nothing_but_its_number,
    htmx_is_told_of_problems_by_a_toast,
    htmx_that_is_signed_out_goes_to_sign_in_and_back,
    nobody_is_led_to_another_site,
    a_path_may_be_spelt_as_one_likes_and_still_needs_a_session,
    an_unknown_path_is_not_found,
    links_in_letters_do_not_come_from_the_request,
    a_cookie_that_makes_no_sense_is_nobodys,
);

/// A page by this request, whatever it is.
fn ask(person: &Person, method: Method, path: &str, headers: &[(&str, &str)]) -> Page {
    let request = person.bare_request(method, path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    person.send(request, person.base().join(path).expect("an address"))
}

const OURS: (&str, &str) = ("sec-fetch-site", "same-origin");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn no_other_site_can_change_anything(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.enters(Kind::Administrator);
    let host = world.base_url().origin().ascii_serialization();
    let elsewhere: [&[(&str, &str)]; 8] = [
        &[],
        &[("origin", "null")],
        &[("origin", "https://evil.example")],
        &[("origin", "")],
        &[("sec-fetch-site", "cross-site"), ("origin", &host)],
        &[("sec-fetch-site", "same-site"), ("origin", &host)],
        &[("sec-fetch-site", "none"), ("origin", &host)],
        &[("referer", &host)],
    ];
    for route in
        routes::all(&world).iter().filter(|route| !route.is_safe() && !route.is_api() && !route.is_scim())
    {
        let asked = cast.request_to(route);
        let before = Snapshot::of(&world);
        for from in elsewhere {
            let request = ada.bare_request(route.method(), &asked.path).form(&asked.fields);
            let request = from.iter().fold(request, |request, (name, value)| request.header(*name, *value));
            let page = ada.send(request, world.base_url());
            match route.is_for_providers_pages() {
                // What counts there is verified by itself; the browser's cookies are neither looked at nor set.
                true => assert!(page.headers.get("set-cookie").is_none(), "{route} from {from:?}"),
                false => {
                    assert_eq!(page.status, StatusCode::FORBIDDEN, "{route} from {from:?}: {}", page.text());
                }
            }
        }
        assert_eq!(Snapshot::of(&world), before, "{route} changed something");
    }
    assert!(ada.is_signed_in());
}

fn every_answer_has_the_headers_that_protect_the_browser(world: World) {
    let ada = world.administrator();
    let long = "x".repeat(20_000);
    let answers = [
        ask(&ada, Method::GET, "/organization/users", &[]),
        ask(&ada, Method::GET, "/sign-in", &[]),
        ask(&ada, Method::GET, "/nothing/here", &[]),
        ask(&ada, Method::DELETE, "/sign-in", &[OURS, FORM]),
        ask(&ada, Method::POST, "/sign-in", &[]),
        ask(&ada, Method::POST, "/sign-in", &[OURS, ("content-type", "application/json")]),
        ask(&ada, Method::GET, "/sign-in", &[("x-long", &long)]),
        ask(&ada, Method::GET, "/healthz", &[]),
        ask(&ada, Method::GET, "/readyz", &[]),
        ask(&ada, Method::GET, "/metrics", &[]),
        ask(&ada, Method::GET, "/static/0/nothing", &[]),
        ask(&ada, Method::GET, &roster::web::assets::url("console.css"), &[]),
        ada.post("/sign-in", &[("email", &"x".repeat(300_000))]),
    ];
    let statuses: Vec<_> = answers.iter().map(|page| page.status.as_u16()).collect();
    assert_eq!(statuses, [200, 303, 404, 405, 403, 415, 431, 200, 200, 200, 404, 200, 413]);
    for page in &answers {
        let header =
            |name: &str| page.headers.get(name).map(|value| value.to_str().expect("text").to_owned());
        let at = format!("{} {}", page.status, page.url);
        assert_eq!(
            header("content-security-policy").as_deref(),
            Some(
                "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; \
                 form-action 'self'"
            ),
            "{at}"
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(header(name).as_deref(), Some(value), "{name} of {at}");
        }
        assert_eq!(header("x-request-id").map(|id| id.len()), Some(26), "{at}");
        assert_eq!(header("strict-transport-security"), None, "not over http: {at}");
        let is_asset = page.url.path().starts_with("/static/") && page.status.is_success();
        assert_eq!(header("cache-control").as_deref() == Some("no-store"), !is_asset, "{at}");
        assert!(header("server").is_none() && header("x-powered-by").is_none(), "{at}");
    }
}

#[test]
fn over_https_browsers_are_told_to_stay_with_it() {
    let world = World::with(Database::Sqlite, &[("public_url", "https://roster.example")]);
    for path in ["/sign-in", "/nothing", "/healthz", "/static/0/nothing"] {
        let page = world.visitor().get(path);
        let told = page.headers.get("strict-transport-security").and_then(|value| value.to_str().ok());
        assert_eq!(told, Some("max-age=63072000; includeSubDomains"), "{path}");
    }
}

fn a_route_takes_no_other_methods_than_its_own(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.enters(Kind::Administrator);
    let routes = routes::all(&world);
    for route in &routes {
        let path = cast.request_to(route).path;
        let before = Snapshot::of(&world);
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] {
            if routes.iter().any(|other| other.pattern == route.pattern && other.method == method) {
                continue;
            }
            let method: Method = method.parse().expect("a method");
            let page = ask(&ada, method.clone(), &path, &[OURS, FORM]);
            // What machines ask for is looked for among the pages when the method is another.
            let expected =
                if route.is_for_machines() { StatusCode::NOT_FOUND } else { StatusCode::METHOD_NOT_ALLOWED };
            assert_eq!(page.status, expected, "{method} {}", route.pattern);
            if route.is_api() {
                assert_eq!(page.headers["content-type"], "application/problem+json", "{}", route.pattern);
                continue;
            }
            if route.is_scim() {
                assert_eq!(page.headers["content-type"], "application/scim+json", "{}", route.pattern);
                continue;
            }
            assert!(page.says("first page"), "{method} {}: {}", route.pattern, page.text());
        }
        assert_eq!(Snapshot::of(&world), before, "another method changed something at {}", route.pattern);
    }
}

fn what_is_no_form_is_refused(world: World) {
    let ada = world.administrator();
    let kinds = [
        "application/json",
        "multipart/form-data; boundary=x",
        "text/plain",
        "text/plain;application/x-www-form-urlencoded",
        "",
    ];
    for kind in kinds {
        let request = ada.request(Method::POST, "/sign-out").header("content-type", kind).body("{}");
        let page = ada.send(request, world.base_url());
        assert_eq!(page.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind:?}: {}", page.text());
    }
    // Unpacked it would be a form that signs out; a kilobyte of it could as well be a gigabyte.
    for encoding in ["br", "gzip", "deflate", "identity, br"] {
        let request = ada.request(Method::POST, "/sign-out").header(FORM.0, FORM.1);
        let page = ada.send(request.header("content-encoding", encoding).body("x"), world.base_url());
        assert_eq!(page.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{encoding}");
    }
    assert!(ada.is_signed_in());
}

fn too_much_is_refused(world: World) {
    let visitor = world.visitor();
    let form = |bytes: usize| format!("email={}", "x".repeat(bytes - "email=".len()));
    let send = |body: String| {
        let request = visitor.request(Method::POST, "/sign-in").header(FORM.0, FORM.1);
        visitor.send(request.body(body), world.base_url()).status
    };
    assert_eq!(send(form(256 * 1024)), StatusCode::UNPROCESSABLE_ENTITY, "just not too much");
    assert_eq!(send(form(256 * 1024 + 1)), StatusCode::PAYLOAD_TOO_LARGE);

    for bytes in [16_000, 16_500, 100_000] {
        let cookie = format!("a={}", "x".repeat(bytes));
        let page = ask(&visitor, Method::GET, "/sign-in", &[("cookie", &cookie)]);
        let status =
            if bytes < 16_200 { StatusCode::OK } else { StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE };
        assert_eq!(page.status, status, "{bytes}");
    }
    let long = format!("/sign-in?return_to=/{}", "x".repeat(20_000));
    let page = visitor.get(&long);
    assert_eq!(page.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    assert!(page.says("16 kB"), "{}", page.text());
    let many: String = (0..200).map(|nth| format!("x-{nth}: 1\r\n")).collect();
    assert!(
        raw(&world, &format!("GET /sign-in HTTP/1.1\r\nhost: a\r\n{many}\r\n")).starts_with("HTTP/1.1 431")
    );
    let endless = format!("GET /sign-in HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "x".repeat(200_000));
    assert!(raw(&world, &endless).starts_with("HTTP/1.1 431"));
}

/// The answer to bytes that no client of ours would send.
fn raw(world: &World, request: &str) -> String {
    let mut stream =
        TcpStream::connect(("127.0.0.1", world.base_url().port().expect("a port"))).expect("a connection");
    stream.set_read_timeout(Some(crate::support::PATIENCE)).expect("a timeout");
    // It may hang up before it has read everything.
    let _ = stream.write_all(request.as_bytes());
    let mut answer = Vec::new();
    let mut piece = [0; 1024];
    while let Ok(read @ 1..) = stream.read(&mut piece) {
        answer.extend_from_slice(&piece[..read]);
        if answer.windows(4).any(|end| end == b"\r\n\r\n") {
            break;
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// From now on every page of somebody who is signed in fails.
fn break_something(world: &World) {
    let away = |tx: &mut roster::db::Tx<'_>| {
        let away = diesel::sql_query("ALTER TABLE memberships RENAME TO elsewhere");
        Ok::<_, Fault>(diesel::RunQueryDsl::execute(away, tx.conn()).map(drop)?)
    };
    world.db().write_now(None, away).expect("a change");
}

fn a_failure_of_ours_tells_nothing_but_its_number(world: World) {
    let ada = world.administrator();
    break_something(&world);
    let page = ada.get("/organization/users");
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    let id = page.headers["x-request-id"].to_str().expect("an id");
    assert!(page.says(id), "{}", page.text());
    for inside in ["memberships", "SELECT", "no such table", "relation", "diesel"] {
        assert!(!page.body.contains(inside), "{inside}: {}", page.body);
    }
    assert!(page.headers.contains_key("content-security-policy"));
    assert_eq!(page.headers["cache-control"], "no-store");
}

fn htmx_is_told_of_problems_by_a_toast(world: World) {
    let cast = Cast::assemble(&world);
    let member = cast.enters(Kind::Member).by_htmx("tbody#people");
    let ada = cast.enters(Kind::Administrator).by_htmx("tbody#people");
    for _ in 0..5 {
        world.visitor().post("/sign-in", &[("email", "nobody@example.com"), ("password", "wrong")]);
    }
    let mut answers = vec![
        (403, member.get("/organization/users")),
        (404, ada.get("/organization/users/01890000-0000-7000-8000-000000000000")),
        (404, ada.get("/nothing/here")),
        (405, ada.get("/sign-out")),
        (403, ask(&ada, Method::POST, "/organization/users/invite", &[FORM])),
        (
            415,
            ask(
                &ada,
                Method::POST,
                "/organization/users/invite",
                &[OURS, ("content-type", "application/json")],
            ),
        ),
        (413, ada.post("/organization/users/invite", &[("email", &"x".repeat(300_000))])),
        (431, ask(&ada, Method::GET, "/organization/users", &[("x-long", &"x".repeat(20_000))])),
    ];
    let wrong = || {
        world
            .visitor()
            .by_htmx("main#main")
            .post("/sign-in", &[("email", "nobody@example.com"), ("password", "wrong")])
    };
    wrong();
    answers.push((429, wrong()));
    break_something(&world);
    answers.push((500, ada.get("/organization/users")));
    for (status, page) in answers {
        assert_eq!(page.status.as_u16(), status, "{}: {}", page.url, page.text());
        assert!(
            page.body.contains(r#"<div id="toasts" hx-swap-oob="beforeend">"#),
            "{status}: {}",
            page.body
        );
        assert!(page.body.contains(r#"role="alert""#), "{status}: {}", page.body);
        assert!(!page.body.contains("<html") && !page.body.contains("<h1"), "{status}: {}", page.body);
    }
}

fn htmx_that_is_signed_out_goes_to_sign_in_and_back(world: World) {
    let sign_in = |page: &Page| {
        assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, ""));
        let to = page.headers.get("hx-redirect").expect("a way to sign in").to_str().expect("text");
        world.base_url().join(to).expect("an address")
    };
    let return_to = |page: &Page| {
        let url = sign_in(page);
        assert_eq!(url.path(), "/sign-in");
        url.query_pairs().find(|(name, _)| name == "return_to").map(|(_, value)| value.into_owned())
    };
    let htmx = world.visitor().by_htmx("tbody#people");
    let at = |page: &str| htmx.with("hx-current-url", page);
    let here = world.base_url().join("/organization/users?q=ada&after=x").expect("an address");
    let there = at(here.as_str()).get("/organization/users?q=ada&after=y");
    assert_eq!(return_to(&there).as_deref(), Some("/organization/users?q=ada&after=x"));
    assert_eq!(return_to(&htmx.get("/organization/users")), None);
    let evil = at("https://evil.example//evil.example/x").get("/organization/users");
    assert_eq!(return_to(&evil), None, "a path that leads elsewhere is not returned to");
}

fn nobody_is_led_to_another_site(world: World) {
    let ada = world.administrator();
    let port = world.base_url().port();
    let tricks = [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "\u{0}//evil.example",
        "/%09/evil.example\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "///evil.example",
        "http:evil.example",
        "@evil.example",
        "/.//evil.example",
        "/..//evil.example",
        "{\"path\":\"//evil.example\"}",
    ];
    for trick in tricks {
        let encoded = roster::web::url::encoded(trick);
        let query = format!("/sign-in?return_to={encoded}");
        let visitor = world.visitor();
        let form =
            visitor.get(&query).form("Sign in").fill("Email", ADMINISTRATOR).fill("Password", PASSWORD);
        let guest = invitation(&world, &ada);
        let back = [("return_to", trick), ("generation", "1")];
        let htmx = ada.by_htmx("tbody#people");
        let pages = [
            ada.get(&query),
            form.press_once(),
            ada.post("/account/theme", &[("theme", "dark"), ("return_to", trick)]),
            ada.post(&format!("{guest}/resend"), &back),
            htmx.post(&format!("{guest}/resend"), &[("return_to", trick), ("generation", "2")]),
            htmx.post("/account/theme", &[("theme", "dark"), ("return_to", trick)]),
        ];
        for page in pages {
            let to = page.headers.get("location").or(page.headers.get("hx-location"));
            let to = to
                .unwrap_or_else(|| panic!("{trick:?}: {} {}", page.status, page.text()))
                .to_str()
                .expect("text");
            let url = world.base_url().join(to).expect("an address");
            assert!(to.starts_with('/'), "{trick:?}: {to}");
            assert_eq!(
                (url.scheme(), url.host_str(), url.port()),
                ("http", Some("localhost"), port),
                "{trick:?}: {to}"
            );
            assert!(
                page.headers.get_all("set-cookie").iter().all(|cookie| !cookie.as_bytes().starts_with(b"a="))
            );
        }
    }
}

/// The path of a fresh invitation's acts.
fn invitation(world: &World, ada: &Person) -> String {
    let count = ada.users().rows().len();
    let email = format!("guest-{count}@example.com");
    ada.invites(&email, &[]);
    crate::cast::acts_of_invitation(world, &email)
}

fn a_path_may_be_spelt_as_one_likes_and_still_needs_a_session(world: World) {
    let cast = Cast::assemble(&world);
    for route in routes::all(&world).iter().filter(|route| route.pattern.starts_with("/organization")) {
        let path = cast.request_to(route).path;
        let spelt = [
            format!("/{path}"),
            format!("{path}/"),
            format!("{path}//"),
            path.replacen("/organization", "/organization/", 1),
            path.replacen("/organization", "/./organization", 1),
            path.replacen("organization", "%6frganization", 1),
            path.replacen("organization", "ORGANIZATION", 1),
            format!("/static/..{path}"),
            format!("/healthz/..{path}"),
            format!("{path};a=b"),
            format!("{path}%00"),
            format!("{path}?a=/static/x"),
        ];
        for path in spelt {
            let line = format!("{} {path} HTTP/1.1", route.method);
            let rest =
                "host: localhost\r\nsec-fetch-site: same-origin\r\ncontent-length: 0\r\nconnection: close";
            let answer = raw(&world, &format!("{line}\r\n{rest}\r\n\r\n"));
            let status = answer.split(' ').nth(1).unwrap_or_default();
            let is_to_sign_in = status == "303" && answer.contains("\r\nlocation: /sign-in");
            assert!(is_to_sign_in || ["404", "405"].contains(&status), "{line}: {answer}");
        }
    }
}

fn an_unknown_path_is_not_found(world: World) {
    let ada = world.administrator();
    let paths = [
        "/.well-known/security.txt",
        "/.well-known/",
        "/.well-known/change-password/x",
        "/.git/config",
        "/.env",
        "/static/../Cargo.toml",
        "/organization",
        "/organization/users/nobody",
        "/organization/users/%FF",
        "/organization/users/%00",
        "/organization/users/01890000-0000-7000-8000-000000000000",
        "/organization/users/invitations/nothing/link",
        "/organization/users/invitations/%F0%9F%A6%8A/link",
        "/invitations/nothing",
        "/invitations/%FF",
        "/setup?token=%FF",
        "/setup?token=%00",
    ];
    for path in paths {
        for person in [&ada, &world.visitor()] {
            let page = person.get(path);
            let is_to_sign_in = page.leads_to().is_some_and(|url| url.path() == "/sign-in");
            let is_hidden = path.starts_with("/organization/") && is_to_sign_in;
            assert!(
                page.status == StatusCode::NOT_FOUND || is_hidden,
                "{path}: {} {}",
                page.status,
                page.body
            );
            assert!(is_hidden || page.says("first page"), "{path}: {}", page.body);
        }
    }
}

fn links_in_letters_do_not_come_from_the_request(world: World) {
    let ada = world.administrator();
    let evil = ada.with("host", "evil.example").with("x-forwarded-host", "evil.example");
    let evil = evil.with("x-forwarded-proto", "https").with("forwarded", "host=evil.example;proto=https");
    let sent = evil.post("/organization/users/invite", &[("email", "bob@example.com")]);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let letter = world.mailbox.letter_to("bob@example.com");
    assert!(!letter.raw.contains("evil.example"), "{}", letter.raw);
    assert!(letter.link("/invitations/").starts_with(&world.settings().public_origin()));
}

fn a_cookie_that_makes_no_sense_is_nobodys(world: World) {
    let ada = world.administrator();
    let whole = ada.cookies();
    let session = whole.split("; ").find(|cookie| cookie.starts_with("roster=")).expect("a session");
    let (name, value) = session.split_once('=').expect("a cookie");
    let turned: String = value.chars().rev().collect();
    let cookies = [
        format!("{name}="),
        format!("{name}=x"),
        format!("{name}=%00%FF"),
        format!("{name}={turned}"),
        format!("{name}={}", &value[..value.len() - 2]),
        format!("{name}={}x", value),
        format!("{name}={value}, {name}={value}"),
        format!("{name}=x; {name}={value}"),
        "=; ;;".to_owned(),
        format!("__Host-{name}={value}"),
        "roster_theme=\"><script>".to_owned(),
    ];
    for cookie in cookies {
        let page = ask(&world.visitor(), Method::GET, "/account/settings", &[("cookie", &cookie)]);
        assert_eq!(page.leads_to().map(|url| url.path().to_owned()).as_deref(), Some("/sign-in"), "{cookie}");
        let page = ask(&world.visitor(), Method::GET, "/sign-in", &[("cookie", &cookie)]);
        assert_eq!(page.status, StatusCode::OK, "{cookie}");
        assert!(!page.body.contains("\"><script>"), "{cookie}");
    }
    assert!(ada.is_signed_in());
}
