//! What the address of the users page says. Each value is parsed; what nobody knows counts as not said.

use chrono::Duration;

use crate::{
    base::{fold, ids::GroupId},
    people::Status,
};

/// Longer searches are cut: no name or address is.
const MOST_TYPED: usize = 200;

/// Which people are looked at, in which order. The default is everybody by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// What was typed into the search.
    pub typed: String,
    pub status: Option<Status>,
    pub group: Option<GroupId>,
    /// Whether they have a second factor.
    pub second_factor: Option<bool>,
    pub inactive: Option<Inactive>,
    pub sort: Sort,
}

/// Not active for so many days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inactive {
    Month,
    Quarter,
    HalfYear,
}

impl Inactive {
    pub const ALL: [Inactive; 3] = [Inactive::Month, Inactive::Quarter, Inactive::HalfYear];

    pub fn days(self) -> i64 {
        match self {
            Self::Month => 30,
            Self::Quarter => 90,
            Self::HalfYear => 180,
        }
    }

    pub fn duration(self) -> Duration {
        Duration::days(self.days())
    }
}

/// The order that was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Person,
    PersonDown,
    /// Longest ago first.
    Active,
    /// Most recent first.
    ActiveDown,
}

impl Sort {
    pub const ALL: [Sort; 4] = [Sort::Person, Sort::PersonDown, Sort::Active, Sort::ActiveDown];

    pub fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::PersonDown => "-person",
            Self::Active => "active",
            Self::ActiveDown => "-active",
        }
    }
}

/// The order that people are listed in. Where an index serves only one, it wins over what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Person { down: bool },
    Activity { down: bool },
}

impl Order {
    pub fn by_activity(self) -> bool {
        matches!(self, Self::Activity { .. })
    }

    pub fn down(self) -> bool {
        match self {
            Self::Person { down } | Self::Activity { down } => down,
        }
    }

    /// As the sorted column says it (ARIA, `aria-sort`).
    pub fn aria(self) -> &'static str {
        if self.down() { "descending" } else { "ascending" }
    }
}

/// What a search looks for; folded, as the keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    Nothing,
    /// One or two letters, or too few in a row for the index of pieces: whose name begins with it.
    Beginning(String),
    /// Whose name or address has it anywhere.
    Inside(String),
}

impl View {
    /// Reads the values of a query string; `get` is asked for each by its name and says "" for what is not there.
    pub fn read<'a>(get: impl Fn(&str) -> &'a str) -> Self {
        let typed: String = get("q").trim().chars().take(MOST_TYPED).collect();
        let days: Option<i64> = get("inactive").parse().ok();
        let sort = get("sort");
        Self {
            typed,
            status: get("status").parse().ok(),
            group: get("group").parse().ok(),
            second_factor: match get("second_factor") {
                "on" => Some(true),
                "off" => Some(false),
                _ => None,
            },
            inactive: Inactive::ALL.into_iter().find(|it| Some(it.days()) == days),
            sort: Sort::ALL.into_iter().find(|it| it.word() == sort).unwrap_or_default(),
        }
    }

    /// The values that differ from the default, as they stand in the address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if !self.typed.is_empty() {
            pairs.push(("q", self.typed.clone()));
        }
        if let Some(status) = self.status {
            pairs.push(("status", status.as_str().to_owned()));
        }
        if let Some(group) = self.group {
            pairs.push(("group", group.to_string()));
        }
        if let Some(has_one) = self.second_factor {
            pairs.push(("second_factor", if has_one { "on" } else { "off" }.to_owned()));
        }
        if let Some(inactive) = self.inactive {
            pairs.push(("inactive", inactive.days().to_string()));
        }
        if self.sort != Sort::default() {
            pairs.push(("sort", self.sort.word().to_owned()));
        }
        pairs
    }

    /// Whether more than the status narrows the list.
    pub fn is_filtered(&self) -> bool {
        self.group.is_some() || self.second_factor.is_some() || self.inactive.is_some()
    }

    /// Whether everybody is looked at.
    pub fn is_everybody(&self) -> bool {
        self.typed.is_empty() && self.status.is_none() && !self.is_filtered()
    }

    pub fn search(&self) -> Search {
        let folded = fold::key(&self.typed);
        if folded.is_empty() {
            Search::Nothing
        } else if longest_run(&folded) < 3 {
            Search::Beginning(folded)
        } else {
            Search::Inside(folded)
        }
    }

    /// The order asked for, where it can be had of any number of people: those who begin with something are found
    /// by name, those who were not active by their activity.
    pub fn order_by_index(&self, by_name: bool) -> Order {
        let down = matches!(self.sort, Sort::PersonDown | Sort::ActiveDown);
        let by_activity = matches!(self.sort, Sort::Active | Sort::ActiveDown);
        if by_name {
            Order::Person { down: down && !by_activity }
        } else if self.inactive.is_some() {
            Order::Activity { down: down && by_activity }
        } else {
            self.order()
        }
    }

    /// The order asked for.
    pub fn order(&self) -> Order {
        match self.sort {
            Sort::Person => Order::Person { down: false },
            Sort::PersonDown => Order::Person { down: true },
            Sort::Active => Order::Activity { down: false },
            Sort::ActiveDown => Order::Activity { down: true },
        }
    }
}

/// The most characters in a row that are no wildcards of LIKE: an index of three-letter pieces needs three.
fn longest_run(text: &str) -> usize {
    text.split(['%', '_']).map(|run| run.chars().count()).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> View {
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        View::read(|name| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value))
    }

    #[test]
    fn the_state_of_the_page_is_in_its_address() {
        let query = "q=Ad%C3%A4&status=invited&group=0193f000-0000-7000-8000-000000000001&second_factor=off\
                     &inactive=90&sort=-active";
        let view = read(query);
        assert_eq!((view.typed.as_str(), view.status), ("Adä", Some(Status::Invited)));
        assert_eq!((view.second_factor, view.inactive), (Some(false), Some(Inactive::Quarter)));
        assert_eq!(
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(view.pairs()).finish(),
            query
        );
    }

    #[test]
    fn what_nobody_knows_counts_as_not_said() {
        let view = read("q=%20&status=gone&group=1&second_factor=maybe&inactive=31&sort=shoe-size&more=1");
        assert_eq!(view, View::default());
        assert!(view.is_everybody() && view.pairs().is_empty());
    }

    #[test]
    fn a_short_search_is_for_beginnings_a_longer_one_looks_inside() {
        let search = |typed: &str| View { typed: typed.into(), ..View::default() }.search();
        assert_eq!(search(""), Search::Nothing);
        assert_eq!(search("\u{200B}"), Search::Nothing);
        assert_eq!(search("É"), Search::Beginning("e".into()));
        assert_eq!(search("李雷"), Search::Beginning("李雷".into()));
        assert_eq!(search("Ada"), Search::Inside("ada".into()));
        assert_eq!(search("a_b%c"), Search::Beginning("a_b%c".into()));
        assert_eq!(search("100%"), Search::Inside("100%".into()));
    }

    #[test]
    fn an_order_that_no_index_serves_gives_way() {
        let view = read("inactive=30&sort=-person");
        assert_eq!(view.order_by_index(false), Order::Activity { down: false });
        assert_eq!(view.order_by_index(true), Order::Person { down: true });
        let view = read("sort=-active");
        assert_eq!(view.order_by_index(false), Order::Activity { down: true });
        assert_eq!(view.order_by_index(true), Order::Person { down: false });
    }
}
