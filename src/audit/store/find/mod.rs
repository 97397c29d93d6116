//! Lines, newest first, from a place on. What a page costs does not depend on how many lines there are: it is read along
//! an index, and what no index knows is asked of at most [`WINDOW`] lines.

mod hits;
mod lanes;
mod query;

use diesel::prelude::*;

use lanes::{Lane, are_whole, lanes};

use crate::{
    audit::model::{Meant, Span, Toward},
    base::ids::OrganizationId,
    db::{AnyConnection, Fault, on_each, schema::audit_lines},
};

/// How many lines one page looks at when an index cannot tell which of them match.
pub const WINDOW: i64 = 20_000;
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
    let hits =
        if asked.words.chars().count() < 3 { None } else { hits::hits(conn, organization, &asked.words)? };
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
        let end = match are_whole(&self.asked) {
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
}
