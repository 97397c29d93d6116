//! Requiring single sign-on of the people of an organization.

use super::settings::{found, hold, note, told};
use crate::{
    access::{
        Permit, RequiredOf,
        actions::{ChangeSso, ReadSso},
        administrators_with_both,
    },
    db::{AnyConnection, Fault, Stop, Tx},
    people,
    sso::{
        model::{MOST_NAMED, Named, Preview, SettingRefusal},
        store,
    },
};

/// More administrators are not looked at.
const MOST_ADMINISTRATORS: i64 = 500;

/// What requiring it of them would do. Nothing while there is no provider.
pub fn preview(
    conn: &mut AnyConnection,
    permit: &Permit<ReadSso>,
    required: RequiredOf,
) -> Result<Option<Preview>, Fault> {
    let organization = permit.organization();
    let Some(connection) = store::of_organization(conn, organization)? else { return Ok(None) };
    let excepted = administrators_with_both(conn, organization, MOST_ADMINISTRATORS)?;
    let domains = &connection.domains;
    let mut without =
        |are_inside| store::without_identity(conn, organization, (domains, are_inside), &excepted);
    let (locked_out, not_yet) = match required {
        RequiredOf::Nobody => (Named::default(), Named::default()),
        RequiredOf::Domains => (Named::default(), without(true)?),
        RequiredOf::Everybody => (without(false)?, without(true)?),
    };
    let mut first = people::these(conn, organization, &excepted)?;
    let count = i64::try_from(first.len()).unwrap_or(i64::MAX);
    first.truncate(MOST_NAMED);
    Ok(Some(Preview { required, locked_out, not_yet, excepted: Named { count, first } }))
}

/// From the next sign-in on these people come by single sign-on only; `seen` is the version of the connection that the
/// page was made of. Refused where no administrator would be left who could sign in while the provider fails.
pub fn require(
    tx: &mut Tx<'_>,
    permit: Permit<ChangeSso>,
    required: RequiredOf,
    seen: i64,
) -> Result<(), Stop<SettingRefusal>> {
    let before = found(tx, &permit)?;
    if before.version != seen {
        return Err(Stop::Refused(SettingRefusal::Stale));
    }
    if before.required == required {
        return Err(Stop::Refused(SettingRefusal::IsSo));
    }
    if !before.is_on && required != RequiredOf::Nobody {
        return Err(Stop::Refused(SettingRefusal::IsOff));
    }
    if !store::require(tx, (before.id, seen), required)? {
        return Err(Stop::Refused(SettingRefusal::Stale));
    }
    hold(tx, before.organization)?;
    let had = told(tx, &before)?;
    let mut now = had.clone();
    now["required_of"] = required.as_str().into();
    Ok(note(tx, &permit, had, now)?)
}
