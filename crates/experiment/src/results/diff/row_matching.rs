//! Which row of one table is which row of another.

use std::collections::BTreeMap;

use super::result_table::ResultTable;
use crate::table::normal_key;

/// The rows of two tables, paired.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RowMatching {
    /// The columns by which rows were paired; none where they were paired by their position.
    pub(crate) key: Option<Vec<String>>,
    /// Rows of both, by their places before and after, in the order before.
    pub(crate) both: Vec<(usize, usize)>,
    pub(crate) only_before: Vec<usize>,
    pub(crate) only_after: Vec<usize>,
}

impl RowMatching {
    /// Pairs rows by the fewest leading columns, among those of both tables and in their order before, that tell the
    /// rows of either table apart; by position where all columns together do not.
    pub(crate) fn of(before: &ResultTable, after: &ResultTable) -> Self {
        let shared: Vec<(usize, usize)> = before
            .columns
            .iter()
            .enumerate()
            .filter_map(|(at, column)| Some((at, after.position(column)?)))
            .collect();
        for count in 0..=shared.len() {
            let (ours, theirs): (Vec<usize>, Vec<usize>) = shared[..count].iter().copied().unzip();
            let (Some(old), Some(new)) = (rows_by_key(before, &ours), rows_by_key(after, &theirs))
            else {
                continue;
            };
            let columns = ours.iter().map(|at| before.columns[*at].clone());
            return Self::by_key(columns.collect(), &old, &new);
        }
        Self::by_position(before.rows.len(), after.rows.len())
    }

    fn by_key(key: Vec<String>, old: &RowsByKey, new: &RowsByKey) -> Self {
        let mut both: Vec<(usize, usize)> = Vec::new();
        let mut only_before = Vec::new();
        for (values, row) in old {
            match new.get(values) {
                Some(other) => both.push((*row, *other)),
                None => only_before.push(*row),
            }
        }
        let mut only_after: Vec<usize> = new
            .iter()
            .filter(|(values, _)| !old.contains_key(*values))
            .map(|(_, row)| *row)
            .collect();
        both.sort_unstable();
        only_before.sort_unstable();
        only_after.sort_unstable();
        Self {
            key: Some(key),
            both,
            only_before,
            only_after,
        }
    }

    fn by_position(before: usize, after: usize) -> Self {
        let common = before.min(after);
        Self {
            key: None,
            both: (0..common).map(|row| (row, row)).collect(),
            only_before: (common..before).collect(),
            only_after: (common..after).collect(),
        }
    }
}

type RowsByKey = BTreeMap<Vec<String>, usize>;

/// The rows by their values in some columns; none where two rows have the same.
fn rows_by_key(table: &ResultTable, columns: &[usize]) -> Option<RowsByKey> {
    let keys = (0..table.rows.len()).map(|row| -> Vec<String> {
        let cells = columns.iter().map(|column| table.cell(row, *column));
        cells.map(normal_key).collect()
    });
    let mut rows = RowsByKey::new();
    for (row, key) in keys.enumerate() {
        if rows.insert(key, row).is_some() {
            return None;
        }
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use csv::StringRecord;

    use super::*;

    fn table(lines: &[&[&str]]) -> ResultTable {
        ResultTable {
            columns: lines[0].iter().map(|name| (*name).to_owned()).collect(),
            rows: lines[1..]
                .iter()
                .map(|cells| StringRecord::from(cells.to_vec()))
                .collect(),
        }
    }

    #[test]
    fn the_fewest_leading_columns_that_tell_rows_apart_are_the_key() {
        let before = table(&[
            &["kv", "batch", "us"],
            &["64", "1", "10"],
            &["64", "2", "11"],
            &["128", "1", "12"],
        ]);
        let after = table(&[
            &["kv", "us", "batch"],
            &["128.0", "12", "1"],
            &["64", "99", "1"],
            &["256", "13", "1"],
        ]);
        let matching = RowMatching::of(&before, &after);
        let key = ["kv".to_owned(), "batch".to_owned()];
        assert_eq!(matching.key.as_deref(), Some(&key[..]));
        assert_eq!(matching.both, [(0, 1), (2, 0)]);
        assert_eq!(
            (matching.only_before, matching.only_after),
            (vec![1], vec![2])
        );
    }

    #[test]
    fn one_row_needs_no_key() {
        let before = table(&[&["best", "error"], &["80", "13.9"]]);
        let after = table(&[&["best", "error"], &["85", "14.0"]]);
        let matching = RowMatching::of(&before, &after);
        assert_eq!(matching.key, Some(Vec::new()));
        assert_eq!(matching.both, [(0, 0)]);
    }

    #[test]
    fn rows_that_are_alike_are_paired_by_position() {
        let before = table(&[&["a"], &["1"], &["1"], &["2"]]);
        let after = table(&[&["a"], &["1"], &["3"]]);
        let matching = RowMatching::of(&before, &after);
        assert_eq!(matching.key, None);
        assert_eq!(matching.both, [(0, 0), (1, 1)]);
        assert_eq!(
            (matching.only_before, matching.only_after),
            (vec![2], vec![])
        );
    }
}
