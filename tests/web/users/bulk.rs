//! One act for many.

use reqwest::StatusCode;
use roster::people::Status;

use super::{Resident, USERS, enters, id_of, lines, member, other_administrator, path, settle, status_of};
use crate::support::page::Page;
use crate::support::people::ADMINISTRATOR;
use crate::support::person::Person;
use crate::support::world::World;
use crate::support::{PATIENCE, on_both};

on_both!(
    selected_people_are_deactivated_after_a_summary,
    all_that_match_are_taken_not_only_the_page,
    invitations_are_resent_and_revoked_by_the_lot,
    a_list_that_changed_is_shown_again_before_anything_is_done,
    what_cannot_be_done_to_one_does_not_stop_the_others,
    whoever_asked_must_still_be_allowed_at_each_row,
    a_job_goes_on_after_a_restart,
    whoever_may_not_does_nothing,
    a_job_of_another_organization_is_not_there,
    nobody_selected_leads_back_to_the_list,
);

const SELECTED: &str = "/organization/users/selected";

fn residents(count: usize) -> Vec<Resident<'static>> {
    (0..count).map(|nth| Resident::new(format!("p{nth:02}@example.com"), "Ken")).collect()
}

/// Asks for the job's page until it has finished.
fn finished(page: Page) -> Page {
    let begun = std::time::Instant::now();
    let mut page = page;
    while !page.says("Finished:") {
        assert!(begun.elapsed() < PATIENCE, "{}", page.text());
        page = page.reader.get(page.url.as_str());
    }
    page
}

fn select(admin: &Person, list: &str, act: &str, emails: &[&str]) -> Page {
    let page = admin.opens(list);
    let label =
        |email: &str| page.row(email).all("input").next().unwrap().attr("aria-label").unwrap().to_owned();
    let ids: Vec<_> = emails
        .iter()
        .map(|email| page.row(email).all("input").next().unwrap().attr("value").unwrap().to_owned())
        .collect();
    assert!(emails.iter().all(|email| label(email).starts_with("Select ")));
    let mut fields: Vec<_> = ids.iter().map(|id| ("user", id.as_str())).collect();
    let back = page.form(act).pairs();
    fields.extend(
        back.iter().filter(|(name, _)| name != "user").map(|(name, value)| (name.as_str(), value.as_str())),
    );
    admin.post(SELECTED, &fields)
}

fn selected_people_are_deactivated_after_a_summary(world: World) {
    let ada = world.administrator();
    settle(&world, &residents(4));
    settle(&world, &[Resident { status: Status::Deactivated, ..Resident::new("gone@example.com", "Gone") }]);
    let bob = enters(&world, "p01@example.com");
    let page = select(
        &ada,
        USERS,
        "Deactivate",
        &["p00@example.com", "p01@example.com", "gone@example.com", ADMINISTRATOR],
    );
    assert_eq!(page.heading(), "Deactivate 2 people");
    assert!(page.says("p00@example.com") && page.says("p01@example.com") && !page.says("gone@example.com"));
    assert!(
        page.says("1 person is deactivated already") && page.says("Your own account is left out"),
        "{}",
        page.text()
    );
    assert_eq!(status_of(&world, "p00@example.com"), "active", "nothing before it is confirmed");
    let page = finished(page.form("Deactivate 2 people").press());
    assert!(page.says("Finished: 2 done, 0 not."), "{}", page.text());
    assert_eq!(page.rows().len(), 2);
    assert!(page.rows().iter().all(|row| row.contains("Deactivated and signed out.")));
    assert!(!bob.is_signed_in());
    for (email, status) in
        [("p00", "deactivated"), ("p01", "deactivated"), ("p02", "active"), ("p03", "active")]
    {
        assert_eq!(status_of(&world, &format!("{email}@example.com")), status);
    }
    assert_eq!(lines(&world, "iam.users.deactivate"), 2);
    let page = select(&ada, &format!("{USERS}?status=deactivated"), "Reactivate", &["p00@example.com"]);
    finished(page.form("Reactivate 1 person").press());
    assert_eq!(status_of(&world, "p00@example.com"), "active");
}

fn all_that_match_are_taken_not_only_the_page(world: World) {
    let ada = world.administrator();
    settle(&world, &residents(70));
    settle(&world, &[Resident::new("zoe@example.com", "Zoe")]);
    let page = ada.opens(&format!("{USERS}?q=ken"));
    let page = page.form("Deactivate").check("All 70 that match").press();
    assert_eq!(page.heading(), "Deactivate 70 people");
    assert!(page.says("and 20 more"), "{}", page.text());
    let page = finished(page.form("Deactivate 70 people").press());
    assert!(page.says("Finished: 70 done, 0 not."), "{}", page.text());
    assert!(ada.users().has_link("Deactivated 70"));
    assert_eq!(status_of(&world, "zoe@example.com"), "active");
}

fn invitations_are_resent_and_revoked_by_the_lot(world: World) {
    let ada = world.administrator();
    for email in ["grace@example.com", "ken@example.com"] {
        ada.invites(email, &["read"]);
        world.invitation_link(email);
    }
    let list = format!("{USERS}?status=invited");
    let page = select(&ada, &list, "Resend invitations", &["grace@example.com", "ken@example.com"]);
    finished(page.form("Resend 2 invitations").press());
    assert_eq!(lines(&world, "iam.users.resend"), 2);
    let page = select(&ada, &list, "Revoke invitations", &["grace@example.com", "ken@example.com"]);
    let page = finished(page.form("Revoke 2 invitations").press());
    assert!(page.says("Finished: 2 done, 0 not."), "{}", page.text());
    assert!(ada.users().has_link("Invited 0"));
    assert_eq!(lines(&world, "iam.users.revoke"), 2);
}

fn a_list_that_changed_is_shown_again_before_anything_is_done(world: World) {
    let ada = world.administrator();
    settle(&world, &residents(60));
    let page = ada.opens(&format!("{USERS}?q=ken")).form("Deactivate").check("All 60 that match").press();
    ada.post(&path(&world, "p00@example.com", "deactivate"), &[]);
    let page = page.form("Deactivate 60 people").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("The list has changed since you looked."), "{}", page.text());
    assert_eq!(lines(&world, "iam.users.deactivate"), 1);
    finished(page.form("Deactivate 59 people").press());
    assert_eq!(lines(&world, "iam.users.deactivate"), 60);
}

/// Stops the work between its beginning and its rows: a job that is only in the database.
fn begun_while_nothing_runs(world: &mut World, admin: &Person, emails: &[&str]) -> (String, Vec<String>) {
    let page = select(admin, USERS, "Deactivate", emails);
    let form = page.form(&page.heading());
    let page = form.press_once();
    let job = page.leads_to().expect("a job").path().to_owned();
    world.stops();
    (job, emails.iter().map(|email| (*email).to_owned()).collect())
}

fn what_cannot_be_done_to_one_does_not_stop_the_others(world: World) {
    let ada = world.administrator();
    settle(&world, &residents(3));
    let bob = member(&world, "bob@example.com", "Bob", &["admin"]);
    let page = select(&bob, USERS, "Deactivate", &["p00@example.com", ADMINISTRATOR, "p01@example.com"]);
    ada.post(&path(&world, "p01@example.com", "deactivate"), &[]);
    let page = page.form("Deactivate 3 people").press();
    let page = if page.status == StatusCode::UNPROCESSABLE_ENTITY {
        page.form("Deactivate 2 people").press()
    } else {
        page
    };
    let page = finished(page);
    assert!(page.says("Finished: 2 done, 0 not."), "{}", page.text());
    assert_eq!(status_of(&world, ADMINISTRATOR), "deactivated");
    assert_eq!(status_of(&world, "bob@example.com"), "active");
}

fn whoever_asked_must_still_be_allowed_at_each_row(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &["admin"]);
    settle(&world, &residents(2));
    let of = super::organization(&world);
    let (asker, session) = (id_of(&world, "bob@example.com"), roster::base::ids::SessionId::new());
    let targets: Vec<_> =
        ["p00@example.com", "p01@example.com"].iter().map(|email| id_of(&world, email)).collect();
    assert_eq!(ada.post(&path(&world, "bob@example.com", "deactivate"), &[]).status, StatusCode::SEE_OTHER);
    // As if the job had been begun a moment before.
    let job = world
        .db()
        .write_now(of, |tx| {
            use roster::jobs::{NewJob, Queue, enqueue, items};
            let parameters = serde_json::json!({
                "act": "deactivate", "session": session, "request_id": "r", "address": "127.0.0.1",
            });
            let job = NewJob::new(Queue::Work, "deactivate_users", parameters, tx.now());
            let job = enqueue(tx, &NewJob { organization: Some(of), created_by: Some(asker), ..job })?;
            let items: Vec<_> = targets
                .iter()
                .map(|id| items::NewItem { target: id.to_string(), label: "Ken".to_owned() })
                .collect();
            items::add(tx, of, job, &items)?;
            Ok::<_, roster::db::Fault>(job)
        })
        .expect("a job");
    let page = finished(ada.get(&format!("{USERS}/jobs/{job}")));
    assert!(page.says("Finished: 0 done, 2 not."), "{}", page.text());
    assert!(page.says("Whoever asked for this may not do it any more."), "{}", page.text());
    assert_eq!(status_of(&world, "p00@example.com"), "active");
    drop(bob);
}

fn a_job_goes_on_after_a_restart(mut world: World) {
    let ada = world.administrator();
    settle(&world, &residents(30));
    let emails: Vec<_> = (0..30).map(|nth| format!("p{nth:02}@example.com")).collect();
    let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
    let (job, emails) = begun_while_nothing_runs(&mut world, &ada, &emails);
    world.starts();
    let page = finished(ada.get(world.base_url().join(&job).unwrap().as_str()));
    assert!(page.says("Finished: 30 done, 0 not."), "{}", page.text());
    assert!(emails.iter().all(|email| status_of(&world, email) == "deactivated"));
    assert_eq!(lines(&world, "iam.users.deactivate"), 30, "each once");
}

fn whoever_may_not_does_nothing(world: World) {
    world.administrator();
    settle(&world, &residents(1));
    let reader = member(&world, "r@example.com", "Reader", &["read"]);
    let id = id_of(&world, "p00@example.com").to_string();
    for act in ["deactivate", "reactivate", "resend", "revoke"] {
        for agreed in ["", "1"] {
            let page = reader.post(SELECTED, &[("act", act), ("user", &id), ("agreed", agreed)]);
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{act}");
        }
    }
    assert_eq!(
        world.visitor().post(SELECTED, &[("act", "deactivate"), ("user", &id)]).status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(status_of(&world, "p00@example.com"), "active");
}

fn a_job_of_another_organization_is_not_there(world: World) {
    let ada = world.administrator();
    settle(&world, &residents(1));
    let eve = other_administrator(&world);
    let id = id_of(&world, "p00@example.com").to_string();
    let page = eve.post(SELECTED, &[("act", "deactivate"), ("user", &id)]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("1 person is not in the list any more"), "{}", page.text());
    assert!(!page.says("Ken"));
    let job = select(&ada, USERS, "Deactivate", &["p00@example.com"]).form("Deactivate 1 person").press();
    assert_eq!(eve.get(job.url.path()).status, StatusCode::NOT_FOUND);
    for nonsense in ["nonsense".to_owned(), roster::base::ids::JobId::new().to_string()] {
        assert_eq!(ada.get(&format!("{USERS}/jobs/{nonsense}")).status, StatusCode::NOT_FOUND);
    }
    finished(job);
}

fn nobody_selected_leads_back_to_the_list(world: World) {
    let ada = world.administrator();
    let page = ada.post(SELECTED, &[("act", "deactivate")]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("There is nobody among the selected people"), "{}", page.text());
    assert_eq!(page.follow("Back to the list").url.path(), USERS);
    let page = ada.post(SELECTED, &[("act", "dance"), ("return_to", "/organization/users?q=ada")]).followed();
    assert_eq!(page.url.query(), Some("q=ada"));
    assert_eq!(ada.opens(SELECTED).url.path(), USERS);
}
