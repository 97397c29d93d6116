//! Loads the real program and prints what it does: `cargo bench --bench load`, by hand, on a machine that does little
//! else. Whatever can be is a ratio of two things measured in the same run.

mod audit;
mod client;
mod console;
mod figures;
mod scenarios;
mod tokens;

use std::path::PathBuf;

use clap::Parser;

use console::{Console, Ground};
use figures::Report;

#[derive(Parser)]
struct Arguments {
    /// People in the large organization
    #[arg(long, default_value_t = 1_000_000)]
    large: u64,
    /// People in the small one
    #[arg(long, default_value_t = 1_000)]
    small: u64,
    /// Access tokens in the large one
    #[arg(long, default_value_t = 100_000)]
    tokens: u64,
    /// Policies in the small one
    #[arg(long, default_value_t = 1_000)]
    policies: u64,
    /// Lines in the audit of the small one
    #[arg(long, default_value_t = 1_000_000)]
    lines: u64,
    /// Where the databases are kept; one that is there from an earlier run is used again
    #[arg(long, default_value = "target/load")]
    folder: PathBuf,
    /// A server of PostgreSQL, such as postgres://name:word@localhost:5432, whose databases roster_1000 and so on are used
    #[arg(long)]
    postgres: Option<String>,
    /// The program to load
    #[arg(long, default_value = env!("CARGO_BIN_EXE_roster"))]
    program: PathBuf,
    /// How long a rate is measured, three times
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// How many single requests a latency is taken from
    #[arg(long, default_value_t = 1_000)]
    requests: usize,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let arguments = Arguments::parse();
    let mut report = Report::default();
    let ground =
        |people| Ground::of(&arguments.program, &arguments.folder, arguments.postgres.as_deref(), people);
    let (small, large) = (ground(arguments.small), ground(arguments.large));
    for ground in [&small, &large] {
        if let Some(took) = ground.seed() {
            report.say(format!("seeded {} people in {:.1} s", ground.people, took.as_secs_f64()));
        }
    }
    if let Some(took) = audit::write_lines(&small, arguments.lines) {
        report.say(format!("wrote {} lines of audit in {:.1} s", arguments.lines, took.as_secs_f64()));
    }
    tokens::write_policies(&small, arguments.policies);
    let (few, many) = (tokens::write(&small, 100), tokens::write(&large, arguments.tokens));
    scenarios::starts(&large, &mut report);
    if !large.is_on_sqlite() {
        tokens::bare_queries(&large, arguments.seconds, &mut report);
    }
    let (small, mut large) = (Console::start(&small), Console::start(&large));
    report.say(format!("memory idle: {:.1} MB", large.memory_when_idle()));
    large.sign_in();
    let small = small.signed_in();
    scenarios::pages(&small, &large, arguments.requests, &mut report);
    audit::pages(&small, arguments.lines, arguments.requests, &mut report);
    scenarios::rates(&large, arguments.seconds, &mut report);
    report.say(format!("memory after pages: {:.1} MB", large.memory()));
    scenarios::sign_ins(&large, arguments.seconds, &mut report);
    scenarios::floods(&large, arguments.seconds, &mut report);
    report.say(format!("memory while passwords are checked: {:.1} MB", large.memory()));
    tokens::rates(&large, &many, arguments.seconds, &mut report);
    report.say(format!("memory with {} tokens in use: {:.1} MB", arguments.tokens, large.memory()));
    report.say(format!("the same with {} policies:", arguments.policies));
    tokens::rates(&small, &few, arguments.seconds, &mut report);
    print!("{report}");
}
