//! The form that makes a group, and the one that renames it.

use askama::Template;

use crate::{
    groups::{
        forms::{NamingDraft, NamingErrors},
        model::{Group, MOST_DESCRIPTION, MOST_NAME},
    },
    web::{
        field::{ErrorSummary, Field},
        page::Shell,
        url,
    },
};

#[derive(Template)]
#[template(path = "groups/naming.html", blocks = ["dialog"])]
pub struct NamingPage {
    frame: Shell,
    title: &'static str,
    lead: &'static str,
    button: &'static str,
    action: String,
    back: String,
    name: Field,
    description: Field,
    errors: ErrorSummary,
}

impl NamingPage {
    pub fn new_group(frame: Shell, draft: &NamingDraft, errors: NamingErrors) -> Self {
        Self {
            title: "New group",
            lead: "It carries nothing until an access policy names it.",
            button: "Create group",
            action: url::GROUP_CREATE.to_owned(),
            back: url::GROUPS.to_owned(),
            ..Self::form(frame, draft, errors)
        }
    }

    /// A standard group keeps its name.
    pub fn of_group(frame: Shell, group: &Group, draft: &NamingDraft, errors: NamingErrors) -> Self {
        let mut page = Self {
            title: if group.standard { "Describe group" } else { "Rename group" },
            lead: if group.standard {
                "Every organization starts with this group, so its name stays."
            } else {
                "Who is in it and what it carries stay as they are."
            },
            button: "Save group",
            action: url::group_act(group.id, "edit"),
            back: url::group(group.id),
            ..Self::form(frame, draft, errors)
        };
        if group.standard && page.name.error.is_none() {
            page.name = Field::hidden("name", &group.name);
        }
        page
    }

    fn form(frame: Shell, draft: &NamingDraft, errors: NamingErrors) -> Self {
        let name = Field::text("name", "Name")
            .value(&draft.name)
            .error(errors.name)
            .maxlength(MOST_NAME as u32)
            .autocomplete("off")
            .autofocus();
        let description = Field::text("description", "Description")
            .value(&draft.description)
            .error(errors.description)
            .maxlength(MOST_DESCRIPTION as u32)
            .autocomplete("off")
            .optional();
        Self {
            errors: ErrorSummary::of([&name, &description]),
            title: "",
            lead: "",
            button: "",
            action: String::new(),
            back: String::new(),
            frame,
            name,
            description,
        }
    }
}
