//! A connection in words: what is in force, or about to be.

use std::collections::BTreeMap;

use crate::{
    access::{Catalogue, GroupRoles},
    base::{clock::Moment, ids::GroupId},
    saml::Certificate,
    sso::model::{Configuration, Mapped, Oidc, Saml},
    web::{url, when},
};

/// A group by its name, and the roles it carries.
pub struct Groups(pub BTreeMap<GroupId, (String, String)>);

impl Groups {
    pub fn of(groups: &[GroupRoles], catalogue: &Catalogue) -> Self {
        let names = |roles: &[String]| {
            let names =
                roles.iter().map(|role| catalogue.role(role).map_or(role.as_str(), |it| it.name.as_str()));
            let mut names: Vec<_> = names.collect();
            names.sort_unstable();
            names.join(", ")
        };
        Self(groups.iter().map(|group| (group.id, (group.name.clone(), names(&group.roles)))).collect())
    }

    fn rows(&self, mapping: &[Mapped]) -> Vec<MappedRow> {
        let row = |mapped: &Mapped| {
            let (group, roles) = self.0.get(&mapped.group).cloned().unwrap_or_default();
            MappedRow { value: mapped.value.clone(), href: url::group(mapped.group), group, roles }
        };
        mapping.iter().map(row).collect()
    }
}

pub struct MappedRow {
    pub value: String,
    pub group: String,
    pub roles: String,
    pub href: String,
}

/// A certificate, and how long it is good.
pub struct CertificateRow {
    pub fingerprint: String,
    pub subject: String,
    pub until: String,
    pub has_ended: bool,
    pub ends_soon: bool,
}

impl CertificateRow {
    fn of(certificate: &Certificate, (now, zone): (Moment, &str)) -> Self {
        Self {
            fingerprint: certificate.fingerprint.clone(),
            subject: certificate.subject.clone(),
            until: when::day(certificate.not_after, zone),
            has_ended: certificate.has_ended(now),
            ends_soon: certificate.ends_soon(now),
        }
    }
}

#[derive(Default)]
pub struct Facts {
    pub pairs: Vec<(&'static str, String)>,
    pub certificates: Vec<CertificateRow>,
    /// The last certificate ends soon, or has ended.
    pub warning: Option<String>,
    pub mapping: Vec<MappedRow>,
}

impl Facts {
    pub fn of(
        configuration: &Configuration,
        people: (&[String], &str, &[Mapped], bool),
        groups: &Groups,
        at: (Moment, &str),
    ) -> Self {
        let (domains, claim, mapping, trusts_factor) = people;
        let factor = match trusts_factor {
            true => "The provider is trusted for it",
            false => "Asked for here, as after a password",
        };
        let mut pairs = vec![("Kind", configuration.kind().label().to_owned())];
        let claim_label = match configuration {
            Configuration::Oidc(oidc) => {
                pairs.extend(of_oidc(oidc, configuration.identity()));
                "Groups claim"
            }
            Configuration::Saml(saml) => {
                pairs.extend(of_saml(saml));
                "Groups attribute"
            }
        };
        pairs.extend([
            ("Domains", domains.join(", ")),
            ("Second factor", factor.to_owned()),
            (claim_label, claim.to_owned()),
        ]);
        let (certificates, warning) = match configuration {
            Configuration::Oidc(_) => (Vec::new(), None),
            Configuration::Saml(saml) => {
                (saml.certificates().map(|it| CertificateRow::of(&it, at)).collect(), warning(saml, at))
            }
        };
        Self { pairs, certificates, warning, mapping: groups.rows(mapping) }
    }
}

fn of_oidc(oidc: &Oidc, issuer: &str) -> Vec<(&'static str, String)> {
    vec![("Issuer", issuer.to_owned()), ("Client ID", oidc.client_id.clone())]
}

fn of_saml(saml: &Saml) -> Vec<(&'static str, String)> {
    let names = &saml.attributes;
    let signed = match saml.signed_assertions {
        true => "The response and the assertion in it",
        false => "The response",
    };
    let requests = if saml.signs_requests { "Signed by this console" } else { "Not signed" };
    let mut pairs = vec![
        ("Entity ID", saml.entity_id.clone()),
        ("SSO URL", saml.sso_url.to_string()),
        ("Has to be signed", signed.to_owned()),
        ("Requests", requests.to_owned()),
        ("Attributes", format!("{}, {}, {}", names.email, names.first_name, names.last_name)),
    ];
    if let Some(url) = &saml.metadata_url {
        pairs.insert(2, ("Read from", url.to_string()));
    }
    pairs
}

/// Thirty days before the last certificate ends.
fn warning(saml: &Saml, (now, zone): (Moment, &str)) -> Option<String> {
    let last = saml.certificates().max_by_key(|certificate| certificate.not_after)?;
    let day = when::day(last.not_after, zone);
    let what = match (last.ends_soon(now), last.has_ended(now)) {
        (false, _) => return None,
        (true, false) => format!("The certificate of the identity provider ends on {day}."),
        (true, true) => format!("The certificate of the identity provider ended on {day}."),
    };
    Some(format!(
        "{what} Signatures by its key still count. Ask the provider for the next one and enter it as second certificate \
         before it begins to sign with it."
    ))
}
