//! The fields of forms and the summary of what stopped one. Both draw themselves: `{{ email }}`, `{{ errors }}`.

use askama::Template;
use askama::filters::HtmlSafe;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Email,
    /// Never shows its value again.
    Password,
    /// A one-time or recovery code. Never shows its value again.
    Code,
    Textarea,
    Select,
    Hidden,
}

/// A choice of a [`Field::select`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

/// One field: label above, then the control, its error, its hint. Required unless made [`optional`](Field::optional).
#[derive(Clone, Debug, Template)]
#[template(path = "parts/field.html")]
pub struct Field {
    pub kind: Kind,
    pub name: String,
    /// The element's id; the name, unless two forms on a page have the same one.
    pub id: String,
    pub label: String,
    pub value: String,
    pub hint: Option<String>,
    pub error: Option<String>,
    pub autocomplete: Option<&'static str>,
    pub placeholder: Option<String>,
    pub maxlength: Option<u32>,
    /// Of a new password: the fewest characters. What is typed is measured against it while it is typed.
    pub minimum: Option<usize>,
    pub choices: Vec<Choice>,
    pub optional: bool,
    pub autofocus: bool,
    pub disabled: bool,
}

impl HtmlSafe for Field {}

impl Field {
    pub fn new(kind: Kind, name: &str, label: &str) -> Field {
        Field {
            kind,
            name: name.to_owned(),
            id: name.to_owned(),
            label: label.to_owned(),
            value: String::new(),
            hint: None,
            error: None,
            autocomplete: None,
            placeholder: None,
            maxlength: None,
            minimum: None,
            choices: Vec::new(),
            optional: false,
            autofocus: false,
            disabled: false,
        }
    }

    pub fn text(name: &str, label: &str) -> Field {
        Field::new(Kind::Text, name, label)
    }

    pub fn email(name: &str, label: &str) -> Field {
        Field { autocomplete: Some("email"), ..Field::new(Kind::Email, name, label) }
    }

    /// `autocomplete` is `current-password` or `new-password` (HTML, autofill tokens).
    pub fn password(name: &str, label: &str, autocomplete: &'static str) -> Field {
        Field { autocomplete: Some(autocomplete), ..Field::new(Kind::Password, name, label) }
    }

    /// A password to be chosen, with a hint that says what is asked of it.
    pub fn new_password(name: &str, label: &str, minimum: usize) -> Field {
        let hint = format!("At least {minimum} characters. A sentence is easy to remember.");
        Field { minimum: Some(minimum), ..Field::password(name, label, "new-password").hint(hint) }
    }

    pub fn code(name: &str, label: &str) -> Field {
        Field { autocomplete: Some("one-time-code"), ..Field::new(Kind::Code, name, label) }
    }

    pub fn textarea(name: &str, label: &str) -> Field {
        Field::new(Kind::Textarea, name, label)
    }

    /// `choices` are pairs of value and label.
    pub fn select<V: Into<String>, L: Into<String>>(
        name: &str,
        label: &str,
        choices: impl IntoIterator<Item = (V, L)>,
    ) -> Field {
        let choices =
            choices.into_iter().map(|(value, label)| Choice { value: value.into(), label: label.into() });
        Field { choices: choices.collect(), ..Field::new(Kind::Select, name, label) }
    }

    pub fn hidden(name: &str, value: impl Into<String>) -> Field {
        Field { value: value.into(), ..Field::new(Kind::Hidden, name, "") }
    }

    pub fn id(mut self, id: &str) -> Field {
        self.id = id.to_owned();
        self
    }

    /// What the person typed. A password and a code are not kept.
    pub fn value(mut self, value: impl Into<String>) -> Field {
        if !matches!(self.kind, Kind::Password | Kind::Code) {
            self.value = value.into();
        }
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Field {
        self.hint = Some(hint.into());
        self
    }

    /// `None` when nothing is wrong.
    pub fn error(mut self, error: Option<impl Into<String>>) -> Field {
        self.error = error.map(Into::into);
        self
    }

    pub fn autocomplete(mut self, tokens: &'static str) -> Field {
        self.autocomplete = Some(tokens);
        self
    }

    pub fn placeholder(mut self, text: impl Into<String>) -> Field {
        self.placeholder = Some(text.into());
        self
    }

    pub fn maxlength(mut self, most: u32) -> Field {
        self.maxlength = Some(most);
        self
    }

    /// Marks the field as optional; without it, it is required and not marked.
    pub fn optional(mut self) -> Field {
        self.optional = true;
        self
    }

    pub fn autofocus(mut self) -> Field {
        self.autofocus = true;
        self
    }

    pub fn disabled(mut self) -> Field {
        self.disabled = true;
        self
    }

    /// The ids of error and hint, in the order in which they are read out.
    pub fn described_by(&self) -> Option<String> {
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let ids: Vec<String> = error.into_iter().chain(hint).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// One line of an [`ErrorSummary`]: the id of the field it leads to (empty: the form as a whole), and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub text: String,
}

/// What stopped a form, with links to its fields; takes the focus. Draws nothing while it is empty.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/error-summary.html")]
pub struct ErrorSummary {
    pub errors: Vec<FieldError>,
}

impl HtmlSafe for ErrorSummary {}

impl ErrorSummary {
    /// The errors of `fields`, in their order.
    pub fn of<'a>(fields: impl IntoIterator<Item = &'a Field>) -> ErrorSummary {
        let mut summary = ErrorSummary::default();
        for field in fields {
            if let Some(text) = &field.error {
                summary = summary.with(&field.id, text.as_str());
            }
        }
        summary
    }

    /// Adds a line; `field` is empty for what concerns the form as a whole.
    pub fn with(mut self, field: &str, text: impl Into<String>) -> ErrorSummary {
        self.errors.push(FieldError { field: field.to_owned(), text: text.into() });
        self
    }

    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// Before the title of the page: "Error: " when there are errors.
    pub fn title_prefix(&self) -> &'static str {
        if self.is_empty() { "" } else { "Error: " }
    }

    fn title(&self) -> String {
        match self.errors.len() {
            1 => "One thing needs another look".to_owned(),
            many => format!("{many} things need another look"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_label_control_error_hint_in_that_order_and_ties_them_together() {
        let html = Field::email("email", "Email")
            .value("a\"<b>@x")
            .hint("Your work address.")
            .error(Some("That is not an address."))
            .to_string();
        let place = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text} is missing in {html}"));
        assert!(place("<label for=\"email\">Email") < place("<input"));
        assert!(
            place("<input") < place("id=\"email-error\"")
                && place("id=\"email-error\"") < place("id=\"email-hint\"")
        );
        assert!(html.contains("aria-describedby=\"email-error email-hint\" aria-invalid=\"true\" required"));
        assert!(!html.contains("<b>"));
    }

    #[test]
    fn a_password_and_a_code_are_never_echoed() {
        for field in [Field::password("p", "Password", "new-password"), Field::code("c", "Code")] {
            assert!(!field.value("hunter2").to_string().contains("hunter2"));
        }
    }

    #[test]
    fn a_select_marks_the_value_and_a_textarea_keeps_its_first_line_break() {
        let select =
            Field::select("theme", "Theme", [("light", "Light"), ("dark", "Dark")]).value("dark").to_string();
        assert!(select.contains("<option value=\"dark\" selected>Dark"));
        assert!(Field::textarea("t", "Text").value("\none").to_string().contains(">\n\none</textarea>"));
    }

    #[test]
    fn an_optional_field_says_so_and_is_not_required() {
        let html = Field::text("message", "Message").optional().to_string();
        assert!(html.contains("optional") && !html.contains("required"));
    }

    #[test]
    fn the_summary_leads_to_the_fields_and_is_nothing_without_errors() {
        let wrong = Field::text("name", "Name").error(Some("Enter your name."));
        let summary = ErrorSummary::of([&wrong, &Field::text("other", "Other")]);
        assert!(summary.to_string().contains("<a href=\"#name\">Enter your name.</a>"));
        assert_eq!(summary.title_prefix(), "Error: ");
        assert!(ErrorSummary::default().to_string().trim().is_empty());
    }
}
