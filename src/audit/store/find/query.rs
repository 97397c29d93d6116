//! What is asked of the database: what a lane knows, and what is asked of each of its lines besides.

use diesel::{
    dsl::sql,
    internal::table_macro::{BoxedSelectStatement, FromClause},
    prelude::*,
    sql_types::{BigInt, Bool, Text},
};

use super::{Found, lanes::Lane};
use crate::{
    audit::model::Meant,
    db::{
        AnyConnection,
        schema::{audit_details, audit_lines},
    },
};

type Backend = <AnyConnection as Connection>::Backend;
type Joined = diesel::dsl::LeftJoinQuerySource<
    audit_lines::table,
    audit_details::table,
    diesel::dsl::And<
        diesel::dsl::Eq<audit_details::organization_id, audit_lines::organization_id>,
        diesel::dsl::Eq<audit_details::sequence, audit_lines::sequence>,
    >,
>;
pub type Query = BoxedSelectStatement<'static, BigInt, FromClause<Joined>, Backend>;

impl Found {
    /// What the index itself finds.
    pub(super) fn known(&self, lane: &Lane, from: Option<i64>, end: Option<i64>, down: bool) -> Query {
        let of = audit_details::organization_id
            .eq(audit_lines::organization_id)
            .and(audit_details::sequence.eq(audit_lines::sequence));
        let organization = self.organization;
        let (least, greatest) = self.bounds;
        // Beyond these, and from the nearer end on.
        let (from_below, from_above) =
            if down { (end, from.map(|it| it - 1)) } else { (from.map(|it| it + 1), end) };
        let least = least.max(from_below);
        let greatest = [greatest, from_above].into_iter().flatten().min();
        let mut query = audit_lines::table
            .left_join(audit_details::table.on(of))
            .select(audit_lines::sequence)
            .into_boxed();
        query = query.filter(audit_lines::organization_id.eq(organization));
        if let Lane::Address(address) = lane {
            query = query
                .filter(audit_details::organization_id.eq(organization))
                .filter(audit_details::address.eq(address.clone()));
            if let Some(least) = least {
                query = query.filter(audit_details::sequence.ge(least));
            }
            if let Some(greatest) = greatest {
                query = query.filter(audit_details::sequence.le(greatest));
            }
            return query;
        }
        query = match lane {
            Lane::Actor(id) => query.filter(audit_lines::actor_id.eq(id.clone())),
            Lane::Target(id) => query.filter(audit_lines::target_id.eq(id.clone())),
            Lane::Action(name) => query.filter(audit_lines::action.eq(name.clone())),
            Lane::All | Lane::Address(_) => query,
        };
        if let Some(least) = least {
            query = query.filter(audit_lines::sequence.ge(least));
        }
        if let Some(greatest) = greatest {
            query = query.filter(audit_lines::sequence.le(greatest));
        }
        query
    }

    /// Of these, those who match and stand within the window.
    pub(super) fn matching(&self, lane: &Lane, from: Option<i64>, end: Option<i64>, down: bool) -> Query {
        let mut query = self.known(lane, from, end, down);
        let asked = &self.asked;
        // Said in a way that no index answers, or the planner might take another one than the order needs.
        let actor_id = || sql::<Text>("CASE WHEN TRUE THEN audit_lines.actor_id END");
        let target_id = || sql::<Text>("CASE WHEN TRUE THEN audit_lines.target_id END");
        if let Some(of) = &asked.of {
            query = match of.is_person {
                true => query.filter(actor_id().eq(of.id.clone()).or(target_id().eq(of.id.clone()))),
                false => query.filter(target_id().eq(of.id.clone())),
            };
        }
        match &asked.actor {
            Meant::These { ids, .. } => query = query.filter(actor_id().eq_any(ids.clone())),
            Meant::Kind(kind) => {
                let actor_kind = sql::<Text>("CASE WHEN TRUE THEN audit_lines.actor_kind END");
                query = query.filter(actor_kind.eq(*kind));
            }
            Meant::Anything | Meant::Nothing => {}
        }
        if let Meant::These { ids, .. } = &asked.target {
            query = query.filter(target_id().eq_any(ids.clone()));
        }
        if !asked.action.is_empty() {
            let action = sql::<Text>("CASE WHEN TRUE THEN audit_lines.action END");
            query = query.filter(action.eq(asked.action.clone()));
        }
        if !asked.address.is_empty() && *lane != Lane::Address(asked.address.clone()) {
            let address = sql::<Text>("CASE WHEN TRUE THEN audit_details.address END");
            query = query.filter(address.eq(asked.address.clone()));
        }
        if let Some(from) = asked.span.from {
            query = query.filter(
                sql::<diesel::sql_types::Timestamp>("CASE WHEN TRUE THEN audit_lines.at END").ge(from),
            );
        }
        if let Some(before) = asked.span.before {
            query = query.filter(
                sql::<diesel::sql_types::Timestamp>("CASE WHEN TRUE THEN audit_lines.at END").lt(before),
            );
        }
        if !asked.words.is_empty() && self.hits.is_none() {
            let place = if self.on_sqlite { "instr" } else { "strpos" };
            let inside = sql::<Bool>(&format!("{place}(audit_details.search_text, "));
            query = query.filter(inside.bind::<Text, _>(asked.words.clone()).sql(") > 0"));
        }
        query
    }

    pub(super) fn in_order(&self, query: Query, lane: &Lane, down: bool) -> Query {
        match (lane, down) {
            (Lane::Address(_), true) => query.order(audit_details::sequence.desc()),
            (Lane::Address(_), false) => query.order(audit_details::sequence.asc()),
            (_, true) => query.order(audit_lines::sequence.desc()),
            (_, false) => query.order(audit_lines::sequence.asc()),
        }
    }
}
