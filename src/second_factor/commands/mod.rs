//! What happens to apps and recovery codes, each act in one transaction. A try that is wrong must be counted, so it is
//! an outcome and no error: the transaction is committed whatever became of the try.

mod app;
mod reset;
mod secrets;
mod second_step;
mod tries;

pub use app::{Obstacle, StaysOn, TurnedOn, renew_codes, turn_off, turn_on};
pub use reset::{ResetRefusal, WasReset, reset};
pub use second_step::{SecondStep, enrol, sign_in};
pub use secrets::{sealed, unsealed};
pub use tries::try_code;

use std::net::IpAddr;

use serde_json::json;

use super::{model::Standing, store};
use crate::{
    access::Origin,
    audit::{By, Line, Target},
    base::ids::{OrganizationId, UserId},
    db::{AnyConnection, Fault},
};

/// Whose code it should be, and where it comes from.
#[derive(Clone, Debug)]
pub struct Presenter {
    pub organization: OrganizationId,
    pub user: UserId,
    pub from: IpAddr,
    pub origin: Origin,
}

impl Presenter {
    /// What wrong codes of this account are counted by, in whatever browser they are typed.
    fn throttle_key(&self) -> String {
        format!("second factor of {}", self.user)
    }

    fn by(&self) -> By {
        By::person(self.user, self.origin.clone())
    }

    fn line(&self, action: &'static str, after: serde_json::Value) -> Line {
        Line { action, target: Target::user(self.user), before: json!({}), after }
    }
}

/// What of two-factor authentication a person has.
pub fn standing(conn: &mut AnyConnection, user: UserId) -> Result<Standing, Fault> {
    store::standing(conn, user)
}
