//! What a column holds.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnKind {
    /// 64-bit whole numbers.
    Int,
    /// 64-bit floating point numbers, all finite.
    Float,
    /// Words.
    Text,
    /// True or false.
    Bool,
}

impl ColumnKind {
    /// The name in documentation.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Int => "integer",
            Self::Float => "number",
            Self::Text => "text",
            Self::Bool => "true/false",
        }
    }

    /// Whether it is one of the two kinds of numbers.
    #[must_use]
    pub fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Float)
    }
}
