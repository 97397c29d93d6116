//! The form that invites, and the preview of a list.

use askama::Template;

use crate::{
    base::ids::{InvitationId, UserId},
    invitations::{
        forms::{InviteDraft, InviteErrors, MORE_THAN_OWN, Step},
        model::{Choice, Entry, Found, Invitee, LONGEST_MESSAGE},
        words,
    },
    web::{
        field::{ErrorSummary, Field},
        page::Shell,
        url,
    },
};

#[derive(Template)]
#[template(path = "invitations/invite.html", blocks = ["dialog"])]
pub struct InvitePage {
    pub frame: Shell,
    /// How long a link works, such as `7 days`.
    life: String,
    /// The form was kept while its session had ended.
    pub is_kept: bool,
    /// What can be done about the one address that cannot be invited.
    pub known: Option<Known>,
    email: Field,
    groups: Vec<GroupChoice>,
    groups_error: Option<String>,
    message: Field,
    errors: ErrorSummary,
}

struct GroupChoice {
    id: String,
    name: String,
    roles: String,
    is_checked: bool,
    is_off: bool,
}

/// Somebody who is there already.
pub struct Known {
    user: UserId,
    is_deactivated: bool,
    invitation: Option<(InvitationId, i64)>,
}

impl Known {
    pub fn of(found: &Found) -> Option<Self> {
        match found {
            Found::New | Found::DomainNotAllowed => None,
            Found::Member(user) => Some(Self { user: *user, is_deactivated: false, invitation: None }),
            Found::Deactivated(user) => Some(Self { user: *user, is_deactivated: true, invitation: None }),
            Found::Invited { user, invitation, generation } => Some(Self {
                user: *user,
                is_deactivated: false,
                invitation: Some((*invitation, *generation)),
            }),
        }
    }

    fn href(&self) -> String {
        url::user(self.user)
    }

    /// Where the pending invitation is sent again, and the number of its link.
    fn resend(&self) -> Option<(String, i64)> {
        self.invitation.map(|(id, generation)| (url::pending(id, "resend"), generation))
    }
}

impl InvitePage {
    pub fn new(
        frame: Shell,
        days: i32,
        choices: &[Choice],
        draft: &InviteDraft,
        errors: InviteErrors,
    ) -> Self {
        let email = Field::textarea("email", "Email")
            .value(&draft.email)
            .error(errors.email)
            .hint("One or many, up to 500, separated by commas, spaces or lines. Names are welcome: Ada <ada@example.com>.")
            .autofocus();
        let message = Field::textarea("message", "Message")
            .value(&draft.message)
            .error(errors.message)
            .hint(format!("Stands in the letter, up to {LONGEST_MESSAGE} characters."))
            .optional();
        let mut summary = ErrorSummary::of([&email]);
        if let Some(error) = &errors.groups {
            summary = summary.with("groups", error);
        }
        summary.errors.extend(ErrorSummary::of([&message]).errors);
        Self {
            frame,
            life: if days == 1 { "1 day".to_owned() } else { format!("{days} days") },
            is_kept: false,
            known: None,
            groups: choices.iter().map(|choice| GroupChoice::new(choice, draft)).collect(),
            groups_error: errors.groups,
            email,
            message,
            errors: summary,
        }
    }
}

impl GroupChoice {
    fn new(choice: &Choice, draft: &InviteDraft) -> Self {
        let id = choice.id.to_string();
        let (is_off, roles) = match choice {
            Choice { is_provisioned: true, .. } => (true, words::GROUP_PROVISIONED.to_owned()),
            Choice { may_give: false, .. } => (true, MORE_THAN_OWN.to_owned()),
            Choice { roles, .. } => (false, words::few(roles)),
        };
        Self {
            is_checked: !is_off && draft.groups.contains(&id),
            is_off,
            name: choice.name.clone(),
            roles,
            id,
        }
    }
}

/// Who of a list is invited, before it is sent.
#[derive(Template)]
#[template(path = "invitations/preview.html", blocks = ["dialog"])]
pub struct PreviewPage {
    pub frame: Shell,
    pub errors: ErrorSummary,
    rows: Vec<Row>,
    new: usize,
    invited: usize,
    draft: InviteDraft,
}

struct Row {
    text: String,
    note: String,
    word: &'static str,
    tone: &'static str,
    icon: &'static str,
    link: Option<(String, &'static str)>,
}

impl PreviewPage {
    /// `found` stands in the order of those entries that are somebody.
    pub fn new(frame: Shell, draft: &InviteDraft, entries: &[Entry], found: &[(Invitee, Found)]) -> Self {
        let mut someone = found.iter();
        let row = |entry: &Entry| match entry {
            Entry::Someone(_) => someone.next().map(Row::of_someone),
            Entry::Again(email) => Some(Row::left_out(email.as_str(), "", "Duplicate")),
            Entry::Wrong { text, why } => Some(Row::left_out(text, why, "Not an address")),
        };
        let rows = entries.iter().filter_map(row).collect();
        let count = |wanted: fn(&Found) -> bool| found.iter().filter(|(_, found)| wanted(found)).count();
        Self {
            frame,
            errors: ErrorSummary::default(),
            rows,
            new: count(|found| *found == Found::New),
            invited: count(|found| matches!(found, Found::Invited { .. })),
            draft: draft.clone(),
        }
    }

    fn can_send(&self) -> bool {
        self.new + self.invited > 0
    }

    fn heading(&self) -> String {
        match self.new {
            0 => "Nobody new to invite".to_owned(),
            1 => "Invite 1 person".to_owned(),
            n => format!("Invite {n} people"),
        }
    }

    fn confirmed(&self) -> &'static str {
        Step::Confirmed.word()
    }

    fn edit(&self) -> &'static str {
        Step::Edit.word()
    }
}

impl Row {
    fn of_someone((invitee, found): &(Invitee, Found)) -> Self {
        let (word, tone, icon, link) = match found {
            Found::New => ("New", "good", "user-plus", None),
            Found::DomainNotAllowed => ("Domain not allowed", "bad", "circle-alert", None),
            Found::Member(user) => ("Already a member", "", "circle-check", Some((url::user(*user), "Show"))),
            Found::Deactivated(user) => {
                ("Deactivated", "", "circle-slash", Some((url::user(*user), "Reactivate on their page")))
            }
            Found::Invited { user, .. } => {
                ("Already invited", "wait", "circle-dashed", Some((url::user(*user), "Show")))
            }
        };
        Self { text: invitee.email.to_string(), note: invitee.name.clone(), word, tone, icon, link }
    }

    fn left_out(text: &str, note: &str, word: &'static str) -> Self {
        let shown: String = text.chars().take(80).collect();
        let tone = if note.is_empty() { "" } else { "bad" };
        Self { text: shown, note: note.to_owned(), word, tone, icon: "circle-alert", link: None }
    }
}
