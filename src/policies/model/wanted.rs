//! What somebody wants a policy to be, and why it cannot be so.

use std::collections::{BTreeMap, BTreeSet};

use super::{Policy, PolicyName, Preview, Principal, policy::given};
use crate::base::ids::{GroupId, RuleId, UserId};

/// How many rules a policy may have.
pub const MOST_RULES: usize = 100;
/// How many people and groups a rule may name.
pub const MOST_PRINCIPALS: usize = 200;
/// How many all rules of a policy may name together, so that a form with them stays within its bound.
pub const MOST_IN_ALL: usize = 2_000;
pub const LONGEST_DESCRIPTION: usize = 500;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub name: PolicyName,
    pub description: String,
    pub rules: Vec<WantedRule>,
}

/// A rule that stays keeps its `id`; one with an id that the policy does not have is a new one. Whoever is named twice
/// is named once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedRule {
    pub id: Option<RuleId>,
    pub users: BTreeSet<UserId>,
    pub groups: BTreeSet<GroupId>,
    pub roles: BTreeSet<String>,
}

/// A change of a policy as it was seen with this version.
#[derive(Clone, Debug)]
pub struct Edit {
    pub wanted: Wanted,
    pub version: i64,
    pub agreement: Agreement,
}

/// What was agreed to of those who would lose IAM Admin or all access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// They are not asked about.
    NotAsked,
    /// To exactly those whose [`Preview::digest`] this is.
    To(String),
}

/// What is wrong in itself; rules by their place, beginning with 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    DescriptionTooLong,
    NoRules,
    TooManyRules,
    TooManyPrincipals { rule: usize },
    TooManyInAll,
    NoPrincipal { rule: usize },
    NoRole { rule: usize },
    UnknownRole { rule: usize },
    SameAs { rule: usize, other: usize },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    NoSuchPolicy,
    /// Somebody changed it since it was seen.
    ChangedMeanwhile,
    /// It is like that already.
    Nothing,
    Flawed(Vec<Flaw>),
    NameTaken,
    /// A rule names somebody, or a group, that the organization does not have.
    NoSuchPrincipal {
        rule: usize,
    },
    /// Whoever asks does not hold these roles themselves.
    MoreThanOwn(Vec<String>),
    /// Of a Default policy only the principals can be changed.
    IsDefault,
    LastAdministrator,
    /// Somebody would lose IAM Admin or all access, which was not agreed to.
    NeedsAgreement(Box<Preview>),
}

impl WantedRule {
    pub fn principals(&self) -> impl Iterator<Item = Principal> {
        let users = self.users.iter().copied().map(Principal::User);
        users.chain(self.groups.iter().copied().map(Principal::Group))
    }

    fn size(&self) -> usize {
        self.users.len() + self.groups.len()
    }

    fn says_the_same(&self, other: &Self) -> bool {
        self.users == other.users && self.groups == other.groups && self.roles == other.roles
    }
}

impl Wanted {
    /// What is wrong in itself. Of a Default policy, whose roles stand, a rule may name nobody.
    pub fn flaws(&self, is_known: impl Fn(&str) -> bool, is_standard: bool) -> Vec<Flaw> {
        if self.rules.len() > MOST_RULES {
            return vec![Flaw::TooManyRules];
        }
        let mut flaws = Vec::new();
        if self.description.chars().count() > LONGEST_DESCRIPTION {
            flaws.push(Flaw::DescriptionTooLong);
        }
        if self.rules.is_empty() && !is_standard {
            flaws.push(Flaw::NoRules);
        }
        for (place, rule) in self.rules.iter().enumerate() {
            if rule.size() > MOST_PRINCIPALS {
                flaws.push(Flaw::TooManyPrincipals { rule: place });
            }
            if is_standard {
                continue;
            }
            if rule.size() == 0 {
                flaws.push(Flaw::NoPrincipal { rule: place });
            }
            match rule.roles.is_empty() {
                true => flaws.push(Flaw::NoRole { rule: place }),
                false if !rule.roles.iter().all(|role| is_known(role)) => {
                    flaws.push(Flaw::UnknownRole { rule: place });
                }
                false => {}
            }
            let is_whole = rule.size() > 0 && !rule.roles.is_empty();
            let earlier = self.rules[..place].iter().position(|other| other.says_the_same(rule));
            flaws.extend(earlier.filter(|_| is_whole).map(|other| Flaw::SameAs { rule: place, other }));
        }
        if self.rules.iter().map(WantedRule::size).sum::<usize>() > MOST_IN_ALL {
            flaws.push(Flaw::TooManyInAll);
        }
        flaws
    }

    /// Whether it differs from a Default policy in more than whom it names.
    pub fn changes_more_than_principals(&self, policy: &Policy) -> bool {
        let is_same = |rule: &WantedRule, stored: &super::Rule| {
            rule.id == Some(stored.id) && rule.roles.iter().eq(sorted(&stored.roles))
        };
        self.name.as_str() != policy.name
            || self.description != policy.description
            || self.rules.len() != policy.rules.len()
            || !self.rules.iter().zip(&policy.rules).all(|(rule, stored)| is_same(rule, stored))
    }

    /// The roles that somebody is given by this and not by `before`.
    pub fn newly_given<'a>(&'a self, before: &[WantedRule]) -> BTreeSet<&'a str> {
        let had = given(before);
        let has = given(&self.rules);
        let is_new =
            |principal: &Principal, role: &&str| !had.get(principal).is_some_and(|it| it.contains(role));
        let news = has
            .iter()
            .flat_map(|(principal, roles)| roles.iter().copied().filter(move |role| is_new(principal, role)));
        news.collect()
    }
}

/// Those to whom rules give other roles than these others do.
pub fn touched(before: &[WantedRule], after: &[WantedRule]) -> BTreeSet<Principal> {
    let (had, has): (BTreeMap<_, _>, BTreeMap<_, _>) = (given(before), given(after));
    let all = had.keys().chain(has.keys()).copied();
    all.filter(|principal| had.get(principal) != has.get(principal)).collect()
}

fn sorted(roles: &[String]) -> BTreeSet<&String> {
    roles.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(users: &[UserId], roles: &[&str]) -> WantedRule {
        WantedRule {
            users: users.iter().copied().collect(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            ..WantedRule::default()
        }
    }

    fn wanted(rules: Vec<WantedRule>) -> Wanted {
        Wanted { name: PolicyName::kept("Clusters"), description: String::new(), rules }
    }

    #[test]
    fn every_flaw_is_found_at_its_rule() {
        let ada = UserId::new();
        let many: Vec<_> = (0..201).map(|_| UserId::new()).collect();
        let is_known = |role: &str| role != "nonsense";
        let flaws = |rules| wanted(rules).flaws(is_known, false);
        assert_eq!(flaws(vec![]), [Flaw::NoRules]);
        assert_eq!(flaws(vec![rule(&[ada], &["a"])]), []);
        assert_eq!(
            flaws(vec![rule(&[], &["a"]), rule(&[ada], &[])]),
            [Flaw::NoPrincipal { rule: 0 }, Flaw::NoRole { rule: 1 }]
        );
        assert_eq!(flaws(vec![rule(&[ada], &["nonsense"])]), [Flaw::UnknownRole { rule: 0 }]);
        assert_eq!(flaws(vec![rule(&many, &["a"])]), [Flaw::TooManyPrincipals { rule: 0 }]);
        assert_eq!(
            flaws(vec![rule(&[ada], &["a"]), rule(&[ada], &["a"])]),
            [Flaw::SameAs { rule: 1, other: 0 }]
        );
        assert_eq!(flaws(vec![rule(&[ada], &["a"]); 10_000]), [Flaw::TooManyRules]);
        let full: Vec<_> = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]
            .map(|role| rule(&many[..200], &[role]))
            .into();
        assert_eq!(flaws(full), [Flaw::TooManyInAll]);
        assert_eq!(wanted(vec![rule(&[], &["a"])]).flaws(is_known, true), []);
    }

    #[test]
    fn what_is_newly_given_and_who_is_touched_is_told_by_who_is_named_wherever() {
        let (ada, bob) = (UserId::new(), UserId::new());
        let before = [rule(&[ada, bob], &["a"]), rule(&[ada], &["b"])];
        let after = wanted(vec![rule(&[ada], &["a", "b"]), rule(&[bob], &["a"])]);
        assert!(after.newly_given(&before).is_empty() && touched(&before, &after.rules).is_empty());
        let more = wanted(vec![rule(&[ada, bob], &["a", "b"])]);
        assert_eq!(more.newly_given(&before), ["b"].into());
        assert_eq!(touched(&before, &more.rules), [Principal::User(bob)].into());
        assert!(wanted(vec![]).newly_given(&before).is_empty());
        assert_eq!(touched(&before, &[]).len(), 2);
    }
}
