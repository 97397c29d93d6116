//! What the forms of all kinds show of a connection, whether it is in force or about to be.

use crate::sso::model::{Configuration, Connection, Draft, Mapped};

#[derive(Clone, Copy)]
pub struct Terms<'a> {
    pub configuration: &'a Configuration,
    pub domains: &'a [String],
    pub groups_claim: &'a str,
    pub mapping: &'a [Mapped],
    pub trusts_factor: bool,
}

impl<'a> From<&'a Connection> for Terms<'a> {
    fn from(it: &'a Connection) -> Self {
        Self {
            configuration: &it.configuration,
            domains: &it.domains,
            groups_claim: &it.groups_claim,
            mapping: &it.mapping,
            trusts_factor: it.trusts_factor,
        }
    }
}

impl<'a> From<&'a Draft> for Terms<'a> {
    fn from(it: &'a Draft) -> Self {
        Self {
            configuration: &it.configuration,
            domains: &it.domains,
            groups_claim: &it.groups_claim,
            mapping: &it.mapping,
            trusts_factor: it.trusts_factor,
        }
    }
}
