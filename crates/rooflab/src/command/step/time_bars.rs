//! Where the time of a step goes, as bars.

use roofline::{Phase, Step};

use crate::text_table::Align::{Left, Right};
use crate::text_table::TextTable;

/// The bar of all the time, in characters that every terminal has.
const LONGEST: usize = 40;

/// The least that a bar of all the time takes, however narrow the screen is.
const SHORTEST: usize = 10;

/// What the columns in front of the bars take at most.
const IN_FRONT: usize = 50;

/// A table with a bar for each part, as long as so many columns have room for: the parts of each phase, of its own time, and
/// those of the step.
pub(super) fn time_bars(step: &Step, columns: Option<usize>) -> TextTable {
    let room = columns.map(|columns| columns.saturating_sub(IN_FRONT).clamp(SHORTEST, LONGEST));
    let mut rows: Vec<(&str, f64, f64)> = Vec::new();
    let step_us = step.hardware_us + step.overhead_us;
    match (&step.prefill, &step.decode) {
        (Some(prefill), Some(decode)) => {
            for (name, phase) in [("prefill alone", prefill), ("decode alone", decode)] {
                rows.push((name, phase.time_us, phase.time_us));
                rows.extend(parts(phase, phase.time_us));
            }
            rows.push(("step", step_us, step_us));
            rows.push(("  both phases", step.hardware_us, step_us));
        }
        (Some(phase), None) | (None, Some(phase)) => {
            rows.push(("step", step_us, step_us));
            rows.extend(parts(phase, step_us));
        }
        (None, None) => {}
    }
    rows.push(("  overhead", step.overhead_us, step_us));
    let rows = rows.into_iter().map(|(label, part_us, whole_us)| {
        let share = if whole_us > 0.0 {
            part_us / whole_us
        } else {
            0.0
        };
        (label, part_us, share, bar(share, room.unwrap_or(LONGEST)))
    });
    TextTable::of(
        rows,
        &[
            ("WHERE THE TIME GOES", Left, |(label, ..)| {
                (*label).to_owned()
            }),
            ("TIME (us)", Right, |(_, part_us, ..)| {
                format!("{part_us:.3}")
            }),
            ("SHARE", Right, |(_, _, share, _)| {
                format!("{:.1} %", 100.0 * share)
            }),
            ("", Left, |(.., bar)| bar.clone()),
        ],
    )
}

/// The parts of a phase, each with the time of the whole.
fn parts(phase: &Phase, whole_us: f64) -> [(&'static str, f64, f64); 3] {
    let beyond_us = (phase.memory_us - phase.compute_us).max(0.0);
    [
        ("  GEMM", phase.gemm_us, whole_us),
        ("  attention", phase.attention_us, whole_us),
        ("  memory beyond compute", beyond_us, whole_us),
    ]
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
