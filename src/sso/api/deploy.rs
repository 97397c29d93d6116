//! Putting a provider in force, an OpenID provider above all.

use actix_web::web::Json;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    afterwards,
    shown::{GroupMapped, SingleSignOn},
};
use crate::{
    access::actions::ChangeSso,
    saml,
    sso::{
        commands,
        forms::{Errors, OidcDraft, PeopleDraft, group_id, value_id},
        model::{Connection, DeployRefusal, Draft, MOST_MAPPED},
        words,
    },
    web::{
        Halt,
        api::{Answered, ApiProblem, Bearer, Body},
    },
};

/// The provider as it shall be, all of it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ProviderWanted {
    /// The issuer, or the address of its discovery document.
    discovery_url: String,
    client_id: String,
    /// Left out, the one that is kept stays, for the same client of the same provider.
    client_secret: Option<String>,
    /// At least one and at most 100 domains such as `example.com`.
    domains: Vec<String>,
    /// The claim that tells a person's groups; `groups`, when it is left out.
    groups_claim: Option<String>,
    /// At most 100.
    #[serde(default)]
    mapping: Vec<GroupMapped>,
    /// Whoever it vouches for needs no second factor here.
    #[serde(default)]
    trusts_second_factor: bool,
    /// The `version` when this was decided. When it is another one meanwhile, nothing is changed.
    version: Option<i64>,
}

impl ProviderWanted {
    fn draft(self) -> OidcDraft {
        OidcDraft {
            discovery: self.discovery_url.trim().to_owned(),
            client_id: self.client_id.trim().to_owned(),
            client_secret: self.client_secret.unwrap_or_default().trim().to_owned(),
            people: people(&self.domains, self.groups_claim, self.mapping, self.trusts_second_factor),
        }
    }
}

/// Who comes by a provider of either kind, as the form has it.
pub(super) fn people(
    domains: &[String],
    groups_claim: Option<String>,
    mapping: Vec<GroupMapped>,
    trusts_factor: bool,
) -> PeopleDraft {
    let usual = PeopleDraft::default();
    PeopleDraft {
        domains: domains.join("\n"),
        groups_claim: groups_claim.map_or(usual.groups_claim, |claim| claim.trim().to_owned()),
        trusts_factor,
        mapping: mapping.into_iter().map(|it| (it.value.trim().to_owned(), it.group)).collect(),
        wants_rows: false,
    }
}

/// Deploy an OpenID provider
///
/// Its discovery document is fetched first. Another provider than before knows nobody yet, and is required of nobody. A
/// SAML provider goes to `/api/v1/sso/saml`.
#[utoipa::path(put, path = "/sso", tag = "Single sign-on", request_body = ProviderWanted,
    responses((status = 200, body = SingleSignOn)))]
pub async fn deploy(person: Bearer, body: Body<ProviderWanted>) -> Answered<SingleSignOn> {
    person.actor.may(ChangeSso)?;
    let (seen, wanted) = (body.value.version, body.value.draft());
    let before = before(&person, seen).await?;
    let allow_private = person.site.settings.allow_private_targets;
    let draft = wanted.parse(allow_private, before.as_ref()).map_err(|errors| wrong(&errors))?;
    let found = commands::discovered(&draft.configuration, person.site.fetcher()).await;
    found.map_err(|why| ApiProblem::field("discoveryUrl", words::not_discovered(&why)))?;
    put_in_force(&person, draft).await
}

/// The provider as it is, unless it was another version that was seen.
pub(super) async fn before(person: &Bearer, seen: Option<i64>) -> Result<Option<Connection>, ApiProblem> {
    let before = person.read(super::as_it_is).await?.connection;
    match seen.is_some() && seen != before.as_ref().map(|before| before.version) {
        true => Err(stale()),
        false => Ok(before),
    }
}

/// Does at once what the page does in two steps: keeps the draft, and deploys it.
pub(super) async fn put_in_force(person: &Bearer, draft: Draft) -> Answered<SingleSignOn> {
    let sealer = person.site.sealer.clone();
    let fresh = commands::fresh_key(&person.site.db, sealer.clone(), &draft).await?;
    let shown = person
        .write(move |tx, actor| {
            commands::keep(tx, &actor.may(ChangeSso)?, &sealer, &draft).map_err(told)?;
            let (organization, now) = (actor.organization(), tx.now());
            let waiting = commands::draft(tx.conn(), &sealer, organization, now)?;
            let waiting = waiting.ok_or_else(|| Halt::Refused(stale()))?;
            commands::deploy(tx, actor.may(ChangeSso)?, &sealer, &waiting.name).map_err(told)?;
            if let Some(fresh) = fresh.clone() {
                saml::keep_signing_key(tx, &sealer, fresh)?;
            }
            afterwards(tx, actor).map_err(Halt::Refused)
        })
        .await
        .map_err(|halt| halt.told(|problem| problem))?;
    Ok(Json(SingleSignOn::new(person, shown)))
}

fn stale() -> ApiProblem {
    ApiProblem::conflict("Single sign-on was changed since that version. Nothing was changed; read it again.")
}

fn told(stop: crate::db::Stop<DeployRefusal>) -> crate::db::Stop<ApiProblem> {
    stop.map(|why| match why {
        DeployRefusal::NoDraft | DeployRefusal::Stale => stale(),
        DeployRefusal::LastAdministrator => ApiProblem::conflict(words::LAST_ADMINISTRATOR),
        DeployRefusal::NoSuchGroup | DeployRefusal::MoreThanOwn => {
            let words: Vec<_> = words::not_deployed(&why).0.into_iter().map(|(_, words)| words).collect();
            ApiProblem::field("mapping", words.join(" "))
        }
        DeployRefusal::DomainTaken(_) => wrong(&words::not_deployed(&why)),
    })
}

/// How the fields of the forms are called here.
const MEMBERS: [(&str, &str); 14] = [
    ("discovery", "discoveryUrl"),
    ("client_id", "clientId"),
    ("client_secret", "clientSecret"),
    ("metadata_url", "metadataUrl"),
    ("entity_id", "entityId"),
    ("sso_url", "ssoUrl"),
    ("certificates", "certificates"),
    ("certificate", "certificates/0"),
    ("next_certificate", "certificates/1"),
    ("email_attribute", "attributes/email"),
    ("first_name_attribute", "attributes/firstName"),
    ("last_name_attribute", "attributes/lastName"),
    ("domains", "domains"),
    ("groups_claim", "groupsClaim"),
];

pub(super) fn wrong(errors: &Errors) -> ApiProblem {
    let told: Vec<_> = errors.0.iter().map(|(field, words)| (member(field), words.clone())).collect();
    ApiProblem::fields(told.iter().map(|(member, words)| (member.as_str(), words.clone())))
}

fn member(field: &str) -> String {
    let known = MEMBERS.iter().find(|(name, _)| *name == field).map(|(_, member)| (*member).to_owned());
    let row = || {
        (0..MOST_MAPPED + 1).find_map(|row| match field {
            field if field == value_id(row) => Some(format!("mapping/{row}/value")),
            field if field == group_id(row) => Some(format!("mapping/{row}/group")),
            _ => None,
        })
    };
    known.or_else(row).unwrap_or_else(|| "mapping".to_owned())
}
