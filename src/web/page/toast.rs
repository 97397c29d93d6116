//! Short messages about what became of the last act.

use askama::Template;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastKind {
    /// Something was done; goes after some seconds.
    Done,
    /// Worth knowing; goes after some seconds.
    Notice,
    /// Something was not done; stays.
    Error,
}

impl ToastKind {
    pub fn word(self) -> &'static str {
        match self {
            ToastKind::Done => "done",
            ToastKind::Notice => "notice",
            ToastKind::Error => "error",
        }
    }

    /// The inverse of [`word`](ToastKind::word), for what waited in a session.
    pub fn parse(word: &str) -> Option<ToastKind> {
        [ToastKind::Done, ToastKind::Notice, ToastKind::Error].into_iter().find(|kind| kind.word() == word)
    }

    /// Its ARIA role.
    pub fn role(self) -> &'static str {
        if self == ToastKind::Error { "alert" } else { "status" }
    }

    /// Its name in `templates/parts/icon.html`.
    pub fn icon(self) -> &'static str {
        match self {
            ToastKind::Done => "circle-check",
            ToastKind::Notice => "info",
            ToastKind::Error => "circle-alert",
        }
    }
}

/// A short message about what became of the last act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    pub kind: ToastKind,
    pub text: String,
    pub offer: Option<Offer>,
}

/// What a toast lets the person do about it, such as undoing: a form with one button. Such a toast stays.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Offer {
    pub label: String,
    /// The path the form is sent to.
    pub action: String,
    /// Its hidden fields.
    pub fields: Vec<(String, String)>,
}

impl Toast {
    pub fn done(text: impl Into<String>) -> Toast {
        Toast { kind: ToastKind::Done, text: text.into(), offer: None }
    }

    pub fn notice(text: impl Into<String>) -> Toast {
        Toast { kind: ToastKind::Notice, text: text.into(), offer: None }
    }

    pub fn error(text: impl Into<String>) -> Toast {
        Toast { kind: ToastKind::Error, text: text.into(), offer: None }
    }

    pub fn offering(self, offer: Offer) -> Toast {
        Toast { offer: Some(offer), ..self }
    }
}

/// Toasts that an htmx answer brings beside its own part (`hx-swap-oob`).
pub fn toasts_out_of_band(toasts: &[Toast]) -> askama::Result<String> {
    #[derive(Template)]
    #[template(path = "parts/toasts.html")]
    struct Toasts<'a> {
        toasts: &'a [Toast],
    }
    if toasts.is_empty() { Ok(String::new()) } else { Toasts { toasts }.render() }
}
