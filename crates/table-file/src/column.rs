//! Columns of a table, borrowed from whoever computed them.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// 64-bit whole numbers.
    Int,
    /// 64-bit floating point numbers, all finite.
    Float,
    /// Words.
    Text,
    /// True or false.
    Bool,
}

/// The name of a column and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnHead {
    /// The name, unique in its table.
    pub name: String,
    /// What it holds.
    pub kind: CellKind,
}

/// A column with its cells, or with those of some consecutive rows.
#[derive(Clone, Copy, Debug)]
pub struct Column<'t> {
    /// The name, unique in its table.
    pub name: &'t str,
    /// The cells in order of the rows.
    pub cells: Cells<'t>,
}

/// Cells of one kind; `None` where there is no value.
#[derive(Clone, Copy, Debug)]
pub enum Cells<'t> {
    /// Whole numbers.
    Int(&'t [Option<i64>]),
    /// Numbers, all finite.
    Float(&'t [Option<f64>]),
    /// Words.
    Text(&'t [Option<String>]),
    /// Truth values.
    Bool(&'t [Option<bool>]),
}

impl Column<'_> {
    /// The column without its cells.
    #[must_use]
    pub fn head(&self) -> ColumnHead {
        ColumnHead {
            name: self.name.to_owned(),
            kind: self.cells.kind(),
        }
    }
}

impl Cells<'_> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Int(cells) => cells.len(),
            Self::Float(cells) => cells.len(),
            Self::Text(cells) => cells.len(),
            Self::Bool(cells) => cells.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What they hold.
    #[must_use]
    pub fn kind(&self) -> CellKind {
        match self {
            Self::Int(_) => CellKind::Int,
            Self::Float(_) => CellKind::Float,
            Self::Text(_) => CellKind::Text,
            Self::Bool(_) => CellKind::Bool,
        }
    }

    /// The first row whose number is infinite or none at all.
    pub(crate) fn first_not_finite(&self) -> Option<usize> {
        match self {
            Self::Float(cells) => cells
                .iter()
                .position(|cell| cell.is_some_and(|number| !number.is_finite())),
            Self::Int(_) | Self::Text(_) | Self::Bool(_) => None,
        }
    }
}
