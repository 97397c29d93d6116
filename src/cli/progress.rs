//! How far a long command has come: a bar on a terminal, a line now and then elsewhere.

use std::{
    cell::Cell,
    io::{IsTerminal, stderr},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What is counted.
#[derive(Clone, Copy)]
pub enum Unit {
    People,
    Rows,
    Bytes,
}

/// How often a line is written where there is no terminal.
const LINES: Duration = Duration::from_secs(5);

pub struct Progress {
    bar: Option<ProgressBar>,
    unit: Unit,
    whole: Cell<u64>,
    told: Cell<Instant>,
}

impl Progress {
    /// Begins at nothing, on the way to `whole`.
    pub fn begin(whole: u64, unit: Unit) -> Self {
        let bar = stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(Some(whole), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template(unit.template()) {
                bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Self { bar, unit, whole: Cell::new(whole), told: Cell::new(Instant::now()) }
    }

    /// So much is done.
    pub fn at(&self, done: u64) {
        match &self.bar {
            Some(bar) => bar.set_position(done),
            None if self.told.get().elapsed() >= LINES => {
                eprintln!("{done} of {} {}", self.whole.get(), self.unit.words());
                self.told.set(Instant::now());
            }
            None => {}
        }
    }

    /// What takes a while now.
    pub fn say(&self, words: &'static str) {
        match &self.bar {
            Some(bar) => bar.set_message(words),
            None => eprintln!("{words}"),
        }
    }

    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Unit {
    fn words(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Rows => "rows",
            Self::Bytes => "bytes",
        }
    }

    fn template(self) -> &'static str {
        match self {
            Self::People => "{bar:40} {human_pos} of {human_len} people, {elapsed} {msg}",
            Self::Rows => "{bar:40} {human_pos} of {human_len} rows, {elapsed} {msg}",
            Self::Bytes => "{bar:40} {bytes} of {total_bytes}, {elapsed} {msg}",
        }
    }
}
