//! What is looked for: by the query of an address (RFC 7644 §3.4.2), or by a body to `.search` (§3.4.3).

use serde_json::Value;

use super::{
    Filter, MOST_RESULTS, Projection, Refusal, SEARCH_SCHEMA,
    value::{member, must_be_of},
};

/// Which resources, which page of them, and how much of each. Sorting is not supported, and passed over.
#[derive(Clone, Debug)]
pub struct Question {
    pub filter: Filter,
    pub window: Window,
    pub projection: Projection,
}

impl Question {
    /// Of parameters by their names in lower case.
    pub fn of<'p>(parameter: impl Fn(&str) -> Option<&'p str>) -> Result<Self, Refusal> {
        let projected = |name| parameter(name).unwrap_or_default();
        Ok(Self {
            filter: parameter("filter").map_or_else(|| Ok(Filter::default()), Filter::parse)?,
            window: Window::of(parameter("startindex"), parameter("count"))?,
            projection: Projection::of(projected("attributes"), projected("excludedattributes")),
        })
    }

    /// Of the body of a search.
    pub fn read(body: &Value) -> Result<Self, Refusal> {
        if !body.is_object() {
            return Err(Refusal::Syntax("The body must be an object.".to_owned()));
        }
        must_be_of(body, SEARCH_SCHEMA)?;
        let mut parameters = Vec::new();
        for name in ["filter", "startindex", "count", "attributes", "excludedattributes"] {
            if let Some(text) = member(body, name).map(|value| written(name, value)).transpose()?.flatten() {
                parameters.push((name, text));
            }
        }
        Self::of(|name| parameters.iter().find(|it| it.0 == name).map(|it| it.1.as_str()))
    }
}

/// A member as it would stand in a query; a list of names with commas between them.
fn written(name: &str, value: &Value) -> Result<Option<String>, Refusal> {
    let wrong = || Refusal::BadValue(format!("{name} is not what it must be in a search."));
    Ok(Some(match value {
        Value::Null => return Ok(None),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(names) => {
            let names: Option<Vec<_>> = names.iter().map(Value::as_str).collect();
            names.ok_or_else(wrong)?.join(",")
        }
        Value::Bool(_) | Value::Object(_) => return Err(wrong()),
    }))
}

/// Where a page of a list begins, counted from 1, and how many it has at the most (RFC 7644 §3.4.2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub start: usize,
    pub count: usize,
}

impl Window {
    /// What was asked for, made possible: a start below 1 is 1, a negative count is none.
    pub fn of(start: Option<&str>, count: Option<&str>) -> Result<Self, Refusal> {
        let number = |name: &str, text: Option<&str>, otherwise: i64| match text {
            None | Some("") => Ok(otherwise),
            Some(text) => {
                text.parse::<i64>().map_err(|_| Refusal::BadValue(format!("{name} must be a whole number.")))
            }
        };
        let start = number("startIndex", start, 1)?.max(1);
        let count = number("count", count, 100)?.max(0);
        Ok(Self {
            start: usize::try_from(start).unwrap_or(usize::MAX),
            count: usize::try_from(count).unwrap_or(usize::MAX).min(MOST_RESULTS),
        })
    }

    pub fn offset(self) -> i64 {
        i64::try_from(self.start - 1).unwrap_or(i64::MAX)
    }

    pub fn limit(self) -> i64 {
        i64::try_from(self.count).unwrap_or(i64::MAX)
    }

    /// What is left of it behind a list of `total`, of which `shown` were shown.
    pub fn behind(self, total: i64, shown: usize) -> Self {
        let passed = usize::try_from(total).unwrap_or(usize::MAX);
        Self { start: self.start.saturating_sub(passed).max(1), count: self.count.saturating_sub(shown) }
    }
}

/// One page of a list, and how many there are in all.
#[derive(Clone, Debug)]
pub struct Found<T> {
    pub total: i64,
    pub rows: Vec<T>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_window_is_made_possible_or_refused() {
        let of = |start, count| Window::of(start, count).map(|it| (it.start, it.count));
        assert_eq!(of(None, None).ok(), Some((1, 100)));
        assert_eq!(of(Some("0"), Some("-3")).ok(), Some((1, 0)));
        assert_eq!(of(Some("7"), Some("100000")).ok(), Some((7, MOST_RESULTS)));
        assert!(of(Some("x"), None).is_err() && of(None, Some("1.5")).is_err());
    }

    #[test]
    fn a_window_goes_on_behind_a_first_list() {
        let behind = |start, count, total, shown| {
            let window = Window { start, count }.behind(total, shown);
            (window.start, window.count)
        };
        assert_eq!(behind(1, 10, 3, 3), (1, 7));
        assert_eq!(behind(3, 10, 3, 1), (1, 9));
        assert_eq!(behind(4, 10, 3, 0), (1, 10));
        assert_eq!(behind(6, 10, 3, 0), (3, 10));
        assert_eq!(behind(1, 2, 3, 2), (1, 0));
    }

    #[test]
    fn a_search_says_what_a_query_says() {
        let body = json!({
            "schemas": [SEARCH_SCHEMA], "filter": "id eq \"1\"", "startIndex": 2, "count": "3",
            "attributes": ["userName", "name.givenName"], "sortBy": "userName",
        });
        let read = Question::read(&body).unwrap();
        assert_eq!((read.window, read.filter.0.len()), (Window { start: 2, count: 3 }, 1));
        assert_eq!(read.projection, Projection::of("username,name.givenname", ""));
        assert_eq!(Question::read(&json!({})).unwrap().window, Window { start: 1, count: 100 });
        for wrong in [
            json!([]),
            json!({ "schemas": ["urn:x"] }),
            json!({ "count": true }),
            json!({ "count": 1.5 }),
            json!({ "filter": {} }),
            json!({ "attributes": [1] }),
            json!({ "filter": "" }),
        ] {
            assert!(Question::read(&wrong).is_err(), "{wrong}");
        }
    }
}
