use crate::axis::{Axis, Categories, Scale};
use crate::check::as_f64;
use crate::text;
use crate::ticks::{self, Extent, TickSet};

/// Size of tick labels.
pub(crate) const TICK_PX: f64 = 11.0;

/// Least room between two tick labels beside each other.
const GAP_PX: f64 = 10.0;

/// Widest label of a category beside a vertical axis.
const MOST_SIDE_LABEL_PX: f64 = 310.0;

/// Longest turned label under a horizontal axis.
const MOST_TURNED_LABEL_PX: f64 = 300.0;

/// Most lines of a label under a horizontal axis.
const MOST_LABEL_LINES: usize = 3;

/// Least width of a category whose label is slanted, and of any category.
const SLANTED_SLOT_PX: f64 = 20.0;
pub(crate) const LEAST_SLOT_PX: f64 = 15.0;

const SLANT_DEGREES: f64 = 40.0;
/// The sine and cosine of 40 degrees.
const SLANT_SIN: f64 = 0.642_787_609_686_539_3;
const SLANT_COS: f64 = 0.766_044_443_118_978;

/// Which way an axis runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Below,
    Left,
}

/// How labels under an axis are turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    Level,
    Slanted,
    Upright,
}

/// Room kept between the ends of the axis and the range of the data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Padding {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Padding {
    pub(crate) const NONE: Self = Self::both(0.0);

    const fn both(room: f64) -> Self {
        Self {
            low: room,
            high: room,
        }
    }
}

/// What is to become a ruler.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Plan<'a> {
    Numeric {
        axis: &'a Axis,
        extent: Extent,
        padding: Padding,
        /// Numbers equally far to both sides of one.
        centre: Option<f64>,
    },
    Words(&'a Categories),
}

impl<'a> Plan<'a> {
    /// An axis on which marks at the ends of the range lie inside.
    pub(crate) fn of_marks(axis: &'a Axis, extent: Extent) -> Self {
        Self::Numeric {
            axis,
            extent,
            padding: Padding::both(14.0),
            centre: None,
        }
    }

    fn title(self) -> String {
        match self {
            Self::Numeric { axis, .. } => axis.title(),
            Self::Words(categories) => categories.label.clone(),
        }
    }
}

/// A tick of a ruler, with its label on one or more lines.
#[derive(Debug, Clone)]
pub(crate) struct RulerTick {
    /// From the start of the axis.
    pub(crate) offset: f64,
    pub(crate) lines: Vec<String>,
    pub(crate) full: String,
}

#[derive(Debug, Clone, Copy)]
enum Mapping {
    /// From low to high, both as they stand on the scale.
    Numbers {
        scale: Scale,
        low: f64,
        high: f64,
    },
    Slots {
        count: usize,
    },
}

/// An axis laid out over a length.
#[derive(Debug, Clone)]
pub(crate) struct Ruler {
    pub(crate) ticks: Vec<RulerTick>,
    /// Offsets of lines without a label.
    pub(crate) minor: Vec<f64>,
    pub(crate) turn: Turn,
    pub(crate) title: String,
    pub(crate) length: f64,
    side: Side,
    mapping: Mapping,
    padding: Padding,
}

impl Ruler {
    /// Lays an axis out: the most ticks whose labels do not touch.
    pub(crate) fn new(plan: Plan<'_>, side: Side, length: f64) -> Self {
        let mut ruler = Self {
            ticks: Vec::new(),
            minor: Vec::new(),
            turn: Turn::Level,
            title: plan.title(),
            length,
            side,
            mapping: Mapping::Slots { count: 0 },
            padding: Padding::NONE,
        };
        match plan {
            Plan::Numeric {
                axis,
                extent,
                padding,
                centre,
            } => {
                ruler.padding = padding;
                let (scale, notation) = (axis.scale, axis.notation);
                let most = match side {
                    Side::Below => length / 60.0,
                    Side::Left => length / 36.0,
                };
                ruler.number(
                    scale,
                    ticks::sets(scale, extent, centre, notation, count_of(most)),
                );
            }
            Plan::Words(categories) => ruler.name(categories),
        }
        ruler
    }

    /// Takes the first of the sets of ticks, from dense to sparse, whose labels have room.
    fn number(&mut self, scale: Scale, sets: Vec<TickSet>) {
        for set in sets {
            let Some((low, high)) = set.ends() else {
                continue;
            };
            let (low, high) = (on(scale, low), on(scale, high));
            self.mapping = Mapping::Numbers { scale, low, high };
            self.minor = set.minor.iter().map(|&value| self.offset(value)).collect();
            let ticks = set.ticks.into_iter().map(|tick| RulerTick {
                offset: self.offset(tick.value),
                lines: vec![tick.label.clone()],
                full: tick.label,
            });
            self.ticks = ticks.collect();
            let mut pairs = self.ticks.iter().zip(self.ticks.iter().skip(1));
            if pairs.all(|(a, b)| self.apart(a, b)) {
                return;
            }
        }
        // Labels that touch the one before are left out where even the sparsest ticks do.
        let mut kept: Vec<RulerTick> = Vec::with_capacity(self.ticks.len());
        for tick in std::mem::take(&mut self.ticks) {
            if kept.last().is_none_or(|last| self.apart(last, &tick)) {
                kept.push(tick);
            }
        }
        self.ticks = kept;
    }

    /// Gives each category a slot, and its label the turn in which all have room.
    fn name(&mut self, categories: &Categories) {
        let count = categories.names.len();
        let slot = self.length / as_f64(count.max(1));
        let level = match self.side {
            Side::Left => Some(cut_all(categories, MOST_SIDE_LABEL_PX)),
            Side::Below => wrapped(categories, slot - 6.0),
        };
        self.turn = match level {
            Some(_) => Turn::Level,
            None if slot >= SLANTED_SLOT_PX => Turn::Slanted,
            None => Turn::Upright,
        };
        let labels = level.unwrap_or_else(|| cut_all(categories, MOST_TURNED_LABEL_PX));
        let named = labels.into_iter().zip(&categories.names).enumerate();
        let ticks = named.map(|(index, (lines, full))| RulerTick {
            offset: (as_f64(index) + 0.5) * slot,
            lines,
            full: full.clone(),
        });
        self.ticks = ticks.collect();
        self.mapping = Mapping::Slots { count };
    }

    /// The same axis beside the chart, under the title of another plan.
    pub(crate) fn beside(mut self, plan: Plan<'_>) -> Self {
        self.side = Side::Left;
        self.title = plan.title();
        self
    }

    /// Pixels from the start of the axis: from the left, from the bottom for numbers beside a vertical axis, from
    /// the top for words there.
    pub(crate) fn offset(&self, value: f64) -> f64 {
        match self.mapping {
            Mapping::Numbers { scale, low, high } => {
                let share = (on(scale, value) - low) / (high - low);
                self.padding.low + share * self.inner()
            }
            Mapping::Slots { count } => (value + 0.5) * self.length / as_f64(count.max(1)),
        }
    }

    fn inner(&self) -> f64 {
        self.length - self.padding.low - self.padding.high
    }

    /// Whether offsets grow downwards on a vertical axis.
    pub(crate) fn is_words(&self) -> bool {
        match self.mapping {
            Mapping::Slots { .. } => true,
            Mapping::Numbers { .. } => false,
        }
    }

    /// Offsets of the lines of the grid at ticks: words have none.
    pub(crate) fn major(&self) -> Vec<f64> {
        let numbers = self.ticks.iter().filter(|_| !self.is_words());
        numbers.map(|tick| tick.offset).collect()
    }

    /// The value at the start and at the end of the whole axis, paddings included. None for words.
    pub(crate) fn ends(&self) -> Option<(f64, f64)> {
        let Mapping::Numbers { scale, low, high } = self.mapping else {
            return None;
        };
        let inner = self.inner();
        let (below, above) = (self.padding.low / inner, self.padding.high / inner);
        let span = high - low;
        let value = |place: f64| match scale {
            Scale::Linear | Scale::LinearFromZero => place,
            Scale::Log => 10_f64.powf(place),
        };
        Some((value(low - below * span), value(high + above * span)))
    }

    fn apart(&self, a: &RulerTick, b: &RulerTick) -> bool {
        let needed = match self.side {
            Side::Left => TICK_PX * text::LINE + 2.0,
            Side::Below => f64::midpoint(a.width(), b.width()) + GAP_PX,
        };
        b.offset - a.offset >= needed
    }

    /// Room that the labels take across the axis.
    pub(crate) fn depth(&self) -> f64 {
        let longest = self.ticks.iter().map(RulerTick::width).fold(0.0, f64::max);
        let lines = self.ticks.iter().map(|tick| tick.lines.len()).max();
        match (self.side, self.turn) {
            (Side::Below, Turn::Level) => as_f64(lines.unwrap_or(1)) * TICK_PX * text::LINE,
            (Side::Below, Turn::Slanted) => longest * SLANT_SIN + TICK_PX * SLANT_COS,
            (Side::Left, _) | (Side::Below, Turn::Upright) => longest,
        }
    }

    /// Room that labels under the axis take to its left and to its right.
    pub(crate) fn overhang(&self) -> (f64, f64) {
        self.ticks.iter().fold((0.0, 0.0), |(left, right), tick| {
            let (before, behind) = match self.turn {
                Turn::Level => (tick.width() / 2.0, tick.width() / 2.0),
                Turn::Slanted => (tick.width() * SLANT_COS + TICK_PX, TICK_PX / 2.0),
                Turn::Upright => (TICK_PX, TICK_PX / 2.0),
            };
            (
                f64::max(left, before - tick.offset),
                f64::max(right, tick.offset + behind - self.length),
            )
        })
    }
}

impl RulerTick {
    fn width(&self) -> f64 {
        let widths = self.lines.iter().map(|line| text::width(line, TICK_PX));
        widths.fold(0.0, f64::max)
    }
}

impl Turn {
    /// Clockwise.
    pub(crate) fn degrees(self) -> f64 {
        match self {
            Self::Level => 0.0,
            Self::Slanted => -SLANT_DEGREES,
            Self::Upright => -90.0,
        }
    }
}

/// Where a value stands on a scale, up to a factor.
fn on(scale: Scale, value: f64) -> f64 {
    match scale {
        Scale::Linear | Scale::LinearFromZero => value,
        Scale::Log => value.log10(),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels by pixels, clamped"
)]
fn count_of(ticks: f64) -> usize {
    ticks.clamp(2.0, 20.0) as usize
}

fn cut_all(categories: &Categories, most: f64) -> Vec<Vec<String>> {
    let names = categories.names.iter();
    names
        .map(|name| vec![text::cut_middle(name, TICK_PX, most)])
        .collect()
}

/// All labels on few lines within a slot; none where one does not fit.
pub(crate) fn wrapped(categories: &Categories, most: f64) -> Option<Vec<Vec<String>>> {
    let names = categories.names.iter();
    names
        .map(|name| text::wrap(name, TICK_PX, most, MOST_LABEL_LINES))
        .collect()
}
