//! Gathers what was said: flags, the environment, and the settings file.

use std::{env, fs, io, path::PathBuf};

use super::flags::SettingFlags;
use crate::settings::{SettingError, SettingsFile, Sources};

/// The file that is read when it is there and no other is named.
const USUAL_FILE: &str = "roster.toml";

/// # Errors
/// When a variable is not text, or a file that was named cannot be read.
pub(super) fn read(flags: SettingFlags) -> Result<Sources, Vec<SettingError>> {
    let environment = environment()?;
    let named = flags.config.map(|path| ("--config", path)).or_else(|| {
        let said = environment.iter().find(|(name, text)| name == "ROSTER_CONFIG" && !text.is_empty());
        said.map(|(_, text)| ("ROSTER_CONFIG", PathBuf::from(text)))
    });
    let file = file(named).map_err(|error| vec![error])?;
    Ok(Sources { flags: flags.said, environment, file })
}

fn environment() -> Result<Vec<(String, String)>, Vec<SettingError>> {
    let mut read = Vec::new();
    let mut errors = Vec::new();
    for (name, text) in env::vars_os() {
        let Some(name) = name.to_str().filter(|name| name.starts_with("ROSTER_")) else { continue };
        match text.into_string() {
            Ok(text) => read.push((name.to_owned(), text)),
            Err(_) => errors.push(SettingError::new(name, "its value is not UTF-8", "write it in UTF-8")),
        }
    }
    if errors.is_empty() { Ok(read) } else { Err(errors) }
}

fn file(named: Option<(&str, PathBuf)>) -> Result<Option<SettingsFile>, SettingError> {
    let (by, path) = match named {
        Some((by, path)) => (Some(by), path),
        None => (None, PathBuf::from(USUAL_FILE)),
    };
    let name = path.display().to_string();
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(SettingsFile { name, text })),
        Err(error) if by.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SettingError::new(
            by.unwrap_or(USUAL_FILE),
            format!("{name} cannot be read: {error}"),
            "name a file that can",
        )),
    }
}
