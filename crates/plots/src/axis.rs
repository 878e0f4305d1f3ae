/// How values are spread along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// Evenly, over the range of the data.
    #[default]
    Linear,
    /// Evenly, over the range of the data and zero.
    LinearFromZero,
    /// By ratio. Ticks are powers of two where all data are, else 1, 2 and 5 times powers of ten.
    Log,
}

/// How the numbers of an axis are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notation {
    /// `10,217`; powers of ten for very large and very small numbers.
    #[default]
    Grouped,
    /// With the prefix of the unit: `100 G`, `1 T`.
    Engineering,
}

/// A numeric axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// What is shown.
    pub label: String,
    /// Its unit, in parentheses behind the label. None for pure numbers.
    pub unit: Option<String>,
    /// How values are spread.
    pub scale: Scale,
    /// How ticks are written.
    pub notation: Notation,
}

impl Axis {
    /// A linear axis without a unit.
    #[must_use]
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            unit: None,
            scale: Scale::Linear,
            notation: Notation::Grouped,
        }
    }

    /// With a unit.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }

    /// With another scale.
    #[must_use]
    pub fn scale(mut self, scale: Scale) -> Self {
        self.scale = scale;
        self
    }

    /// Logarithmic.
    #[must_use]
    pub fn log(self) -> Self {
        self.scale(Scale::Log)
    }

    /// Linear, with zero on the axis.
    #[must_use]
    pub fn from_zero(self) -> Self {
        self.scale(Scale::LinearFromZero)
    }

    /// With prefixes of the unit on ticks.
    #[must_use]
    pub fn engineering(mut self) -> Self {
        self.notation = Notation::Engineering;
        self
    }

    /// Label and unit.
    pub(crate) fn title(&self) -> String {
        match &self.unit {
            Some(unit) => format!("{} ({unit})", self.label),
            None => self.label.clone(),
        }
    }
}

/// An axis of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Categories {
    /// What the words name.
    pub label: String,
    /// The words, in order.
    pub names: Vec<String>,
}

impl Categories {
    /// Words under a label.
    #[must_use]
    pub fn new(
        label: impl Into<String>,
        names: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            label: label.into(),
            names: names.into_iter().map(Into::into).collect(),
        }
    }
}

/// The x axis of a chart of lines or points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum XAxis {
    /// Numbers.
    Numeric(Axis),
    /// Words: the x of a point is the index of its category.
    Categories(Categories),
}

impl From<Axis> for XAxis {
    fn from(axis: Axis) -> Self {
        Self::Numeric(axis)
    }
}

impl From<Categories> for XAxis {
    fn from(categories: Categories) -> Self {
        Self::Categories(categories)
    }
}

/// A line across the chart at a fixed value of one axis: a threshold, a limit, a published figure.
#[derive(Debug, Clone, PartialEq)]
pub struct ReferenceLine {
    /// Where on the axis.
    pub at: f64,
    /// What it is.
    pub label: String,
}

impl ReferenceLine {
    /// A line at a value.
    #[must_use]
    pub fn new(at: f64, label: impl Into<String>) -> Self {
        Self {
            at,
            label: label.into(),
        }
    }
}
