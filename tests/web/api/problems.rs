//! Whatever goes wrong below /api is told in a problem document.

use reqwest::{Method, StatusCode};

use super::problem;
use crate::cast::{has_a_token, with_token};
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::world::World;

on_both!(whatever_no_route_is_for_is_a_problem_document, no_other_site_may_read_an_answer);

fn whatever_no_route_is_for_is_a_problem_document(world: World) {
    world.administrator();
    let (_, secret) = has_a_token(&world, ADMINISTRATOR, None);
    let robot = with_token(&world.visitor(), &secret);
    for path in ["/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v2/whoami", "/api/v1/whoami/"] {
        let page = robot.get(path);
        assert_eq!((page.status, problem(&page).as_str()), (StatusCode::NOT_FOUND, "not-found"), "{path}");
    }
    let asked = robot.bare_request(Method::DELETE, "/api/v1/whoami");
    let page = robot.send(asked, world.base_url());
    assert_eq!(
        (page.status, problem(&page).as_str()),
        (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed")
    );
    assert_eq!(page.headers["allow"], "GET");
    let long = robot.with("x-long", &"x".repeat(20_000)).get("/api/v1/whoami");
    assert_eq!(problem(&long), "head-too-large");
    assert_eq!(robot.get("/apis").headers["content-type"], "text/html; charset=utf-8");
}

fn no_other_site_may_read_an_answer(world: World) {
    world.administrator();
    let (_, secret) = has_a_token(&world, ADMINISTRATOR, None);
    let robot = with_token(&world.visitor(), &secret).with("origin", "https://elsewhere.example");
    let page = robot.get("/api/v1/whoami");
    assert!(page.headers.keys().all(|name| !name.as_str().starts_with("access-control-")));
    let asked = robot.bare_request(Method::OPTIONS, "/api/v1/whoami");
    assert_eq!(robot.send(asked, world.base_url()).status, StatusCode::METHOD_NOT_ALLOWED);
}
