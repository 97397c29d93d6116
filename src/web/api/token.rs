//! A token and whom it belongs to.

use std::sync::Arc;

use super::store::Presented;
use crate::{
    access::Standing,
    base::{
        clock::Moment,
        ids::{AccessTokenId, GroupId, OrganizationId, UserId},
    },
};

/// What is known of a token and of whom it belongs to. A hundred thousand may be kept at once: its words are one text,
/// and what many have in common they share.
#[derive(Clone, Debug)]
pub struct Token {
    pub id: AccessTokenId,
    pub user: UserId,
    pub created_at: Moment,
    pub expires_at: Option<Moment>,
    /// The roles it carries at most, if it is narrowed.
    pub narrowed_to: Option<Box<[String]>>,
    pub around: Arc<Around>,
    /// The token's name, the person's name, their address.
    words: Box<str>,
    /// Where the first two of them end.
    ends: [usize; 2],
}

/// What is around a person: the same for many of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Around {
    pub organization: OrganizationId,
    pub organization_name: String,
    pub organization_code: String,
    pub time_zone: String,
    /// The groups they are in.
    pub groups: Vec<GroupId>,
}

impl Token {
    /// `roles` are those that it carries at most, if it is narrowed.
    pub(super) fn of(
        presented: &Presented,
        roles: Option<Vec<String>>,
        around: impl FnOnce(Around) -> Arc<Around>,
        groups: Vec<GroupId>,
    ) -> Self {
        let words = [presented.token_name.as_str(), &presented.name, &presented.email];
        Self {
            id: presented.token,
            user: presented.user,
            created_at: presented.created_at,
            expires_at: presented.expires_at,
            narrowed_to: roles.map(Vec::into_boxed_slice),
            around: around(Around {
                organization: presented.organization,
                organization_name: presented.organization_name.clone(),
                organization_code: presented.organization_code.clone(),
                time_zone: presented.time_zone.clone(),
                groups,
            }),
            words: words.concat().into(),
            ends: [words[0].len(), words[0].len() + words[1].len()],
        }
    }

    pub fn name(&self) -> &str {
        &self.words[..self.ends[0]]
    }

    pub fn person_name(&self) -> &str {
        &self.words[self.ends[0]..self.ends[1]]
    }

    pub fn email(&self) -> &str {
        &self.words[self.ends[1]..]
    }

    pub fn organization(&self) -> OrganizationId {
        self.around.organization
    }

    pub fn is_over(&self, now: Moment) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }

    /// What a person stands on, as far as the token carries it.
    pub(super) fn narrow(&self, standing: Arc<Standing>) -> Arc<Standing> {
        match &self.narrowed_to {
            Some(roles) => Arc::new(standing.narrowed_to(roles)),
            None => standing,
        }
    }
}
