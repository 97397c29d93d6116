//! Whom a change concerns, before it is saved.

use askama::{Template, filters::HtmlSafe};

use crate::policies::{
    model::{Affected, Preview},
    words,
};

#[derive(Template)]
#[template(path = "policies/preview.html")]
pub struct PreviewPart {
    /// Why it cannot be done at all.
    obstacle: Option<&'static str>,
    warnings: Vec<Warning>,
    rows: Vec<Row>,
    more: Vec<String>,
}

impl HtmlSafe for PreviewPart {}

struct Warning {
    lead: String,
    names: String,
    groups: Vec<String>,
    is_me: bool,
}

struct Row {
    name: String,
    note: String,
    gains: String,
    loses: String,
}

impl PreviewPart {
    pub fn of(preview: &Preview) -> Self {
        let groups = preview.groups.iter().map(|group| Row {
            name: format!("Group {}", group.name),
            note: words::people(u64::try_from(group.members).unwrap_or(0)),
            gains: group.gains.join(", "),
            loses: group.loses.join(", "),
        });
        let people = preview.people.iter().map(|person| Row {
            name: person.name.clone(),
            note: String::new(),
            gains: person.gains.join(", "),
            loses: person.loses.join(", "),
        });
        let more_groups = match preview.more_groups {
            0 => None,
            1 => Some("1 more group".to_owned()),
            many => Some(format!("{} more groups", words::number(many as u64))),
        };
        let more_people = match preview.more_people {
            0 => None,
            1 => Some("1 more person".to_owned()),
            many => Some(format!("{} more people", words::number(many as u64))),
        };
        let warnings = [
            warning(&preview.lose_admin, "loses IAM Admin", "lose IAM Admin"),
            warning(&preview.locked_out, "has no access left", "have no access left"),
        ];
        Self {
            obstacle: preview.leaves_nobody.then_some(words::NOBODY_LEFT),
            warnings: warnings.into_iter().flatten().collect(),
            rows: groups.chain(people).collect(),
            more: more_groups.into_iter().chain(more_people).collect(),
        }
    }
}

fn warning(affected: &Affected, one: &str, many: &str) -> Option<Warning> {
    if affected.is_nobody() {
        return None;
    }
    let count = affected.ids.len() as u64;
    let large = |(_, name, members): &(_, String, i64)| {
        let members = words::number(u64::try_from(*members).unwrap_or(0));
        format!("Of the {members} members of {name}, all who do not have it from elsewhere")
    };
    Some(Warning {
        lead: match count {
            0 => format!("Members of large groups {many}"),
            1 => format!("1 person {one}"),
            count => format!("{} people {many}", words::number(count)),
        },
        names: if count == 0 { String::new() } else { words::listed(&affected.names, count) },
        groups: affected.groups.iter().map(large).collect(),
        is_me: affected.is_me,
    })
}
