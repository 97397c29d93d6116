//! Lines, newest first, from a place on. What a page costs does not depend on how many lines there are: it is read along
//! an index, and what no index knows is asked of at most [`WINDOW`] lines.

use diesel::{
    dsl::sql,
    internal::table_macro::{BoxedSelectStatement, FromClause},
    prelude::*,
    sql_query,
    sql_types::{BigInt, Bool, Text},
};

use crate::{
    audit::model::{Meant, Span, Toward},
    base::ids::OrganizationId,
    db::{
        AnyConnection, Fault, on_each,
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
type Query = BoxedSelectStatement<'static, BigInt, FromClause<Joined>, Backend>;

/// How many lines one page looks at when an index cannot tell which of them match.
pub const WINDOW: i64 = 20_000;
/// Up to this many hits of the index of words are sorted in memory; of more, enough stand among the newest lines.
const MOST_HITS: i64 = 20_000;
/// How many hits are asked at once whether they match the other filters.
const CHUNK: usize = 500;

/// What must be true of a line.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub actor: Meant,
    pub target: Meant,
    /// The action's name; empty for any.
    pub action: String,
    /// The network address; empty for any.
    pub address: String,
    /// About this, or also by it.
    pub of: Option<Of>,
    pub span: Span,
    /// Folded; empty for any.
    pub words: String,
}

#[derive(Clone, Debug)]
pub struct Of {
    pub id: String,
    pub is_person: bool,
}

/// A stretch of an index: lines that have one thing in common, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Lane {
    All,
    Actor(String),
    Target(String),
    Action(String),
    Address(String),
}

/// What was asked for, ready to be looked at page by page.
pub struct Found {
    on_sqlite: bool,
    organization: OrganizationId,
    asked: Asked,
    lanes: Vec<Lane>,
    /// The first and the last line that can be in the span of time.
    bounds: (Option<i64>, Option<i64>),
    /// All lines with the words, newest first, where they are few.
    hits: Option<Vec<i64>>,
    is_nothing: bool,
}

/// The numbers of the lines of a page, newest first.
#[derive(Debug, Default)]
pub struct Numbers {
    pub lines: Vec<i64>,
    pub previous: Option<i64>,
    pub next: Option<i64>,
    pub is_cut: bool,
}

pub fn find(conn: &mut AnyConnection, organization: OrganizationId, asked: Asked) -> Result<Found, Fault> {
    let (bounds, is_past) = bounds(conn, organization, asked.span)?;
    let hits = if asked.words.chars().count() < 3 { None } else { hits(conn, organization, &asked.words)? };
    Ok(Found {
        on_sqlite: on_each!(conn, postgres _pg => false, sqlite _lite => true),
        organization,
        lanes: lanes(&asked),
        is_nothing: is_past || asked.actor == Meant::Nothing || asked.target == Meant::Nothing,
        asked,
        bounds,
        hits,
    })
}

/// The lanes that know the most of what is asked; the rest is asked of each line on the way.
fn lanes(asked: &Asked) -> Vec<Lane> {
    if let Some(of) = &asked.of {
        let mut lanes = vec![Lane::Target(of.id.clone())];
        lanes.extend(of.is_person.then(|| Lane::Actor(of.id.clone())));
        return lanes;
    }
    if let Meant::These { ids, .. } = &asked.target {
        return ids.iter().cloned().map(Lane::Target).collect();
    }
    if !asked.address.is_empty() {
        return vec![Lane::Address(asked.address.clone())];
    }
    match &asked.actor {
        Meant::These { ids, .. } => return ids.iter().cloned().map(Lane::Actor).collect(),
        Meant::Kind(_) => return vec![Lane::Actor(String::new())],
        Meant::Anything | Meant::Nothing => {}
    }
    if asked.action.is_empty() { vec![Lane::All] } else { vec![Lane::Action(asked.action.clone())] }
}

/// The least and the greatest number of a line.
type Bounds = (Option<i64>, Option<i64>);

/// Lines stand in the order in which they were written, times nearly so: whichever machine wrote a line had its own
/// clock. So the lines of a span lie between the least and the greatest number of one of them.
fn bounds(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    span: Span,
) -> Result<(Bounds, bool), Fault> {
    if span == Span::default() {
        return Ok(((None, None), false));
    }
    let mut query = audit_lines::table.filter(audit_lines::organization_id.eq(organization)).into_boxed();
    if let Some(from) = span.from {
        query = query.filter(audit_lines::at.ge(from));
    }
    if let Some(before) = span.before {
        query = query.filter(audit_lines::at.lt(before));
    }
    let ends = (diesel::dsl::min(audit_lines::sequence), diesel::dsl::max(audit_lines::sequence));
    let (least, greatest): (Option<i64>, Option<i64>) = query.select(ends).first(conn)?;
    Ok(((least, greatest), least.is_none()))
}

#[derive(QueryableByName)]
struct Hit {
    #[diesel(sql_type = BigInt)]
    sequence: i64,
}

/// The lines with the words, if they are no more than [`MOST_HITS`].
fn hits(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    words: &str,
) -> Result<Option<Vec<i64>>, Fault> {
    // Wildcards are characters like others. On SQLite one stands for any, since LIKE with ESCAPE would not use the
    // index, and is looked for exactly afterwards.
    const ON_SQLITE: &str = "SELECT d.sequence FROM \
         (SELECT rowid AS number FROM audit_search WHERE search_text LIKE ?2 LIMIT ?4) AS hits \
         CROSS JOIN audit_details AS d ON d.number = hits.number \
         WHERE d.organization_id = ?1 AND instr(d.search_text, ?3) > 0";
    const HITS_ON_SQLITE: &str = "SELECT count(*) AS sequence FROM \
         (SELECT rowid FROM audit_search WHERE search_text LIKE ?1 LIMIT ?2)";
    const ON_POSTGRES: &str = "SELECT d.sequence FROM audit_details AS d \
         WHERE d.organization_id = $1 AND d.search_text LIKE $2 LIMIT $3";
    let most = MOST_HITS + 1;
    let mut found: Vec<Hit> = on_each!(conn,
        postgres pg => sql_query(ON_POSTGRES)
            .bind::<Text, _>(organization)
            .bind::<Text, _>(escaped(words))
            .bind::<BigInt, _>(most)
            .load(pg)?,
        sqlite lite => {
            let pattern = format!("%{}%", words.replace('%', "_"));
            if words.split(['%', '_']).all(|run| run.chars().count() < 3) {
                return Ok(None);
            }
            let count: Hit = sql_query(HITS_ON_SQLITE)
                .bind::<Text, _>(&pattern)
                .bind::<BigInt, _>(most)
                .get_result(lite)?;
            if count.sequence == most {
                return Ok(None);
            }
            sql_query(ON_SQLITE)
                .bind::<Text, _>(organization)
                .bind::<Text, _>(&pattern)
                .bind::<Text, _>(words)
                .bind::<BigInt, _>(most)
                .load(lite)?
        }
    );
    if found.len() as i64 == most {
        return Ok(None);
    }
    found.sort_by_key(|hit| std::cmp::Reverse(hit.sequence));
    Ok(Some(found.into_iter().map(|hit| hit.sequence).collect()))
}

fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{text}%")
}

impl Found {
    /// One page of at most `most` lines.
    pub fn slice(&self, conn: &mut AnyConnection, toward: Toward, most: usize) -> Result<Numbers, Fault> {
        if self.is_nothing {
            return Ok(Numbers::default());
        }
        let (from, down) = match toward {
            Toward::Start => (None, true),
            Toward::After(sequence) => (Some(sequence), true),
            Toward::Before(sequence) => (Some(sequence), false),
        };
        let (mut lines, end) = self.walk(conn, from, down, most + 1)?;
        let are_more = lines.len() > most;
        lines.truncate(most);
        let onward = if are_more { lines.last().copied() } else { end };
        let is_cut = !are_more && end.is_some();
        if !down {
            lines.reverse();
        }
        // Behind the page is what one came from.
        let back = from.map(|from| match (down, lines.first(), lines.last()) {
            (true, Some(first), _) => *first,
            (false, _, Some(last)) => *last,
            (true, ..) => from - 1,
            (false, ..) => from + 1,
        });
        let (previous, next) = if down { (back, onward) } else { (onward, back) };
        Ok(Numbers { lines, previous, next, is_cut })
    }

    /// The next lines from a place on, and where looking ended although there are more to look at.
    fn walk(
        &self,
        conn: &mut AnyConnection,
        from: Option<i64>,
        down: bool,
        most: usize,
    ) -> Result<(Vec<i64>, Option<i64>), Fault> {
        if let Some(hits) = &self.hits {
            return Ok((self.among(conn, hits, from, down, most)?, None));
        }
        let end = match self.is_whole_lane() {
            true => None,
            false => self.window_end(conn, from, down)?,
        };
        let mut lines: Vec<i64> = Vec::new();
        for lane in &self.lanes {
            let query = self.in_order(self.matching(lane, from, end, down), lane, down);
            lines.extend(query.limit(most as i64).load::<i64>(conn)?);
        }
        lines.sort_unstable();
        lines.dedup();
        if down {
            lines.reverse();
        }
        lines.truncate(most);
        Ok((lines, end))
    }

    /// Of these hits, the next ones that match the other filters.
    fn among(
        &self,
        conn: &mut AnyConnection,
        hits: &[i64],
        from: Option<i64>,
        down: bool,
        most: usize,
    ) -> Result<Vec<i64>, Fault> {
        let is_ahead = |hit: &&i64| from.is_none_or(|from| if down { **hit < from } else { **hit > from });
        let mut ahead: Vec<i64> = hits.iter().filter(is_ahead).copied().collect();
        if !down {
            ahead.reverse();
        }
        let mut lines = Vec::new();
        for chunk in ahead.chunks(CHUNK) {
            let query = self.matching(&Lane::All, None, None, down);
            let query = query.filter(audit_lines::sequence.eq_any(chunk.to_vec()));
            lines.extend(self.in_order(query, &Lane::All, down).load::<i64>(conn)?);
            if lines.len() >= most {
                break;
            }
        }
        lines.truncate(most);
        Ok(lines)
    }

    /// Whether the index tells all that is asked; times and numbers go along with each of them.
    fn is_whole_lane(&self) -> bool {
        let asked = &self.asked;
        let is_said = [
            asked.of.is_some(),
            !matches!(asked.target, Meant::Anything),
            !asked.address.is_empty(),
            !matches!(asked.actor, Meant::Anything),
            !asked.action.is_empty(),
        ];
        let said = is_said.into_iter().filter(|is_said| *is_said).count();
        let knows_kind = !matches!(asked.actor, Meant::Kind(_));
        asked.words.is_empty() && said <= 1 && knows_kind
    }

    /// The last line within the window, when the lanes go on behind it.
    fn window_end(
        &self,
        conn: &mut AnyConnection,
        from: Option<i64>,
        down: bool,
    ) -> Result<Option<i64>, Fault> {
        let mut ends = Vec::new();
        for lane in &self.lanes {
            let query = self.in_order(self.known(lane, from, None, down), lane, down);
            ends.extend(query.offset(WINDOW - 1).limit(1).first::<i64>(conn).optional()?);
        }
        Ok(if down { ends.into_iter().max() } else { ends.into_iter().min() })
    }

    /// What the index itself finds.
    fn known(&self, lane: &Lane, from: Option<i64>, end: Option<i64>, down: bool) -> Query {
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
    fn matching(&self, lane: &Lane, from: Option<i64>, end: Option<i64>, down: bool) -> Query {
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

    fn in_order(&self, query: Query, lane: &Lane, down: bool) -> Query {
        match (lane, down) {
            (Lane::Address(_), true) => query.order(audit_details::sequence.desc()),
            (Lane::Address(_), false) => query.order(audit_details::sequence.asc()),
            (_, true) => query.order(audit_lines::sequence.desc()),
            (_, false) => query.order(audit_lines::sequence.asc()),
        }
    }
}
