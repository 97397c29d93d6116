//! `roster settings`: what is in force, in the form of a settings file.

use std::io::{self, Write};

use super::Outcome;
use crate::settings::{InForce, Settings};

pub(super) fn run(settings: &Settings) -> Outcome {
    for warning in settings.warnings() {
        eprintln!("warning: {warning}");
    }
    match write(settings.in_force(), &mut io::stdout().lock()) {
        // Whoever read us has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

fn write(lines: &[InForce], to: &mut impl Write) -> io::Result<()> {
    for line in lines {
        let key = line.setting.key;
        match &line.shown {
            Some(shown) => {
                let said = format!("{key} = {}", toml::Value::from(shown.as_str()));
                writeln!(to, "{said:<60} # {}", line.origin)?;
            }
            None => writeln!(to, "{:<60} # default: {}", format!("# {key}"), line.setting.default.words())?,
        }
    }
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Sources;

    #[test]
    fn what_is_shown_reads_back_as_a_settings_file() {
        let flags = vec![("mail_from", "\"Roster, Ltd\" <r@example.com>".to_owned())];
        let settings = Settings::load(&Sources { flags, ..Sources::default() }).expect("settings");
        let mut text = Vec::new();
        write(settings.in_force(), &mut text).expect("written");
        let table: toml::Table = toml::from_str(&String::from_utf8(text).expect("text")).expect("TOML");
        assert_eq!(table["listen"].as_str(), Some("127.0.0.1:8080"));
        assert_eq!(table["mail_from"].as_str(), Some("\"Roster, Ltd\" <r@example.com>"));
        assert!(!table.contains_key("smtp_url"));
    }
}
