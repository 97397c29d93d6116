//! A form that arrived when its session had ended is kept, so that after signing in it stands there as it was typed.
//! Every address that a form is sent to can therefore be opened, too.

use actix_session::SessionExt;
use actix_web::HttpRequest;
use serde::{Deserialize, Serialize};

use super::{Fields, form, session, shell};
use crate::base::ids::UserId;

const KEPT: &str = "kept_form";
const MOST_BYTES: usize = 48 * 1024;

#[derive(Serialize, Deserialize)]
struct KeptForm {
    /// Whose session it was that had ended, when that is known.
    by: Option<UserId>,
    path: String,
    fields: Vec<(String, String)>,
}

/// Keeps the form of this request, whose session of `by` had ended, for that person to sign in again in this browser;
/// when nobody knows whose session it was, for whoever signs in next. Never a secret.
pub fn keep(request: &HttpRequest, by: Option<UserId>) {
    let Some(sent) = form::sent(request) else { return };
    let fields: Vec<_> =
        sent.iter().filter(|(name, _)| !is_secret(name)).map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    let bytes: usize = fields.iter().map(|(name, value)| name.len() + value.len()).sum();
    if fields.is_empty() || bytes > MOST_BYTES {
        return;
    }
    let kept = KeptForm { by, path: shell::page_of(request), fields };
    if let Err(error) = request.get_session().insert(KEPT, kept) {
        tracing::warn!(%error, "a form could not be kept over the sign-in");
    }
}

/// Takes what was typed into this page's form before the session ended.
pub fn take(request: &HttpRequest) -> Option<Fields> {
    let session = request.get_session();
    let kept: KeptForm = session.get(KEPT).ok().flatten()?;
    if kept.path != request.path() {
        return None;
    }
    session.remove(KEPT);
    if kept.by.is_some() && kept.by != session::who(&session).map(|who| who.user) {
        return None;
    }
    Some(kept.fields.into_iter().collect())
}

fn is_secret(name: &str) -> bool {
    ["password", "code", "secret", "token"].iter().any(|word| name.contains(word))
}

/// The page whose form was sent: forms of ours are sent to the address of their page, but for acts of a row, which
/// return to the page that showed the row.
pub fn page_with_form(request: &HttpRequest) -> String {
    let referer =
        request.headers().get(actix_web::http::header::REFERER).and_then(|value| value.to_str().ok());
    let referer = referer
        .and_then(|referer| ::url::Url::parse(referer).ok())
        .map(|url| url[::url::Position::BeforePath..::url::Position::AfterQuery].to_owned());
    match form::sent(request) {
        Some(sent) if sent.iter().next().is_some() => shell::page_of(request),
        _ => {
            referer.and_then(|path| super::url::local(&path).map(str::to_owned)).unwrap_or_else(|| "/".into())
        }
    }
}
