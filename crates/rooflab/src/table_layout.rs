//! How the cells of a table share the width of a screen.

use unicode_width::UnicodeWidthStr;

use crate::wrapped_text::wrapped;

/// Columns between the cells of a row.
pub(crate) const GAP: usize = 2;

/// Where the cells of a row go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TableLayout {
    /// Beside each other, in columns of these widths.
    Columns(Vec<usize>),
    /// The first cell on a line of its own, the others below it in columns of these widths.
    FirstAbove(Vec<usize>),
    /// The last cell on lines of its own, below the others, which are in columns of these widths.
    LastBelow(Vec<usize>),
    /// Each cell on lines of its own, behind the head of its column.
    Blocks,
}

/// What one column holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct ColumnCells<'t> {
    /// The head and then every row.
    pub(crate) cells: Vec<&'t str>,
}

impl ColumnCells<'_> {
    /// The width at which no cell is wrapped.
    fn widest(&self) -> usize {
        self.cells
            .iter()
            .map(|cell| cell.width())
            .max()
            .unwrap_or(0)
    }

    /// The least width at which every cell takes so many lines at most, its words being whole.
    fn width_at(&self, lines: usize) -> usize {
        let words = self.cells.iter().flat_map(|cell| cell.split_whitespace());
        let longest = words.map(UnicodeWidthStr::width).max().unwrap_or(0);
        (longest..self.widest())
            .find(|width| {
                self.cells
                    .iter()
                    .all(|cell| lines_of(cell, *width).len() <= lines)
            })
            .unwrap_or_else(|| self.widest())
    }
}

/// Lines of a row up to which it is still read as one.
const MOST_LINES: usize = 3;

impl TableLayout {
    /// The layout of these columns on a screen: side by side where rows of few lines fit, else with the first or the
    /// last cell on a line of its own, else with rows of any height, else one cell below the other.
    pub(crate) fn of(columns: &[ColumnCells<'_>], screen: Option<usize>) -> Self {
        let natural = || Self::Columns(columns.iter().map(ColumnCells::widest).collect());
        let Some(screen) = screen else {
            return natural();
        };
        if columns.len() < 2 {
            return natural();
        }
        let last = columns.len() - 1;
        let below = screen.saturating_sub(GAP);
        let few = 1..=MOST_LINES;
        let side_by_side = |lines| fitted(columns, lines, screen).map(Self::Columns);
        let last_below = || {
            few.clone()
                .find_map(|lines| fitted(&columns[..last], lines, screen))
                .map(Self::LastBelow)
        };
        let first_above = || {
            few.clone()
                .find_map(|lines| fitted(&columns[1..], lines, below))
                .map(Self::FirstAbove)
        };
        // The wider of the two makes more room.
        let apart = || {
            if columns[last].widest() >= columns[0].widest() {
                last_below().or_else(first_above)
            } else {
                first_above().or_else(last_below)
            }
        };
        few.clone()
            .find_map(side_by_side)
            .or_else(apart)
            .or_else(|| side_by_side(usize::MAX))
            .unwrap_or(Self::Blocks)
    }
}

/// The widths of columns whose cells take so many lines at most, where all of them fit.
fn fitted(columns: &[ColumnCells<'_>], lines: usize, screen: usize) -> Option<Vec<usize>> {
    let mut widths: Vec<usize> = columns
        .iter()
        .map(|column| column.width_at(lines))
        .collect();
    let taken = widths.iter().map(|width| width + GAP).sum::<usize>();
    // The gap behind the last column is never printed.
    let mut left = (screen + GAP).checked_sub(taken)?;
    // What is left makes whole the columns that lack least, and the rest goes to the one that lacks most.
    let mut lacking: Vec<(usize, usize)> = columns
        .iter()
        .zip(&widths)
        .enumerate()
        .map(|(at, (column, width))| (column.widest() - width, at))
        .filter(|(lacks, _)| *lacks > 0)
        .collect();
    lacking.sort_unstable();
    while let [(lacks, at), rest @ ..] = lacking.as_slice()
        && *lacks <= left
    {
        widths[*at] += lacks;
        left -= lacks;
        lacking = rest.to_vec();
    }
    if let Some((_, at)) = lacking.last() {
        widths[*at] += left;
    }
    Some(widths)
}

/// The lines of a cell in a column of a width. Words are whole, and one that is too long is a line for itself.
pub(crate) fn lines_of(cell: &str, width: usize) -> Vec<String> {
    if cell.width() <= width {
        return vec![cell.to_owned()];
    }
    // Cells that are indented are parts of what is above them.
    let indent = &cell[..cell.len() - cell.trim_start().len()];
    wrapped(cell, width.saturating_sub(indent.len()))
        .iter()
        .map(|line| format!("{indent}{line}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column<'t>(cells: &[&'t str]) -> ColumnCells<'t> {
        ColumnCells {
            cells: cells.to_vec(),
        }
    }

    #[test]
    fn the_first_layout_that_fits_is_taken() {
        let columns = [
            column(&["ID", "H1"]),
            column(&["VERDICT", "PARTIALLY CONFIRMED"]),
            column(&["TITLE", "a title of some more words than fit"]),
        ];
        let at = |screen| TableLayout::of(&columns, Some(screen));
        assert_eq!(at(60), TableLayout::Columns(vec![2, 19, 35]));
        assert_eq!(TableLayout::of(&columns, None), at(60));
        // Two lines each: 9 columns for the verdict, and the rest for the title.
        assert_eq!(at(40), TableLayout::Columns(vec![2, 9, 25]));
        assert_eq!(at(23), TableLayout::LastBelow(vec![2, 19]));
        assert_eq!(at(13), TableLayout::LastBelow(vec![2, 9]));
        assert_eq!(at(12), TableLayout::Blocks);
    }

    #[test]
    fn a_long_name_goes_above_its_row() {
        let columns = [
            column(&["EXPERIMENT", "a-name-that-cannot-be-broken"]),
            column(&["TTFT", "23.50"]),
            column(&["FROM", "aggregate"]),
        ];
        assert_eq!(
            TableLayout::of(&columns, Some(30)),
            TableLayout::FirstAbove(vec![5, 9])
        );
    }

    #[test]
    fn cells_keep_their_indentation() {
        assert_eq!(lines_of("  two words", 7), ["  two", "  words"]);
        assert_eq!(lines_of("unbreakable", 4), ["unbreakable"]);
    }
}
