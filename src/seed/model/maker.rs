//! One person after the other, and one invitation.

use chrono::Duration;

use super::{FURTHER_GROUPS, Group, HISTORY, Invited, Person, Plan, ada};
use crate::{
    base::{
        clock::Moment,
        email_address::{BadAddress, EmailAddress},
        ids::{InvitationId, JobId, UserId},
    },
    people::{SecondFactor, Status},
    seed::{
        dice::{Dice, Stream},
        names::{Name, Names},
    },
};

const INVITATION_LIFE: Duration = Duration::days(7);

/// Makes one after the other of what the plan asks for.
pub struct Maker<'a> {
    plan: &'a Plan,
    names: Names,
    domain: String,
    /// Steps through all names so that neighbours are not alike.
    step: u64,
}

impl<'a> Maker<'a> {
    pub fn new(plan: &'a Plan) -> Self {
        let names = Names::new();
        let step = coprime(plan.dice(Stream::Names).below(names.count()), names.count());
        Self { plan, names, domain: plan.domain(), step }
    }

    /// The nth person who joined; the one with the number 0 administers the organization.
    ///
    /// # Errors
    /// Never with the names there are; a test tries them all.
    pub fn person(&self, nth: u64) -> Result<Person, BadAddress> {
        let mut dice = Dice::of(self.plan.seed, Stream::People, nth);
        let name = if nth == 0 { ada() } else { self.name(nth - 1) };
        let slot = HISTORY / i32::try_from(self.plan.users.max(1)).unwrap_or(i32::MAX);
        let created_at =
            self.plan.begun_at().plus(part(HISTORY, nth, self.plan.users)).plus(dice.duration(slot));
        let is_administrator = nth == 0 || nth % 500 == 250;
        let joined_at = created_at.plus(dice.duration(self.since(created_at).min(Duration::days(5))));
        let deactivated_at = (!is_administrator && dice.percent(6))
            .then(|| joined_at.plus(dice.duration(self.since(joined_at))));
        let last_active_at = self.last_active(&mut dice, joined_at, deactivated_at.unwrap_or(self.plan.at));
        Ok(Person {
            id: UserId::of(dice.uuid(created_at)),
            email: EmailAddress::parse(&format!("{}@{}", name.slug, self.domain))?,
            name,
            status: if deactivated_at.is_some() { Status::Deactivated } else { Status::Active },
            // Those who administer can sign in by a password alone.
            second_factor: if is_administrator { SecondFactor::None } else { second_factor(&mut dice) },
            groups: groups(&mut dice, is_administrator),
            created_at,
            joined_at: Some(joined_at),
            last_active_at,
            deactivated_at,
        })
    }

    /// The nth invitation: some expired, some with a letter that could not be delivered.
    ///
    /// # Errors
    /// See [`Maker::person`].
    pub fn invited(&self, nth: u64) -> Result<Invited, BadAddress> {
        let mut dice = Dice::of(self.plan.seed, Stream::Invitations, nth);
        let mut name = self.name(self.plan.users + nth);
        let domain =
            ["contractors.example", "partners.example", self.domain.as_str()][dice.below(3) as usize];
        let email = EmailAddress::parse(&format!("{}@{domain}", name.slug))?;
        if dice.percent(50) {
            name = Name { slug: name.slug, ..Name::default() };
        }
        let is_expired = dice.percent(30);
        let age = if is_expired {
            INVITATION_LIFE + Duration::hours(1) + dice.duration(Duration::days(14))
        } else {
            dice.duration(INVITATION_LIFE - Duration::hours(2))
        };
        let sent_at = self.plan.at.minus(age);
        let is_resent = dice.percent(15);
        let created_at = if is_resent { sent_at.minus(dice.duration(Duration::days(9))) } else { sent_at };
        let person = Person {
            id: UserId::of(dice.uuid(created_at)),
            email,
            name,
            status: Status::Invited,
            second_factor: SecondFactor::None,
            groups: groups(&mut dice, false),
            created_at,
            joined_at: None,
            last_active_at: created_at,
            deactivated_at: None,
        };
        Ok(Invited {
            id: InvitationId::of(dice.uuid(created_at)),
            person,
            inviter: if self.plan.users > 250 && dice.percent(40) { 250 } else { 0 },
            generation: if is_resent { 2 } else { 1 },
            message: MESSAGES[dice.below(MESSAGES.len() as u64) as usize],
            sent_at,
            expires_at: sent_at.plus(INVITATION_LIFE),
            letter: JobId::of(dice.uuid(sent_at)),
            problem: dice.percent(8).then(|| PROBLEMS[dice.below(PROBLEMS.len() as u64) as usize]),
        })
    }

    fn name(&self, nth: u64) -> Name {
        let (round, within) = (nth / self.names.count(), nth % self.names.count());
        let mixed = (u128::from(within + 1) * u128::from(self.step) % u128::from(self.names.count())) as u64;
        self.names.nth(round * self.names.count() + mixed)
    }

    fn since(&self, moment: Moment) -> Duration {
        self.plan.at.since(moment).max(Duration::zero())
    }

    /// Most were here lately, some long ago, nobody before they joined or after they were let go.
    fn last_active(&self, dice: &mut Dice, joined_at: Moment, until: Moment) -> Moment {
        let longest = match dice.below(100) {
            0..35 => Duration::days(1),
            35..65 => Duration::days(7),
            65..85 => Duration::days(30),
            85..95 => Duration::days(180),
            _ => HISTORY,
        };
        until.minus(dice.duration(longest)).max(joined_at)
    }
}

const MESSAGES: &[&str] = &[
    "",
    "",
    "",
    "Welcome aboard. Ask me anything.",
    "We start on Monday; have a look around before.",
    "Willkommen! Der Zugang gilt für das ganze Projekt.",
];

const PROBLEMS: &[&str] = &[
    "550 5.1.1 There is no mailbox of this name here",
    "552 5.2.2 The mailbox is full",
    "554 5.7.1 This server takes no letters from yours",
    "The mail server did not answer within a minute.",
];

fn second_factor(dice: &mut Dice) -> SecondFactor {
    match dice.below(100) {
        0..50 => SecondFactor::None,
        50..82 => SecondFactor::App,
        _ => SecondFactor::Passkey,
    }
}

fn groups(dice: &mut Dice, is_administrator: bool) -> Vec<Group> {
    let mut groups = Vec::new();
    match dice.below(100) {
        _ if is_administrator => groups.push(Group::standard("admin")),
        0..58 => groups.push(Group::standard("read")),
        58..85 => groups.push(Group::standard("write")),
        85..92 => groups.push(Group::standard("metrics")),
        92..95 => groups.push(Group::standard("billing_viewer")),
        _ => {}
    }
    if dice.percent(25) {
        groups.push(Group::Further(dice.below(FURTHER_GROUPS.len() as u64) as usize));
    }
    groups
}

/// The nth of `of` equal parts of a stretch of time.
fn part(whole: Duration, nth: u64, of: u64) -> Duration {
    let micros =
        whole.num_microseconds().unwrap_or_default() as i128 * i128::from(nth) / i128::from(of.max(1));
    Duration::microseconds(micros as i64)
}

/// A number about `from` that has no divisor in common with `count`, so that its multiples reach every remainder.
fn coprime(from: u64, count: u64) -> u64 {
    fn divisor(a: u64, b: u64) -> u64 {
        if b == 0 { a } else { divisor(b, a % b) }
    }
    (from.max(2)..).find(|step| divisor(*step, count) == 1).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::organization::OrganizationName;

    fn plan(users: u64, invitations: u64) -> Plan {
        Plan {
            organization: OrganizationName::parse("Bücher & Söhne").expect("a name"),
            users,
            invitations,
            seed: 1,
            at: Moment::from_micros(1_900_000_000_000_000),
        }
    }

    #[test]
    fn everybody_has_an_address_and_an_id_of_their_own() {
        let plan = plan(30_000, 1_000);
        let maker = Maker::new(&plan);
        let people = (0..plan.users).map(|nth| maker.person(nth).expect("a person"));
        let invited = (0..plan.invitations).map(|nth| maker.invited(nth).expect("an invitation").person);
        let (mut emails, mut ids) = (BTreeSet::new(), BTreeSet::new());
        for person in people.chain(invited) {
            assert!(emails.insert(person.email.folded().to_owned()), "{:?}", person.email);
            assert!(ids.insert(person.id));
        }
        assert!(emails.contains("ada.lovelace@bucher-sohne.example"));
    }

    #[test]
    fn lives_run_forwards_and_end_with_the_plan() {
        for plan in [plan(1, 0), plan(500, 200)] {
            let maker = Maker::new(&plan);
            for nth in 0..plan.users {
                let person = maker.person(nth).expect("a person");
                let joined = person.joined_at.expect("somebody who joined");
                assert!(plan.begun_at() <= person.created_at && person.created_at <= joined, "{person:?}");
                assert!(joined <= person.last_active_at && person.last_active_at <= plan.at, "{person:?}");
                assert!(person.deactivated_at.is_none_or(|at| person.last_active_at <= at && at <= plan.at));
            }
            let invited: Vec<_> =
                (0..plan.invitations).map(|nth| maker.invited(nth).expect("an invitation")).collect();
            let has = |what: fn(&Invited, Moment) -> bool| {
                plan.invitations == 0 || invited.iter().any(|it| what(it, plan.at))
            };
            assert!(has(|it, now| it.expires_at < now) && has(|it, now| it.expires_at > now));
            assert!(has(|it, _| it.problem.is_some()) && has(|it, _| it.person.name.whole.is_empty()));
            assert!(invited.iter().all(|it| it.sent_at <= plan.at && it.inviter < plan.users));
        }
    }

    #[test]
    fn nobody_real_is_written_to() {
        let plan = plan(50, 50);
        let maker = Maker::new(&plan);
        for nth in 0..50 {
            assert!(maker.person(nth).expect("a person").email.domain().ends_with(".example"));
            assert!(maker.invited(nth).expect("an invitation").person.email.domain().ends_with(".example"));
        }
    }
}
