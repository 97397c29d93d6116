//! Whose token is this, and may they: asked by a hundred thousand tokens, and under a thousand policies.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use roster::base::access_secret::AccessSecret;
use roster::base::ids::{AccessTokenId, GroupId, OrganizationId, PolicyId, RuleId, UserId};
use roster::db::schema::{
    access_tokens, groups, organizations, policies, rule_groups, rule_roles, rules, users,
};
use roster::db::{AnyConnection, Fault, Tx};

use super::client::{bears, get};
use super::console::{Console, Ground};
use super::figures::{Latencies, Report, median};
use super::scenarios::{CONNECTIONS, rate};

const WHOAMI: &str = "/api/v1/whoami";
const CHECK: &str = "/api/v1/check";
const ASKED: &str = r#"{"action":"cks.clusters.list"}"#;
/// Tokens written in one transaction.
const BATCH: u64 = 10_000;

fn organization(conn: &mut AnyConnection) -> Result<OrganizationId, Fault> {
    Ok(organizations::table.select(organizations::id).first(conn)?)
}

/// New tokens of as many Active people, in place of those of an earlier run, whose secrets nobody has.
pub fn write(ground: &Ground, count: u64) -> Vec<String> {
    let db = ground.open();
    let of = db.read_now(organization).expect("an organization");
    let people = |conn: &mut AnyConnection| {
        let active = users::table.filter(users::organization_id.eq(of)).filter(users::status.eq("active"));
        Ok::<Vec<UserId>, Fault>(active.limit(count as i64).select(users::id).load(conn)?)
    };
    let people = db.read_now(people).expect("people");
    let secrets: Vec<_> = (0..count).map(|_| AccessSecret::random()).collect();
    let clean = |tx: &mut Tx<'_>| Ok::<_, Fault>(diesel::delete(access_tokens::table).execute(tx.conn())?);
    db.write_now(of, clean).expect("no tokens");
    for (nth, batch) in secrets.chunks(BATCH as usize).enumerate() {
        let write = |tx: &mut Tx<'_>| {
            for (place, secret) in batch.iter().enumerate() {
                let owner = people[(nth * BATCH as usize + place) % people.len()];
                write_token(tx, of, owner, secret)?;
            }
            Ok::<_, Fault>(())
        };
        db.write_now(of, write).expect("tokens");
    }
    secrets.iter().map(|secret| secret.reveal().to_owned()).collect()
}

fn write_token(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    owner: UserId,
    secret: &AccessSecret,
) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(access_tokens::table)
        .values((
            access_tokens::id.eq(AccessTokenId::new()),
            access_tokens::organization_id.eq(organization),
            access_tokens::user_id.eq(owner),
            access_tokens::secret_hash.eq(secret.hash()),
            access_tokens::name.eq("load"),
            access_tokens::narrowed.eq(false),
            access_tokens::created_at.eq(now),
            // As used a moment ago: that is written at most once a minute.
            access_tokens::last_used_at.eq(now.plus(chrono::Duration::hours(1))),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// So many policies of one rule each for the group everybody is in, none of which allows what is asked.
pub fn write_policies(ground: &Ground, count: u64) {
    let db = ground.open();
    let of = db.read_now(organization).expect("an organization");
    let write = |tx: &mut Tx<'_>| {
        let there: i64 = policies::table.count().get_result(tx.conn())?;
        let group: GroupId =
            groups::table.filter(groups::name.eq("read")).select(groups::id).first(tx.conn())?;
        (there.unsigned_abs()..count).try_for_each(|nth| write_policy(tx, of, group, nth))
    };
    db.write_now(of, write).expect("policies");
}

fn write_policy(tx: &mut Tx<'_>, of: OrganizationId, group: GroupId, nth: u64) -> Result<(), Fault> {
    let (policy, rule, now, name) = (PolicyId::new(), RuleId::new(), tx.now(), format!("Policy {nth}"));
    let row = (
        policies::id.eq(policy),
        policies::organization_id.eq(of),
        policies::name.eq(&name),
        policies::name_key.eq(name.to_lowercase()),
        policies::description.eq(""),
        policies::standard.eq(false),
        policies::version.eq(1_i64),
        policies::created_at.eq(now),
        policies::updated_at.eq(now),
    );
    diesel::insert_into(policies::table).values(row).execute(tx.conn())?;
    let row = (
        rules::id.eq(rule),
        rules::organization_id.eq(of),
        rules::policy_id.eq(policy),
        rules::position.eq(0),
    );
    diesel::insert_into(rules::table).values(row).execute(tx.conn())?;
    let row =
        (rule_groups::rule_id.eq(rule), rule_groups::organization_id.eq(of), rule_groups::group_id.eq(group));
    diesel::insert_into(rule_groups::table).values(row).execute(tx.conn())?;
    let row = (
        rule_roles::rule_id.eq(rule),
        rule_roles::organization_id.eq(of),
        rule_roles::role.eq("support_viewer"),
    );
    diesel::insert_into(rule_roles::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Rates of both questions, each connection with tokens of its own, against the empty handler of the same server, in
/// turn; then single questions at half the rate.
pub fn rates(console: &Console, tokens: &[String], seconds: u64, report: &mut Report) {
    let empty = get("/healthz", "");
    let token = |connection: usize, nth: u64| &tokens[(connection * 7_919 + nth as usize) % tokens.len()];
    let whoami = |connection, nth| bears(WHOAMI, token(connection, nth), None);
    let check = |connection, nth| bears(CHECK, token(connection, nth), Some(ASKED));
    let (mut empties, mut whoamis, mut checks) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        empties.push(rate(console, CONNECTIONS, seconds, 200, |_, _| empty.clone()));
        whoamis.push(rate(console, CONNECTIONS, seconds, 200, whoami));
        checks.push(rate(console, CONNECTIONS, seconds, 200, check));
    }
    let (empty, whoami_rate, check_rate) = (median(empties), median(whoamis), median(checks));
    for (name, rate) in [("whoami", whoami_rate), ("check", check_rate)] {
        report.say(format!(
            "{name} by {} tokens: {rate:.0}/s; the empty handler: {empty:.0}/s; share {:.0} %",
            tokens.len(),
            rate / empty * 100.0
        ));
    }
    let took = at_half_load(console, whoami, whoami_rate / 2.0, seconds);
    report.say(format!(
        "whoami at half that rate: p50 {:.2} ms, p99 {:.2} ms",
        took.percentile(50),
        took.percentile(99)
    ));
}

/// One row by its key through a pool like the console's, by as many as ask the console: what a server of a database
/// gives at most.
pub fn bare_queries(ground: &Ground, seconds: u64, report: &mut Report) {
    let db = ground.open();
    let of = db.read_now(organization).expect("an organization");
    let name = |conn: &mut AnyConnection| {
        Ok::<String, Fault>(organizations::table.find(of).select(organizations::name).first(conn)?)
    };
    let rates = (0..3).map(|_| {
        let begun = Instant::now();
        let ask = || {
            let mut count = 0_u64;
            while begun.elapsed() < Duration::from_secs(seconds) {
                db.read_now(name).expect("a name");
                count += 1;
            }
            count
        };
        let count: u64 = std::thread::scope(|scope| {
            let all: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(ask)).collect();
            all.into_iter().map(|it| it.join().expect("a count")).sum()
        });
        count as f64 / begun.elapsed().as_secs_f64()
    });
    report.say(format!("bare point queries: {:.0}/s", median(rates.collect())));
}

/// How long each takes when so many a second are asked, evenly.
fn at_half_load(
    console: &Console,
    request: impl Fn(usize, u64) -> Vec<u8> + Sync,
    rate: f64,
    seconds: u64,
) -> Latencies {
    let begun = Instant::now();
    let apart = Duration::from_secs_f64(CONNECTIONS as f64 / rate);
    let one = |connection: usize| {
        let mut open = console.connection();
        let (mut took, mut nth) = (Vec::new(), 0);
        while begun.elapsed() < Duration::from_secs(seconds) {
            let due = begun + apart * nth;
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            let asked = Instant::now();
            assert_eq!(open.ask(&request(connection, u64::from(nth))).expect("an answer").status, 200);
            took.push(asked.elapsed());
            nth += 1;
        }
        took
    };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..CONNECTIONS).map(|nth| scope.spawn(move || one(nth))).collect();
        Latencies::of(all.into_iter().flat_map(|it| it.join().expect("answers")).collect())
    })
}
