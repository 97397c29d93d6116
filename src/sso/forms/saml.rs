//! The form of a SAML provider.

use url::Url;

use super::{Errors, LONGEST, PeopleDraft, Terms, people::People, sentence};
use crate::{
    outbound,
    saml::{Certificate, LONGEST_ENTITY_ID, Provider},
    sso::model::{Attributes, Configuration, Connection, Draft, Saml, sso_url},
    web::Fields,
};

/// How the provider is described.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    Manual,
    Metadata,
}

impl Tab {
    pub const BOTH: [Tab; 2] = [Self::Manual, Self::Metadata];

    pub fn label(self) -> &'static str {
        match self {
            Self::Manual => "Manual Configuration",
            Self::Metadata => "Metadata URL",
        }
    }

    /// In addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Metadata => "metadata",
        }
    }

    pub fn read(fields: &Fields) -> Option<Self> {
        Self::BOTH.into_iter().find(|tab| tab.word() == fields.get("tab"))
    }
}

/// The form as it was sent.
#[derive(Clone, Debug, Default)]
pub struct SamlDraft {
    pub tab: Tab,
    pub sso_url: String,
    pub entity_id: String,
    pub certificate: String,
    /// For rollover.
    pub next_certificate: String,
    pub metadata_url: String,
    pub signed_assertions: bool,
    pub signs_requests: bool,
    pub attributes: Attributes,
    pub people: PeopleDraft,
}

/// Where the particulars of the provider are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Entered(Provider),
    /// To be fetched from there.
    At(Url),
}

/// What was entered, once it is right.
#[derive(Clone, Debug)]
pub struct Entered {
    pub source: Source,
    signed_assertions: bool,
    signs_requests: bool,
    attributes: Attributes,
    people: People,
}

impl SamlDraft {
    pub fn read(fields: &Fields) -> Self {
        Self {
            tab: Tab::read(fields).unwrap_or_default(),
            sso_url: fields.text("sso_url"),
            entity_id: fields.text("entity_id"),
            certificate: fields.text("certificate"),
            next_certificate: fields.text("next_certificate"),
            metadata_url: fields.text("metadata_url"),
            signed_assertions: fields.get("signed_assertions") == "on",
            signs_requests: fields.get("signs_requests") == "on",
            attributes: Attributes {
                email: fields.text("email_attribute"),
                first_name: fields.text("first_name_attribute"),
                last_name: fields.text("last_name_attribute"),
            },
            people: PeopleDraft::read(fields),
        }
    }

    /// Nothing when the connection is of another kind.
    pub fn of<'a>(terms: impl Into<Terms<'a>>) -> Option<Self> {
        let terms = terms.into();
        let Configuration::Saml(saml) = terms.configuration else { return None };
        let mut certificates = saml.certificates.iter().map(|text| pem(text));
        let metadata_url = saml.metadata_url.as_ref().map(Url::to_string).unwrap_or_default();
        Some(Self {
            tab: if metadata_url.is_empty() { Tab::Manual } else { Tab::Metadata },
            sso_url: saml.sso_url.to_string(),
            entity_id: saml.entity_id.clone(),
            certificate: certificates.next().unwrap_or_default(),
            next_certificate: certificates.next().unwrap_or_default(),
            metadata_url,
            signed_assertions: saml.signed_assertions,
            signs_requests: saml.signs_requests,
            attributes: saml.attributes.clone(),
            people: PeopleDraft::of(terms),
        })
    }

    /// What was entered, or everything that is wrong.
    pub fn parse(&self, allow_private: bool) -> Result<Entered, Errors> {
        let mut errors = Errors::default();
        let source = match self.tab {
            Tab::Manual => self.provider(allow_private, &mut errors).map(Source::Entered),
            Tab::Metadata => self.metadata(allow_private, &mut errors).map(Source::At),
        };
        let names = [
            ("email_attribute", &self.attributes.email),
            ("first_name_attribute", &self.attributes.first_name),
            ("last_name_attribute", &self.attributes.last_name),
        ];
        for (field, name) in names {
            if name.is_empty() || name.len() > 200 {
                errors.add(field, "Enter the name of the attribute, with at most 200 characters.");
            }
        }
        let people = self.people.parse("attribute", &mut errors);
        match source {
            Some(source) if errors.0.is_empty() => Ok(Entered {
                source,
                signed_assertions: self.signed_assertions,
                signs_requests: self.signs_requests,
                attributes: self.attributes.clone(),
                people,
            }),
            _ => Err(errors),
        }
    }

    fn provider(&self, allow_private: bool, errors: &mut Errors) -> Option<Provider> {
        let sso_url =
            sso_url(&self.sso_url, allow_private).map_err(|words| errors.add("sso_url", words)).ok();
        let is_named = (1..=LONGEST_ENTITY_ID).contains(&self.entity_id.chars().count());
        if !is_named {
            errors.add("entity_id", "Enter the Entity ID (issuer) as the identity provider shows it.");
        }
        let mut certificates = Vec::new();
        for (field, text) in
            [("certificate", &self.certificate), ("next_certificate", &self.next_certificate)]
        {
            match Certificate::parse(text) {
                Ok(certificate) if certificates.contains(&certificate) => {}
                Ok(certificate) => certificates.push(certificate),
                Err(_) if text.is_empty() && field == "next_certificate" => {}
                Err(_) if text.is_empty() => {
                    errors.add(field, "Enter the certificate that the identity provider signs with.");
                }
                Err(why) => errors.add(field, sentence(&why.to_string())),
            }
        }
        let (entity_id, wants_signed_requests) = (self.entity_id.clone(), self.signs_requests);
        sso_url.map(|sso_url| Provider { entity_id, sso_url, certificates, wants_signed_requests })
    }

    fn metadata(&self, allow_private: bool, errors: &mut Errors) -> Option<Url> {
        let url = Url::parse(&self.metadata_url).ok().filter(|_| self.metadata_url.len() <= LONGEST);
        match url.as_ref().map(|url| outbound::check(url, allow_private)) {
            Some(Ok(())) => return url,
            Some(Err(why)) => errors.add("metadata_url", sentence(&why.to_string())),
            None => errors.add(
                "metadata_url",
                "Write the whole address, such as https://login.example.com/saml/metadata.",
            ),
        }
        None
    }
}

impl Entered {
    /// What is to be deployed, of this provider.
    pub fn draft(self, provider: &Provider, before: Option<&Connection>) -> Draft {
        let saml = Saml {
            entity_id: provider.entity_id.clone(),
            sso_url: provider.sso_url.clone(),
            certificates: provider.certificates.iter().map(|it| it.as_str().to_owned()).collect(),
            signed_assertions: self.signed_assertions,
            signs_requests: self.signs_requests || provider.wants_signed_requests,
            metadata_url: match self.source {
                Source::At(url) => Some(url),
                Source::Entered(_) => None,
            },
            attributes: self.attributes,
        };
        Draft {
            configuration: Configuration::Saml(saml),
            secret: None,
            domains: self.people.domains,
            groups_claim: self.people.groups_claim,
            mapping: self.people.mapping,
            trusts_factor: self.people.trusts_factor,
            changes: before.map(|before| before.version),
        }
    }
}

/// A certificate in the lines that people know.
pub fn pem(text: &str) -> String {
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(draft: &SamlDraft) -> Vec<String> {
        draft
            .parse(false)
            .err()
            .map(|errors| errors.0.into_iter().map(|it| it.0).collect())
            .unwrap_or_default()
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once_beside_its_field() {
        let mut nothing = SamlDraft { next_certificate: "x".into(), ..SamlDraft::default() };
        nothing.attributes.last_name = String::new();
        let all =
            ["sso_url", "entity_id", "certificate", "next_certificate", "last_name_attribute", "domains"];
        assert_eq!(wrong(&nothing), all);
        assert_eq!(
            wrong(&SamlDraft { tab: Tab::Metadata, ..SamlDraft::default() }),
            ["metadata_url", "domains"]
        );
    }
}
