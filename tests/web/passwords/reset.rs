//! Setting a new password by a link.

use chrono::Duration;
use diesel::prelude::*;
use reqwest::StatusCode;
use roster::crypto::signing::{Named, Purpose};
use roster::db::Fault;
use roster::db::schema::{password_resets, users as people};

use super::{BOB, NEW_PASSWORD, asks_for_a_link, bob, is_password, mailed_link, notices, reset_link, sets};
use crate::support::world::World;
use crate::support::{at_once, on_both, rounds};
use crate::users::{ask, id_of, lines, path};

const TRIES: usize = 32;

on_both!(
    a_link_sets_a_new_password_once_and_signs_nobody_in,
    opening_a_link_or_entering_a_bad_password_does_not_use_it_up,
    a_link_works_for_one_hour,
    a_deactivated_person_s_link_does_nothing,
    a_link_of_another_purpose_opens_nothing,
    a_new_password_never_skips_the_second_factor,
    whoever_is_signed_in_here_as_somebody_else_is_asked_to_sign_in,
    of_many_who_use_a_link_one_wins,
    old_links_are_swept_away,
);

fn a_link_sets_a_new_password_once_and_signs_nobody_in(world: World) {
    let ada = world.administrator();
    let bob = bob(&world, &ada);
    let page = asks_for_a_link(&world, BOB);
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::OK, "Look in your mailbox"));
    let link = mailed_link(&world, BOB, 1);
    let guest = world.visitor();
    let page = sets(&guest, &link);
    assert_eq!((page.url.path(), page.heading().as_str()), ("/sign-in", "Sign in"));
    assert!(page.toast().is_some_and(|it| it.contains("Your new password is saved")), "{}", page.text());
    assert!(!guest.is_signed_in() && !bob.is_signed_in() && ada.is_signed_in());
    is_password(&world, BOB, true);
    let page = guest.get(&link);
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::GONE, "This link was used"));
    let again = guest.post(&link, &[("new_password", "some other words altogether")]);
    assert_eq!(again.status, StatusCode::GONE);
    world.mailbox.wait_for(BOB, |letter| letter.subject.contains("Your password was reset"));
    assert_eq!((lines(&world, "account.password_reset"), notices(&world, "password_reset")), (1, 1));
    is_password(&world, BOB, true);
}

fn opening_a_link_or_entering_a_bad_password_does_not_use_it_up(world: World) {
    let ada = world.administrator();
    let bob = bob(&world, &ada);
    let link = reset_link(&world, id_of(&world, BOB), "forgotten");
    for (new, why) in [
        ("", "Enter a new password."),
        ("short", "needs 10 more"),
        ("bobbabbage-1234567", "your name"),
        ("sunshine20242024", "most common"),
    ] {
        let page = world.visitor().opens(&link).form("Save password").fill("New password", new).press();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let told = page.error_for("New password").unwrap_or_default();
        assert!(told.contains(why), "{new:?}: {told}");
        assert_eq!(page.form("Save password").value("New password"), "");
    }
    assert!(bob.is_signed_in());
    assert_eq!(sets(&world.visitor(), &link).heading(), "Sign in");
}

fn a_link_works_for_one_hour(world: World) {
    let ada = world.administrator();
    bob(&world, &ada);
    asks_for_a_link(&world, BOB);
    let link = mailed_link(&world, BOB, 1);
    let form = world.visitor().opens(&link).form("Save password").fill("New password", NEW_PASSWORD);
    world.later(Duration::minutes(59));
    assert_eq!(world.visitor().get(&link).status, StatusCode::OK);
    world.later(Duration::minutes(1));
    let page = form.press_once();
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::GONE, "This link has expired"));
    assert_eq!(page.follow("Ask for another link").heading(), "Forgot your password?");
    is_password(&world, BOB, false);
}

fn a_deactivated_person_s_link_does_nothing(world: World) {
    let ada = world.administrator();
    bob(&world, &ada);
    let link = reset_link(&world, id_of(&world, BOB), "required");
    let form = world.visitor().opens(&link).form("Save password").fill("New password", NEW_PASSWORD);
    ada.post(&path(&world, BOB, "deactivate"), &[]);
    let page = form.press_once();
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::GONE, "This account is deactivated"));
    assert!(!page.has_link("Ask for another link"));
    ada.post(&path(&world, BOB, "reactivate"), &[]);
    is_password(&world, BOB, false);
    assert_eq!(lines(&world, "account.password_reset"), 0);
}

fn a_link_of_another_purpose_opens_nothing(world: World) {
    let ada = world.administrator();
    bob(&world, &ada);
    let link = reset_link(&world, id_of(&world, BOB), "forgotten");
    let id = ask(&world, |conn| {
        password_resets::table.select(password_resets::id).first::<roster::base::ids::PasswordResetId>(conn)
    });
    let named = Named { id: id.uuid(), generation: 1 };
    let signer = &world.site().signer;
    for purpose in [
        Purpose::Invitation,
        Purpose::Setup,
        Purpose::EmailConfirmation,
        Purpose::EmailUndo,
        Purpose::Browser,
    ] {
        let address = format!("/password/reset/{}", signer.token(purpose, named));
        assert_eq!(world.visitor().get(&address).status, StatusCode::NOT_FOUND, "{purpose:?}");
        let page = world.visitor().post(&address, &[("new_password", NEW_PASSWORD)]);
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{purpose:?}");
    }
    let never = Named { id: roster::base::ids::PasswordResetId::new().uuid(), generation: 1 };
    let address = format!("/password/reset/{}", signer.token(Purpose::PasswordReset, never));
    assert_eq!(world.visitor().get(&address).status, StatusCode::NOT_FOUND);
    let token = link.rsplit('/').next().expect("a token");
    for address in [format!("/invitations/{token}"), format!("/setup?token={token}")] {
        assert_eq!(world.visitor().get(&address).status, StatusCode::NOT_FOUND, "{address}");
    }
    assert_eq!(world.visitor().get(&link).status, StatusCode::OK);
}

fn a_new_password_never_skips_the_second_factor(world: World) {
    let ada = world.administrator();
    bob(&world, &ada);
    let user = id_of(&world, BOB);
    let app = |tx: &mut roster::db::Tx<'_>| {
        let row = diesel::update(people::table.filter(people::id.eq(user)));
        row.set(people::second_factor.eq("app")).execute(tx.conn())?;
        Ok::<_, Fault>(())
    };
    world.db().write_now(None, app).expect("a change");
    let guest = world.visitor();
    sets(&guest, &reset_link(&world, user, "forgotten"));
    let answer = guest.post("/sign-in", &[("email", BOB), ("password", NEW_PASSWORD)]);
    assert_eq!(answer.leads_to().expect("a way on").path(), "/sign-in/second-factor");
    assert!(guest.get(super::SETTINGS).status.is_redirection(), "half in is not in");
}

fn whoever_is_signed_in_here_as_somebody_else_is_asked_to_sign_in(world: World) {
    let ada = world.administrator();
    bob(&world, &ada);
    let page = sets(&ada, &reset_link(&world, id_of(&world, BOB), "forgotten"));
    assert_eq!(page.heading(), "Sign in");
    let page = page.form("Sign in").fill("Email", BOB).fill("Password", NEW_PASSWORD).press();
    assert!(page.status.is_success() && ada.opens(super::SETTINGS).says("Bob Babbage"), "{}", page.text());
}

fn of_many_who_use_a_link_one_wins(world: World) {
    let ada = world.administrator();
    bob(&world, &ada);
    let user = id_of(&world, BOB);
    let visitors: Vec<_> = (0..TRIES).map(|nth| world.visitor_from(nth as u8 + 1)).collect();
    for round in 0..rounds() {
        let link = reset_link(&world, user, "forgotten");
        let password = |nth: usize| format!("{NEW_PASSWORD} {round} {nth}");
        let statuses =
            at_once(TRIES, |nth| visitors[nth].post(&link, &[("new_password", &password(nth))]).status);
        let won: Vec<_> = (0..TRIES).filter(|nth| statuses[*nth] == StatusCode::SEE_OTHER).collect();
        assert_eq!(won.len(), 1, "{statuses:?}");
        let lost = statuses.iter().filter(|status| **status == StatusCode::GONE).count();
        assert_eq!(lost, TRIES - 1, "{statuses:?}");
        let done = round as i64 + 1;
        assert_eq!(
            (lines(&world, "account.password_reset"), notices(&world, "password_reset")),
            (done, done)
        );
        assert!(super::opens(&world, BOB, &password(won[0])));
    }
}

fn old_links_are_swept_away(world: World) {
    let ada = world.administrator();
    bob(&world, &ada);
    reset_link(&world, id_of(&world, BOB), "forgotten");
    let left = || {
        let swept = world.db().write_now(None, roster::passwords::sweep).expect("a sweep");
        let left: i64 = ask(&world, |conn| password_resets::table.count().get_result(conn));
        (swept, left)
    };
    world.later(Duration::days(30));
    assert_eq!(left().1, 1, "it tells its story until then");
    world.later(Duration::days(1));
    left();
    assert_eq!(left(), (0, 0));
}
