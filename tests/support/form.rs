//! A form as a browser would send it: filled in by its labels, sent by its button.

use reqwest::Method;
use scraper::{ElementRef, Selector};
use url::Url;

use super::page::{Page, find_by_label, labels_of, text_of};
use super::person::Person;

#[derive(Clone)]
pub struct Form {
    pub method: Method,
    pub action: Url,
    sender: Person,
    /// The page it stands on.
    page: Url,
    fields: Vec<Field>,
    button: Option<(String, String)>,
}

#[derive(Clone, Debug)]
struct Field {
    name: String,
    value: String,
    kind: Kind,
    is_disabled: bool,
    labels: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Text,
    Hidden,
    /// A checkbox or radio button, which is sent only when it is on.
    Choice {
        is_on: bool,
        is_radio: bool,
    },
    /// The words of each option, with the value that is sent.
    Select(Vec<(String, String)>),
}

impl Form {
    /// The form this button belongs to.
    pub fn sent_by(page: &Page, button: ElementRef) -> Form {
        let around = button.ancestors().filter_map(ElementRef::wrap).find(|it| it.value().name() == "form");
        let form = match button.attr("form") {
            Some(id) => page.element(id),
            None => around,
        };
        let form = form.unwrap_or_else(|| panic!("the button {:?} is in no form", text_of(button)));
        let method = button.attr("formmethod").or(form.attr("method")).unwrap_or("get");
        let action = button.attr("formaction").or(form.attr("action")).unwrap_or_default();
        Form {
            method: if method.eq_ignore_ascii_case("post") { Method::POST } else { Method::GET },
            action: page.url.join(action).expect("an address to send to"),
            sender: page.reader.clone(),
            page: page.url.clone(),
            fields: fields_of(page, form),
            button: button
                .attr("name")
                .map(|name| (name.to_owned(), button.attr("value").unwrap_or_default().to_owned())),
        }
    }

    /// Types into the field with this label, in place of what was there.
    pub fn fill(mut self, label: &str, value: impl Into<String>) -> Form {
        let field = self.field_mut(label);
        assert_eq!(field.kind, Kind::Text, "{label} is not a field to type in");
        field.value = value.into();
        self
    }

    pub fn check(self, label: &str) -> Form {
        self.switch(label, true)
    }

    pub fn uncheck(self, label: &str) -> Form {
        self.switch(label, false)
    }

    /// Picks the option with these words.
    pub fn choose(mut self, label: &str, words: &str) -> Form {
        let field = self.field_mut(label);
        let Kind::Select(options) = &field.kind else { panic!("{label} is not a list to choose from") };
        let found = options.iter().find(|(text, _)| text == words);
        field.value =
            found.unwrap_or_else(|| panic!("{label} has no option {words:?}, only {options:?}")).1.clone();
        self
    }

    /// Adds or changes a field that the form does not offer for change, as somebody with other tools might.
    pub fn forge(mut self, name: &str, value: &str) -> Form {
        self.fields.retain(|field| field.name != name);
        let (name, value) = (name.to_owned(), value.to_owned());
        self.fields.push(Field { name, value, kind: Kind::Hidden, is_disabled: false, labels: vec![] });
        self
    }

    /// What the field with this label holds: typed, chosen or checked (`on` or nothing).
    pub fn value(&self, label: &str) -> &str {
        let field = self.field(label);
        match field.kind {
            Kind::Choice { is_on, .. } => ["", "on"][usize::from(is_on)],
            _ => &field.value,
        }
    }

    pub fn is_checked(&self, label: &str) -> bool {
        matches!(self.field(label).kind, Kind::Choice { is_on: true, .. })
    }

    pub fn has_field(&self, label: &str) -> bool {
        self.find(label).is_some()
    }

    /// The labels of everything that can be filled in.
    pub fn labels(&self) -> Vec<&str> {
        self.fields.iter().flat_map(|field| field.labels.first()).map(String::as_str).collect()
    }

    /// Sends the form and follows where the answer leads.
    pub fn press(&self) -> Page {
        self.press_once().followed()
    }

    /// Sends the form and returns the very answer, even if it leads on.
    pub fn press_once(&self) -> Page {
        let sender = self.sender.coming_from(&self.page);
        let answer = sender.send_form(self.method.clone(), &self.action, &self.pairs());
        Page { reader: self.sender.clone(), ..answer }
    }

    /// The same form in somebody else's hands.
    pub fn by(&self, sender: &Person) -> Form {
        Form { sender: sender.clone(), ..self.clone() }
    }

    /// What is sent: the successful controls in the order of the page, then the button.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let is_sent =
            |field: &&Field| !field.is_disabled && !matches!(field.kind, Kind::Choice { is_on: false, .. });
        let pairs = self.fields.iter().filter(is_sent).map(|field| (field.name.clone(), field.value.clone()));
        pairs.chain(self.button.clone()).collect()
    }

    fn switch(mut self, label: &str, on: bool) -> Form {
        let field = self.field_mut(label);
        let (name, value) = (field.name.clone(), field.value.clone());
        let Kind::Choice { is_on, is_radio } = &mut field.kind else {
            panic!("{label} is not a box to check")
        };
        *is_on = on;
        if *is_radio {
            for other in self.fields.iter_mut().filter(|it| it.name == name && it.value != value) {
                other.kind = Kind::Choice { is_on: false, is_radio: true };
            }
        }
        self
    }

    fn find(&self, label: &str) -> Option<usize> {
        let labelled = self.fields.iter().enumerate().map(|(place, field)| (field.labels.as_slice(), place));
        find_by_label(labelled, label)
    }

    fn field(&self, label: &str) -> &Field {
        let place = self.find(label);
        &self.fields
            [place.unwrap_or_else(|| panic!("no field {label:?} in the form, only {:?}", self.labels()))]
    }

    fn field_mut(&mut self, label: &str) -> &mut Field {
        let place = self.find(label);
        let place =
            place.unwrap_or_else(|| panic!("no field {label:?} in the form, only {:?}", self.labels()));
        assert!(!self.fields[place].is_disabled, "{label} is switched off");
        &mut self.fields[place]
    }
}

fn fields_of(page: &Page, form: ElementRef) -> Vec<Field> {
    let is_of_form = |control: &ElementRef| match control.attr("form") {
        Some(id) => form.attr("id") == Some(id),
        None => control.ancestors().any(|above| above.id() == form.id()),
    };
    page.whole()
        .all("input, select, textarea")
        .filter(is_of_form)
        .filter_map(|control| field_of(page, control))
        .collect()
}

fn field_of(page: &Page, control: ElementRef) -> Option<Field> {
    let name = control.attr("name")?.to_owned();
    let value = control.attr("value").unwrap_or_default();
    let is_on = control.attr("checked").is_some();
    let (kind, value) = match (control.value().name(), control.attr("type").unwrap_or("text")) {
        ("select", _) => select_of(control),
        ("textarea", _) => (Kind::Text, control.text().collect::<String>()),
        (_, "submit" | "button" | "reset" | "image" | "file") => return None,
        (_, "hidden") => (Kind::Hidden, value.to_owned()),
        (_, kind @ ("checkbox" | "radio")) => {
            let value = control.attr("value").unwrap_or("on").to_owned();
            (Kind::Choice { is_on, is_radio: kind == "radio" }, value)
        }
        _ => (Kind::Text, value.to_owned()),
    };
    let fieldsets =
        || control.ancestors().filter_map(ElementRef::wrap).filter(|it| it.value().name() == "fieldset");
    let is_disabled =
        control.attr("disabled").is_some() || fieldsets().any(|it| it.attr("disabled").is_some());
    Some(Field { name, value, is_disabled, labels: labels_of(page, control), kind })
}

fn select_of(select: ElementRef) -> (Kind, String) {
    let selector = Selector::parse("option").expect("a selector");
    let options: Vec<_> = select.select(&selector).collect();
    let value = |option: &ElementRef| option.attr("value").map_or_else(|| text_of(*option), str::to_owned);
    let chosen = options.iter().find(|option| option.attr("selected").is_some()).or(options.first());
    let chosen = chosen.map(value).unwrap_or_default();
    (Kind::Select(options.iter().map(|option| (text_of(*option), value(option))).collect()), chosen)
}
