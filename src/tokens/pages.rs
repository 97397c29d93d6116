//! The lists, the form, the secret shown once, and what revoking ends.

use std::collections::BTreeMap;

use askama::Template;

use super::{
    commands::{Created, Parting},
    expiry,
    forms::{NewDraft, NewErrors},
    model::{End, LONGEST_COMMENT, LONGEST_NAME, Life, Token},
};
use crate::{
    access::{
        Actor,
        actions::{Action, ListOwnTokens, ReadAudit, ReadTokens, ReadUsers},
    },
    base::{clock::Moment, ids::UserId},
    people::{Someone, Status},
    web::{
        field::{ErrorSummary, Field},
        page::{Shell, hue, initials},
        url, when,
    },
};

/// Whose tokens a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Mine,
    Everyone,
}

impl Tab {
    pub const ALL: [Tab; 2] = [Tab::Mine, Tab::Everyone];

    fn word(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Everyone => "everyone",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Mine => "Mine",
            Self::Everyone => "Everyone",
        }
    }

    /// As the address names it.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.word() == word)
    }

    /// The actions that reading it needs.
    fn action(self) -> &'static str {
        match self {
            Self::Mine => ListOwnTokens::NAME,
            Self::Everyone => ReadTokens::NAME,
        }
    }

    pub fn is_open_to(self, actor: &Actor) -> bool {
        actor.may_do(self.action())
    }

    pub fn href(self) -> String {
        format!("{}?show={}", url::TOKENS, self.word())
    }
}

#[derive(Template)]
#[template(path = "tokens/index.html")]
pub struct TokensPage {
    pub frame: Shell,
    pub tab: Tab,
    /// The lists to choose from.
    pub tabs: Vec<Tab>,
    pub rows: Vec<Row>,
    pub may_create: bool,
    pub previous: Option<String>,
    pub next: Option<String>,
}

impl TokensPage {
    fn is_shown(&self, tab: &Tab) -> bool {
        self.tab == *tab
    }

    fn is_everyone(&self) -> bool {
        self.tab == Tab::Everyone
    }

    fn summary(&self) -> String {
        match (self.rows.len(), self.previous.is_some() || self.next.is_some()) {
            (1, false) => "1 token".to_owned(),
            (many, false) => format!("{many} tokens"),
            (many, true) => format!("{many} on this page"),
        }
    }
}

/// A token in a list.
pub struct Row {
    pub name: String,
    pub comment: String,
    /// The names of the roles it is narrowed to; empty when it is not.
    pub roles: String,
    pub created: Time,
    pub last_used: Option<Time>,
    pub expires: Option<Time>,
    /// A word about its end: tone and text.
    pub warning: Option<(&'static str, String)>,
    pub revoke_href: Option<String>,
    pub audit_href: Option<String>,
    /// In the list of everybody's.
    pub owner: Option<Owner>,
}

/// Whose a token is.
pub struct Owner {
    name: String,
    email: String,
    initials: String,
    hue: u8,
    href: Option<String>,
    /// Nothing is opened by tokens of somebody who is not Active.
    is_suspended: bool,
}

impl Owner {
    fn of(owner: &Someone, actor: &Actor) -> Self {
        Self {
            name: owner.shown().to_owned(),
            email: if owner.name.is_empty() { String::new() } else { owner.email.clone() },
            initials: initials(owner.shown()),
            hue: hue(owner.id.as_str()),
            href: actor.may_do(ReadUsers::NAME).then(|| url::user(owner.id)),
            is_suspended: owner.status != Status::Active,
        }
    }
}

pub struct Time {
    pub at: String,
    pub words: String,
}

impl Time {
    fn of(at: Moment, zone: &str) -> Self {
        Self { at: at.rfc3339(), words: when::in_zone(at, zone) }
    }
}

impl Row {
    pub fn of(token: Token, actor: &Actor, (now, zone): (Moment, &str)) -> Self {
        let may_revoke = match actor.user() == Some(token.owner) {
            true => actor.may_do("tokens.revoke") || actor.may_do("iam.tokens.revoke"),
            false => actor.may_do("iam.tokens.revoke"),
        };
        let names = token.roles.iter().flatten().map(|role| actor.catalogue().role_name(role));
        Self {
            warning: match token.end(now) {
                End::Soon(left) => Some(("wait", format!("Expires in {}", when::span(left)))),
                End::Over => Some(("bad", "Expired".to_owned())),
                End::Never | End::Later => None,
            },
            roles: names.collect::<Vec<_>>().join(", "),
            created: Time::of(token.created_at, zone),
            last_used: token.last_used_at.map(|at| Time::of(at, zone)),
            expires: token.expires_at.map(|at| Time::of(at, zone)),
            revoke_href: may_revoke.then(|| url::revoke_token(token.id)),
            audit_href: actor.may_do(ReadAudit::NAME).then(|| url::audit_of("token", token.id)),
            owner: None,
            name: token.name,
            comment: token.comment,
        }
    }

    /// In the list of everybody's, to which revoking returns.
    pub fn of_everybodys(
        token: Token,
        owners: &BTreeMap<UserId, Someone>,
        actor: &Actor,
        at: (Moment, &str),
    ) -> Self {
        let owner = owners.get(&token.owner).map(|owner| Owner::of(owner, actor));
        let row = Self::of(token, actor, at);
        let revoke_href = row.revoke_href.map(|href| format!("{href}?show={}", Tab::Everyone.word()));
        Self { owner, revoke_href, ..row }
    }
}

#[derive(Template)]
#[template(path = "tokens/new.html", blocks = ["dialog"])]
pub struct NewPage {
    pub frame: Shell,
    errors: ErrorSummary,
    name: Field,
    expiration: Field,
    comment: Field,
    roles: Vec<RoleChoice>,
    roles_error: Option<String>,
}

struct RoleChoice {
    id: String,
    name: String,
    is_checked: bool,
}

impl NewPage {
    pub fn new(frame: Shell, actor: &Actor, draft: &NewDraft, errors: NewErrors) -> Self {
        let name = Field::text("name", "Token name")
            .value(&draft.name)
            .error(errors.name)
            .hint("What will use it, such as “backups of the cluster”.")
            .maxlength(u32::try_from(LONGEST_NAME).unwrap_or(u32::MAX))
            .autocomplete("off")
            .autofocus();
        let lives = Life::ALL.map(|life| (life.word(), life.label()));
        let expiration = Field::select("expiration", "Expiration", lives)
            .value(&draft.expiration)
            .error(errors.expiration);
        let comment = Field::textarea("comment", "Comment")
            .value(&draft.comment)
            .error(errors.comment)
            .hint(format!("Up to {LONGEST_COMMENT} characters."))
            .optional();
        let mut summary = ErrorSummary::of([&name, &expiration, &comment]);
        if let Some(error) = &errors.roles {
            summary = summary.with("roles", error);
        }
        if let Some(error) = &errors.whole {
            summary = summary.with("", error);
        }
        let held = actor.catalogue().roles().iter().filter(|role| actor.standing().holds(&role.id));
        let roles = held.map(|role| RoleChoice {
            id: role.id.clone(),
            name: role.name.clone(),
            is_checked: draft.roles.contains(&role.id),
        });
        Self {
            frame,
            errors: summary,
            roles: roles.collect(),
            roles_error: errors.roles,
            name,
            expiration,
            comment,
        }
    }
}

#[derive(Template)]
#[template(path = "tokens/created.html", blocks = ["dialog"])]
pub struct CreatedPage {
    frame: Shell,
    name: String,
    secret: String,
    /// When it ends, in words; none for a token that does not.
    expires: Option<String>,
    is_told_before: bool,
}

impl CreatedPage {
    pub fn new(frame: Shell, name: &str, created: &Created, zone: &str) -> Self {
        Self {
            frame,
            name: name.to_owned(),
            secret: created.secret.reveal().to_owned(),
            expires: created.expires_at.map(|at| when::in_zone(at, zone)),
            is_told_before: created
                .expires_at
                .is_some_and(|at| expiry::is_told_before(created.created_at, at)),
        }
    }
}

#[derive(Template)]
#[template(path = "tokens/revoke.html", blocks = ["dialog"])]
pub struct RevokePage {
    pub frame: Shell,
    pub parting: Parting,
    /// The list that asked, where it is not the usual one.
    pub tab: Option<Tab>,
    pub back: String,
}

impl RevokePage {
    fn action(&self) -> String {
        let href = url::revoke_token(self.parting.id);
        match self.tab {
            Some(tab) => format!("{href}?show={}", tab.word()),
            None => href,
        }
    }
}
