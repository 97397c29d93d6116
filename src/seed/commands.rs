//! Making the plan's rows, all in one transaction: whatever ends it early leaves nothing behind.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    model::{FURTHER_GROUPS, Group, Invited, Maker, Person, Plan},
    store::{self, InvitationRow, LetterRow, MembershipRow, PasswordRow, UserRow},
};
use crate::{
    access::Catalogue,
    audit,
    base::{
        email_address::BadAddress,
        ids::{GroupId, OrganizationId, UserId},
    },
    db::{Fault, Stop, Tx},
    mail::{self, Letter, Recipient},
    organization::{self, Identity},
    people::{self, Status},
};

/// Rows written by one statement.
const BATCH: u64 = 500;
/// From this many people on, SQLite's indexes are taken down first and built at the end.
const MANY: u64 = 20_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeedRefusal {
    #[error("this database has been seeded with --seed {0} already; name another number")]
    SeededAlready(u64),
}

/// What is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many people and invitations are written.
    Written(u64),
    BuildingIndexes,
}

/// Makes the organization with everybody in it. With a hash of a password, everybody who has joined signs in by that
/// password; without, nobody can.
pub fn seed(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    plan: &Plan,
    password_hash: Option<&str>,
    tell: &dyn Fn(Step),
) -> Result<(), Stop<SeedRefusal>> {
    if store::exists(tx.conn(), plan.organization_id())? {
        return Err(Stop::Refused(SeedRefusal::SeededAlready(plan.seed)));
    }
    let indexes = match plan.users + plan.invitations >= MANY {
        true => store::take_down_indexes(tx)?,
        false => Vec::new(),
    };
    let groups = found(tx, catalogue, plan)?;
    let mut seeding = Seeding {
        maker: Maker::new(plan),
        plan,
        organization: plan.organization_id(),
        groups,
        password_hash,
        written: 0,
        members: BTreeMap::new(),
        statuses: BTreeMap::new(),
    };
    seeding.people(tx, tell)?;
    seeding.invitations(tx, tell)?;
    seeding.counts(tx)?;
    if !indexes.is_empty() {
        tell(Step::BuildingIndexes);
        store::build_indexes(tx, &indexes)?;
    }
    Ok(note(tx, plan)?)
}

/// The organization and its groups, without anybody.
fn found(tx: &mut Tx<'_>, catalogue: &Catalogue, plan: &Plan) -> Result<BTreeMap<Group, GroupId>, Fault> {
    let mut code = plan.code();
    while organization::code_is_taken(tx.conn(), &code)? {
        let number = u32::from_str_radix(&code, 16).unwrap_or_default();
        code = format!("{:06x}", (number + 1) % (1 << 24));
    }
    let identity = Identity { id: plan.organization_id(), code: &code, name: &plan.organization };
    let standard = organization::found(tx, catalogue, &identity, &mut plan.ids_of_groups())?;
    let mut groups: BTreeMap<_, _> =
        standard.into_iter().map(|(name, id)| (Group::Standard(name.to_owned()), id)).collect();
    for (nth, (name, description)) in FURTHER_GROUPS.iter().enumerate() {
        let id = plan.further_group(nth);
        store::insert_group(tx, identity.id, id, name, description)?;
        groups.insert(Group::Further(nth), id);
    }
    Ok(groups)
}

fn note(tx: &mut Tx<'_>, plan: &Plan) -> Result<(), Fault> {
    let line = audit::Line {
        action: "organization.seed",
        target: audit::Target::organization(plan.organization_id()),
        before: json!({}),
        after: json!({
            "name": plan.organization.as_str(),
            "users": plan.users,
            "invitations": plan.invitations,
            "seed": plan.seed,
        }),
    };
    audit::record(tx, plan.organization_id(), &audit::By::operator(), line)
}

struct Seeding<'a> {
    maker: Maker<'a>,
    plan: &'a Plan,
    organization: OrganizationId,
    groups: BTreeMap<Group, GroupId>,
    password_hash: Option<&'a str>,
    written: u64,
    members: BTreeMap<GroupId, i64>,
    statuses: BTreeMap<&'static str, i64>,
}

impl Seeding<'_> {
    fn people(&mut self, tx: &mut Tx<'_>, tell: &dyn Fn(Step)) -> Result<(), Fault> {
        for batch in batches(self.plan.users) {
            let people: Vec<Person> = made(batch.map(|nth| self.maker.person(nth)))?;
            self.write(tx, people.iter())?;
            if let Some(hash) = self.password_hash {
                let rows: Vec<_> = people.iter().map(|person| self.password(person, hash)).collect();
                store::insert_passwords(tx, &rows)?;
            }
            self.told(people.len(), tell);
        }
        Ok(())
    }

    fn invitations(&mut self, tx: &mut Tx<'_>, tell: &dyn Fn(Step)) -> Result<(), Fault> {
        let inviters = BTreeMap::from_iter([0, 250].map(|nth| (nth, self.maker.person(nth))));
        for batch in batches(self.plan.invitations) {
            let invited: Vec<Invited> = made(batch.map(|nth| self.maker.invited(nth)))?;
            self.write(tx, invited.iter().map(|it| &it.person))?;
            let inviter = |it: &Invited| match &inviters[&it.inviter] {
                Ok(person) => (person.id, person.name.whole.clone()),
                Err(_) => (it.person.id, String::new()),
            };
            let rows: Vec<_> = invited.iter().map(|it| self.invitation(it, inviter(it).0)).collect();
            store::insert_invitations(tx, &rows)?;
            let letters = invited.iter().map(|it| self.letter(it, inviter(it)));
            store::insert_letters(tx, &letters.collect::<Result<Vec<_>, Fault>>()?)?;
            self.told(invited.len(), tell);
        }
        Ok(())
    }

    fn write<'p>(
        &mut self,
        tx: &mut Tx<'_>,
        people: impl Iterator<Item = &'p Person> + Clone,
    ) -> Result<(), Fault> {
        let rows: Vec<_> = people.clone().map(|person| self.user(person)).collect();
        store::insert_users(tx, &rows)?;
        let memberships: Vec<_> = people.flat_map(|person| self.memberships(person)).collect();
        for row in &memberships {
            *self.members.entry(row.group_id).or_default() += 1;
        }
        for row in &rows {
            *self.statuses.entry(row.status.as_str()).or_default() += 1;
        }
        store::insert_memberships(tx, &memberships)
    }

    fn told(&mut self, more: usize, tell: &dyn Fn(Step)) {
        self.written += more as u64;
        tell(Step::Written(self.written));
    }

    fn counts(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        let of = |status: Status| self.statuses.get(status.as_str()).copied().unwrap_or_default();
        let counts = people::Counts {
            invited: of(Status::Invited),
            active: of(Status::Active),
            deactivated: of(Status::Deactivated),
        };
        store::set_counts(tx, self.organization, &counts)?;
        self.members.iter().try_for_each(|(group, members)| store::set_members(tx, *group, *members))
    }

    fn user(&self, person: &Person) -> UserRow {
        UserRow {
            id: person.id,
            organization_id: self.organization,
            email: person.email.as_str().to_owned(),
            email_key: person.email.folded().to_owned(),
            name: person.name.whole.clone(),
            given_name: person.name.given.clone(),
            family_name: person.name.family.clone(),
            person_key: people::person_key(&person.name.whole, &person.email),
            search_text: people::search_text(&person.name.whole, &person.email),
            status: person.status,
            second_factor: person.second_factor,
            created_at: person.created_at,
            joined_at: person.joined_at,
            last_active_at: person.last_active_at,
            deactivated_at: person.deactivated_at,
        }
    }

    fn memberships<'p>(&'p self, person: &'p Person) -> impl Iterator<Item = MembershipRow> + 'p {
        person.groups.iter().filter_map(|group| {
            Some(MembershipRow {
                group_id: *self.groups.get(group)?,
                user_id: person.id,
                organization_id: self.organization,
                created_at: person.created_at,
            })
        })
    }

    fn password<'h>(&self, person: &Person, hash: &'h str) -> PasswordRow<'h> {
        PasswordRow {
            user_id: person.id,
            organization_id: self.organization,
            hash,
            changed_at: person.joined_at.unwrap_or(person.created_at),
        }
    }

    fn invitation(&self, invited: &Invited, inviter: UserId) -> InvitationRow {
        InvitationRow {
            id: invited.id,
            organization_id: self.organization,
            user_id: Some(invited.person.id),
            inviter_id: Some(inviter),
            email: invited.person.email.as_str().to_owned(),
            state: "pending",
            generation: i64::from(invited.generation),
            message: invited.message,
            created_at: invited.person.created_at,
            sent_at: invited.sent_at,
            expires_at: invited.expires_at,
        }
    }

    /// The row of a letter that was sent, or given up; none waits, so that nothing is sent on account of a seed.
    fn letter(&self, invited: &Invited, inviter: (UserId, String)) -> Result<LetterRow, Fault> {
        let person = &invited.person;
        let letter = Letter::Invitation {
            invitation: invited.id,
            generation: invited.generation,
            organization: self.plan.organization.as_str().to_owned(),
            inviter: inviter.1,
            groups: person.groups.iter().map(|group| group.name().to_owned()).collect(),
            message: invited.message.to_owned(),
            expires_at: invited.expires_at,
        };
        let about = invited.id.to_string();
        let to = Recipient {
            address: person.email.as_str().to_owned(),
            name: person.name.whole.clone(),
            organization: Some(self.organization),
            about: Some(about.clone()),
        };
        let took = chrono::Duration::seconds(if invited.problem.is_some() { 3_600 } else { 3 });
        Ok(LetterRow {
            id: invited.letter,
            organization_id: Some(self.organization),
            queue: "mail",
            kind: letter.kind(),
            parameters: mail::parameters(&to, &letter)?.to_string(),
            about: Some(about),
            state: if invited.problem.is_some() { "failed" } else { "done" },
            attempts: 1,
            run_at: invited.sent_at,
            problem: invited.problem.unwrap_or_default(),
            created_at: invited.sent_at,
            ended_at: Some(invited.sent_at.plus(took)),
        })
    }
}

fn batches(count: u64) -> impl Iterator<Item = std::ops::Range<u64>> {
    (0..count).step_by(BATCH as usize).map(move |start| start..(start + BATCH).min(count))
}

fn made<T>(all: impl Iterator<Item = Result<T, BadAddress>>) -> Result<Vec<T>, Fault> {
    all.collect::<Result<_, _>>().map_err(|bad| Fault::broken("making up an address", bad))
}
