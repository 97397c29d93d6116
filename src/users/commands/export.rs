//! The list, all of it, a batch at a time.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::{
    access::{Permit, actions::ReadUsers},
    audit,
    base::{
        clock::Moment,
        ids::{OrganizationId, UserId},
    },
    db::{AnyConnection, Fault, Tx},
    groups::{self, GroupName},
    people,
    users::{
        model::{Person, Toward, View},
        store::{self, Found},
    },
};

/// How many people are held in memory at once.
const BATCH: usize = 500;

/// People on their way out.
pub struct Export {
    organization: OrganizationId,
    found: Found,
    toward: Toward,
}

/// Some of them, and their groups.
pub struct Batch {
    pub people: Vec<Person>,
    pub groups_of: BTreeMap<UserId, Vec<GroupName>>,
}

/// Writes down that the list leaves the console, and by which filters.
pub fn note_export(tx: &mut Tx<'_>, permit: Permit<ReadUsers>, view: &View) -> Result<(), Fault> {
    let filters: Map<String, Value> =
        view.pairs().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let organization = permit.organization();
    let line = audit::Line {
        action: permit.name(),
        target: audit::Target::organization(organization),
        before: json!({}),
        after: json!({ "exported": "users.csv", "filters": filters }),
    };
    audit::record(tx, organization, &permit.actor().into(), line)
}

impl Export {
    pub fn begin(
        conn: &mut AnyConnection,
        permit: Permit<ReadUsers>,
        view: &View,
        now: Moment,
    ) -> Result<Self, Fault> {
        Self::of(conn, permit.organization(), view, now)
    }

    pub(super) fn of(
        conn: &mut AnyConnection,
        organization: OrganizationId,
        view: &View,
        now: Moment,
    ) -> Result<Self, Fault> {
        let counts = people::counts(conn, organization)?;
        let found = store::find(conn, organization, view, &counts, now)?;
        Ok(Self { organization, found, toward: Toward::Start })
    }

    /// The next batch, and what is left to export after it.
    pub fn next(self, conn: &mut AnyConnection) -> Result<(Batch, Option<Self>), Fault> {
        let organization = self.organization;
        let (people, rest) = self.next_people(conn)?;
        let ids: Vec<_> = people.iter().map(|person| person.id).collect();
        Ok((Batch { groups_of: groups::of_people(conn, organization, &ids)?, people }, rest))
    }

    pub(super) fn next_people(
        mut self,
        conn: &mut AnyConnection,
    ) -> Result<(Vec<Person>, Option<Self>), Fault> {
        let slice = self.found.slice(conn, &self.toward, BATCH)?;
        let rest = slice.next.map(|next| {
            self.toward = Toward::After(next);
            self
        });
        Ok((slice.people, rest))
    }
}
