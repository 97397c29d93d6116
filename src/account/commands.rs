//! What people change of their own account.

use serde_json::json;

use super::store;
use crate::{
    access::Actor,
    audit,
    base::ids::UserId,
    db::{Fault, Tx},
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
