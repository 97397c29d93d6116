//! What lies between a policy as it is stored and as somebody wants it, for the second of two who edit it.

use std::collections::BTreeSet;

use super::{Wanted, WantedRule};
use crate::base::ids::{GroupId, UserId};

/// What differs, seen from what is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Stored, and wanted.
    pub name: Option<(String, String)>,
    pub description: Option<(String, String)>,
    /// Rules that are stored and not wanted.
    pub only_stored: Vec<WantedRule>,
    /// Rules that are wanted and not stored.
    pub only_wanted: Vec<WantedRule>,
}

pub fn difference(stored: &Wanted, wanted: &Wanted) -> Difference {
    let differs = |one: &str, other: &str| (one != other).then(|| (one.to_owned(), other.to_owned()));
    Difference {
        name: differs(stored.name.as_str(), wanted.name.as_str()),
        description: differs(&stored.description, &wanted.description),
        only_stored: without(&stored.rules, &wanted.rules),
        only_wanted: without(&wanted.rules, &stored.rules),
    }
}

/// The rules that do not stand among these others, whatever their place or id.
fn without(rules: &[WantedRule], others: &[WantedRule]) -> Vec<WantedRule> {
    let says: BTreeSet<_> = others.iter().map(said).collect();
    rules.iter().filter(|rule| !says.contains(&said(rule))).cloned().collect()
}

type Said<'a> = (&'a BTreeSet<UserId>, &'a BTreeSet<GroupId>, &'a BTreeSet<String>);

fn said(rule: &WantedRule) -> Said<'_> {
    (&rule.users, &rule.groups, &rule.roles)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base::ids::RuleId, policies::model::PolicyName};

    #[test]
    fn rules_are_compared_by_what_they_say() {
        let rule = |role: &str| WantedRule { roles: [role.to_owned()].into(), ..WantedRule::default() };
        let stored = Wanted {
            name: PolicyName::kept("One"),
            description: String::new(),
            rules: vec![rule("a"), rule("b")],
        };
        let kept = WantedRule { id: Some(RuleId::new()), ..rule("b") };
        let wanted = Wanted { name: PolicyName::kept("Two"), rules: vec![kept, rule("c")], ..stored.clone() };
        let found = difference(&stored, &wanted);
        assert_eq!(found.name, Some(("One".into(), "Two".into())));
        assert_eq!((found.only_stored, found.only_wanted), (vec![rule("a")], vec![rule("c")]));
        assert_eq!(difference(&stored, &stored), Difference::default());
    }
}
