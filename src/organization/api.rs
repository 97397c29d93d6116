//! The organization's settings for programs. The stream of its audit is told with the audit.

use actix_web::web::{self, Json, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::{
    commands,
    forms::{SettingsDraft, SettingsErrors},
    model::{Affected, Change, ChangeRefusal, Settings, Topic},
};
use crate::{
    access::actions::{ChangeOrganization, ReadOrganization, SendTestLetter},
    base::clock::Moment,
    db::Fault,
    web::{
        Halt,
        api::{Answered, ApiProblem, Bearer, Body},
    },
};

pub fn api_routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/organization").get(show).patch(update))
        .service(web::resource("/organization/preview").post(preview))
        .service(web::resource("/organization/test-letter").post(send_test_letter));
}

#[derive(OpenApi)]
#[openapi(paths(show, update, preview, send_test_letter))]
pub struct ApiDocument;

/// The organization, and what holds for everyone in it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Organization)]
pub struct OrganizationShown {
    id: String,
    code: String,
    name: String,
    second_factor_required: bool,
    /// From when on it is required.
    second_factor_from: Option<String>,
    #[schema(inline)]
    sessions: SessionLimits,
    /// The domains that people are invited to; none means all.
    invitation_domains: Vec<String>,
    /// How many days an invitation stays open.
    invitation_days: i32,
    /// Another one whenever any of this was changed.
    version: String,
}

/// After how many minutes sessions end.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SessionLimits {
    /// Without a request: 15, 30, 60, 120, 240, 480, 720, 1440 or 4320; not above the other.
    idle_minutes: i32,
    /// In any case: 60, 480, 720, 1440, 10080, 20160 or 43200.
    overall_minutes: i32,
}

impl OrganizationShown {
    fn new(person: &Bearer, settings: &Settings) -> Self {
        Self {
            id: person.organization.to_string(),
            code: person.token().around.organization_code.clone(),
            name: settings.name.clone(),
            second_factor_required: settings.is_factor_required,
            second_factor_from: settings
                .factor_from
                .filter(|_| settings.is_factor_required)
                .map(Moment::rfc3339),
            sessions: SessionLimits {
                idle_minutes: settings.limits.idle,
                overall_minutes: settings.limits.overall,
            },
            invitation_domains: settings.domains.shown(),
            invitation_days: settings.invitation_days,
            version: settings.version(),
        }
    }
}

/// Show the organization
#[utoipa::path(get, path = "/organization", tag = "Organization",
    responses((status = 200, body = OrganizationShown)))]
async fn show(person: Bearer) -> Answered<OrganizationShown> {
    let settings = person
        .read(|conn, actor| Ok::<_, ApiProblem>(commands::settings(conn, &actor.may(ReadOrganization)?)?))
        .await?;
    Ok(Json(OrganizationShown::new(&person, &settings)))
}

/// What shall hold. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OrganizationChange {
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    #[schema(inline)]
    second_factor: Option<SecondFactorWanted>,
    #[schema(inline)]
    sessions: Option<SessionLimits>,
    /// At most 100 domains such as `example.com`; an empty list means all.
    invitation_domains: Option<Vec<String>>,
    #[schema(minimum = 1, maximum = 30)]
    invitation_days: Option<i32>,
    /// The `version` when this was decided. When it is another one meanwhile, nothing is changed.
    version: Option<String>,
}

/// Whether everybody needs a second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SecondFactorWanted {
    required: bool,
    /// How many days from now people have to set one up; 7, when it is left out.
    #[schema(minimum = 0, maximum = 90)]
    grace_days: Option<i32>,
}

/// How the fields of the forms are called here.
const MEMBERS: [(&str, &str); 6] = [
    ("name", "name"),
    ("grace", "secondFactor/graceDays"),
    ("idle", "sessions/idleMinutes"),
    ("overall", "sessions/overallMinutes"),
    ("domains", "invitationDomains"),
    ("invitation_days", "invitationDays"),
];

impl OrganizationChange {
    fn parse(self) -> Result<Vec<Change>, ApiProblem> {
        let mut draft = SettingsDraft::default();
        let mut topics = Vec::new();
        if let Some(name) = self.name {
            topics.push(Topic::Name);
            draft.name = name;
        }
        if let Some(factor) = self.second_factor {
            topics.push(Topic::SecondFactor);
            draft.is_required = factor.required;
            draft.grace = factor.grace_days.unwrap_or(SettingsDraft::USUAL_GRACE).to_string();
        }
        if let Some(limits) = self.sessions {
            topics.push(Topic::Sessions);
            draft.idle = limits.idle_minutes.to_string();
            draft.overall = limits.overall_minutes.to_string();
        }
        if let Some(domains) = self.invitation_domains {
            topics.push(Topic::Domains);
            draft.domains = domains.join("\n");
        }
        if let Some(days) = self.invitation_days {
            topics.push(Topic::InvitationLife);
            draft.invitation_days = days.to_string();
        }
        let parsed: Vec<_> = topics.into_iter().map(|topic| draft.parse(topic)).collect();
        let wrong: Vec<_> = parsed.iter().filter_map(|it| it.as_ref().err()).flat_map(members).collect();
        match wrong.is_empty() {
            true => Ok(parsed.into_iter().filter_map(Result::ok).collect()),
            false => Err(ApiProblem::fields(wrong)),
        }
    }
}

fn members(errors: &SettingsErrors) -> impl Iterator<Item = (&'static str, String)> {
    MEMBERS.iter().filter_map(|(field, member)| Some((*member, errors.of(field)?)))
}

/// Change the organization
///
/// All of it or nothing. Sessions that are over by new limits end.
#[utoipa::path(patch, path = "/organization", tag = "Organization", request_body = OrganizationChange,
    responses((status = 200, body = OrganizationShown)))]
async fn update(person: Bearer, body: Body<OrganizationChange>) -> Answered<OrganizationShown> {
    person.actor.may(ChangeOrganization)?;
    let version = body.value.version.clone();
    let changes = body.value.parse()?;
    count_those_who_are_here(&person, &changes).await?;
    let settings = person
        .write(move |tx, actor| commands::change_all(tx, actor, &changes, version.as_deref()))
        .await
        .map_err(|halt| halt.told(refused))?;
    Ok(Json(OrganizationShown::new(&person, &settings)))
}

/// Whoever was here a moment ago is not idle.
async fn count_those_who_are_here(person: &Bearer, changes: &[Change]) -> Result<(), Fault> {
    match changes.iter().any(|change| change.topic() == Topic::Sessions) {
        true => person.site.touches.flush(&person.site.db).await,
        false => Ok(()),
    }
}

fn refused(refusal: ChangeRefusal) -> ApiProblem {
    ApiProblem::conflict(match refusal {
        ChangeRefusal::ChangedMeanwhile => {
            "The organization was changed since that version. Nothing was changed; read it again."
        }
        ChangeRefusal::Nothing => "It is like that already.",
        ChangeRefusal::LastAdministrator => {
            "Nobody who administers the organization could sign in any more. Give somebody else IAM Admin and a way to \
             sign in first."
        }
    })
}

/// Whom a change would concern.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationPreview {
    /// Active people who sign in with one factor, and would need a second one.
    second_factor: Option<PeopleConcerned>,
    /// Sessions that would end, and whose they are.
    sessions: Option<PeopleConcerned>,
    /// Pending invitations to addresses outside of the domains; they stay.
    invitation_domains: Option<PeopleConcerned>,
}

/// How many, and the first ten by name.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PeopleConcerned {
    count: i64,
    names: Vec<String>,
    /// Whether whoever asks is one of them.
    includes_me: bool,
}

impl From<Affected> for PeopleConcerned {
    fn from(affected: Affected) -> Self {
        Self { count: affected.count, names: affected.names, includes_me: affected.is_me }
    }
}

/// Preview a change of the organization
///
/// Nothing is changed.
#[utoipa::path(post, path = "/organization/preview", tag = "Organization", request_body = OrganizationChange,
    responses((status = 200, body = OrganizationPreview)))]
async fn preview(person: Bearer, body: Body<OrganizationChange>) -> Answered<OrganizationPreview> {
    person.actor.may(ChangeOrganization)?;
    let (changes, now) = (body.value.parse()?, person.site.db.now());
    count_those_who_are_here(&person, &changes).await?;
    let preview = person
        .read(move |conn, actor| {
            let permit = actor.may(ChangeOrganization)?;
            let mut preview =
                OrganizationPreview { second_factor: None, sessions: None, invitation_domains: None };
            for change in changes.iter().filter(|change| change.topic().has_preview()) {
                let affected = commands::affected(conn, &permit, change, None, now)?.into();
                match change.topic() {
                    Topic::SecondFactor => preview.second_factor = Some(affected),
                    Topic::Sessions => preview.sessions = Some(affected),
                    Topic::Domains => preview.invitation_domains = Some(affected),
                    Topic::Name | Topic::InvitationLife => {}
                }
            }
            Ok::<_, ApiProblem>(preview)
        })
        .await?;
    Ok(Json(preview))
}

#[derive(Serialize, ToSchema)]
pub struct TestLetterQueued {
    /// The address it goes to: that of the token's person.
    to: String,
}

/// Send a test letter
#[utoipa::path(post, path = "/organization/test-letter", tag = "Organization",
    responses((status = 200, body = TestLetterQueued)))]
async fn send_test_letter(person: Bearer) -> Answered<TestLetterQueued> {
    let (me, token) = (person.me, person.token());
    let (name, email) = (token.person_name().to_owned(), token.email().to_owned());
    let to = email.clone();
    person
        .write(move |tx, actor| {
            let permit = actor.may(SendTestLetter)?;
            Ok(commands::send_test_letter(tx, permit, me, &name, &email)?)
        })
        .await
        .map_err(|halt: Halt<Fault>| halt.told(ApiProblem::from))?;
    Ok(Json(TestLetterQueued { to }))
}
