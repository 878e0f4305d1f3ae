use crate::axis::{Axis, Categories, Scale};
use crate::check::as_f64;
use crate::text::{self, Weight};
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
    /// Marks at the ends of the range lie inside.
    pub(crate) const MARKS: Self = Self {
        low: 14.0,
        high: 14.0,
    };
}

/// What is to become a ruler.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Plan<'a> {
    Numeric {
        axis: &'a Axis,
        extent: Extent,
        padding: Padding,
    },
    /// Numbers equally far to both sides of one.
    About {
        axis: &'a Axis,
        centre: f64,
        /// The largest distance from it.
        reach: f64,
    },
    Words(&'a Categories),
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
    Even { low: f64, high: f64 },
    ByRatio { low_log: f64, high_log: f64 },
    Slots { count: usize },
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
        match plan {
            Plan::Numeric {
                axis,
                extent,
                padding,
            } => {
                let sets = |most| ticks::candidates(axis.scale, extent, axis.notation, most);
                Self::numeric(axis, padding, side, length, sets)
            }
            Plan::About {
                axis,
                centre,
                reach,
            } => {
                let padding = Padding {
                    low: 0.0,
                    high: 0.0,
                };
                let sets = |_| ticks::about(centre, reach, axis.notation);
                Self::numeric(axis, padding, side, length, sets)
            }
            Plan::Words(categories) => Self::words(categories, side, length),
        }
    }

    /// The first of the sets of ticks, from dense to sparse, whose labels have room.
    fn numeric(
        axis: &Axis,
        padding: Padding,
        side: Side,
        length: f64,
        sets: impl FnOnce(usize) -> Vec<TickSet>,
    ) -> Self {
        let most = match side {
            Side::Below => length / 60.0,
            Side::Left => length / 36.0,
        };
        let mut ruler = Self {
            ticks: Vec::new(),
            minor: Vec::new(),
            turn: Turn::Level,
            title: axis.title(),
            length,
            side,
            mapping: Mapping::Even {
                low: 0.0,
                high: 1.0,
            },
            padding,
        };
        for set in sets(count_of(most)) {
            ruler.take(axis.scale, set);
            if ruler.has_room() {
                break;
            }
        }
        ruler.drop_colliding();
        ruler
    }

    fn words(categories: &Categories, side: Side, length: f64) -> Self {
        let slot = length / as_f64(categories.names.len().max(1));
        let (turn, labels) = match side {
            Side::Left => (Turn::Level, cut_all(categories, MOST_SIDE_LABEL_PX)),
            Side::Below => match wrapped(categories, slot - 6.0) {
                Some(lines) => (Turn::Level, lines),
                None if slot >= SLANTED_SLOT_PX => {
                    (Turn::Slanted, cut_all(categories, MOST_TURNED_LABEL_PX))
                }
                None => (Turn::Upright, cut_all(categories, MOST_TURNED_LABEL_PX)),
            },
        };
        let named = labels.into_iter().zip(&categories.names).enumerate();
        Self {
            ticks: named
                .map(|(index, (lines, full))| RulerTick {
                    offset: (as_f64(index) + 0.5) * slot,
                    lines,
                    full: full.clone(),
                })
                .collect(),
            minor: Vec::new(),
            turn,
            title: categories.label.clone(),
            length,
            side,
            mapping: Mapping::Slots {
                count: categories.names.len(),
            },
            padding: Padding {
                low: 0.0,
                high: 0.0,
            },
        }
    }

    /// The same axis beside the chart, under the title of another plan.
    pub(crate) fn beside(mut self, plan: Plan<'_>) -> Self {
        self.side = Side::Left;
        self.title = match plan {
            Plan::Numeric { axis, .. } | Plan::About { axis, .. } => axis.title(),
            Plan::Words(categories) => categories.label.clone(),
        };
        self
    }

    fn take(&mut self, scale: Scale, set: TickSet) {
        self.mapping = match scale {
            Scale::Linear | Scale::LinearFromZero => Mapping::Even {
                low: set.low,
                high: set.high,
            },
            Scale::Log => Mapping::ByRatio {
                low_log: set.low.log10(),
                high_log: set.high.log10(),
            },
        };
        let minor = set.minor.iter().map(|&value| self.offset(value)).collect();
        let ticks = set.ticks.into_iter().map(|tick| RulerTick {
            offset: self.offset(tick.value),
            lines: vec![tick.label.clone()],
            full: tick.label,
        });
        self.ticks = ticks.collect();
        self.minor = minor;
    }

    /// Pixels from the start of the axis: from the left, from the bottom for numbers beside a vertical axis, from
    /// the top for words there.
    pub(crate) fn offset(&self, value: f64) -> f64 {
        let inner = self.length - self.padding.low - self.padding.high;
        let share = match self.mapping {
            Mapping::Even { low, high } => (value - low) / (high - low),
            Mapping::ByRatio { low_log, high_log } => {
                (value.log10() - low_log) / (high_log - low_log)
            }
            Mapping::Slots { count } => return (value + 0.5) * self.length / as_f64(count.max(1)),
        };
        self.padding.low + share * inner
    }

    /// Whether offsets grow downwards on a vertical axis.
    pub(crate) fn is_words(&self) -> bool {
        match self.mapping {
            Mapping::Slots { .. } => true,
            Mapping::Even { .. } | Mapping::ByRatio { .. } => false,
        }
    }

    /// The value at the start and at the end of the whole axis, paddings included. None for words.
    pub(crate) fn ends(&self) -> Option<(f64, f64)> {
        let inner = self.length - self.padding.low - self.padding.high;
        let (below, above) = (self.padding.low / inner, self.padding.high / inner);
        match self.mapping {
            Mapping::Even { low, high } => {
                let span = high - low;
                Some((low - below * span, high + above * span))
            }
            Mapping::ByRatio { low_log, high_log } => {
                let span = high_log - low_log;
                let power = |exponent: f64| 10_f64.powf(exponent);
                Some((
                    power(low_log - below * span),
                    power(high_log + above * span),
                ))
            }
            Mapping::Slots { .. } => None,
        }
    }

    fn has_room(&self) -> bool {
        let pairs = self.ticks.iter().zip(self.ticks.iter().skip(1));
        pairs.into_iter().all(|(a, b)| self.apart(a, b))
    }

    fn apart(&self, a: &RulerTick, b: &RulerTick) -> bool {
        let needed = match self.side {
            Side::Left => TICK_PX * text::LINE + 2.0,
            Side::Below => f64::midpoint(widest(&a.lines), widest(&b.lines)) + GAP_PX,
        };
        b.offset - a.offset >= needed
    }

    /// Leaves out labels that touch the one before, where even the sparsest ticks do.
    fn drop_colliding(&mut self) {
        let mut kept: Vec<RulerTick> = Vec::with_capacity(self.ticks.len());
        for tick in std::mem::take(&mut self.ticks) {
            if kept.last().is_none_or(|last| self.apart(last, &tick)) {
                kept.push(tick);
            }
        }
        self.ticks = kept;
    }

    /// Room that the labels take across the axis.
    pub(crate) fn depth(&self) -> f64 {
        let label = self.ticks.iter().map(|tick| widest(&tick.lines));
        let longest = label.fold(0.0, f64::max);
        let lines = self.ticks.iter().map(|tick| tick.lines.len()).max();
        match (self.side, self.turn) {
            (Side::Below, Turn::Level) => as_f64(lines.unwrap_or(1)) * TICK_PX * text::LINE,
            (Side::Below, Turn::Slanted) => longest * SLANT_SIN + TICK_PX * SLANT_COS,
            (Side::Left, _) | (Side::Below, Turn::Upright) => longest,
        }
    }

    /// Room that labels under the axis take to its left.
    pub(crate) fn overhang_left(&self) -> f64 {
        let reach = self.ticks.iter().map(|tick| match self.turn {
            Turn::Level => widest(&tick.lines) / 2.0 - tick.offset,
            Turn::Slanted => widest(&tick.lines) * SLANT_COS + TICK_PX - tick.offset,
            Turn::Upright => TICK_PX - tick.offset,
        });
        reach.fold(0.0, f64::max)
    }

    /// Room that labels under the axis take to its right.
    pub(crate) fn overhang_right(&self) -> f64 {
        let reach = self.ticks.iter().map(|tick| {
            let half = match self.turn {
                Turn::Level => widest(&tick.lines) / 2.0,
                Turn::Slanted | Turn::Upright => TICK_PX / 2.0,
            };
            tick.offset + half - self.length
        });
        reach.fold(0.0, f64::max)
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

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels by pixels, clamped"
)]
fn count_of(ticks: f64) -> usize {
    ticks.clamp(2.0, 20.0) as usize
}

fn widest(lines: &[String]) -> f64 {
    let widths = lines
        .iter()
        .map(|line| text::width(line, TICK_PX, Weight::Regular));
    widths.fold(0.0, f64::max)
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
