//! `roster seed`: an organization full of people who do not exist.

use std::{io::Write, net::IpAddr, sync::Arc};

use chrono::{NaiveDate, NaiveTime};

use super::{
    Outcome,
    progress::{Progress, Unit},
};
use crate::{
    base::{
        clock::{Clock, Moment, SetClock, SystemClock},
        email_address::EmailAddress,
        password::{PasswordRules, Person},
    },
    console::Foundation,
    db::Stop,
    organization::{NameRefusal, OrganizationName},
    seed::{self, MOST, Plan, Step},
    settings::Settings,
};

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct SeedArguments {
    /// How many people have joined
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MOST))]
    users: u64,
    /// How many people are invited; some invitations are expired, some letters could not be delivered
    #[arg(long, value_name = "M", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=MOST))]
    invitations: u64,
    /// What the organization is called
    #[arg(long, value_name = "NAME", default_value = "Analytical Engines", value_parser = organization)]
    organization: OrganizationName,
    /// Password of everybody who has joined; without it nobody can sign in
    #[arg(long, value_name = "WORDS")]
    password: Option<String>,
    /// Another number makes other people
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Day on which the made-up history ends [default: today]; name it to get the same rows on any day
    #[arg(long, value_name = "YYYY-MM-DD")]
    at: Option<NaiveDate>,
}

const EXAMPLES: &str = "\
Makes a new organization with people, groups and invitations that do not exist, the same ones every time. The first
administrator is ada.lovelace@ and the organization's name with .example at the end. No letter is sent.
Meant for trying Roster out: while it runs, a console on the same SQLite file cannot write.

Examples:
  roster seed --users 1000 --invitations 60 --password 'engines weave algebra'
  roster --data-dir ./demo seed --users 1000000 --at 2026-11-22";

fn organization(typed: &str) -> Result<OrganizationName, &'static str> {
    OrganizationName::parse(typed).map_err(|refusal| match refusal {
        NameRefusal::Empty => "an organization has a name",
        NameRefusal::TooLong => "use at most 100 characters",
    })
}

pub fn run(settings: Settings, arguments: SeedArguments) -> Outcome {
    super::begin(&settings)?;
    let at = match arguments.at {
        Some(day) => Moment::from_naive(day.and_time(NaiveTime::MIN)),
        None => Moment::from_naive(SystemClock.now().as_naive().date().and_time(NaiveTime::MIN)),
    };
    let plan = Plan {
        organization: arguments.organization,
        users: arguments.users,
        invitations: arguments.invitations,
        seed: arguments.seed,
        at,
    };
    let foundation = Foundation::open(settings, Arc::new(SetClock::starting_at(plan.at)))?;
    let site = foundation.site()?;
    let hash = arguments.password.map(|typed| hash(&plan, &site.hasher, &typed)).transpose()?;
    site.db.expect_many_rows()?;
    let progress = Progress::begin(Unit::People);
    let tell = |step| match step {
        Step::Written(written) => progress.at(written, plan.users + plan.invitations),
        Step::BuildingIndexes => progress.say("building indexes"),
    };
    let seeded = site.db.write_now(None, |tx| seed::seed(tx, &site.catalogue, &plan, hash.as_deref(), &tell));
    progress.end();
    match seeded {
        Ok(()) => told(&plan, hash.is_some()),
        Err(Stop::Refused(refusal)) => Err(refusal.into()),
        Err(Stop::Fault(fault)) => Err(fault.into()),
    }
}

fn hash(
    plan: &Plan,
    hasher: &crate::crypto::hashing::Hasher,
    typed: &str,
) -> Result<String, Box<dyn std::error::Error>> {
    let nobody: Option<&EmailAddress> = None;
    let person = Person { name: "", email: nobody, organization: plan.organization.as_str() };
    let password = PasswordRules::ALONE.accept(typed, &person).map_err(|why| format!("--password: {why}"))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let here = IpAddr::from([127, 0, 0, 1]);
    Ok(runtime.block_on(hasher.hash(here, password.expose().to_owned()))?)
}

fn told(plan: &Plan, can_sign_in: bool) -> Outcome {
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{} has {} people and {} invitations.",
        plan.organization.as_str(),
        plan.users,
        plan.invitations
    )?;
    match can_sign_in {
        true => writeln!(
            out,
            "Everybody active signs in with the password given, {} first.",
            plan.administrator()
        )?,
        false => writeln!(out, "Nobody can sign in: no --password was given.")?,
    }
    Ok(())
}
