//! Whom an organization lets in by its own provider only.

use super::store;
use crate::{
    base::{email_address::EmailAddress, ids::OrganizationId},
    db::{AnyConnection, Fault, sql_text_enum},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequiredOf {
    Nobody,
    /// Those whose address is in one of the domains that lead to the provider.
    Domains,
    Everybody,
}

sql_text_enum!(RequiredOf { Nobody = "nobody", Domains = "domains", Everybody = "everybody" });

/// That single sign-on is required, and of whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SsoRequirement {
    of_everybody: bool,
    domains: Vec<String>,
}

impl SsoRequirement {
    /// Nothing when it is required of nobody.
    pub fn of(required: RequiredOf, domains: Vec<String>) -> Option<Self> {
        match required {
            RequiredOf::Nobody => None,
            RequiredOf::Domains => Some(Self { of_everybody: false, domains }),
            RequiredOf::Everybody => Some(Self { of_everybody: true, domains }),
        }
    }

    pub fn covers(&self, email: &str) -> bool {
        self.of_everybody
            || EmailAddress::parse(email)
                .is_ok_and(|address| self.domains.iter().any(|domain| domain == address.ascii_domain()))
    }
}

/// What is in force now: nothing while the provider is off, for nobody could sign in then.
pub fn sso_requirement(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Option<SsoRequirement>, Fault> {
    store::sso_requirement(conn, organization)
}

/// Whether single sign-on leads from this address to the organization's provider now.
pub fn sso_leads_from(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    email: &EmailAddress,
) -> Result<bool, Fault> {
    store::sso_leads_from(conn, organization, email.ascii_domain())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_required_of_everybody_or_of_those_in_the_domains() {
        let domains = || vec!["example.com".to_owned()];
        assert_eq!(SsoRequirement::of(RequiredOf::Nobody, domains()), None);
        let covers = |required, email: &str| {
            SsoRequirement::of(required, domains()).is_some_and(|required| required.covers(email))
        };
        assert!(covers(RequiredOf::Domains, "ada@Example.com"));
        assert!(!covers(RequiredOf::Domains, "ada@sub.example.com"));
        assert!(!covers(RequiredOf::Domains, "ada@example.com.evil.example"));
        assert!(covers(RequiredOf::Everybody, "ada@elsewhere.example"));
    }
}
