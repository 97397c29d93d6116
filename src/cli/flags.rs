//! The flags every command takes: one for each line of the settings' table, and `--config`.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};

use crate::settings::{SETTINGS, Setting};

/// What was said by flags.
pub(super) struct SettingFlags {
    pub(super) config: Option<PathBuf>,
    pub(super) said: Vec<(&'static str, String)>,
}

fn argument(setting: &'static Setting) -> Arg {
    let help = format!("{} [{}; default: {}]", setting.help, setting.variable(), setting.default.words());
    Arg::new(setting.key)
        .long(setting.flag)
        .value_name(setting.value)
        .help(help)
        .help_heading("Settings")
        .hide_short_help(true)
        .global(true)
}

impl Args for SettingFlags {
    fn augment_args(command: Command) -> Command {
        let config = Arg::new("config")
            .long("config")
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .help("File of settings [ROSTER_CONFIG; default: roster.toml here, if there is one]")
            .global(true);
        command.arg(config).args(SETTINGS.iter().map(argument))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for SettingFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let said =
            |setting: &'static Setting| Some((setting.key, matches.get_one::<String>(setting.key)?.clone()));
        Ok(Self {
            config: matches.get_one("config").cloned(),
            said: SETTINGS.iter().filter_map(said).collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
