//! What every page shows besides its own content: the frame, the theme, toasts, icons, and the page of a problem.

mod toast;

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;

pub use toast::{Offer, Toast, ToastKind, toasts_out_of_band};

/// The person's choice of colours; `System` follows the device without script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
    #[default]
    System,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::Light, Theme::Dark, Theme::System];

    /// As it is stored, sent by the form and kept in the cookie.
    pub fn word(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::System => "system",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Theme::Light => "Light",
            Theme::Dark => "Dark",
            Theme::System => "System",
        }
    }

    /// The class of `<html>`.
    pub fn class(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::System => "",
        }
    }

    pub fn parse(word: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.word() == word)
    }
}

/// A link of the navigation. `icon` is a name of `templates/parts/icon.html`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    pub href: String,
    pub label: String,
    pub icon: &'static str,
    /// How many wait there, when some do.
    pub count: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavSection {
    pub title: String,
    pub items: Vec<NavItem>,
}

/// The frame of a signed-in page. The navigation shows what stands in `nav`, nothing else.
#[derive(Clone, Debug)]
pub struct Shell {
    pub person_name: String,
    /// From [`initials`].
    pub initials: String,
    /// From [`hue`].
    pub hue: u8,
    pub organization_name: String,
    pub org_id: String,
    pub theme: Theme,
    pub nav: Vec<NavSection>,
    /// The path of this page: marks the navigation, and is where a change of theme returns to.
    pub path: String,
    pub toasts: Vec<Toast>,
    pub support_url: Option<String>,
    /// Where "Help and support" leads; no link without it.
    pub help_href: Option<String>,
}

impl Shell {
    /// The `aria-current` of a link: `page` on the page itself, `true` on one below it.
    pub fn current(&self, item: &NavItem) -> Option<&'static str> {
        let path = self.path.split('?').next().unwrap_or_default();
        let below = path.strip_prefix(item.href.as_str())?;
        match below {
            "" => Some("page"),
            _ if below.starts_with('/') => Some("true"),
            _ => None,
        }
    }
}

/// The frame of a page for somebody who is not signed in.
#[derive(Clone, Debug, Default)]
pub struct Plain {
    pub theme: Theme,
    pub toasts: Vec<Toast>,
    pub path: String,
    pub support_url: Option<String>,
}

#[derive(Clone, Debug)]
pub enum Frame {
    Shell(Box<Shell>),
    Plain(Plain),
}

/// Why a request did not come to its page (403, 404, 405, 413, 429, 500, 503), in whichever frame the person stands.
#[derive(Clone, Debug)]
pub struct ProblemPage {
    pub frame: Frame,
    pub status: u16,
    pub title: String,
    pub what_happened: String,
    pub what_to_do: String,
    pub back_href: String,
    pub back_label: String,
    pub request_id: Option<String>,
}

impl ProblemPage {
    pub fn render(&self) -> askama::Result<String> {
        #[derive(Template)]
        #[template(path = "problem/console.html")]
        struct InConsole<'a> {
            frame: &'a Shell,
            problem: &'a ProblemPage,
        }
        #[derive(Template)]
        #[template(path = "problem/plain.html")]
        struct InPlain<'a> {
            frame: &'a Plain,
            problem: &'a ProblemPage,
        }
        match &self.frame {
            Frame::Shell(frame) => InConsole { frame, problem: self }.render(),
            Frame::Plain(frame) => InPlain { frame, problem: self }.render(),
        }
    }
}

/// An icon by its name, inlined. Templates draw it by `part::icon("name")`.
#[derive(Template)]
#[template(path = "parts/icon.html")]
pub struct Icon<'a> {
    pub name: &'a str,
}

impl HtmlSafe for Icon<'_> {}

impl fmt::Debug for Icon<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Icon({})", self.name)
    }
}

/// One or two letters for an avatar: the first of the first and of the last word, of a name or of an address's local part.
/// Works on whatever is written: words without letters are left out, and a name with none has no initials.
pub fn initials(name: &str) -> String {
    let name = name.split('@').next().unwrap_or_default();
    let mut firsts = name
        .split(|letter: char| letter.is_whitespace() || matches!(letter, '.' | '_' | '-' | '+'))
        .filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    let (first, last) = (firsts.next(), firsts.next_back());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// One of eight hues for an avatar, always the same for the same person; give it what does not change, such as the id.
pub fn hue(of: &str) -> u8 {
    // FNV-1a, folded to eight.
    let hash =
        of.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    ((hash ^ (hash >> 15)) % 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(path: &str) -> Shell {
        let item = NavItem {
            href: "/organization/users".into(),
            label: "Users".into(),
            icon: "users",
            count: Some(2),
        };
        Shell {
            person_name: "Ada <Lovelace>".into(),
            initials: initials("Ada Lovelace"),
            hue: 0,
            organization_name: "Analytical Engines".into(),
            org_id: "7f3a9c".into(),
            theme: Theme::Dark,
            nav: vec![NavSection { title: "People and access".into(), items: vec![item] }],
            path: path.into(),
            toasts: vec![Toast::done("Saved."), Toast::error("Not sent.")],
            support_url: None,
            help_href: None,
        }
    }

    fn problem(frame: Frame) -> String {
        let page = ProblemPage {
            frame,
            status: 404,
            title: "There is nothing here".into(),
            what_happened: "The address leads to no page.".into(),
            what_to_do: "Look at the address, or start from the list of users.".into(),
            back_href: "/".into(),
            back_label: "To the start".into(),
            request_id: Some("01934".into()),
        };
        page.render().unwrap()
    }

    #[test]
    fn initials_are_made_of_what_is_there() {
        let cases = [
            ("Ada Lovelace", "AL"),
            ("grace", "G"),
            ("Ana María de la Cruz", "AC"),
            ("ken.thompson@bell.example", "KT"),
            ("עדה לבלייס", "על"),
            ("🦀 Ferris", "F"),
            ("🦀", ""),
            ("", ""),
            ("  ", ""),
            ("李雷", "李"),
            ("ßen", "SS"),
        ];
        for (name, expected) in cases {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn a_hue_is_one_of_eight_and_stays() {
        let hues: std::collections::BTreeSet<u8> = (0..200).map(|n| hue(&format!("person {n}"))).collect();
        assert_eq!(hues.into_iter().collect::<Vec<_>>(), (0..8).collect::<Vec<_>>());
        assert_eq!(hue("Ada"), hue("Ada"));
    }

    #[test]
    fn a_theme_is_read_back_from_its_word_and_system_has_no_class() {
        for theme in Theme::ALL {
            assert_eq!(Theme::parse(theme.word()), Some(theme));
        }
        assert_eq!((Theme::parse("blue"), Theme::System.class()), (None, ""));
    }

    #[test]
    fn the_frame_names_the_person_the_theme_and_the_current_page() {
        let html = problem(Frame::Shell(Box::new(shell("/organization/users/1?q=a"))));
        assert!(html.contains("<html lang=\"en\" class=\"dark\">"));
        assert!(html.contains("Ada &#60;Lovelace&#62;") || html.contains("Ada &lt;Lovelace&gt;"));
        assert!(html.contains("href=\"/organization/users\" aria-current=\"true\""));
        assert!(html.contains("role=\"status\"") && html.contains("role=\"alert\""));
        assert!(html.contains("<option value=\"dark\" selected>"));
    }

    #[test]
    fn a_problem_says_what_happened_and_what_to_do_without_a_session_too() {
        let html = problem(Frame::Plain(Plain::default()));
        for words in ["404", "leads to no page", "Look at the address", "01934", "To the start", "class=\"\""]
        {
            assert!(html.contains(words), "{words}");
        }
    }

    #[test]
    fn no_page_brings_inline_script_or_style() {
        let html = problem(Frame::Shell(Box::new(shell("/"))));
        for forbidden in ["<style", " style=", " onclick", "hx-on", "javascript:", "<script>"] {
            assert!(!html.contains(forbidden), "{forbidden}");
        }
    }
}
