//! Setup links.

use crate::{
    base::{clock::Moment, ids::SetupLinkId},
    db::sql_text_enum,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// For an installation without an organization.
    First,
    Further,
}

sql_text_enum!(Purpose { First = "first", Further = "further" });

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Pending,
    Used,
    Replaced,
}

sql_text_enum!(State { Pending = "pending", Used = "used", Replaced = "replaced" });

#[derive(Clone, Debug)]
pub struct SetupLink {
    pub id: SetupLinkId,
    pub purpose: Purpose,
    pub email: String,
    pub state: State,
    pub expires_at: Moment,
}

/// Why a link opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkRefusal {
    NeverIssued,
    Used,
    Replaced,
    Expired,
}
