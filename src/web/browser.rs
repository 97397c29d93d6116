//! Browsers told apart from each other: each keeps a random key in a cookie, over sign-ins and sign-outs. The key alone
//! opens nothing.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time},
    web::Data,
};

use super::{Site, Visitor, device};
use crate::base::token;

/// How long a browser is known that does not come back; also the longest that browsers keep a cookie (RFC 6265bis).
pub const KNOWN_DAYS: i64 = 400;
/// The length of [`token::random_token`].
const KEY_LENGTH: usize = 43;

/// The browser of a request.
#[derive(Clone)]
pub struct Browser {
    key: String,
    /// What it is in plain words.
    pub device: String,
    pub address: String,
}

impl Browser {
    /// By the key it has, or one that it is about to get by [`Browser::remember`].
    pub fn of(request: &HttpRequest) -> Self {
        let visitor = Visitor::of(request);
        let key = request.cookie(name(request)).map(|cookie| cookie.value().to_owned());
        Self {
            key: key.filter(|key| is_key(key)).unwrap_or_else(token::random_token),
            device: device::in_words(&visitor.agent),
            address: visitor.address.to_string(),
        }
    }

    /// What of the key may be stored.
    pub fn key_hash(&self) -> String {
        token::hash(&self.key)
    }

    /// Gives the key to the browser to keep.
    pub fn remember(&self, request: &HttpRequest, response: &mut HttpResponse) {
        let cookie = Cookie::build(name(request), self.key.as_str())
            .path("/")
            .max_age(time::Duration::days(KNOWN_DAYS))
            .same_site(SameSite::Lax)
            .http_only(true)
            .secure(is_secure(request))
            .finish();
        if let Err(error) = response.add_cookie(&cookie) {
            tracing::warn!(%error, "the key of a browser could not be kept in a cookie");
        }
    }
}

fn is_secure(request: &HttpRequest) -> bool {
    request.app_data::<Data<Site>>().is_some_and(|site| site.settings.secure_cookies())
}

/// The prefix binds the cookie to this very host, where browsers honour it: over https.
fn name(request: &HttpRequest) -> &'static str {
    if is_secure(request) { "__Host-roster_browser" } else { "roster_browser" }
}

fn is_key(text: &str) -> bool {
    text.len() == KEY_LENGTH && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}
