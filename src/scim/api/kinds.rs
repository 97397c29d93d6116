//! What there is to be provisioned: people and groups. Both are asked for in the same ways (RFC 7644 §3).

use std::{fmt::Display, str::FromStr};

use serde_json::Value;

use crate::{
    base::ids::{OrganizationId, ScimGroupId, ScimUserId},
    db::{AnyConnection, Stop, Tx},
    scim::{
        commands::{self, Provider},
        model::{Etag, Found, GroupSeen, PersonSeen, Projection, Question, Refusal},
    },
};

pub type Done<T> = Result<T, Stop<Refusal>>;

/// An id, and the versions that If-Match names.
pub type Which<'a, K> = (<K as Kind>::Id, Option<&'a str>);

/// A kind of resource: the commands that serve it, and how it is told.
pub trait Kind: 'static {
    type Id: FromStr + Copy + Display + Send + 'static;
    type Seen: Send + 'static;
    /// Where it stands below the address of the API.
    const PATH: &'static str;

    fn list(
        conn: &mut AnyConnection,
        organization: OrganizationId,
        question: &Question,
    ) -> Done<Found<Self::Seen>>;

    fn find(
        conn: &mut AnyConnection,
        organization: OrganizationId,
        id: Self::Id,
        projection: &Projection,
    ) -> Done<Self::Seen>;

    fn create(tx: &mut Tx<'_>, provider: &Provider, body: &Value) -> Done<Self::Seen>;
    fn replace(
        tx: &mut Tx<'_>,
        provider: &Provider,
        which: Which<'_, Self>,
        body: &Value,
    ) -> Done<Self::Seen>;
    fn patch(tx: &mut Tx<'_>, provider: &Provider, which: Which<'_, Self>, body: &Value) -> Done<Self::Seen>;
    fn remove(tx: &mut Tx<'_>, provider: &Provider, which: Which<'_, Self>) -> Done<()>;

    fn id(seen: &Self::Seen) -> Self::Id;
    fn version(seen: &Self::Seen) -> Etag;
    /// The resource; `base` is the address of the API.
    fn told(seen: &Self::Seen, base: &str, projection: &Projection) -> Value;
}

pub struct People;

impl Kind for People {
    type Id = ScimUserId;
    type Seen = PersonSeen;
    const PATH: &'static str = "Users";

    fn list(conn: &mut AnyConnection, of: OrganizationId, question: &Question) -> Done<Found<PersonSeen>> {
        commands::list(conn, of, &question.filter, question.window)
    }

    fn find(
        conn: &mut AnyConnection,
        of: OrganizationId,
        id: ScimUserId,
        _: &Projection,
    ) -> Done<PersonSeen> {
        commands::find(conn, of, id)
    }

    fn create(tx: &mut Tx<'_>, provider: &Provider, body: &Value) -> Done<PersonSeen> {
        commands::create(tx, provider, body)
    }

    fn replace(
        tx: &mut Tx<'_>,
        provider: &Provider,
        which: Which<'_, Self>,
        body: &Value,
    ) -> Done<PersonSeen> {
        commands::replace(tx, provider, which, body)
    }

    fn patch(tx: &mut Tx<'_>, provider: &Provider, which: Which<'_, Self>, body: &Value) -> Done<PersonSeen> {
        commands::patch(tx, provider, which, body)
    }

    fn remove(tx: &mut Tx<'_>, provider: &Provider, which: Which<'_, Self>) -> Done<()> {
        commands::remove(tx, provider, which)
    }

    fn id(seen: &PersonSeen) -> ScimUserId {
        seen.id
    }

    fn version(seen: &PersonSeen) -> Etag {
        seen.version
    }

    fn told(seen: &PersonSeen, base: &str, projection: &Projection) -> Value {
        seen.told(base, projection)
    }
}

pub struct Groups;

impl Kind for Groups {
    type Id = ScimGroupId;
    type Seen = GroupSeen;
    const PATH: &'static str = "Groups";

    fn list(conn: &mut AnyConnection, of: OrganizationId, question: &Question) -> Done<Found<GroupSeen>> {
        commands::list_groups(
            conn,
            of,
            &question.filter,
            question.window,
            wants_members(&question.projection),
        )
    }

    fn find(
        conn: &mut AnyConnection,
        of: OrganizationId,
        id: ScimGroupId,
        projection: &Projection,
    ) -> Done<GroupSeen> {
        commands::find_group(conn, of, id, wants_members(projection))
    }

    fn create(tx: &mut Tx<'_>, provider: &Provider, body: &Value) -> Done<GroupSeen> {
        commands::create_group(tx, provider, body)
    }

    fn replace(
        tx: &mut Tx<'_>,
        provider: &Provider,
        which: Which<'_, Self>,
        body: &Value,
    ) -> Done<GroupSeen> {
        commands::replace_group(tx, provider, which, body)
    }

    fn patch(tx: &mut Tx<'_>, provider: &Provider, which: Which<'_, Self>, body: &Value) -> Done<GroupSeen> {
        commands::patch_group(tx, provider, which, body)
    }

    fn remove(tx: &mut Tx<'_>, provider: &Provider, which: Which<'_, Self>) -> Done<()> {
        commands::remove_group(tx, provider, which)
    }

    fn id(seen: &GroupSeen) -> ScimGroupId {
        seen.id
    }

    fn version(seen: &GroupSeen) -> Etag {
        seen.version
    }

    fn told(seen: &GroupSeen, base: &str, projection: &Projection) -> Value {
        seen.told(base, projection)
    }
}

/// Thousands of members are not read for nothing.
fn wants_members(projection: &Projection) -> bool {
    projection.has("members")
}
