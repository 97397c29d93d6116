//! Where settings come from, and which source wins: flags, then variables, then the file, then defaults.

use std::{collections::BTreeMap, fmt};

use super::{
    SettingError,
    table::{Default, SETTINGS, Setting},
};

/// Everything that was said, before anybody judged it.
#[derive(Clone, Default)]
pub struct Sources {
    /// Key of the setting and what its flag said.
    pub flags: Vec<(&'static str, String)>,
    /// Variables of the environment; those that do not begin with `ROSTER_` are passed over.
    pub environment: Vec<(String, String)>,
    pub file: Option<SettingsFile>,
}

/// A settings file that has been read: its name for messages, and its text.
#[derive(Clone)]
pub struct SettingsFile {
    pub name: String,
    pub text: String,
}

/// Who said a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Flag,
    Variable,
    File(String),
    Default,
}

/// A value with the name under which it was said.
#[derive(Clone)]
pub(super) struct Said {
    pub(super) origin: Origin,
    pub(super) named: String,
    pub(super) text: String,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag => f.write_str("flag"),
            Origin::Variable => f.write_str("variable"),
            Origin::File(name) => f.write_str(name),
            Origin::Default => f.write_str("default"),
        }
    }
}

/// One value a setting at most, from the source that wins. An empty value is the same as the default, so that a
/// stronger source can take back what a weaker one says. Names nobody knows are errors, since a misspelt setting
/// would otherwise be passed over in silence.
pub(super) fn merge(sources: &Sources, errors: &mut Vec<SettingError>) -> BTreeMap<&'static str, Said> {
    let mut said = BTreeMap::new();
    if let Some(file) = &sources.file {
        from_file(file, &mut said, errors);
    }
    from_environment(&sources.environment, &mut said, errors);
    for (key, text) in &sources.flags {
        if let Some(setting) = Setting::named(key) {
            let named = format!("--{}", setting.flag);
            said.insert(setting.key, Said { origin: Origin::Flag, named, text: text.clone() });
        }
    }
    said.retain(|_, said| !said.text.trim().is_empty());
    for setting in SETTINGS {
        if let Default::Text(text) = setting.default {
            said.entry(setting.key).or_insert_with(|| Said {
                origin: Origin::Default,
                named: setting.variable(),
                text: text.to_owned(),
            });
        }
    }
    said
}

fn from_environment(
    environment: &[(String, String)],
    said: &mut BTreeMap<&'static str, Said>,
    errors: &mut Vec<SettingError>,
) {
    for (name, text) in environment {
        // ROSTER_CONFIG names the file; ROSTER_TEST_… steer the tests.
        if !name.starts_with("ROSTER_") || name == "ROSTER_CONFIG" || name.starts_with("ROSTER_TEST_") {
            continue;
        }
        match SETTINGS.iter().find(|setting| setting.variable() == *name) {
            Some(setting) => {
                said.insert(
                    setting.key,
                    Said { origin: Origin::Variable, named: name.clone(), text: text.clone() },
                );
            }
            None => {
                let known = SETTINGS.iter().map(Setting::variable);
                errors.push(unknown(name, name, known));
            }
        }
    }
}

fn from_file(file: &SettingsFile, said: &mut BTreeMap<&'static str, Said>, errors: &mut Vec<SettingError>) {
    let table = match toml::from_str::<toml::Table>(&file.text) {
        Ok(table) => table,
        Err(error) => {
            // The message alone: the whole error quotes the line, which may hold a secret.
            let line = error.span().map_or(1, |span| line_of(&file.text, span.start));
            errors.push(SettingError::new(
                format!("{}, line {line}", file.name),
                format!("this is not TOML: {}", error.message().lines().next().unwrap_or_default()),
                "write each setting as key = \"value\", one a line",
            ));
            return;
        }
    };
    for (key, value) in table {
        let named = format!("{key} in {}", file.name);
        let Some(setting) = Setting::named(&key) else {
            errors.push(unknown(&named, &key, SETTINGS.iter().map(|setting| setting.key.to_owned())));
            continue;
        };
        match plain(&value) {
            Some(text) => {
                said.insert(setting.key, Said { origin: Origin::File(file.name.clone()), named, text });
            }
            None => errors.push(SettingError::new(
                named,
                format!("its value is of the kind {}", value.type_str()),
                format!("write it as {key} = \"{}\"", setting.value),
            )),
        }
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}

/// Text, a truth value, a number, or a list of texts, as the text that a flag would carry.
fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Array(items) => {
            let items: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
            Some(items?.join(", "))
        }
        _ => None,
    }
}

fn unknown(named: &str, name: &str, known: impl Iterator<Item = String>) -> SettingError {
    let right = match nearest(name, known) {
        Some(near) => format!("did you mean {near}?"),
        None => "`roster settings` lists those there are".to_owned(),
    };
    SettingError::new(named, "there is no such setting", right)
}

/// The known name that differs least, when it differs little.
fn nearest(name: &str, known: impl Iterator<Item = String>) -> Option<String> {
    let name = name.to_lowercase().replace('-', "_");
    known
        .map(|candidate| (distance(&name, &candidate.to_lowercase()), candidate))
        .min()
        .filter(|(distance, _)| *distance <= 1 + name.len() / 5)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be put in, taken out or changed to get from one word to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for j in 0..to.len() {
            let changed = diagonal + usize::from(letter != to[j]);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        let known = || SETTINGS.iter().map(|setting| setting.key.to_owned());
        assert_eq!(nearest("public-url", known()).as_deref(), Some("public_url"));
        assert_eq!(nearest("listn", known()).as_deref(), Some("listen"));
        assert_eq!(nearest("colour_of_the_sky", known()), None);
    }
}
