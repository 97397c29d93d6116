//! What is asked, read whole: one check or many, and the form of RFC 7662.

use serde::Deserialize;
use utoipa::ToSchema;

/// Checks in one request.
pub const MOST: usize = 100;

/// One check, or up to 100 under `checks`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Check {
    /// The action, such as `cks.clusters.create`. One that no service has is never allowed.
    #[schema(max_length = 200)]
    pub action: Option<String>,
    /// The id of the user it is about: whoever asks, when it is left out. About others only with `iam.access.check`.
    pub principal: Option<String>,
    /// Whether the answer says why.
    #[serde(default)]
    pub reason: bool,
    /// Many checks at once, answered in their order.
    #[schema(max_items = 100)]
    pub checks: Option<Vec<CheckOne>>,
}

#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CheckOne {
    #[schema(max_length = 200)]
    pub action: String,
    pub principal: Option<String>,
}

/// What a request asks: the checks, and whether they came as many.
pub struct Asked {
    pub checks: Vec<CheckOne>,
    pub are_many: bool,
}

impl Check {
    pub fn parse(self) -> Result<Asked, (&'static str, &'static str)> {
        match (self.action, self.checks) {
            (Some(action), None) => {
                Ok(Asked { checks: vec![CheckOne { action, principal: self.principal }], are_many: false })
            }
            (None, Some(_)) if self.principal.is_some() => {
                Err(("principal", "Name the principal of each check inside checks."))
            }
            (None, Some(checks)) if (1..=MOST).contains(&checks.len()) => {
                Ok(Asked { checks, are_many: true })
            }
            (None, Some(_)) => Err(("checks", "Ask 1 to 100 checks at once.")),
            (Some(_), Some(_)) => Err(("checks", "Send either action or checks.")),
            (None, None) => Err(("action", "Name the action to check.")),
        }
    }
}

/// The form of RFC 7662, section 2.1.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described; read as a form")]
pub struct Introspect {
    /// The token to ask about.
    pub token: String,
    /// Taken and not needed: there is one kind of token.
    pub token_type_hint: Option<String>,
}
