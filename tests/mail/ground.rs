//! An empty Roster on either database, with an organization and a clock that stands still.

use std::future::Future;
use std::sync::Arc;

use chrono::{TimeZone, Utc};
use diesel::RunQueryDsl;
use roster::base::clock::{Clock, Moment, SetClock};
use roster::base::ids::{InvitationId, JobId, OrganizationId};
use roster::db::{Db, Fault, Place};
use roster::jobs::{self, Job, JobState, NewJob, Queue, Wanted};
use roster::mail::{Letter, MailState, MailStatus, Recipient, status_of};
use tempfile::TempDir;

use crate::support::postgres::{Cluster, TestDatabase};

pub struct Ground {
    pub db: Db,
    pub clock: SetClock,
    pub organization: OrganizationId,
    pub folder: TempDir,
    _database: Option<TestDatabase>,
}

/// Runs a test on SQLite and then on PostgreSQL.
pub fn on_both<F: Future<Output = ()>>(test: impl Fn(Arc<Ground>) -> F) {
    for is_sqlite in [true, false] {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let ground = Arc::new(Ground::new(is_sqlite));
        runtime.block_on(test(ground));
    }
}

impl Ground {
    fn new(is_sqlite: bool) -> Ground {
        let folder = tempfile::tempdir().expect("a folder");
        let database = (!is_sqlite).then(|| Cluster::shared().empty_database());
        let place = match &database {
            Some(database) => Place::Postgres(database.url()),
            None => Place::Sqlite(folder.path().join("roster.sqlite3")),
        };
        let start = Moment::new(Utc.with_ymd_and_hms(2026, 11, 22, 9, 0, 0).unwrap());
        let clock = SetClock::starting_at(start);
        let db = Db::open(place, Arc::new(clock.clone())).expect("a database");
        db.migrate().expect("the migrations");
        let organization = OrganizationId::new();
        let insert = format!(
            "INSERT INTO organizations (id, code, name, created_at) VALUES ('{organization}', 'abc123', 'Acme', '2026-11-22 09:00:00')"
        );
        db.write_now(None, |tx| Ok::<_, Fault>(diesel::sql_query(&insert).execute(tx.conn())?))
            .expect("an organization");
        Ground { db, clock, organization, folder, _database: database }
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Work of the kind `act`, due now.
    pub fn enqueue(&self, queue: Queue) -> JobId {
        let organization = self.organization;
        self.db
            .write_now(None, |tx| {
                let job = NewJob::new(queue, "act", serde_json::json!({"n": 1}), tx.now());
                jobs::enqueue(tx, &NewJob { organization: Some(organization), ..job })
            })
            .expect("a job")
    }

    pub async fn lease(&self, most: usize) -> Vec<Job> {
        jobs::lease(&self.db, wanted("act"), most).await.expect("a lease")
    }

    pub fn state(&self, job: JobId) -> JobState {
        self.report(job).state
    }

    pub fn report(&self, job: JobId) -> jobs::JobReport {
        let organization = self.organization;
        self.db.read_now(|conn| jobs::report(conn, organization, job)).expect("a report").expect("a job")
    }

    /// Queues an invitation letter to this address; the answer is what it is about.
    pub fn invite(&self, address: &str) -> String {
        let invitation = InvitationId::new();
        let to = Recipient {
            address: address.to_owned(),
            name: String::new(),
            organization: Some(self.organization),
            about: Some(invitation.to_string()),
        };
        let letter = Letter::Invitation {
            invitation,
            generation: 1,
            organization: "Acme".into(),
            inviter: "Ada Lovelace".into(),
            groups: vec!["Operators".into()],
            message: "Welcome".into(),
            expires_at: self.now().plus(chrono::Duration::days(7)),
        };
        self.db.write_now(None, |tx| roster::mail::enqueue(tx, &to, &letter)).expect("a letter");
        invitation.to_string()
    }

    pub fn status(&self, about: &str) -> MailStatus {
        let (organization, about) = (self.organization, [about.to_owned()]);
        let found = self.db.read_now(|conn| status_of(conn, organization, &about)).expect("a status");
        found.into_iter().next().expect("a letter")
    }

    /// Waits until the letter is in this state.
    pub async fn until(&self, about: &str, state: MailState) -> MailStatus {
        self.until_it(about, |status| status.state == state).await
    }

    pub async fn until_it(&self, about: &str, is_it: impl Fn(&MailStatus) -> bool) -> MailStatus {
        let find = async {
            loop {
                let status = self.status(about);
                if is_it(&status) {
                    return status;
                }
                tokio::task::yield_now().await;
            }
        };
        match tokio::time::timeout(crate::support::PATIENCE, find).await {
            Ok(status) => status,
            Err(_) => panic!("the letter is {:?}", self.status(about)),
        }
    }
}

pub fn wanted(kind: &str) -> Wanted {
    Wanted { queue: Queue::Work, kinds: vec![kind.to_owned()], except: Vec::new() }
}
