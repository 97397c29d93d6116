//! Putting a SAML provider in force.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    deploy,
    shown::{AttributeNames, GroupMapped, SingleSignOn},
};
use crate::{
    access::actions::ChangeSso,
    saml::MOST_CERTIFICATES,
    sso::{
        commands,
        forms::{Entered, Errors, SamlDraft, Source, Tab},
        words,
    },
    web::api::{Answered, ApiProblem, Bearer, Body},
};

/// The provider as it shall be, all of it; described by its metadata, or by its entity ID, SSO URL and certificates.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SamlProviderWanted {
    /// Where its metadata are. They are read now, and again only when this is sent again.
    #[schema(max_length = 2000)]
    metadata_url: Option<String>,
    /// Without metadata: its own name, also called its issuer.
    #[schema(min_length = 1, max_length = 1024)]
    entity_id: Option<String>,
    /// Without metadata: where people are sent to sign in, for the HTTP-Redirect binding.
    #[schema(max_length = 2000)]
    sso_url: Option<String>,
    /// Without metadata: the X.509 certificate that it signs with, in PEM, and the one that follows it; either may have
    /// signed.
    #[schema(min_items = 1, max_items = 2)]
    certificates: Option<Vec<String>>,
    /// The assertion must be signed besides the response.
    #[serde(default)]
    requires_signed_assertions: bool,
    /// Requests are signed; they are as well where the metadata ask for it.
    #[serde(default)]
    signs_requests: bool,
    #[serde(default)]
    attributes: AttributeNames,
    /// At least one and at most 100 domains such as `example.com`.
    #[schema(min_items = 1, max_items = 100)]
    domains: Vec<String>,
    /// The attribute that tells a person's groups; `groups`, when it is left out.
    #[schema(min_length = 1, max_length = 200)]
    groups_claim: Option<String>,
    #[serde(default)]
    #[schema(max_items = 100)]
    mapping: Vec<GroupMapped>,
    /// Whoever it vouches for needs no second factor here.
    #[serde(default)]
    trusts_second_factor: bool,
    /// The `version` when this was decided. When it is another one meanwhile, nothing is changed.
    version: Option<i64>,
}

impl SamlProviderWanted {
    /// What the form does not know of: there each way has fields of its own.
    fn own_errors(&self) -> Errors {
        let sent = self.certificates.as_ref().map_or(0, Vec::len);
        let is_by_hand = self.entity_id.is_some() || self.sso_url.is_some() || sent > 0;
        if self.metadata_url.is_some() && is_by_hand {
            let words = "Send the address of the metadata, or what would stand in them, but not both.";
            return Errors::at("metadata_url", words);
        }
        match sent > MOST_CERTIFICATES {
            true => Errors::at("certificates", "Send one certificate, or two."),
            false => Errors::default(),
        }
    }

    fn parse(self, allow_private: bool) -> Result<Entered, ApiProblem> {
        let mut errors = self.own_errors();
        let has_certificates = self.certificates.as_ref().is_some_and(|sent| !sent.is_empty());
        match self.draft().parse(allow_private) {
            Ok(entered) if errors.0.is_empty() => return Ok(entered),
            Ok(_) => {}
            Err(others) => errors.0.extend(others.0),
        }
        // What was not sent has no place in the list.
        let unplaced = errors.0.iter_mut().filter(|(field, _)| field == "certificate" && !has_certificates);
        unplaced.for_each(|(field, _)| *field = "certificates".to_owned());
        Err(deploy::wrong(&errors))
    }

    fn draft(self) -> SamlDraft {
        let text = |sent: Option<String>| sent.unwrap_or_default().trim().to_owned();
        let mut certificates = self.certificates.unwrap_or_default().into_iter();
        SamlDraft {
            tab: if self.metadata_url.is_some() { Tab::Metadata } else { Tab::Manual },
            sso_url: text(self.sso_url),
            entity_id: text(self.entity_id),
            certificate: text(certificates.next()),
            next_certificate: text(certificates.next()),
            metadata_url: text(self.metadata_url),
            signed_assertions: self.requires_signed_assertions,
            signs_requests: self.signs_requests,
            attributes: self.attributes.into(),
            people: deploy::people(&self.domains, self.groups_claim, self.mapping, self.trusts_second_factor),
        }
    }
}

/// Deploy a SAML provider
///
/// Its metadata, if it is described by them, are fetched first. Another provider than before knows nobody yet, and is
/// required of nobody.
#[utoipa::path(put, path = "/sso/saml", tag = "Single sign-on", request_body = SamlProviderWanted,
    responses((status = 200, body = SingleSignOn)))]
pub async fn deploy(person: Bearer, body: Body<SamlProviderWanted>) -> Answered<SingleSignOn> {
    person.actor.may(ChangeSso)?;
    let wanted = body.value;
    let before = deploy::before(&person, wanted.version).await?;
    let allow_private = person.site.settings.allow_private_targets;
    let entered = wanted.parse(allow_private)?;
    let provider = match &entered.source {
        Source::Entered(provider) => provider.clone(),
        Source::At(url) => {
            let (fetcher, now) = (person.site.fetcher(), person.site.db.now());
            let described = commands::described(fetcher, url, (now, allow_private)).await;
            described.map_err(|why| ApiProblem::field("metadataUrl", words::not_described(&why)))?
        }
    };
    deploy::put_in_force(&person, entered.draft(&provider, before.as_ref())).await
}
