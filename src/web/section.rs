//! Sections of the settings: each is a part of one long page, a page of its own where its form is sent to, and a fragment
//! that htmx swaps in its place.

use actix_web::{HttpResponse, http::StatusCode};
use askama::{FastWritable, Template, filters::HtmlSafe};

use super::{Problem, SignedIn, Wants, page::Shell, reply, url};

/// A section as it renders: one element whose id is [`Section::ID`].
pub trait Section: Template + FastWritable + HtmlSafe {
    const ID: &'static str;
    const TITLE: &'static str;
    /// The page it is a part of.
    const PAGE: Whole = Whole { heading: "Settings", href: url::SETTINGS, link: "All settings" };
}

/// A page of sections, as one of them names it when it stands alone.
pub struct Whole {
    pub heading: &'static str,
    pub href: &'static str,
    /// The words of the link there.
    pub link: &'static str,
}

#[derive(Template)]
#[template(path = "parts/section_page.html")]
struct SectionPage<'a, S: Section> {
    frame: Shell,
    title: &'static str,
    page: Whole,
    section: &'a S,
}

/// The section alone when that is what htmx swaps, otherwise as a page.
pub fn show<S: Section>(
    person: &SignedIn,
    wants: &Wants,
    status: StatusCode,
    section: &S,
) -> Result<HttpResponse, Problem> {
    match wants.block(S::ID) {
        true => reply::with_status(status, section),
        false => reply::with_status(
            status,
            &SectionPage { frame: person.frame(), title: S::TITLE, page: S::PAGE, section },
        ),
    }
}
