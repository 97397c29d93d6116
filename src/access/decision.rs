//! Deciding: default deny, additive only, and every answer says why.

use super::{Catalogue, Grant, Standing};

/// The answer to "may they?", with every reason for a yes; a no has none.
#[derive(Debug)]
pub struct Decision<'a> {
    pub because: Vec<&'a Grant>,
}

impl Decision<'_> {
    pub fn is_yes(&self) -> bool {
        !self.because.is_empty()
    }
}

/// A yes for each rule that gives a role which contains the action.
pub fn decide<'a>(catalogue: &Catalogue, standing: &'a Standing, action: &str) -> Decision<'a> {
    Decision {
        because: standing.grants.iter().filter(|grant| catalogue.gives(&grant.role, action)).collect(),
    }
}

/// Whether there is a reason for a yes; the reasons are not gathered.
pub fn is_given(catalogue: &Catalogue, standing: &Standing, action: &str) -> bool {
    standing.roles().iter().any(|role| catalogue.gives(role, action))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Source;
    use crate::base::ids::{GroupId, PolicyId, RuleId};

    #[test]
    fn a_yes_names_policy_group_and_role_and_nothing_given_means_no() {
        let catalogue = Catalogue::built_in().unwrap();
        let group = GroupId::new();
        let source = Source::Rule {
            policy: PolicyId::new(),
            policy_name: "read".into(),
            rule: RuleId::new(),
            group: Some((group, "read".into())),
        };
        let standing = Standing::new(vec![Grant { role: "iam_viewer".into(), source }], Vec::new());
        let decision = decide(&catalogue, &standing, "iam.users.read");
        assert!(
            matches!(&decision.because[0].source, Source::Rule { group: Some((id, _)), .. } if *id == group)
        );
        assert!(!decide(&catalogue, &standing, "iam.users.invite").is_yes());
        assert!(!decide(&catalogue, &Standing::default(), "iam.users.read").is_yes());
    }
}
