//! The command line: one file a subcommand. Each has `run(settings, …) -> Outcome`; its line in [`Command`] and its
//! arm in [`dispatch`] are all that joins it.

mod audit;
mod backup;
mod flags;
mod mail_test;
mod migrate;
mod progress;
mod recover;
mod restore;
mod seed;
mod serve;
mod settings;
mod setup_link;
mod sources;

use std::{error::Error, ffi::OsString, process::ExitCode};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::{
    base::email_address::{BadAddress, EmailAddress},
    settings::{SettingError, Settings},
    telemetry,
};
use flags::SettingFlags;

/// What a subcommand ends with. A failure is told with all its causes.
pub type Outcome = Result<(), Box<dyn Error>>;

/// Something went wrong while the command ran.
const FAILED: u8 = 1;
/// The command line or the settings are wrong; nothing was done.
const WRONG: u8 = 2;

/// The people side of a cloud platform, as one binary.
#[derive(Parser)]
#[command(name = "roster", version, after_help = EXAMPLES, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    flags: SettingFlags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the console; what roster does when no command is named
    Serve,
    /// Make a one-time link that sets up a further organization
    SetupLink {
        /// Mail the link to this address as well
        #[arg(long, value_name = "ADDRESS")]
        email: Option<String>,
    },
    /// Make a one-time link that lets a locked-out administrator set a new password
    Recover(recover::RecoverArguments),
    /// Send one letter now and say what the mail server answered
    MailTest {
        /// Where to send it
        address: String,
    },
    /// Apply the migrations that are missing, without serving
    Migrate,
    /// Write a backup of the database into a file, while the console serves
    Backup(backup::BackupArguments),
    /// Put a backup in the place of the database, while no console serves
    Restore(restore::RestoreArguments),
    /// Make a demonstration organization full of people who do not exist
    Seed(seed::SeedArguments),
    /// The audit's chain
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Show every setting that is in force and where it comes from; secrets are starred
    Settings,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Compute the chain again and say where it is broken first, if it is
    Verify {
        /// A head that an earlier run printed, which must still stand in the chain
        #[arg(long, value_name = "ORG:SEQUENCE:MAC", value_parser = audit::parse_head)]
        head: Vec<crate::audit::Head>,
    },
}

const EXAMPLES: &str = "\
Examples:
  roster                                     run the console on this machine
  roster mail-test ada@example.com           whether mail arrives
  roster settings                            what is in force, and who said it
  roster --listen 0.0.0.0:8080 settings      a flag wins over variables and roster.toml
  ROSTER_LOG=debug roster settings           so does a variable over roster.toml

Every setting is a flag, a variable or a key in roster.toml: --public-url, ROSTER_PUBLIC_URL, public_url.

Exit codes: 0 done, 1 failed, 2 the command line or a setting is wrong.";

/// Runs the command that `arguments` name and returns the exit code of the process.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match parse(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too; a closed pipe is nobody's fault.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(WRONG));
        }
    };
    let settings = match sources::read(cli.flags).and_then(|sources| Settings::load(&sources)) {
        Ok(settings) => settings,
        Err(errors) => return wrong(&errors),
    };
    match dispatch(cli.command.unwrap_or(Command::Serve), settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(error.as_ref()),
    }
}

fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let matches = Cli::command().try_get_matches_from(arguments)?;
    Cli::from_arg_matches(&matches)
}

fn dispatch(command: Command, settings: Settings) -> Outcome {
    match command {
        Command::Serve => serve::run(settings),
        Command::SetupLink { email } => setup_link::run(settings, address(email)?),
        Command::Recover(arguments) => recover::run(settings, &arguments),
        Command::MailTest { address } => mail_test::run(&settings, &address),
        Command::Migrate => migrate::run(settings),
        Command::Backup(arguments) => backup::run(&settings, &arguments),
        Command::Restore(arguments) => restore::run(&settings, &arguments),
        Command::Seed(arguments) => seed::run(settings, arguments),
        Command::Audit(AuditCommand::Verify { head }) => audit::verify(settings, &head),
        Command::Settings => settings::run(&settings),
    }
}

fn address(typed: Option<String>) -> Result<Option<EmailAddress>, BadAddress> {
    typed.map(|typed| EmailAddress::parse(&typed)).transpose()
}

/// Begins the log, and tells in it what is unwise; for the commands that do work.
pub fn begin(settings: &Settings) -> Outcome {
    telemetry::init(settings)?;
    for warning in settings.warnings() {
        tracing::warn!("{warning}");
    }
    Ok(())
}

fn wrong(errors: &[SettingError]) -> ExitCode {
    for error in errors {
        eprintln!("{} {error}", label());
    }
    ExitCode::from(WRONG)
}

fn failed(error: &dyn Error) -> ExitCode {
    eprintln!("{} {error}", label());
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because {error}");
        cause = error.source();
    }
    ExitCode::from(FAILED)
}

/// `error:` in red on a terminal.
fn label() -> &'static str {
    if telemetry::wants_colour() { "\x1b[1;31merror:\x1b[0m" } else { "error:" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Cli, clap::Error> {
        parse(line.split(' ').map(OsString::from))
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn settings_are_flags_before_and_after_the_command() {
        let cli =
            parsed("roster --listen 127.0.0.1:1 settings --log=warn --config a.toml").expect("a command");
        assert_eq!(cli.flags.said, [("listen", "127.0.0.1:1".to_owned()), ("log", "warn".to_owned())]);
        assert_eq!(cli.flags.config.as_deref(), Some(std::path::Path::new("a.toml")));
    }

    #[test]
    fn an_unknown_flag_is_a_usage_error() {
        let error = parsed("roster settings --lisen x").map(|_| ()).expect_err("unknown");
        assert_eq!(error.exit_code(), i32::from(WRONG));
        assert!(error.to_string().contains("--listen"), "{error}");
    }

    #[test]
    fn help_names_every_setting() {
        let help = Cli::command().render_long_help().to_string();
        for setting in crate::settings::SETTINGS {
            assert!(help.contains(&format!("--{}", setting.flag)), "{}", setting.flag);
            assert!(help.contains(&setting.variable()), "{}", setting.flag);
        }
    }
}
