//! The frame around a page, as this person sees it.

use actix_web::HttpRequest;

use super::{
    Me, Organization,
    page::{NavItem, NavSection, Shell, Theme, hue, initials},
    url,
};
use crate::access::Actor;

pub const THEME_COOKIE: &str = "roster_theme";

/// The frame for a signed-in person: only what they may read stands in the navigation. `waiting` is how many access
/// requests wait for an answer of theirs.
pub fn of(
    me: &Me,
    organization: &Organization,
    (actor, waiting): (&Actor, usize),
    theme: Theme,
    path: &str,
) -> Shell {
    Shell {
        person_name: shown_name(&me.name, &me.email).to_owned(),
        initials: initials(shown_name(&me.name, &me.email)),
        hue: hue(me.id.as_str()),
        organization_name: organization.name.clone(),
        org_id: organization.code.clone(),
        theme,
        nav: navigation(actor, waiting),
        path: path.to_owned(),
        toasts: Vec::new(),
        support_url: None,
        help_href: None,
    }
}

/// A person's name, or their address while they have none.
pub fn shown_name<'a>(name: &'a str, email: &'a str) -> &'a str {
    if name.is_empty() { email } else { name }
}

/// Stands for the actions where a page is for all who are signed in.
const EVERYBODY: &[&str] = &[];

/// A page of the navigation, and the actions of which reading it needs one.
struct Listed {
    actions: &'static [&'static str],
    href: &'static str,
    label: &'static str,
    icon: &'static str,
}

const USERS: Listed =
    Listed { actions: &["iam.users.read"], href: url::USERS, label: "Users", icon: "users" };
const GROUPS: Listed =
    Listed { actions: &["iam.groups.read"], href: url::GROUPS, label: "Groups", icon: "users-round" };
const ROLES: Listed =
    Listed { actions: &["iam.roles.read"], href: url::ROLES, label: "Roles", icon: "badge-check" };
const POLICIES: Listed = Listed {
    actions: &["iam.policies.read"],
    href: url::POLICIES,
    label: "Access policies",
    icon: "shield-check",
};
const TOKENS: Listed = Listed {
    actions: &["tokens.list", "iam.tokens.read"],
    href: url::TOKENS,
    label: "Tokens",
    icon: "key-round",
};
const ORGANIZATION: Listed = Listed {
    actions: &["iam.organization.read"],
    href: url::ORGANIZATION,
    label: "Organization",
    icon: "building-2",
};

const SSO: Listed = Listed { actions: &["iam.sso.read"], href: url::SSO, label: "SSO", icon: "log-in" };

const AUDIT: Listed =
    Listed { actions: &["iam.audit.read"], href: url::AUDIT, label: "Audit", icon: "scroll-text" };

const ACCESS_REQUESTS: Listed =
    Listed { actions: EVERYBODY, href: url::ACCESS_REQUESTS, label: "Access requests", icon: "hand" };

const SCIM: Listed =
    Listed { actions: &["iam.scim.read"], href: url::SCIM, label: "SCIM", icon: "refresh-cw" };

const SECTIONS: [(&str, &[Listed]); 2] = [
    ("People and access", &[USERS, GROUPS, POLICIES, ROLES, ACCESS_REQUESTS, TOKENS]),
    ("Administration", &[SSO, SCIM, AUDIT, ORGANIZATION]),
];

fn navigation(actor: &Actor, waiting: usize) -> Vec<NavSection> {
    let listed = |page: &Listed| NavItem {
        href: page.href.into(),
        label: page.label.into(),
        icon: page.icon,
        count: (page.href == url::ACCESS_REQUESTS && waiting > 0).then_some(waiting as u64),
    };
    let is_open =
        |page: &&Listed| page.actions == EVERYBODY || page.actions.iter().any(|action| actor.may_do(action));
    SECTIONS
        .iter()
        .map(|(title, pages)| NavSection {
            title: (*title).into(),
            items: pages.iter().filter(is_open).map(listed).collect(),
        })
        .filter(|section| !section.items.is_empty())
        .collect()
}

/// The theme this browser shows: the account's choice is written to the same cookie at sign-in.
pub fn theme_of(request: &HttpRequest) -> Theme {
    request.cookie(THEME_COOKIE).and_then(|cookie| Theme::parse(cookie.value())).unwrap_or(Theme::System)
}

/// Path and query of a page, to come back to.
pub fn path_of(request: &HttpRequest) -> String {
    request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned()
}

/// The page a request belongs to: itself for a GET; for a POST its own path, where the form is, or the page that
/// sent it when nothing can be read there.
pub fn page_of(request: &HttpRequest) -> String {
    request.path().to_owned()
}
