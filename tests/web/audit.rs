//! The audit: one line for each act, none for what was refused, and nothing that can be changed unseen.

use chrono::Duration;
use diesel::RunQueryDsl;
use reqwest::StatusCode;
use roster::audit::{self, Head, Verified};
use roster::db::{Stop, Tx};

use crate::cast::{Cast, Kind, another_organization};
use crate::routes::{self, Route};
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::World;

on_both!(
    every_act_writes_one_line_and_says_who_did_what_to_whom,
    what_is_refused_writes_no_line,
    any_change_of_any_line_is_found_at_that_line,
    a_line_that_is_gone_moved_or_made_up_is_found,
    a_tail_that_was_cut_is_found_against_an_earlier_head,
    an_organization_that_is_gone_is_found_against_an_earlier_head,
    details_can_be_erased_without_breaking_the_chain,
    the_chains_of_two_organizations_are_two,
);

/// The newest lines, each as "actor action target", oldest first.
fn lines(world: &World) -> Vec<String> {
    texts(
        world,
        "SELECT actor_kind || ' ' || action || ' ' || target_kind FROM audit_lines ORDER BY organization_id, sequence",
    )
}

fn verified(world: &World, earlier: &[Head]) -> Vec<Verified> {
    after(world, "", earlier)
}

/// What verifying finds after this was done to the database, which is taken back afterwards.
fn after(world: &World, tampering: &str, earlier: &[Head]) -> Vec<Verified> {
    let look = |tx: &mut Tx<'_>| -> Result<(), Stop<Vec<Verified>>> {
        for statement in tampering.split(';').filter(|statement| !statement.trim().is_empty()) {
            let changed = diesel::sql_query(statement).execute(tx.conn())?;
            assert!(changed > 0, "{statement} changed nothing");
        }
        let key = *tx.audit_key()?;
        Err(Stop::Refused(audit::verify(tx.conn(), &key, earlier)?))
    };
    match world.db().write_now(None, look) {
        Err(Stop::Refused(found)) => found,
        other => panic!("{tampering}: {other:?}"),
    }
}

/// Where the first organization's chain is broken.
fn broken(found: &[Verified]) -> Option<(i64, &'static str)> {
    found.iter().find_map(|found| found.broken.as_ref()).map(|broken| (broken.sequence, broken.why))
}

fn heads(found: &[Verified]) -> Vec<Head> {
    found.iter().map(|found| found.head.clone()).collect()
}

/// A world whose first organization has some ten lines.
fn with_some_history(world: &World) -> Cast<'_> {
    let cast = Cast::assemble(world);
    let guest = cast.a_guest();
    let revoke = format!("/organization/users/invitations/{}/revoke", guest.invitation);
    assert_eq!(cast.administrator.post(&revoke, &[("generation", "1")]).status, StatusCode::SEE_OTHER);
    cast
}

fn first_organization(world: &World) -> String {
    texts(world, "SELECT id FROM organizations ORDER BY id").remove(0)
}

fn route(routes: &[Route], name: &str) -> Route {
    routes.iter().find(|route| route.to_string() == name).unwrap_or_else(|| panic!("no route {name}")).clone()
}

fn every_act_writes_one_line_and_says_who_did_what_to_whom(world: World) {
    let cast = Cast::assemble(&world);
    let routes = routes::all(&world);
    let acts = [
        ("DELETE /api/v1/audit/stream", "token iam.organization.write organization"),
        ("POST /api/v1/audit/stream/new-secret", "token iam.organization.write organization"),
        ("POST /api/v1/audit/stream/send-test", "token iam.organization.write organization"),
        ("POST /api/v1/audit/stream/turn-off", "token iam.organization.write organization"),
        ("POST /api/v1/audit/stream/turn-on", "token iam.organization.write organization"),
        ("PUT /api/v1/audit/stream", "token iam.organization.write organization"),
        ("DELETE /api/v1/policies/{id}", "token iam.policies.write policy"),
        ("PATCH /api/v1/policies/{id}", "token iam.policies.write policy"),
        ("POST /api/v1/policies", "token iam.policies.write policy"),
        ("PATCH /api/v1/organization", "token iam.organization.write organization"),
        ("POST /api/v1/organization/test-letter", "token iam.mail.test user"),
        ("PATCH /api/v1/invitations/{id}", "token iam.users.edit user"),
        ("POST /api/v1/invitations", "token iam.users.invite user"),
        ("POST /api/v1/invitations/{id}/resend", "token iam.users.resend user"),
        ("POST /api/v1/invitations/{id}/restore", "token iam.users.invite user"),
        ("POST /api/v1/invitations/{id}/revoke", "token iam.users.revoke user"),
        ("POST /api/v1/users/{id}/deactivate", "token iam.users.deactivate user"),
        ("POST /api/v1/users/{id}/end-sessions", "token iam.users.end_sessions user"),
        ("POST /api/v1/users/{id}/reactivate", "token iam.users.reactivate user"),
        ("POST /api/v1/users/{id}/require-password", "token iam.users.require_password user"),
        ("POST /api/v1/users/{id}/reset-second-factor", "token iam.users.reset_second_factor user"),
        ("PUT /api/v1/users/{id}/groups", "token iam.memberships.write user"),
        ("POST /account/email", "session account.email_ask user"),
        ("POST /account/email/cancel", "session account.email_cancel user"),
        ("POST /account/email/confirm/{token}", "person account.email user"),
        ("POST /account/email/undo/{token}", "person account.email_undo user"),
        ("POST /account/passkeys/{id}", "session account.passkey_renamed user"),
        ("POST /account/passkeys/{id}/remove", "session account.passkey_removed user"),
        ("POST /account/password", "session account.password user"),
        ("POST /account/profile", "session account.profile user"),
        ("POST /account/sessions/end-others", "session account.sessions_end user"),
        ("POST /account/theme", "session account.theme user"),
        ("POST /invitations/{token}", "person invitation.accept user"),
        ("POST /invitations/{token}/ask", "stranger invitation.ask_for_fresh_link invitation"),
        ("POST /invitations/{token}/switch", "person account.sign_out user"),
        ("DELETE /api/v1/groups/{id}", "token iam.groups.write group"),
        ("PATCH /api/v1/groups/{id}", "token iam.groups.write group"),
        ("POST /api/v1/groups", "token iam.groups.write group"),
        ("POST /api/v1/groups/{id}/members", "token iam.memberships.write group"),
        ("POST /api/v1/groups/{id}/members/remove", "token iam.memberships.write group"),
        ("POST /organization/groups/create", "session iam.groups.write group"),
        ("POST /organization/groups/{id}/delete", "session iam.groups.write group"),
        ("POST /organization/groups/{id}/edit", "session iam.groups.write group"),
        ("POST /organization/groups/{id}/members", "session iam.memberships.write group"),
        ("POST /organization/groups/{id}/remove", "session iam.memberships.write group"),
        ("POST /organization/iam/sso", "session iam.sso.write organization"),
        ("POST /organization/iam/sso/require", "session iam.sso.write organization"),
        ("POST /organization/settings/audit-stream", "session iam.organization.write organization"),
        ("POST /api/v1/access-requests", "token access_request.ask access_request"),
        ("POST /api/v1/access-requests/{id}/approve", "token requests.decide access_request"),
        ("POST /api/v1/access-requests/{id}/deny", "token requests.decide access_request"),
        ("POST /api/v1/access-requests/{id}/end", "token requests.end access_request"),
        ("POST /api/v1/access-requests/{id}/give-back", "token access_request.give_back access_request"),
        ("POST /api/v1/access-requests/{id}/withdraw", "token access_request.withdraw access_request"),
        ("POST /organization/iam/access-requests/new", "session access_request.ask access_request"),
        ("POST /organization/iam/access-requests/{id}/approve", "session requests.decide access_request"),
        ("POST /organization/iam/access-requests/{id}/deny", "session requests.decide access_request"),
        ("POST /organization/iam/access-requests/{id}/end", "session requests.end access_request"),
        (
            "POST /organization/iam/access-requests/{id}/give-back",
            "session access_request.give_back access_request",
        ),
        (
            "POST /organization/iam/access-requests/{id}/withdraw",
            "session access_request.withdraw access_request",
        ),
        ("POST /organization/iam/access-policies/create", "session iam.policies.write policy"),
        ("POST /organization/iam/access-policies/{id}", "session iam.policies.write policy"),
        ("POST /organization/iam/access-policies/{id}/delete", "session iam.policies.write policy"),
        ("DELETE /api/v1/sso", "token iam.sso.write organization"),
        ("PUT /api/v1/sso/saml", "token iam.sso.write organization"),
        ("POST /api/v1/sso/require", "token iam.sso.write organization"),
        ("POST /api/v1/sso/turn-off", "token iam.sso.write organization"),
        ("POST /api/v1/sso/turn-on", "token iam.sso.write organization"),
        ("POST /api/v1/scim/groups/{id}/link", "token iam.scim.write group"),
        ("POST /api/v1/scim/tokens", "token iam.scim.write organization"),
        ("POST /api/v1/scim/tokens/{id}/revoke", "token iam.scim.write organization"),
        ("POST /api/v1/scim/turn-off", "token iam.scim.write organization"),
        ("POST /api/v1/scim/turn-on", "token iam.scim.write organization"),
        ("POST /organization/iam/scim/disable", "session iam.scim.write organization"),
        ("POST /organization/iam/scim/enable", "session iam.scim.write organization"),
        ("POST /organization/iam/scim/groups/{id}/link", "session iam.scim.write group"),
        ("POST /organization/iam/scim/tokens/new", "session iam.scim.write organization"),
        ("POST /organization/iam/scim/tokens/{id}/revoke", "session iam.scim.write organization"),
        ("DELETE /scim/v2/{organization}/Groups/{id}", "scim iam.groups.write group"),
        ("DELETE /scim/v2/{organization}/Users/{id}", "scim scim.person_let_go user"),
        ("PATCH /scim/v2/{organization}/Groups/{id}", "scim iam.memberships.write group"),
        ("PATCH /scim/v2/{organization}/Users/{id}", "scim scim.person_changed user"),
        ("POST /scim/v2/{organization}/Groups", "scim iam.groups.write group"),
        ("POST /scim/v2/{organization}/Users", "scim scim.person_created user"),
        ("PUT /scim/v2/{organization}/Groups/{id}", "scim iam.groups.write group"),
        ("PUT /scim/v2/{organization}/Users/{id}", "scim scim.person_changed user"),
        ("POST /organization/settings/domains", "session iam.organization.write organization"),
        ("POST /organization/settings/invitations", "session iam.organization.write organization"),
        ("POST /organization/settings/name", "session iam.organization.write organization"),
        ("POST /organization/settings/second-factor", "session iam.organization.write organization"),
        ("POST /organization/settings/sessions", "session iam.organization.write organization"),
        ("POST /organization/settings/test-letter", "session iam.mail.test user"),
        ("POST /organization/users/invitations/{id}/address", "session iam.users.edit user"),
        ("POST /organization/users/invitations/{id}/resend", "session iam.users.resend user"),
        ("POST /organization/users/invitations/{id}/revoke", "session iam.users.revoke user"),
        ("POST /organization/users/invitations/{id}/undo", "session iam.users.invite user"),
        ("POST /organization/users/invite", "session iam.users.invite user"),
        ("POST /organization/users/{id}/deactivate", "session iam.users.deactivate user"),
        ("POST /organization/users/{id}/end-sessions", "session iam.users.end_sessions user"),
        ("POST /organization/users/{id}/groups", "session iam.memberships.write user"),
        ("POST /organization/users/{id}/password", "session iam.users.require_password user"),
        ("POST /organization/users/{id}/reactivate", "session iam.users.reactivate user"),
        ("POST /organization/users/{id}/second-factor", "session iam.users.reset_second_factor user"),
        ("POST /password/reset/{token}", "person account.password_reset user"),
        ("POST /setup", "person organization.create organization"),
        ("POST /sign-in", "person account.sign_in user"),
        ("POST /sign-in/browser/{token}", "person account.browser_let_in user"),
        ("POST /api/v1/tokens", "token tokens.create token"),
        ("POST /api/v1/tokens/{id}/revoke", "token tokens.revoke token"),
        ("POST /tokens/new", "session tokens.create token"),
        ("POST /tokens/{id}/revoke", "session tokens.revoke token"),
        ("POST /sign-out", "person account.sign_out user"),
    ];
    // These write by work that is done afterwards, which is asked about elsewhere, only together with another, only
    // with an authenticator or a provider (tests/web/social, tests/web/sso), or only for a session of one's own; or they only look.
    let others = [
        "POST /account/sessions/{id}/end",
        "POST /api/v1/check",
        "POST /api/v1/introspect",
        "POST /api/v1/invitations/preview",
        "POST /api/v1/organization/preview",
        "POST /api/v1/sso/require/preview",
        "PUT /api/v1/sso",
        "POST /api/v1/policies/preview",
        "POST /api/v1/policies/{id}/preview",
        "POST /api/v1/users/bulk",
        "POST /api/v1/users/bulk/preview",
        "POST /account/passkeys",
        "POST /account/passkeys/begin",
        "POST /account/passkeys/prove",
        "POST /account/passkeys/prove/begin",
        "POST /sign-in/passkey",
        "POST /account/linked/{provider}",
        "POST /account/linked/{provider}/unlink",
        "POST /auth/{provider}/prove",
        "POST /auth/{provider}/start",
        "POST /invitations/join",
        "POST /invitations/{token}/join",
        "POST /sign-in/passkey/begin",
        "POST /account/prove/sso",
        "POST /accounts/saml/{code}/acs",
        "POST /organization/iam/sso/saml",
        "POST /organization/iam/sso/try",
        "POST /account/single-sign-on/unlink",
        "POST /organization/iam/sso/deploy",
        "POST /organization/iam/sso/oidc",
        "POST /sign-in/sso",
        "POST /invitations/send-again",
        "POST /organization/users/selected",
        "POST /scim/v2/{organization}/.search",
        "POST /scim/v2/{organization}/Bulk",
        "POST /scim/v2/{organization}/Groups/.search",
        "POST /scim/v2/{organization}/Users/.search",
        "POST /password/forgotten",
        "POST /sign-in/organization",
    ];
    // A step of the way to an act, or an act that needs the steps before it (tests/web/second_factor.rs).
    let is_step = |path: &str| {
        path.starts_with("/account/two-factor/")
            || path.starts_with("/sign-in/second-factor")
            || path == "/account/prove"
    };
    let known = |route: &&Route| {
        let name = route.to_string();
        route.is_safe()
            || is_step(&route.pattern)
            || others.contains(&name.as_str())
            || acts.iter().any(|(act, _)| *act == name)
    };
    assert_eq!(routes.iter().find(|route| !known(route)), None, "an act whose line nobody asks for");

    for (name, line) in acts {
        let route = route(&routes, name);
        let kind = if name == "POST /invitations/{token}" { Kind::Nobody } else { Kind::Administrator };
        // A new password has ended the sessions of whoever prepares things.
        cast.refresh();
        let (person, asked) = (cast.asks(kind, &route), cast.request_to(&route));
        let before = lines(&world);
        let page = cast.sends(&person, &route, &asked);
        assert!(page.status.is_success() || page.status.is_redirection(), "{name}: {}", page.text());
        let (count, mut now) = (before.len(), lines(&world));
        before
            .iter()
            .for_each(|line| drop(now.remove(now.iter().position(|it| it == line).expect("it stays"))));
        assert_eq!(now, [line], "{name} after {count}");
    }
    assert_eq!(broken(&verified(&world, &[])), None);

    let ids = texts(&world, "SELECT request_id FROM audit_lines WHERE actor_kind <> 'system'");
    assert!(ids.iter().all(|id| id.len() == 26), "each says by which request: {ids:?}");
    let details = texts(&world, "SELECT details FROM audit_details");
    assert!(
        details
            .iter()
            .all(|details| !details.contains(PASSWORD) && details.contains("\"address\":\"127.0.0.1\""))
    );
}

fn what_is_refused_writes_no_line(world: World) {
    let cast = Cast::assemble(&world);
    for route in routes::all(&world)
        .iter()
        .filter(|route| (route.pattern.starts_with("/organization") || route.is_api()) && !route.is_safe())
        // Whoever is signed in may ask.
        .filter(|route| route.pattern != "/organization/iam/access-requests/new")
        .filter(|route| route.pattern != "/api/v1/access-requests")
    {
        for kind in [Kind::Nobody, Kind::Member, Kind::Reader, Kind::Elsewhere] {
            if kind == Kind::Elsewhere && !route.names_something_of_an_organization() {
                continue;
            }
            let (person, asked) = (cast.asks(kind, route), cast.request_to(route));
            let before = lines(&world);
            cast.sends(&person, route, &asked);
            assert_eq!(lines(&world), before, "{route} by {kind}");
        }
    }
    let ada = cast.enters(Kind::Administrator);
    let (guest, me) = (cast.a_guest(), cast.user(ADMINISTRATOR));
    let on = |act: &str| format!("/organization/users/invitations/{}/{act}", guest.invitation);
    let refused: [(&str, &[(&str, &str)]); 9] = [
        (&on("resend"), &[("generation", "7")]),
        (&on("revoke"), &[("generation", "7")]),
        (&on("undo"), &[("generation", "1")]),
        (&on("address"), &[("generation", "1"), ("email", "nonsense")]),
        (&on("address"), &[("generation", "1"), ("email", ADMINISTRATOR)]),
        ("/organization/users/invite", &[("email", ADMINISTRATOR)]),
        ("/organization/users/invite", &[("email", "new@example.com"), ("group", &me)]),
        (&format!("/organization/users/{me}/deactivate"), &[]),
        (&format!("/organization/users/{me}/groups"), &[("version", "1")]),
    ];
    for (path, fields) in refused {
        let before = lines(&world);
        let page = ada.post(path, fields);
        assert!(page.status.is_client_error(), "{path} {fields:?}: {}", page.status);
        assert_eq!(lines(&world), before, "{path} {fields:?}");
    }
}

fn any_change_of_any_line_is_found_at_that_line(world: World) {
    let _cast = with_some_history(&world);
    let organization = first_organization(&world);
    assert_eq!(broken(&verified(&world, &[])), None);
    let last: i64 = texts(
        &world,
        &format!("SELECT CAST(audit_sequence AS TEXT) FROM organizations WHERE id = '{organization}'"),
    )[0]
    .parse()
    .expect("a number");
    assert!(last >= 8, "{last}");
    let texts_of_lines =
        ["actor_kind", "actor_id", "action", "target_kind", "target_id", "request_id", "commitment", "mac"];
    let changes = texts_of_lines.map(|column| format!("{column} = {column} || 'x'")).into_iter().chain([
        "format = format + 1".to_owned(),
        "at = '2026-11-23 09:00:00.000001'".to_owned(),
        "sequence = sequence + 1000".to_owned(),
        "actor_kind = actor_kind || 's', actor_id = SUBSTR(actor_id, 2)".to_owned(),
    ]);
    for change in changes {
        // Every line by some column, the first and the last by all.
        for sequence in [1, 2, last / 2, last] {
            let at = format!("WHERE organization_id = '{organization}' AND sequence = {sequence}");
            // A line's details stand in the way of moving it.
            let first = if change.starts_with("sequence") {
                format!("DELETE FROM audit_details {at};")
            } else {
                String::new()
            };
            let tampering = format!("{first} UPDATE audit_lines SET {change} {at}");
            let found = broken(&after(&world, &tampering, &[]));
            assert_eq!(found.map(|(line, _)| line), Some(sequence), "{tampering}: {found:?}");
        }
    }
    for (sequence, change) in (1..=last).flat_map(|sequence| {
        [
            "salt = salt || 'x'",
            "details = details || ' '",
            "details = REPLACE(details, '127.0.0.1', '198.51.100.7')",
        ]
        .map(|change| (sequence, change))
    }) {
        let tampering = format!(
            "UPDATE audit_details SET {change} WHERE organization_id = '{organization}' AND sequence = {sequence}"
        );
        let found = broken(&after(&world, &tampering, &[]));
        assert_eq!(found, Some((sequence, "the details of the line were changed")), "{tampering}");
    }
    for (sequence, change) in (1..=last).flat_map(|sequence| {
        ["search_text = search_text || 'x'", "address = '198.51.100.7'", "search_text = NULL"]
            .map(|change| (sequence, change))
    }) {
        let tampering = format!(
            "UPDATE audit_details SET {change} WHERE organization_id = '{organization}' AND sequence = {sequence}"
        );
        let found = broken(&after(&world, &tampering, &[]));
        assert_eq!(found, Some((sequence, "what the line is found by was changed")), "{tampering}");
    }
}

fn a_line_that_is_gone_moved_or_made_up_is_found(world: World) {
    let _cast = with_some_history(&world);
    let organization = first_organization(&world);
    let last = heads(&verified(&world, &[])).iter().map(|head| head.sequence).max().expect("a head");
    for sequence in 1..=last {
        let tampering = format!(
            "DELETE FROM audit_lines WHERE organization_id = '{organization}' AND sequence = {sequence}"
        );
        let found = broken(&after(&world, &tampering, &[]));
        assert_eq!(found.map(|(line, _)| line), Some(sequence), "without line {sequence}: {found:?}");
    }
    let all = format!("DELETE FROM audit_lines WHERE organization_id = '{organization}'");
    assert_eq!(broken(&after(&world, &all, &[])).map(|(line, _)| line), Some(1), "without any line");

    let columns =
        "format, at, actor_kind, actor_id, action, target_kind, target_id, request_id, commitment, mac";
    let copy = format!(
        "INSERT INTO audit_lines (organization_id, sequence, {columns})
         SELECT organization_id, {}, {columns} FROM audit_lines WHERE organization_id = '{organization}' AND sequence = 2",
        last + 1
    );
    assert_eq!(
        broken(&after(&world, &copy, &[])).map(|(line, _)| line),
        Some(last + 1),
        "a line written again"
    );
    let swap = format!(
        "DELETE FROM audit_details WHERE organization_id = '{organization}';
         UPDATE audit_lines SET sequence = 1000 WHERE organization_id = '{organization}' AND sequence = 3;
         UPDATE audit_lines SET sequence = 3 WHERE organization_id = '{organization}' AND sequence = 4;
         UPDATE audit_lines SET sequence = 4 WHERE organization_id = '{organization}' AND sequence = 1000"
    );
    assert_eq!(broken(&after(&world, &swap, &[])).map(|(line, _)| line), Some(3), "two lines changed places");
    let head = format!("UPDATE organizations SET audit_head = 'x' WHERE id = '{organization}'");
    assert_eq!(broken(&after(&world, &head, &[])).map(|(line, _)| line), Some(last + 1));
}

fn a_tail_that_was_cut_is_found_against_an_earlier_head(world: World) {
    let _cast = with_some_history(&world);
    let organization = first_organization(&world);
    let noted = heads(&verified(&world, &[]));
    let last = noted.iter().map(|head| head.sequence).max().expect("a head");
    for kept in 0..last {
        let cut =
            format!("DELETE FROM audit_lines WHERE organization_id = '{organization}' AND sequence > {kept}");
        let found = broken(&after(&world, &cut, &[]));
        assert_eq!(found, Some((kept + 1, "the lines from here to the newest are missing")));

        // Somebody who can write to the database mends the head, too.
        let mended = format!(
            "{cut}; UPDATE organizations SET audit_sequence = {kept}, audit_head = COALESCE((SELECT mac FROM audit_lines
             WHERE organization_id = '{organization}' AND sequence = {kept}), '') WHERE id = '{organization}'"
        );
        let found = broken(&after(&world, &mended, &noted));
        assert_eq!(found.map(|(line, _)| line), Some(kept + 1), "cut after {kept}: {found:?}");
    }
    world.later(Duration::hours(1));
    let before = noted.clone();
    world.visitor().signs_in(ADMINISTRATOR, PASSWORD);
    let now = verified(&world, &before);
    assert_eq!(broken(&now), None, "the chain has grown since");
    assert_eq!(heads(&now).iter().map(|head| head.sequence).max(), Some(last + 1));
    let mut other = noted;
    other.iter_mut().for_each(|head| head.mac = head.mac.chars().rev().collect());
    assert!(broken(&verified(&world, &other)).is_some(), "a head that never was");
}

fn an_organization_that_is_gone_is_found_against_an_earlier_head(world: World) {
    let _cast = with_some_history(&world);
    let noted = heads(&verified(&world, &[]));
    let organization = first_organization(&world);
    let gone = format!("DELETE FROM organizations WHERE id = '{organization}'");
    assert_eq!(broken(&after(&world, &gone, &noted)).map(|(line, _)| line), Some(1));
    let renamed = format!("UPDATE organizations SET code = 'ffffff' WHERE id = '{organization}'");
    assert!(broken(&after(&world, &renamed, &noted)).is_some());
}

fn details_can_be_erased_without_breaking_the_chain(world: World) {
    let _cast = with_some_history(&world);
    let erased = "DELETE FROM audit_details WHERE sequence = 2";
    let found = after(&world, erased, &heads(&verified(&world, &[])));
    assert_eq!((broken(&found), found.iter().map(|found| found.erased_details).sum::<u64>()), (None, 1));
}

fn the_chains_of_two_organizations_are_two(world: World) {
    let ada = world.administrator();
    let grace = another_organization(&world, "Second", "grace@example.com", PASSWORD);
    for (person, email) in
        [(&ada, "one@example.com"), (&grace, "two@example.com"), (&ada, "three@example.com")]
    {
        person.invites(email, &[]);
    }
    let found = verified(&world, &[]);
    let lengths: Vec<_> = found.iter().map(|found| found.head.sequence).collect();
    assert_eq!((broken(&found), lengths), (None, vec![3, 2]));
    let moved = format!(
        "DELETE FROM audit_details; UPDATE audit_lines SET organization_id = '{}', sequence = 3 WHERE sequence = 2 AND organization_id <> '{}'",
        first_organization(&world),
        first_organization(&world)
    );
    let moved = moved.replace("sequence = 3 WHERE", "sequence = 4 WHERE");
    assert!(broken(&after(&world, &moved, &[])).is_some());
}
