//! What a person stands on: the grants that policies give them, and how far their sign-in has come.

use crate::base::ids::{GroupId, PolicyId, RuleId};

/// One rule giving one role to a person, directly or through a group.
#[derive(Clone, Debug)]
pub struct Grant {
    pub policy: PolicyId,
    pub policy_name: String,
    pub rule: RuleId,
    pub group: Option<(GroupId, String)>,
    pub role: String,
}

/// All that is known of a person for deciding; of somebody who is not Active there is none.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    pub grants: Vec<Grant>,
    pub groups: Vec<(GroupId, String)>,
}

impl Standing {
    pub fn holds(&self, role: &str) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }
}

/// What a sign-in still needs after a first proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    SecondFactor,
    Done,
}

/// The next unmet step of a sign-in; asked again after each proof until nothing is left.
pub fn next_step(has_second_factor: bool, proofs: &[super::Proof]) -> NextStep {
    let proved_twice = proofs.iter().any(|proof| proof.method.is_second_factor());
    if has_second_factor && !proved_twice { NextStep::SecondFactor } else { NextStep::Done }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::{Proof, ProofMethod},
        base::clock::Moment,
    };

    #[test]
    fn a_password_alone_does_not_do_for_an_account_with_a_second_factor() {
        let password = Proof { method: ProofMethod::Password, at: Moment::from_micros(0) };
        assert_eq!(next_step(false, &[password]), NextStep::Done);
        assert_eq!(next_step(true, &[password]), NextStep::SecondFactor);
        let code = Proof { method: ProofMethod::Totp, ..password };
        assert_eq!(next_step(true, &[password, code]), NextStep::Done);
    }
}
