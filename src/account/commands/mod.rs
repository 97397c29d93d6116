//! What people change of their own account.

pub mod email;

use serde_json::json;

use super::{model::Profile, store};
use crate::{
    access::Actor,
    audit,
    base::{email_address::EmailAddress, ids::UserId},
    db::{Fault, Stop, Tx},
    people,
    web::page::Theme,
};

/// Remembers the theme for every browser this person signs in with.
pub fn choose_theme(tx: &mut Tx<'_>, actor: &Actor, user: UserId, theme: Theme) -> Result<(), Fault> {
    store::set_theme(tx, user, theme.word())?;
    let line = audit::Line {
        action: "account.theme",
        target: audit::Target::user(user),
        before: json!({}),
        after: json!({ "theme": theme.word() }),
    };
    audit::record(tx, actor.organization(), &actor.into(), line)
}

/// An identity provider settles the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameIsProvisioned;

/// Gives a person the name others see, and the time zone in which they read times. The same as before changes nothing.
///
/// # Errors
/// Refused when an identity provider settles their name, and it is another.
pub fn save_profile(
    tx: &mut Tx<'_>,
    actor: &Actor,
    user: UserId,
    profile: &Profile,
) -> Result<(), Stop<NameIsProvisioned>> {
    let (name, email, zone) = store::profile(tx.conn(), user)?;
    if (name.as_str(), zone.as_str()) == (profile.name.as_str(), profile.time_zone.as_str()) {
        return Ok(());
    }
    if name != profile.name.as_str() && people::is_provisioned(tx.conn(), user)? {
        return Err(Stop::Refused(NameIsProvisioned));
    }
    let address = EmailAddress::parse(&email).map_err(|e| Fault::broken("reading a person", e))?;
    people::rename(tx, user, profile.name.as_str(), &address)?;
    store::set_time_zone(tx, user, profile.time_zone.as_str())?;
    let line = audit::Line {
        action: "account.profile",
        target: audit::Target::user(user),
        before: json!({ "name": name, "time_zone": zone }),
        after: json!({ "name": profile.name.as_str(), "time_zone": profile.time_zone.as_str() }),
    };
    Ok(audit::record(tx, actor.organization(), &actor.into(), line)?)
}
