//! Figures and how they are told.

use std::fmt;
use std::time::Duration;

#[derive(Default)]
pub struct Report(Vec<String>);

impl Report {
    pub fn say(&mut self, line: String) {
        eprintln!("{line}");
        self.0.push(line);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// How long each of many requests took.
pub struct Latencies(Vec<Duration>);

impl Latencies {
    pub fn of(mut all: Vec<Duration>) -> Latencies {
        all.sort_unstable();
        Latencies(all)
    }

    /// In milliseconds, what so many of a hundred did not exceed.
    pub fn percentile(&self, of_hundred: usize) -> f64 {
        let place = (self.0.len() * of_hundred / 100).min(self.0.len() - 1);
        self.0[place].as_secs_f64() * 1_000.0
    }
}

pub fn median(mut all: Vec<f64>) -> f64 {
    all.sort_unstable_by(f64::total_cmp);
    all[all.len() / 2]
}
