//! A page of requests. Their ids rise with time, so an id is a place in the list, whoever comes or goes meanwhile.

use super::AccessRequest;
use crate::base::ids::AccessRequestId;

/// From where a page is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Toward {
    #[default]
    Start,
    After(AccessRequestId),
    Before(AccessRequestId),
}

/// Where the address says that the page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub after: String,
    pub before: String,
}

impl Place {
    /// A place that cannot be read is the start; the answer says whether that happened.
    pub fn read(&self) -> (Toward, bool) {
        let (text, toward): (_, fn(AccessRequestId) -> Toward) =
            match (self.after.as_str(), self.before.as_str()) {
                ("", "") => return (Toward::Start, false),
                ("", before) => (before, Toward::Before),
                (after, _) => (after, Toward::After),
            };
        text.parse().map_or((Toward::Start, true), |id| (toward(id), false))
    }
}

/// A page, and where its neighbours begin.
#[derive(Clone, Debug, Default)]
pub struct Slice {
    pub requests: Vec<AccessRequest>,
    pub previous: Option<AccessRequestId>,
    pub next: Option<AccessRequestId>,
}

impl Slice {
    /// Of what was read toward a place: one row more than a page, where there is one, in the order it was read.
    pub fn of(mut requests: Vec<AccessRequest>, toward: Toward, page: usize) -> Self {
        let is_more = requests.len() > page;
        requests.truncate(page);
        let is_back = matches!(toward, Toward::Before(_));
        if is_back {
            requests.reverse();
        }
        let (first, last) = (requests.first().map(|it| it.id), requests.last().map(|it| it.id));
        let (is_first, is_last) = match toward {
            Toward::Start => (true, !is_more),
            Toward::After(_) => (false, !is_more),
            Toward::Before(_) => (!is_more, false),
        };
        Self { previous: first.filter(|_| !is_first), next: last.filter(|_| !is_last), requests }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access_requests::model::{State, tests::request};

    #[test]
    fn a_page_knows_its_neighbours() {
        let rows: Vec<_> = (0..3).map(|_| request(State::Pending)).collect();
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let slice = |toward| {
            let slice = Slice::of(rows.clone(), toward, 2);
            (slice.requests.iter().map(|it| it.id).collect::<Vec<_>>(), slice.previous, slice.next)
        };
        assert_eq!(slice(Toward::Start), (vec![ids[0], ids[1]], None, Some(ids[1])));
        assert_eq!(slice(Toward::After(ids[2])), (vec![ids[0], ids[1]], Some(ids[0]), Some(ids[1])));
        assert_eq!(slice(Toward::Before(ids[2])), (vec![ids[1], ids[0]], Some(ids[1]), Some(ids[0])));
        let short = Slice::of(rows[..1].to_vec(), Toward::Before(ids[2]), 2);
        assert_eq!((short.previous, short.next), (None, Some(ids[0])));
    }

    #[test]
    fn what_is_no_place_is_the_start() {
        let id = AccessRequestId::new();
        let read = |after: &str, before: &str| Place { after: after.into(), before: before.into() }.read();
        assert_eq!(read("", ""), (Toward::Start, false));
        assert_eq!(read(id.as_str(), ""), (Toward::After(id), false));
        assert_eq!(read("", id.as_str()), (Toward::Before(id), false));
        assert_eq!(read("nonsense", ""), (Toward::Start, true));
    }
}
