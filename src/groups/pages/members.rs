//! Adding people to a group.

use askama::Template;

use crate::{
    groups::{
        forms::{MembersDraft, MembersErrors},
        model::Candidates,
        words,
    },
    people::{Someone, Status},
    web::{
        field::{ErrorSummary, Field},
        page::Shell,
        url,
    },
};

#[derive(Template)]
#[template(path = "groups/members.html")]
pub struct AddPage {
    frame: Shell,
    errors: ErrorSummary,
    name: String,
    action: String,
    back: String,
    search: String,
    choices: Vec<Choice>,
    people_error: Option<String>,
    addresses: Field,
    are_more: bool,
    may_add: bool,
    /// The form was kept while its session had ended.
    is_kept: bool,
}

struct Choice {
    id: String,
    name: String,
    under: String,
    is_ticked: bool,
    is_member: bool,
}

impl AddPage {
    pub fn new(
        frame: Shell,
        candidates: Candidates,
        draft: &MembersDraft,
        errors: MembersErrors,
        is_kept: bool,
    ) -> Self {
        let Candidates { group, chosen, found, are_more, may_add } = candidates;
        let chosen = chosen.into_iter().map(|who| Choice::new(who, true, false));
        let found = found.into_iter().map(|one| Choice::new(one.who, false, one.is_member));
        let addresses = Field::textarea("addresses", "Addresses")
            .value(&draft.addresses)
            .error(errors.addresses)
            .hint("Of people in the organization or invited to it; separated by commas, spaces or lines.")
            .optional();
        let mut summary = ErrorSummary::default();
        if let Some(error) = &errors.people {
            summary = summary.with("people", error);
        }
        summary.errors.extend(ErrorSummary::of([&addresses]).errors);
        Self {
            frame,
            errors: summary,
            action: url::group_act(group.id, "members"),
            back: url::group(group.id),
            name: group.name,
            search: draft.search.clone(),
            choices: chosen.chain(found).collect(),
            people_error: errors.people,
            addresses,
            are_more,
            may_add,
            is_kept,
        }
    }

    fn no_right(&self) -> &'static str {
        words::MORE_THAN_OWN
    }
}

impl Choice {
    fn new(who: Someone, is_ticked: bool, is_member: bool) -> Self {
        let note = match who.status {
            Status::Active => "",
            Status::Invited => "invited",
            Status::Deactivated => "deactivated",
        };
        let address = if who.name.is_empty() { "" } else { who.email.as_str() };
        let member = if is_member { "is in it" } else { "" };
        let under = [address, note, member].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        Self {
            under: under.join(" · "),
            id: who.id.to_string(),
            name: who.shown().to_owned(),
            is_ticked,
            is_member,
        }
    }
}
