//! One page of the list of groups. They are few enough to be sorted here.

use super::{Group, Place};
use crate::base::fold;

/// A group with the roles that policies give to its members.
#[derive(Clone, Debug)]
pub struct Listed {
    pub group: Group,
    pub roles: Vec<String>,
}

/// What of the list is shown, and from where the pages beside it begin.
#[derive(Debug)]
pub struct Page {
    pub groups: Vec<Listed>,
    /// How many match.
    pub count: usize,
    /// How many of them stand before this page.
    pub before: usize,
    pub previous: Option<String>,
    pub next: Option<String>,
    /// The place in the address could not be read.
    pub is_lost: bool,
}

/// At most `most` groups by name whose name or description contains the text, from a place on.
pub fn page_of(mut groups: Vec<Listed>, text: &str, place: &Place, most: usize) -> Page {
    let text = fold::key(text);
    groups.retain(|one| {
        fold::key(&one.group.name).contains(&text) || fold::key(&one.group.description).contains(&text)
    });
    groups.sort_by_cached_key(|one| (fold::key(&one.group.name), one.group.id));
    let key = |one: &Listed| fold::key(&one.group.name);
    let (start, is_lost) = match place {
        Place::Start => (Some(0), false),
        Place::After(at) => {
            let at = Place::named(at);
            (at.as_ref().map(|at| groups.partition_point(|one| key(one) <= *at)), at.is_none())
        }
        Place::Before(at) => {
            let at = Place::named(at);
            let end = at.as_ref().map(|at| groups.partition_point(|one| key(one) < *at));
            (end.map(|end| end.saturating_sub(most)), at.is_none())
        }
    };
    let (count, before) = (groups.len(), start.unwrap_or(0));
    let shown: Vec<_> = groups.into_iter().skip(before).take(most).collect();
    let at = |one: Option<&Listed>| one.map(|one| Place::at_name(&key(one)));
    Page {
        count,
        before,
        previous: if before > 0 { at(shown.first()) } else { None },
        next: if before + shown.len() < count { at(shown.last()) } else { None },
        groups: shown,
        is_lost,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{clock::Moment, ids::GroupId};

    fn groups(names: &[&str]) -> Vec<Listed> {
        let group = |name: &&str| Group {
            id: GroupId::new(),
            name: (*name).to_owned(),
            description: String::new(),
            standard: false,
            members: 0,
            created_at: Moment::from_micros(0),
        };
        names.iter().map(|name| Listed { group: group(name), roles: Vec::new() }).collect()
    }

    fn names(page: &Page) -> Vec<&str> {
        page.groups.iter().map(|one| one.group.name.as_str()).collect()
    }

    #[test]
    fn pages_follow_each_other_by_name_and_back_again() {
        let all = || groups(&["delta", "Alpha", "charlie", "Bravo", "écho"]);
        let first = page_of(all(), "", &Place::Start, 2);
        assert_eq!((names(&first), first.previous.is_none()), (vec!["Alpha", "Bravo"], true));
        let second = page_of(all(), "", &Place::After(first.next.unwrap()), 2);
        assert_eq!((names(&second), second.before), (vec!["charlie", "delta"], 2));
        let last = page_of(all(), "", &Place::After(second.next.unwrap()), 2);
        assert_eq!((names(&last), last.next.is_none()), (vec!["écho"], true));
        let back = page_of(all(), "", &Place::Before(last.previous.unwrap()), 2);
        assert_eq!(names(&back), ["charlie", "delta"]);
    }

    #[test]
    fn search_looks_inside_names_and_a_place_that_cannot_be_read_is_the_start() {
        let page = page_of(groups(&["Night shift", "Shifters", "Day"]), "SHÍFT", &Place::Start, 10);
        assert_eq!((names(&page), page.count), (vec!["Night shift", "Shifters"], 2));
        let page = page_of(groups(&["Day"]), "", &Place::After("nonsense".into()), 10);
        assert!(page.is_lost && page.groups.len() == 1);
    }
}
