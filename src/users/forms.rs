//! What the forms of a person's page send.

use std::collections::BTreeSet;

use super::model::{Act, Selection, View};
use crate::{
    base::ids::{GroupId, UserId},
    groups,
    web::{Fields, url},
};

/// Groups as they were ticked.
#[derive(Clone, Debug)]
pub struct GroupsDraft {
    ticked: Vec<String>,
    version: String,
}

impl GroupsDraft {
    pub fn read(fields: &Fields) -> Self {
        Self {
            ticked: fields.all("group").map(str::to_owned).collect(),
            version: fields.get("version").to_owned(),
        }
    }

    /// A group by what is no id is one that does not exist; a page without a version is a stale one.
    pub fn parse(&self) -> Result<groups::Change, groups::ChangeRefusal> {
        let groups = self.ticked.iter().map(|id| id.parse());
        Ok(groups::Change {
            groups: groups.collect::<Result<_, _>>().map_err(|_| groups::ChangeRefusal::NoSuchGroup)?,
            version: self.version.parse().map_err(|_| groups::ChangeRefusal::Stale)?,
        })
    }

    pub fn has(&self, group: GroupId) -> bool {
        self.ticked.iter().any(|id| id == group.as_str())
    }
}

/// Why a second factor is reset, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct ResetDraft {
    pub reason: String,
}

impl ResetDraft {
    /// The longest reason, in characters.
    pub const LONGEST: usize = 500;

    pub fn read(fields: &Fields) -> Self {
        Self { reason: fields.text("reason") }
    }

    pub fn parse(&self) -> Result<String, String> {
        match self.reason.chars().count() {
            0 => Err("Say why, for the person and for the audit.".to_owned()),
            length if length > Self::LONGEST => {
                Err(format!("Use at most {} characters; these are {length}.", Self::LONGEST))
            }
            _ => Ok(self.reason.clone()),
        }
    }
}

/// Selected rows and what shall be done to them.
#[derive(Clone, Debug)]
pub struct SelectedDraft {
    pub act: Option<Act>,
    pub selection: Selection,
    /// How many people the summary named that was agreed to.
    pub agreed: Option<usize>,
    /// The list as it stood.
    pub return_to: String,
}

impl SelectedDraft {
    /// Those who are ticked; with "all", those whom the list shows that the form came from.
    pub fn read(fields: &Fields) -> Self {
        let return_to = url::local(fields.get("return_to")).filter(|path| path.starts_with(url::USERS));
        let return_to = return_to.unwrap_or(url::USERS).to_owned();
        let query = return_to.split_once('?').map_or("", |(_, query)| query);
        let selection = if fields.has("all") {
            let list = Fields::decode(query.as_bytes());
            Selection::All(View::read(|name| list.get(name)))
        } else {
            let ids: BTreeSet<UserId> = fields.all("user").filter_map(|id| id.parse().ok()).collect();
            Selection::These(ids.into_iter().collect())
        };
        Self {
            act: Act::parse(fields.get("act")),
            selection,
            agreed: fields.get("agreed").parse().ok(),
            return_to,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(pairs: &[(&str, &str)]) -> GroupsDraft {
        let fields: Fields = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        GroupsDraft::read(&fields)
    }

    #[test]
    fn ticked_groups_are_read_and_nonsense_is_a_group_that_does_not_exist() {
        let group = GroupId::new();
        let good = draft(&[("group", group.as_str()), ("version", "3")]);
        assert!(good.has(group));
        assert_eq!(good.parse().unwrap().version, 3);
        assert_eq!(good.parse().unwrap().groups, [group].into());
        let bad = draft(&[("group", "admin"), ("version", "3")]);
        assert_eq!(bad.parse().unwrap_err(), groups::ChangeRefusal::NoSuchGroup);
        assert_eq!(draft(&[]).parse().unwrap_err(), groups::ChangeRefusal::Stale);
    }
}
