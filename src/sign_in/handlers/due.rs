//! Somebody in the middle of signing in.

use chrono::Duration;

use crate::{
    access::{NextStep, next_step},
    base::clock::Moment,
    people::Status,
    sign_in::{commands, model::Account},
    web::{HalfSignedIn, Problem, session::Who, url},
};

/// How long the second step stays open after the first.
const OPEN: Duration = Duration::minutes(15);

/// Whether the second step may still follow the first.
pub fn is_open(who: &Who, now: Moment) -> bool {
    who.proofs.iter().any(|proof| now.since(proof.at) <= OPEN)
}

/// Somebody whose second step is due.
pub struct Due {
    pub half: HalfSignedIn,
    pub account: Account,
}

impl Due {
    /// The account is looked up again: who was deactivated or whose sessions were ended meanwhile begins anew, as does
    /// who waited for more than 15 minutes.
    ///
    /// # Errors
    /// Leads to the step that is due where it is not this one; `goal` is where the sign-in leads to in the end.
    pub async fn at(here: NextStep, half: HalfSignedIn, goal: &str) -> Result<Self, Problem> {
        let (user, epoch, now) = (half.who.user, half.who.epoch, half.anyone.site.db.now());
        let found = half.anyone.site.db.read(move |conn| commands::account_by_any_means(conn, user)).await?;
        let agrees = |account: &Account| account.status == Status::Active && account.epoch == epoch;
        let Some(account) = found.filter(agrees).filter(|_| is_open(&half.who, now)) else {
            half.anyone.session.purge();
            return Err(Problem::NotSignedIn { return_to: url::HOME.to_owned() });
        };
        match next_step(account.factors(now), &half.who.proofs) {
            step if step == here => Ok(Self { half, account }),
            NextStep::SecondFactor => Err(Problem::StepDue { to: url::second_factor_and_return(goal) }),
            NextStep::Enrol => Err(Problem::StepDue { to: url::enrol_and_return(goal) }),
            // Nothing is due any more; the first step again leads straight in.
            NextStep::Done => {
                half.anyone.session.purge();
                Err(Problem::NotSignedIn { return_to: goal.to_owned() })
            }
        }
    }
}
