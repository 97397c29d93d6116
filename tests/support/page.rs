//! A page as the person who reads it sees it: headings, links, labels and buttons by their words.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::form::Form;
use super::person::Person;

/// One answer of the console, and the person who got it.
pub struct Page {
    pub status: StatusCode,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: String,
    pub reader: Person,
    pub document: Html,
}

impl Page {
    pub fn new(reader: Person, status: StatusCode, url: Url, headers: HeaderMap, body: String) -> Page {
        let document = Html::parse_document(&body);
        Page { status, url, headers, body, reader, document }
    }

    /// The whole page as one place to look in.
    pub fn whole(&self) -> Place<'_> {
        Place { page: self, element: self.document.root_element() }
    }

    pub fn title(&self) -> String {
        self.whole().all("title").next().map(text_of).unwrap_or_default()
    }

    /// The page's one main heading.
    pub fn heading(&self) -> String {
        let headings: Vec<_> = self.whole().all("h1").map(text_of).collect();
        assert_eq!(headings.len(), 1, "a page has one main heading: {headings:?}\n{}", self.text());
        headings[0].clone()
    }

    pub fn text(&self) -> String {
        self.whole().text()
    }

    pub fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// The form that `button` sends, ready to be filled in.
    pub fn form(&self, button: &str) -> Form {
        self.whole().form(button)
    }

    pub fn has_button(&self, button: &str) -> bool {
        self.whole().has_button(button)
    }

    pub fn has_link(&self, words: &str) -> bool {
        self.whole().has_link(words)
    }

    /// Where the link with these words leads.
    pub fn link(&self, words: &str) -> Url {
        self.whole().link(words)
    }

    /// Follows the link with these words.
    pub fn follow(&self, words: &str) -> Page {
        self.whole().follow(words)
    }

    /// What the page says is wrong with the field that has this label, if anything.
    pub fn error_for(&self, label: &str) -> Option<String> {
        let control = self.whole().control(label);
        let names = control.attr("aria-describedby").unwrap_or_default();
        let is_invalid = control.attr("aria-invalid") == Some("true");
        let words: Vec<_> = names
            .split_whitespace()
            .filter(|id| id.ends_with("error"))
            .filter_map(|id| self.element(id))
            .map(text_of)
            .filter(|words| !words.is_empty())
            .collect();
        assert_eq!(
            is_invalid,
            !words.is_empty(),
            "{label}: aria-invalid goes with an error that describes it"
        );
        is_invalid.then(|| words.join(" "))
    }

    /// What the page reports of the act that led to it.
    pub fn toast(&self) -> Option<String> {
        self.whole().all("#toasts .toast").map(text_of).next()
    }

    /// The row of the table (or list) that has these words in it.
    pub fn row(&self, words: &str) -> Place<'_> {
        self.find_row(words)
            .unwrap_or_else(|| panic!("no row with {words:?} on {}:\n{}", self.url, self.text()))
    }

    pub fn has_row(&self, words: &str) -> bool {
        self.find_row(words).is_some()
    }

    /// The words of every row of the page's tables, in order, without the headings.
    pub fn rows(&self) -> Vec<String> {
        self.whole().all("tbody tr").map(text_of).collect()
    }

    fn find_row(&self, words: &str) -> Option<Place<'_>> {
        let row = self.whole().all("tbody tr, main li").find(|row| text_of(*row).contains(words))?;
        Some(Place { page: self, element: row })
    }

    /// Everything inside the element with this id.
    pub fn part(&self, id: &str) -> Place<'_> {
        let element =
            self.element(id).unwrap_or_else(|| panic!("no element #{id} on {}:\n{}", self.url, self.body));
        Place { page: self, element }
    }

    pub fn element(&self, id: &str) -> Option<ElementRef<'_>> {
        self.whole().all("[id]").find(|element| element.attr("id") == Some(id))
    }
}

/// A part of a page: what is asked for by its words is looked for only in here.
#[derive(Clone, Copy)]
pub struct Place<'p> {
    pub page: &'p Page,
    pub element: ElementRef<'p>,
}

impl<'p> Place<'p> {
    pub fn all(&self, selector: &str) -> impl Iterator<Item = ElementRef<'p>> + use<'p> {
        let selector = Selector::parse(selector).expect("a selector");
        self.element.select(&selector).collect::<Vec<_>>().into_iter()
    }

    pub fn text(&self) -> String {
        text_of(self.element)
    }

    pub fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    pub fn form(&self, button: &str) -> Form {
        let pressed = self.buttons().find(|it| is_called(self.page, *it, button));
        let pressed = pressed.unwrap_or_else(|| {
            let names: Vec<_> = self.buttons().map(|it| name_of(self.page, it)).collect();
            panic!(
                "no button {button:?} on {} ({}), only {names:?}:\n{}",
                self.page.url,
                self.page.status,
                self.text()
            )
        });
        Form::sent_by(self.page, pressed)
    }

    pub fn has_button(&self, button: &str) -> bool {
        self.buttons().any(|it| is_called(self.page, it, button))
    }

    pub fn has_link(&self, words: &str) -> bool {
        self.links().any(|it| is_called(self.page, it, words))
    }

    pub fn link(&self, words: &str) -> Url {
        let link = self.links().find(|it| is_called(self.page, *it, words)).unwrap_or_else(|| {
            let names: Vec<_> = self.links().map(|it| name_of(self.page, it)).collect();
            panic!(
                "no link {words:?} on {} ({}), only {names:?}:\n{}",
                self.page.url,
                self.page.status,
                self.text()
            )
        });
        self.page.url.join(link.attr("href").expect("links with an address")).expect("an address")
    }

    pub fn follow(&self, words: &str) -> Page {
        let answer = self.page.reader.coming_from(&self.page.url).get(self.link(words).as_str());
        Page { reader: self.page.reader.clone(), ..answer }.followed()
    }

    /// The control with this label.
    pub fn control(&self, label: &str) -> ElementRef<'p> {
        let controls: Vec<_> = self
            .all("input:not([type=hidden]), select, textarea")
            .map(|control| (labels_of(self.page, control), control))
            .collect();
        find_by_label(controls.iter().map(|(labels, control)| (labels.as_slice(), *control)), label)
            .unwrap_or_else(|| {
                let labels: Vec<_> = controls.iter().map(|(labels, _)| labels).collect();
                panic!("no field {label:?} on {} ({}), only {labels:?}", self.page.url, self.page.status)
            })
    }

    fn buttons(&self) -> impl Iterator<Item = ElementRef<'p>> + use<'p> {
        self.all("button, input[type=submit]")
            .filter(|it| it.attr("type").is_none_or(|kind| kind == "submit"))
    }

    fn links(&self) -> impl Iterator<Item = ElementRef<'p>> + use<'p> {
        self.all("a[href]")
    }
}

/// Finds by the whole label; failing that, by its beginning (a group's label goes on with what the group may do).
pub fn find_by_label<'l, T>(
    labelled: impl Iterator<Item = (&'l [String], T)> + Clone,
    label: &str,
) -> Option<T> {
    let begins = |name: &String| {
        name.strip_prefix(label)
            .is_some_and(|rest| rest.starts_with(|letter: char| !letter.is_alphanumeric()))
    };
    let whole = labelled.clone().find(|(names, _)| names.iter().any(|name| name == label));
    whole.or_else(|| labelled.into_iter().find(|(names, _)| names.iter().any(begins))).map(|(_, found)| found)
}

/// Every label of a control: `label for`, a label around it, `aria-labelledby`, `aria-label`.
pub fn labels_of(page: &Page, control: ElementRef) -> Vec<String> {
    let around = control.ancestors().filter_map(ElementRef::wrap).find(|it| it.value().name() == "label");
    let id = control.attr("id");
    let pointing = page.whole().all("label[for]").filter(|label| id.is_some() && label.attr("for") == id);
    let named = control
        .attr("aria-labelledby")
        .unwrap_or_default()
        .split_whitespace()
        .filter_map(|id| page.element(id));
    let written = control.attr("aria-label").map(str::to_owned);
    pointing.chain(around).chain(named).map(text_of).chain(written).collect()
}

/// Whether people call a button or link so: by its whole name, as it is read out, or by what of it can be seen.
fn is_called(page: &Page, element: ElementRef, name: &str) -> bool {
    name_of(page, element) == name || seen_of(element) == name
}

/// What a button or link is called: `aria-label`, `aria-labelledby`, or its words.
fn name_of(page: &Page, element: ElementRef) -> String {
    let named = || Some(text_of(page.element(element.attr("aria-labelledby")?)?));
    let value = || element.attr("value").filter(|_| element.value().name() == "input");
    (element.attr("aria-label").map(str::to_owned))
        .or_else(named)
        .or_else(|| value().map(str::to_owned))
        .unwrap_or_else(|| text_of(element))
}

/// Every word for a reader: no scripts, templates, drawings or what is hidden; white space as one space.
pub fn text_of(element: ElementRef) -> String {
    words_of(element, &|_| false)
}

/// The same without the words that are only read out.
fn seen_of(element: ElementRef) -> String {
    words_of(element, &|inner| inner.value().classes().any(|class| class == "sr-only"))
}

fn words_of(element: ElementRef, is_unseen: &dyn Fn(ElementRef) -> bool) -> String {
    let mut words = String::new();
    gather(element, is_unseen, &mut words);
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn gather(element: ElementRef, is_unseen: &dyn Fn(ElementRef) -> bool, words: &mut String) {
    const SILENT: &[&str] = &["script", "style", "template", "svg", "select", "textarea", "noscript"];
    const INLINE: &[&str] = &[
        "a", "abbr", "b", "bdi", "code", "em", "i", "kbd", "mark", "small", "span", "strong", "time", "wbr",
    ];
    for child in element.children() {
        if let Some(text) = child.value().as_text() {
            words.push_str(text);
        }
        let Some(inner) = ElementRef::wrap(child) else { continue };
        let name = inner.value().name();
        let is_closed = inner.attr("popover").is_some() || (name == "dialog" && inner.attr("open").is_none());
        let is_hidden =
            is_closed || inner.attr("hidden").is_some() || inner.attr("aria-hidden") == Some("true");
        if is_hidden || SILENT.contains(&name) || is_unseen(inner) {
            continue;
        }
        let gap = if INLINE.contains(&name) { "" } else { " " };
        words.push_str(gap);
        gather(inner, is_unseen, words);
        words.push_str(gap);
    }
}
