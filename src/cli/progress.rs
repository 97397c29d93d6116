//! How far a long command has come: a bar on a terminal, a line now and then elsewhere.

use std::{
    borrow::Cow,
    cell::Cell,
    io::{IsTerminal, stderr},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What is counted.
#[derive(Clone, Copy)]
pub enum Unit {
    People,
    /// Whatever there is, as a share of the whole.
    Whole,
}

/// How often a line is written where there is no terminal.
const LINES: Duration = Duration::from_secs(5);

pub struct Progress {
    bar: Option<ProgressBar>,
    told: Cell<Instant>,
}

impl Progress {
    pub fn begin(unit: Unit) -> Self {
        let bar = stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template(unit.template()) {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Self { bar, told: Cell::new(Instant::now()) }
    }

    /// So much of the whole is done.
    pub fn at(&self, done: u64, whole: u64) {
        match &self.bar {
            Some(bar) => {
                bar.set_length(whole);
                bar.set_position(done);
            }
            None if self.told.get().elapsed() >= LINES => {
                eprintln!("{}%", done * 100 / whole.max(1));
                self.told.set(Instant::now());
            }
            None => {}
        }
    }

    /// What takes a while now.
    pub fn say(&self, words: impl Into<Cow<'static, str>>) {
        let words = words.into();
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
    fn template(self) -> &'static str {
        match self {
            Self::People => "{bar:40} {human_pos} of {human_len} people, {elapsed} {msg}",
            Self::Whole => "{bar:40} {percent}%, {elapsed} {msg}",
        }
    }
}
