//! Bars on standard error that say how far long work is.

use std::fmt;
use std::io::{self, IsTerminal};
use std::time::Duration;

use experiment::{Progress, ProgressObserver};
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use serving::{Observer, StepRecord};

use crate::screen_args::ScreenArgs;
use crate::si_number::si;

/// Bars of one command. They are shown only where standard error is a terminal that can take back a line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProgressBars {
    is_shown: bool,
}

/// The bar of one piece of work. It is gone when it is dropped, and messages come after that.
pub(crate) struct Bar {
    drawn: ProgressBar,
    /// What it is about, in front.
    subject: String,
    is_shown: bool,
}

/// Characters in plain ASCII, which every terminal has: done, the tip, to be done.
const CHARACTERS: &str = "#>.";

/// Where the length is known.
const BAR: &str = "{msg} [{bar:24}] {human_pos}/{human_len} {prefix}{rate}{left}";

/// Where it is not.
const COUNT: &str = "{msg} {human_pos} {prefix}{rate}";

/// How often it is drawn anew, so that the time left goes on while nothing is done.
const TICK: Duration = Duration::from_millis(250);

impl ProgressBars {
    pub(crate) fn new(args: ScreenArgs) -> Self {
        let term = std::env::var_os("TERM");
        let is_dumb = term.is_some_and(|term| term == "dumb");
        Self {
            is_shown: is_shown(args.is_quiet(), io::stderr().is_terminal(), is_dumb),
        }
    }

    /// A bar about something, the first of `of` pieces being number 1.
    pub(crate) fn bar(self, subject: &str, number: usize, of: usize) -> Bar {
        let subject = if of > 1 {
            format!("[{number}/{of}] {subject}")
        } else {
            subject.to_owned()
        };
        // Nothing is drawn before it says what it counts.
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        Bar {
            drawn: bar,
            subject,
            is_shown: self.is_shown,
        }
    }
}

fn is_shown(is_quiet: bool, is_terminal: bool, is_dumb: bool) -> bool {
    !is_quiet && is_terminal && !is_dumb
}

impl Bar {
    /// Begins a part of the work: so many units, where that is known.
    pub(crate) fn begin(&self, part: &str, units: Option<u64>, unit: &'static str) {
        if !self.is_shown || units == Some(0) {
            return;
        }
        // The line of the part before goes, and what is set one after the other is drawn at once.
        self.drawn.finish_and_clear();
        self.drawn.set_draw_target(ProgressDrawTarget::hidden());
        match units {
            Some(units) => self.drawn.set_length(units),
            None => self.drawn.unset_length(),
        }
        let template = if units.is_some() { BAR } else { COUNT };
        // Templates are constants, and a wrong one would leave the style as it is.
        if let Ok(style) = ProgressStyle::with_template(template) {
            let style = style.with_key("rate", write_rate);
            let style = style.with_key("left", write_time_left);
            self.drawn.set_style(style.progress_chars(CHARACTERS));
        }
        self.drawn.set_prefix(unit);
        self.drawn.set_message(if part.is_empty() {
            self.subject.clone()
        } else {
            format!("{}: {part}", self.subject)
        });
        self.drawn.reset();
        self.drawn.set_draw_target(ProgressDrawTarget::stderr());
        self.drawn.enable_steady_tick(TICK);
    }

    /// Counts units that are done.
    pub(crate) fn advance(&self, units: u64) {
        self.drawn.inc(units);
    }
}

/// `, 1.250 k/s`, once something is done in some time: before, nobody knows.
fn rate(done: u64, per_second: f64) -> String {
    if done > 0 && per_second > 0.0 {
        format!(", {}", si(per_second, "/s"))
    } else {
        String::new()
    }
}

/// `, 12s left`, once something is done in some time.
fn time_left(done: u64, per_second: f64, left: Duration) -> String {
    if done > 0 && per_second > 0.0 {
        format!(", {:#} left", HumanDuration(left))
    } else {
        String::new()
    }
}

// What cannot be written leaves its place in the line empty.

fn write_rate(state: &ProgressState, text: &mut dyn fmt::Write) {
    text.write_str(&rate(state.pos(), state.per_sec()))
        .unwrap_or_default();
}

fn write_time_left(state: &ProgressState, text: &mut dyn fmt::Write) {
    text.write_str(&time_left(state.pos(), state.per_sec(), state.eta()))
        .unwrap_or_default();
}

impl ProgressObserver for Bar {
    fn notice(&self, progress: Progress<'_>) {
        match progress {
            Progress::Sweep { run, cells } => {
                self.begin(&format!("run {run}"), Some(cells), "cells");
            }
            Progress::Tables(tables) => self.begin("tables", Some(tables), "tables"),
            Progress::Checks(checks) => self.begin("checks", Some(checks), "checks"),
            Progress::Done(units) => self.advance(units),
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.drawn.finish_and_clear();
    }
}

/// Counts the requests that a simulation has served, on their way to another observer.
pub(crate) struct ServedRequests<'b, 'o, O> {
    pub(crate) bar: &'b Bar,
    pub(crate) observer: &'o mut O,
}

impl<O: Observer> Observer for ServedRequests<'_, '_, O> {
    fn step(&mut self, record: &StepRecord) {
        if record.finished > 0 {
            self.bar.advance(u64::from(record.finished));
        }
        self.observer.step(record);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_for_terminals() {
        assert!(is_shown(false, true, false));
        assert!(!is_shown(true, true, false), "quiet");
        assert!(!is_shown(false, false, false), "no terminal");
        assert!(!is_shown(false, true, true), "cannot take back a line");
    }

    #[test]
    fn a_rate_is_told_from_what_was_done() {
        let rest = Duration::from_secs(45);
        assert_eq!(rate(1000, 1250.0), ", 1.250 k/s");
        assert_eq!(time_left(1000, 1250.0, rest), ", 45s left");
        for (done, per_second) in [(0, 1250.0), (1, 0.0)] {
            assert_eq!(rate(done, per_second), "");
            assert_eq!(time_left(done, per_second, rest), "");
        }
    }

    #[test]
    fn templates_are_sound() {
        for template in [BAR, COUNT] {
            ProgressStyle::with_template(template).unwrap();
        }
    }
}
