//! What a person stands on: the grants that policies give them, and how far their sign-in has come.

use std::{
    collections::{BTreeSet, HashSet},
    sync::{Arc, OnceLock},
};

use super::Catalogue;
use crate::base::{
    clock::Moment,
    ids::{AccessRequestId, GroupId, PolicyId, RuleId},
};

/// One role that a person holds, and from where.
#[derive(Clone, Debug)]
pub struct Grant {
    pub role: String,
    pub source: Source,
}

/// From where a role comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A rule of a policy that names the person, or a group they are in.
    Rule { policy: PolicyId, policy_name: String, rule: RuleId, group: Option<(GroupId, String)> },
    /// An approved access request, until its end.
    Request { request: AccessRequestId, until: Moment },
}

impl Grant {
    /// Whether it is not over at this moment.
    pub fn is_given_at(&self, now: Moment) -> bool {
        !matches!(self.source, Source::Request { until, .. } if until <= now)
    }

    /// The same as it comes to a member of the group.
    pub fn through(&self, group: &(GroupId, String)) -> Self {
        let source = match self.source.clone() {
            Source::Rule { policy, policy_name, rule, .. } => {
                Source::Rule { policy, policy_name, rule, group: Some(group.clone()) }
            }
            source @ Source::Request { .. } => source,
        };
        Self { role: self.role.clone(), source }
    }
}

/// All that is known of a person for deciding; of somebody who is not Active there is none.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    pub grants: Vec<Grant>,
    pub groups: Vec<(GroupId, String)>,
    /// Of the grants, each once: what most questions ask.
    roles: BTreeSet<String>,
    actions: OnceLock<Arc<Vec<String>>>,
}

impl Standing {
    pub fn new(grants: Vec<Grant>, groups: Vec<(GroupId, String)>) -> Self {
        let mut roles = BTreeSet::new();
        for grant in &grants {
            if !roles.contains(&grant.role) {
                roles.insert(grant.role.clone());
            }
        }
        Self { grants, groups, roles, actions: OnceLock::new() }
    }

    /// Each role once, however often it is given.
    pub fn roles(&self) -> &BTreeSet<String> {
        &self.roles
    }

    /// Each action that these roles contain once, in the order of the catalogue, of which a process has one.
    pub fn actions(&self, catalogue: &Catalogue) -> Arc<Vec<String>> {
        let find = || {
            let roles = self.roles.iter().filter_map(|role| catalogue.role(role));
            let held: HashSet<&String> = roles.flat_map(|role| &role.actions).collect();
            let all = catalogue.services().iter().flat_map(|service| &service.actions);
            Arc::new(all.filter(|action| held.contains(action)).cloned().collect())
        };
        self.actions.get_or_init(find).clone()
    }

    pub fn holds(&self, role: &str) -> bool {
        self.roles.contains(role)
    }

    /// Whether they hold IAM Admin other than for a while.
    pub fn administers_for_good(&self) -> bool {
        let for_good = |grant: &&Grant| matches!(grant.source, Source::Rule { .. });
        self.grants.iter().filter(for_good).any(|grant| grant.role == super::IAM_ADMIN)
    }

    /// What is left of it for a token that carries at most these roles.
    pub fn narrowed_to(&self, roles: &[String]) -> Self {
        let carried = self.grants.iter().filter(|grant| roles.contains(&grant.role));
        Self::new(carried.cloned().collect(), self.groups.clone())
    }
}

/// What an account has besides a password, and what its organization asks for now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Factors {
    /// Codes of an app: the switch "two-factor" is on.
    pub app: bool,
    pub passkey: bool,
    /// The organization requires a second factor, and the time to set one up is over.
    pub required: bool,
}

/// What a sign-in still needs after a first proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    SecondFactor,
    /// A second factor is required and there is none yet: it is set up now.
    Enrol,
    Done,
}

/// The next unmet step of a sign-in; asked again after each proof until nothing is left. A passkey with user
/// verification is two factors by itself (NIST SP 800-63B-4).
pub fn next_step(factors: Factors, proofs: &[super::Proof]) -> NextStep {
    let proved_twice = proofs.iter().any(|proof| proof.method.is_second_factor());
    match factors {
        _ if proved_twice => NextStep::Done,
        Factors { app: true, .. } | Factors { passkey: true, required: true, .. } => NextStep::SecondFactor,
        Factors { required: true, .. } => NextStep::Enrol,
        _ => NextStep::Done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::{Proof, ProofMethod},
        base::clock::Moment,
    };

    #[test]
    fn a_second_factor_is_asked_for_when_the_account_has_one_or_the_organization_wants_one() {
        let password = Proof { method: ProofMethod::Password, at: Moment::from_micros(0) };
        let after = |factors, methods: &[ProofMethod]| {
            let proofs: Vec<_> = methods.iter().map(|&method| Proof { method, ..password }).collect();
            next_step(factors, &proofs)
        };
        let (none, app) = (Factors::default(), Factors { app: true, ..Factors::default() });
        let required = Factors { required: true, ..none };
        assert_eq!(after(none, &[ProofMethod::Password]), NextStep::Done);
        assert_eq!(after(app, &[ProofMethod::Password]), NextStep::SecondFactor);
        assert_eq!(after(app, &[ProofMethod::Password, ProofMethod::Totp]), NextStep::Done);
        assert_eq!(after(app, &[ProofMethod::Password, ProofMethod::RecoveryCode]), NextStep::Done);
        assert_eq!(after(required, &[ProofMethod::Password]), NextStep::Enrol);
        assert_eq!(
            after(Factors { app: true, ..required }, &[ProofMethod::Password]),
            NextStep::SecondFactor
        );
        let passkey = Factors { passkey: true, ..none };
        assert_eq!(after(passkey, &[ProofMethod::Password]), NextStep::Done);
        assert_eq!(
            after(Factors { required: true, ..passkey }, &[ProofMethod::Password]),
            NextStep::SecondFactor
        );
        assert_eq!(after(Factors { required: true, ..passkey }, &[ProofMethod::Passkey]), NextStep::Done);
    }
}
