//! Where the time of a step goes, as bars.

use std::fmt;

use roofline::{Phase, Step};

use crate::screen::Screen;
use crate::text_table::{Align, TextTable};

/// Displays as a table with a bar for each part: the parts of each phase, of its own time, and those of the step.
#[derive(Debug)]
pub(super) struct TimeBars<'s> {
    pub(super) step: &'s Step,
    pub(super) screen: Screen,
}

/// The bar of all the time, in characters that every terminal has.
const LONGEST: usize = 40;

/// The least that a bar of all the time takes, however narrow the screen is.
const SHORTEST: usize = 10;

/// What the columns in front of the bars take at most.
const IN_FRONT: usize = 50;

impl TimeBars<'_> {
    /// The bar of all the time on this screen.
    fn longest(&self) -> usize {
        self.screen.columns().map_or(LONGEST, |columns| {
            columns.saturating_sub(IN_FRONT).clamp(SHORTEST, LONGEST)
        })
    }

    fn push(&self, table: &mut TextTable, label: &str, part_us: f64, whole_us: f64) {
        let share = if whole_us > 0.0 {
            part_us / whole_us
        } else {
            0.0
        };
        table.push([
            label.to_owned(),
            format!("{part_us:.3}"),
            format!("{:.1} %", 100.0 * share),
            bar(share, self.longest()),
        ]);
    }

    fn push_phase(&self, table: &mut TextTable, phase: &Phase, whole_us: f64) {
        let beyond_us = (phase.memory_us - phase.compute_us).max(0.0);
        self.push(table, "  GEMM", phase.gemm_us, whole_us);
        self.push(table, "  attention", phase.attention_us, whole_us);
        self.push(table, "  memory beyond compute", beyond_us, whole_us);
    }
}

impl fmt::Display for TimeBars<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = self.step;
        let mut table = TextTable::new([
            ("WHERE THE TIME GOES", Align::Left),
            ("TIME (us)", Align::Right),
            ("SHARE", Align::Right),
            ("", Align::Left),
        ]);
        let step_us = step.hardware_us + step.overhead_us;
        match (&step.prefill, &step.decode) {
            (Some(prefill), Some(decode)) => {
                for (name, phase) in [("prefill alone", prefill), ("decode alone", decode)] {
                    self.push(&mut table, name, phase.time_us, phase.time_us);
                    self.push_phase(&mut table, phase, phase.time_us);
                }
                self.push(&mut table, "step", step_us, step_us);
                self.push(&mut table, "  both phases", step.hardware_us, step_us);
            }
            (Some(phase), None) | (None, Some(phase)) => {
                self.push(&mut table, "step", step_us, step_us);
                self.push_phase(&mut table, phase, step_us);
            }
            (None, None) => {}
        }
        self.push(&mut table, "  overhead", step.overhead_us, step_us);
        write!(f, "{}", table.on(self.screen))
    }
}

/// A share of the longest bar; what takes any time has a mark.
fn bar(share: f64, longest: usize) -> String {
    let marks = (0..longest).filter(|mark| {
        #[expect(clippy::cast_precision_loss, reason = "a bar has few marks")]
        let at = (*mark as f64 + 0.5) / longest as f64;
        at < share
    });
    let marks = marks.count().max(usize::from(share > 0.0));
    "#".repeat(marks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_shares_of_the_longest() {
        assert_eq!(bar(0.0, 40), "");
        assert_eq!(bar(1.0, 40).len(), 40);
        assert_eq!(bar(0.5, 40).len(), 20);
        assert_eq!(bar(0.001, 40), "#");
        assert!(bar(1.0, 40).is_ascii());
    }
}
