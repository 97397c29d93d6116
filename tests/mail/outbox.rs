//! Letters as rows: what is shown of them, taken back, tried again.

use roster::base::ids::OrganizationId;
use roster::db::{Fault, Tx};
use roster::jobs::{self, Job, Queue, Wanted};
use roster::mail::{
    Letter, MailState, Recipient, cancel_waiting, retry_about, status_of, waiting_and_failed,
};

use crate::ground::{Ground, on_both};

async fn take(ground: &Ground) -> Vec<Job> {
    let kinds = Letter::KINDS.map(str::to_owned).to_vec();
    let wanted = Wanted { queue: Queue::Mail, kinds, except: Vec::new() };
    jobs::lease(&ground.db, wanted, 9).await.expect("a lease")
}

fn write<T: Send + 'static>(ground: &Ground, act: impl Fn(&mut Tx<'_>) -> Result<T, Fault>) -> T {
    ground.db.write_now(ground.organization, act).expect("a transaction")
}

#[test]
fn the_status_is_that_of_the_latest_letter() {
    on_both(|ground| async move {
        let about = ground.invite("bob@example.com");
        assert_eq!(ground.status(&about).state, MailState::Queued);
        let job = take(&ground).await.remove(0);
        write(&ground, |tx| jobs::fail_for_good(tx, &job, "550 No such person"));
        let failed = ground.status(&about);
        assert_eq!((failed.state, failed.words.as_str()), (MailState::Failed, "550 No such person"));
        assert_eq!((failed.attempts, failed.at), (1, ground.now()));
        assert_eq!(ground.db.read_now(waiting_and_failed).expect("counts"), (0, 1));

        ground.clock.advance(chrono::Duration::minutes(1));
        let to = Recipient {
            address: "bob@example.org".into(),
            name: "Bob".into(),
            organization: Some(ground.organization),
            about: Some(about.clone()),
        };
        write(&ground, |tx| roster::mail::enqueue(tx, &to, &Letter::Test { requested_by: "Ada".into() }));
        assert_eq!(ground.status(&about).state, MailState::Queued);
        assert_eq!(ground.db.read_now(waiting_and_failed).expect("counts"), (1, 1));
        let job = take(&ground).await.remove(0);
        write(&ground, |tx| jobs::complete(tx, &job));
        assert_eq!(ground.status(&about).state, MailState::Sent);
    });
}

#[test]
fn another_organization_sees_nothing_of_it() {
    on_both(|ground| async move {
        let about = [ground.invite("bob@example.com")];
        let other = OrganizationId::new();
        assert!(ground.db.read_now(|conn| status_of(conn, other, &about)).expect("a status").is_empty());
        assert!(!write(&ground, move |tx| retry_about(tx, other, &about[0])));
    });
}

#[test]
fn a_letter_taken_back_is_never_taken_from_the_outbox() {
    on_both(|ground| async move {
        let (kept, revoked) = (ground.invite("bob@example.com"), ground.invite("eve@example.com"));
        assert_eq!(write(&ground, |tx| cancel_waiting(tx, &revoked)), 1);
        assert_eq!(write(&ground, |tx| cancel_waiting(tx, &revoked)), 0);
        let taken = take(&ground).await;
        assert_eq!(taken.iter().map(|job| job.about.as_deref()).collect::<Vec<_>>(), [Some(kept.as_str())]);
    });
}

#[test]
fn a_letter_taken_back_while_it_is_on_its_way_is_not_tried_again() {
    on_both(|ground| async move {
        let about = ground.invite("bob@example.com");
        let job = take(&ground).await.remove(0);
        assert_eq!(write(&ground, |tx| cancel_waiting(tx, &about)), 1);
        let now = ground.now();
        assert!(!write(&ground, |tx| jobs::try_again_at(tx, &job, now, "451 Later")));
        assert!(take(&ground).await.is_empty());
    });
}

#[test]
fn a_failed_letter_is_tried_again_with_a_day_of_its_own() {
    on_both(|ground| async move {
        let about = ground.invite("bob@example.com");
        let organization = ground.organization;
        assert!(!write(&ground, |tx| retry_about(tx, organization, &about)), "it has not failed");
        let job = take(&ground).await.remove(0);
        write(&ground, |tx| jobs::fail_for_good(tx, &job, "550 No such person"));
        ground.clock.advance(chrono::Duration::days(2));
        assert!(write(&ground, |tx| retry_about(tx, organization, &about)));
        assert!(!write(&ground, |tx| retry_about(tx, organization, &about)), "twice");
        assert_eq!(ground.status(&about).state, MailState::Queued);
        let again = take(&ground).await.remove(0);
        assert_eq!((again.id, again.attempts, again.created_at), (job.id, 1, ground.now()));
    });
}
