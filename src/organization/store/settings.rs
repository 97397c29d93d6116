//! Rows of what an organization has settled, and of those whom a change of it concerns.

use diesel::prelude::*;

use crate::{
    base::{
        clock::Moment,
        ids::{OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{invitations, organization_settings, organizations, users},
    },
    organization::model::{Affected, Domains, Limits, MOST_NAMED, Settings},
    people::{SecondFactor, Status},
};

type Row = (String, bool, Option<Moment>, i32, i32, String, i32);

pub fn settings(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Settings, Fault> {
    let (name, is_factor_required, factor_from, idle, overall, domains, invitation_days): Row =
        organizations::table
            .inner_join(organization_settings::table)
            .filter(organizations::id.eq(organization))
            .select((
                organizations::name,
                organization_settings::second_factor_required,
                organization_settings::second_factor_from,
                organization_settings::session_idle_minutes,
                organization_settings::session_overall_minutes,
                organization_settings::invitation_domains,
                organization_settings::invitation_days,
            ))
            .first(conn)?;
    let (limits, domains) = (Limits { idle, overall }, Domains::kept(&domains));
    Ok(Settings { name, is_factor_required, factor_from, limits, domains, invitation_days })
}

pub fn save(tx: &mut Tx<'_>, organization: OrganizationId, settings: &Settings) -> Result<(), Fault> {
    diesel::update(organizations::table.find(organization))
        .set(organizations::name.eq(&settings.name))
        .execute(tx.conn())?;
    diesel::update(organization_settings::table.find(organization))
        .set((
            organization_settings::second_factor_required.eq(settings.is_factor_required),
            organization_settings::second_factor_from.eq(settings.factor_from),
            organization_settings::session_idle_minutes.eq(settings.limits.idle),
            organization_settings::session_overall_minutes.eq(settings.limits.overall),
            organization_settings::invitation_domains.eq(settings.domains.ascii()),
            organization_settings::invitation_days.eq(settings.invitation_days),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The Active people who sign in with one factor, and whether `me` is one of them.
pub fn people_without_factor(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    me: Option<UserId>,
) -> Result<Affected, Fault> {
    let without = || {
        users::table
            .filter(users::organization_id.eq(organization))
            .filter(users::status.eq(Status::Active))
            .filter(users::second_factor.eq(SecondFactor::None))
    };
    let first: Vec<(String, String)> = without()
        .order((users::person_key, users::number))
        .limit(MOST_NAMED)
        .select((users::name, users::email))
        .load(conn)?;
    let is_me: i64 = match me {
        Some(me) => without().filter(users::id.eq(me)).count().get_result(conn)?,
        None => 0,
    };
    Ok(Affected {
        count: without().count().get_result(conn)?,
        names: first.into_iter().map(|(name, email)| if name.is_empty() { email } else { name }).collect(),
        is_me: is_me > 0,
    })
}

/// The pending invitations to addresses outside of these domains.
pub fn pending_outside(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    domains: &Domains,
) -> Result<Affected, Fault> {
    if domains.is_empty() {
        return Ok(Affected::default());
    }
    let outside = || {
        let pending = users::table
            .inner_join(invitations::table.on(invitations::user_id.eq(users::id.nullable())))
            .filter(users::organization_id.eq(organization))
            .filter(users::status.eq(Status::Invited))
            .into_boxed();
        // A domain has neither % nor _, which would stand for something else.
        domains
            .iter()
            .fold(pending, |pending, domain| pending.filter(users::email_key.not_like(format!("%@{domain}"))))
    };
    Ok(Affected {
        count: outside().count().get_result(conn)?,
        names: outside().order(users::number).limit(MOST_NAMED).select(users::email).load(conn)?,
        is_me: false,
    })
}
