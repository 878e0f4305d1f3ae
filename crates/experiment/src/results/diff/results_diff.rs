//! What changed between two sets of results.

use std::cmp::Ordering;

use super::change::{
    Absence, ChangedValue, CheckChange, DiffRemark, MovedValue, Part, Unmatched, ValuePlace,
    VerdictChange,
};
use super::result_pairs::{Pair, pairs};
use super::result_set::{HypothesisResults, RecordedCheck, RecordedOutcome, ResultSet};
use super::result_table::ResultTable;
use super::row_matching::RowMatching;
use super::side::Side;
use crate::project::ExperimentError;

/// Everything that differs, hypotheses in natural order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ResultsDiff {
    /// How many hypotheses were compared.
    pub hypotheses: usize,
    /// How many tables of them.
    pub tables: usize,
    /// Verdicts that flipped.
    pub verdicts: Vec<VerdictChange>,
    /// Checks whose answer changed.
    pub checks: Vec<CheckChange>,
    /// Numbers that moved, the largest relative change first.
    pub moved: Vec<MovedValue>,
    /// Other values that changed.
    pub changed: Vec<ChangedValue>,
    /// What only one side has.
    pub unmatched: Vec<Unmatched>,
    /// What limits the comparison.
    pub remarks: Vec<DiffRemark>,
}

impl ResultsDiff {
    /// Compares two sets. Where one is the folder of a single hypothesis, only that one is looked for in the other.
    ///
    /// # Errors
    ///
    /// The other set has no such hypothesis, or both are folders of one hypothesis each and these are two.
    pub fn of(
        before: &ResultSet,
        after: &ResultSet,
        absence: Absence,
    ) -> Result<Self, ExperimentError> {
        let mut diff = Self::default();
        let mut left_out = 0;
        for pair in pairs(before, after)? {
            match pair {
                Pair::Both(before, after) => diff.compare(before, after),
                Pair::One(Side::Before, _) if absence == Absence::IsLeftOut => left_out += 1,
                Pair::One(side, results) => diff.unmatched.push(Unmatched {
                    side,
                    hypothesis: results.name.clone(),
                    part: Part::Hypothesis,
                }),
            }
        }
        if left_out > 0 {
            diff.remarks.push(DiffRemark::LeftOut {
                hypotheses: left_out,
            });
        }
        diff.moved.sort_by(by_relative_change);
        Ok(diff)
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.verdicts.is_empty()
            && self.checks.is_empty()
            && self.moved.is_empty()
            && self.changed.is_empty()
            && self.unmatched.is_empty()
    }

    /// Takes out the numbers that moved by less than a share of themselves, and says how many these were.
    pub fn leave_out_moves_below(&mut self, relative: f64) -> usize {
        let all = self.moved.len();
        self.moved.retain(|value| {
            value
                .relative_change
                .is_none_or(|change| change.abs() >= relative)
        });
        all - self.moved.len()
    }

    fn compare(&mut self, before: &HypothesisResults, after: &HypothesisResults) {
        self.hypotheses += 1;
        // The newer name, where two folders of one hypothesis are called differently.
        let name = &after.name;
        match (&before.outcome, &after.outcome) {
            (Some(old), Some(new)) => self.compare_outcomes(name, old, new),
            (Some(_), None) => self.only(Side::Before, name, Part::Outcome),
            (None, Some(_)) => self.only(Side::After, name, Part::Outcome),
            (None, None) => self.remarks.push(DiffRemark::NoOutcome {
                hypothesis: name.clone(),
            }),
        }
        for (table, old) in &before.tables {
            match after.tables.get(table) {
                Some(new) => self.compare_tables(name, table, old, new),
                None => self.only(Side::Before, name, Part::Table(table.clone())),
            }
        }
        for table in after.tables.keys() {
            if !before.tables.contains_key(table) {
                self.only(Side::After, name, Part::Table(table.clone()));
            }
        }
    }

    fn only(&mut self, side: Side, hypothesis: &str, part: Part) {
        self.unmatched.push(Unmatched {
            side,
            hypothesis: hypothesis.to_owned(),
            part,
        });
    }

    fn compare_outcomes(&mut self, name: &str, before: &RecordedOutcome, after: &RecordedOutcome) {
        if before.verdict != after.verdict {
            self.verdicts.push(VerdictChange {
                hypothesis: name.to_owned(),
                before: before.verdict,
                after: after.verdict,
            });
        }
        let find = |checks: &[RecordedCheck], id: &str| -> Option<usize> {
            checks.iter().position(|check| check.id == id)
        };
        for old in &before.checks {
            match find(&after.checks, &old.id) {
                Some(at) => self.compare_checks(name, old, &after.checks[at]),
                None => self.only(Side::Before, name, Part::Check(old.id.clone())),
            }
        }
        for new in &after.checks {
            if find(&before.checks, &new.id).is_none() {
                self.only(Side::After, name, Part::Check(new.id.clone()));
            }
        }
    }

    fn compare_checks(&mut self, name: &str, before: &RecordedCheck, after: &RecordedCheck) {
        if before.holds != after.holds {
            self.checks.push(CheckChange {
                hypothesis: name.to_owned(),
                check: before.id.clone(),
                before: before.holds,
                after: after.holds,
                observed_before: before.observed.clone(),
                observed_after: after.observed.clone(),
            });
        }
        let value = |check: &RecordedCheck| {
            let number = check.value.as_ref();
            number.map_or_else(|| check.observed.clone(), ToString::to_string)
        };
        let place = || ValuePlace {
            hypothesis: name.to_owned(),
            table: crate::project::OUTCOME_FILE.to_owned(),
            row: vec![("check".to_owned(), before.id.clone())],
            column: "observed".to_owned(),
        };
        self.compare_values(&value(before), &value(after), place);
    }

    fn compare_tables(
        &mut self,
        name: &str,
        table: &str,
        before: &ResultTable,
        after: &ResultTable,
    ) {
        self.tables += 1;
        for (side, ours, theirs) in [(Side::Before, before, after), (Side::After, after, before)] {
            for column in &ours.columns {
                if theirs.position(column).is_none() {
                    let part = Part::Column {
                        table: table.to_owned(),
                        column: column.clone(),
                    };
                    self.only(side, name, part);
                }
            }
        }
        let matching = RowMatching::of(before, after);
        if matching.key.is_none() {
            self.remarks.push(DiffRemark::ByPosition {
                hypothesis: name.to_owned(),
                table: table.to_owned(),
            });
        }
        let key = matching.key.as_deref();
        for (old, new) in &matching.both {
            for (column, column_name) in before.columns.iter().enumerate() {
                let Some(other) = after.position(column_name) else {
                    continue;
                };
                let place = || ValuePlace {
                    hypothesis: name.to_owned(),
                    table: table.to_owned(),
                    row: row_words(before, *old, key),
                    column: column_name.clone(),
                };
                self.compare_values(before.cell(*old, column), after.cell(*new, other), place);
            }
        }
        for (side, ours, rows) in [
            (Side::Before, before, &matching.only_before),
            (Side::After, after, &matching.only_after),
        ] {
            for row in rows {
                let part = Part::Row {
                    table: table.to_owned(),
                    row: row_words(ours, *row, key),
                };
                self.only(side, name, part);
            }
        }
    }

    fn compare_values(&mut self, before: &str, after: &str, place: impl FnOnce() -> ValuePlace) {
        if before == after {
            return;
        }
        match (number(before), number(after)) {
            // 1024 is 1024.0.
            #[expect(clippy::float_cmp, reason = "any difference of a result counts")]
            (Some(old), Some(new)) if old == new => {}
            (Some(old), Some(new)) => {
                let relative = (new - old) / old.abs();
                self.moved.push(MovedValue {
                    place: place(),
                    before: before.to_owned(),
                    after: after.to_owned(),
                    change: new - old,
                    relative_change: relative.is_finite().then_some(relative),
                });
            }
            (Some(_) | None, _) => self.changed.push(ChangedValue {
                place: place(),
                before: before.to_owned(),
                after: after.to_owned(),
            }),
        }
    }
}

/// The finite number that a cell holds.
fn number(cell: &str) -> Option<f64> {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit());
    cell.parse::<f64>()
        .ok()
        .filter(|number| is_number && number.is_finite())
}

fn row_words(table: &ResultTable, row: usize, key: Option<&[String]>) -> Vec<(String, String)> {
    let Some(key) = key else {
        return vec![("#".to_owned(), (row + 1).to_string())];
    };
    let cells = key.iter().filter_map(|column| {
        let at = table.position(column)?;
        Some((column.clone(), table.cell(row, at).to_owned()))
    });
    cells.collect()
}

/// The larger relative change first, an infinite one before all. Equal ones keep the order of their names and rows.
fn by_relative_change(a: &MovedValue, b: &MovedValue) -> Ordering {
    match (a.relative_change, b.relative_change) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(a), Some(b)) => b.abs().total_cmp(&a.abs()),
    }
}
