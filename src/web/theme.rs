//! The theme, kept in a cookie so that no page flashes, before sign-in too.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    web::Data,
};

use super::{
    Site,
    page::Theme,
    shell::{THEME_COOKIE, theme_of},
};

/// Keeps the choice in this browser for a year.
pub fn remember(request: &HttpRequest, response: &mut HttpResponse, theme: Theme) {
    let secure = request.app_data::<Data<Site>>().is_some_and(|site| site.settings.secure_cookies());
    let cookie = Cookie::build(THEME_COOKIE, theme.word())
        .path("/")
        .max_age(Duration::days(365))
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(secure)
        .finish();
    if let Err(error) = response.add_cookie(&cookie) {
        tracing::warn!(%error, "the theme could not be kept in a cookie");
    }
}

/// After signing in the account's choice holds here too; an account that never chose leaves the browser's.
pub fn remember_of_account(request: &HttpRequest, response: &mut HttpResponse, word: &str) {
    let Some(theme) = Theme::parse(word) else { return };
    if theme != Theme::System && theme != theme_of(request) {
        remember(request, response, theme);
    }
}
