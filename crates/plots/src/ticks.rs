//! Where the ticks of a numeric axis stand.

use std::iter::successors;

use crate::axis::{Notation, Scale};
use crate::number::{self, Decimal, Manner};

/// Ranges narrower than this against their values are drawn as one value: their ticks would not differ.
const NARROWEST: f64 = 1e-9;

/// From this ratio on, a logarithmic axis has ticks at powers of ten alone.
const WIDE_RATIO: f64 = 3000.0;

/// Below this ratio, evenly spaced ticks say more of a logarithmic axis than powers.
const NARROW_RATIO: f64 = 4.0;

/// The range of the data of an axis.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    pub(crate) min: f64,
    pub(crate) max: f64,
    powers_of_two: bool,
    /// Whether all are whole numbers: ticks between two of them would be nothing.
    whole: bool,
}

impl Extent {
    /// The range of values that are finite; zero where there are none.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let one = |value: f64| Self {
            min: value,
            max: value,
            powers_of_two: is_power_of_two(value),
            whole: (value - value.round()).abs() <= 0.0,
        };
        let all = values.into_iter().map(one).reduce(Self::union);
        all.unwrap_or(Self {
            whole: false,
            ..one(0.0)
        })
    }

    /// The range that also holds other values, which do not decide what its ticks are: lines across the chart.
    pub(crate) fn reaching(self, others: impl IntoIterator<Item = f64>) -> Self {
        others.into_iter().fold(self, |all, value| Self {
            min: all.min.min(value),
            max: all.max.max(value),
            ..all
        })
    }

    fn union(self, other: Self) -> Self {
        Self {
            min: self.min.min(other.min),
            max: self.max.max(other.max),
            powers_of_two: self.powers_of_two && other.powers_of_two,
            whole: self.whole && other.whole,
        }
    }
}

/// The bits of a number that are zero in powers of two.
const MANTISSA: u64 = (1 << 52) - 1;

/// Whether a number above zero has no digits but one in base two.
fn is_power_of_two(value: f64) -> bool {
    value.is_normal() && value > 0.0 && value.to_bits() & MANTISSA == 0
}

/// A tick.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    pub(crate) value: f64,
    pub(crate) label: String,
}

/// The ticks of an axis in ascending order. The first is at or below the data, the last at or above.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TickSet {
    pub(crate) ticks: Vec<Tick>,
    /// Lines without a label, between the ticks.
    pub(crate) minor: Vec<f64>,
}

impl TickSet {
    fn of(decimals: &[Decimal], notation: Notation) -> Self {
        let labels = number::ticks(decimals, notation);
        let values = decimals.iter().map(|decimal| decimal.value());
        Self::labelled(values.zip(labels))
    }

    fn labelled(ticks: impl IntoIterator<Item = (f64, String)>) -> Self {
        let ticks = ticks.into_iter();
        Self {
            ticks: ticks.map(|(value, label)| Tick { value, label }).collect(),
            minor: Vec::new(),
        }
    }

    /// The values of the first tick and of the last.
    pub(crate) fn ends(&self) -> Option<(f64, f64)> {
        Some((self.ticks.first()?.value, self.ticks.last()?.value))
    }
}

/// Sets of ticks from dense to sparse, of which an axis takes the first whose labels have room. `most` is about how
/// many ticks the densest has. An axis with a centre reaches equally far to both sides of it.
pub(crate) fn sets(
    scale: Scale,
    extent: Extent,
    centre: Option<f64>,
    notation: Notation,
    most: usize,
) -> Vec<TickSet> {
    match (centre, scale) {
        (Some(centre), _) => about(centre, extent, notation),
        (None, Scale::Linear) => linear(extent, notation, most),
        (None, Scale::LinearFromZero) => linear(extent.union(Extent::of([0.0])), notation, most),
        (None, Scale::Log) => logarithmic(extent, notation, most),
    }
}

/// Ends and halves of a range about a centre that reaches a little farther than asked for, then without the halves.
fn about(centre: f64, extent: Extent, notation: Notation) -> Vec<TickSet> {
    let reach = (extent.max - centre).abs().max((extent.min - centre).abs());
    let reach = match (reach > centre.abs() * NARROWEST, centre.abs() > 0.0) {
        (true, _) => reach,
        (false, true) => centre.abs() * 0.1,
        (false, false) => 1.0,
    };
    let reach = rounded_up(reach);
    let sets = [vec![-1.0, -0.5, 0.0, 0.5, 1.0], vec![-1.0, 0.0, 1.0]];
    let labelled = |shares: Vec<f64>| {
        let values = || shares.iter().map(|share| centre + share * reach);
        let manner = Manner::aligned(values(), notation);
        TickSet::labelled(values().map(|value| (value, manner.text(value))))
    };
    sets.map(labelled).into()
}

/// The next number of one or two round digits, at most a quarter larger.
fn rounded_up(value: f64) -> f64 {
    const ROUND: [i64; 16] = [
        10, 12, 14, 16, 18, 20, 24, 28, 30, 36, 40, 50, 60, 70, 80, 100,
    ];
    let (_, exponent) = number::scientific(value, 15);
    let candidates = ROUND.map(|digits| Decimal::new(digits, exponent - 1).value());
    let reaching = |candidate: &f64| *candidate >= value * (1.0 - NARROWEST);
    candidates.into_iter().find(reaching).unwrap_or(value)
}

fn linear(extent: Extent, notation: Notation, most: usize) -> Vec<TickSet> {
    even(extent, widened(extent), most)
        .map(|ticks| TickSet::of(&ticks, notation))
        .collect()
}

/// Evenly spaced ticks over a range of the data, with whole steps where the data are whole numbers.
fn even(extent: Extent, (min, max): (f64, f64), most: usize) -> impl Iterator<Item = Vec<Decimal>> {
    let steps = steps(max - min, most).into_iter();
    let steps = steps.filter(move |step| !extent.whole || step.exponent >= 0);
    steps.map(move |step| multiples(min, max, step))
}

/// A range that has a width.
fn widened(extent: Extent) -> (f64, f64) {
    let Extent { min, max, .. } = extent;
    let largest = min.abs().max(max.abs());
    let least = if extent.whole { 1.0 } else { 0.0 };
    if largest <= 0.0 {
        (0.0, 1.0)
    } else if max - min <= largest * NARROWEST {
        let room = (largest * 0.1).max(least);
        (min - room, max + room)
    } else {
        (min, max)
    }
}

/// Steps of 1, 2 and 5 times powers of ten, from about `most` to one of them in a span.
fn steps(span: f64, most: usize) -> Vec<Decimal> {
    let least = span / crate::check::as_f64(most.max(1));
    let (_, exponent) = number::scientific(least, 12);
    (exponent..=exponent + 4)
        .flat_map(round)
        .skip_while(|step| step.value() < least)
        .take_while(|step| step.value() < span * 2.0)
        .collect()
}

/// 1, 2 and 5 times a power of ten.
fn round(exponent: i32) -> [Decimal; 3] {
    [1, 2, 5].map(|digits| Decimal::new(digits, exponent))
}

/// The multiples of a step from at or below `min` to at or above `max`.
fn multiples(min: f64, max: f64, step: Decimal) -> Vec<Decimal> {
    let size = step.value();
    let first = whole(min / size, f64::floor);
    let last = whole(max / size, f64::ceil).max(first + 1);
    (first..=last)
        .map(|count| Decimal::new(count * step.digits, step.exponent))
        .collect()
}

/// A count of steps; what is a hair's breadth from a whole one is that, since a quotient is not exact.
#[expect(
    clippy::cast_possible_truncation,
    reason = "ranges are wide against their steps: counts stay below 1e11"
)]
fn whole(steps: f64, otherwise: fn(f64) -> f64) -> i64 {
    let nearest = steps.round();
    let hair = 1e-9 * steps.abs().max(1.0);
    if (steps - nearest).abs() <= hair {
        nearest as i64
    } else {
        otherwise(steps) as i64
    }
}

fn logarithmic(extent: Extent, notation: Notation, most: usize) -> Vec<TickSet> {
    let Extent { min, max, .. } = extent;
    let (min, max) = if max <= min * (1.0 + NARROWEST) {
        (min / 2.0, max * 2.0)
    } else {
        (min, max)
    };
    if extent.powers_of_two {
        return powers_of_two(min, max, notation);
    }
    let mut sets = Vec::new();
    if max / min < NARROW_RATIO {
        let above_zero = |ticks: &Vec<Decimal>| ticks.iter().all(|tick| tick.digits > 0);
        let even = even(extent, (min, max), most).filter(above_zero);
        sets.extend(even.map(|ticks| TickSet::of(&ticks, notation)));
    }
    if max / min < WIDE_RATIO {
        sets.push(TickSet::of(&in_decades(min, max), notation));
    }
    for stride in 1..=100 {
        let ticks = decades(min, max, stride);
        let mut set = TickSet::of(&ticks, notation);
        if stride == 1 && ticks.len() <= 12 {
            set.minor = within_decades(&ticks);
        }
        sets.push(set);
        if ticks.len() <= 2 {
            break;
        }
    }
    sets
}

/// 1, 2, 5, 10, 20 and so on, as far as the data reach.
fn in_decades(min: f64, max: f64) -> Vec<Decimal> {
    let all: Vec<Decimal> = (decade(min)..=decade(max) + 1).flat_map(round).collect();
    let mut ticks = all.iter();
    let from = ticks.rposition(|tick| tick.value() <= min).unwrap_or(0);
    let to = all.iter().position(|tick| tick.value() >= max);
    let count = to.map_or(all.len(), |to| to + 1);
    all.into_iter().take(count).skip(from).collect()
}

/// Every so many powers of ten.
fn decades(min: f64, max: f64, stride: i32) -> Vec<Decimal> {
    let ten = |exponent| Decimal::new(1, exponent);
    // A number that differs from a power of ten by rounding alone stays within it.
    let near = 1.0 + NARROWEST;
    let mut first = decade(min * near);
    first -= first.rem_euclid(stride);
    let mut ticks = vec![ten(first)];
    let mut last = first;
    while ten(last).value() * near < max {
        last += stride;
        ticks.push(ten(last));
    }
    if ticks.len() == 1 {
        ticks.push(ten(first + stride));
    }
    ticks
}

/// 2, 3 to 9 times each power of ten but the last.
fn within_decades(ticks: &[Decimal]) -> Vec<f64> {
    let starts = ticks.iter().take(ticks.len().saturating_sub(1));
    starts
        .flat_map(|tick| (2..10).map(|digits| Decimal::new(digits, tick.exponent).value()))
        .collect()
}

/// The power of ten at or below a number above zero.
fn decade(value: f64) -> i32 {
    number::scientific(value, 15).1
}

/// Every so many powers of two, for data that are powers of two.
fn powers_of_two(min: f64, max: f64, notation: Notation) -> Vec<TickSet> {
    let mut sets = Vec::new();
    let lowest = f64::from_bits(min.to_bits() & !MANTISSA);
    for octaves in 1..=700 {
        let stride = 2_f64.powi(octaves);
        let powers = successors(Some(lowest), |value| Some(value * stride));
        let powers = powers.take_while(|value| *value < max * stride);
        let set = TickSet::labelled(powers.map(|value| (value, number::shown(value, notation))));
        let few = set.ticks.len() <= 2;
        sets.push(set);
        if few {
            break;
        }
    }
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn densest(scale: Scale, values: &[f64], most: usize) -> Vec<String> {
        let extent = Extent::of(values.iter().copied());
        let sets = super::sets(scale, extent, None, Notation::Grouped, most);
        let ticks = sets[0].ticks.iter();
        ticks.map(|tick| tick.label.clone()).collect()
    }

    #[test]
    fn linear_ticks_step_by_one_two_five() {
        assert_eq!(
            densest(Scale::Linear, &[3.0, 97.0], 5),
            ["0", "20", "40", "60", "80", "100"]
        );
        assert_eq!(
            densest(Scale::Linear, &[0.1, 0.3], 5),
            ["0.10", "0.15", "0.20", "0.25", "0.30"]
        );
        assert_eq!(
            densest(Scale::LinearFromZero, &[9000.0, 19_000.0], 4),
            ["0", "5000", "10,000", "15,000", "20,000"]
        );
        assert_eq!(densest(Scale::Linear, &[-1.0, 1.0], 2), ["-1", "0", "1"]);
        assert_eq!(densest(Scale::Linear, &[0.5], 2), ["0.4", "0.5", "0.6"]);
    }

    #[test]
    fn whole_numbers_have_whole_ticks() {
        let gpus = [1.0, 2.0, 4.0];
        assert_eq!(densest(Scale::Linear, &gpus, 12), ["1", "2", "3", "4"]);
        assert_eq!(densest(Scale::Linear, &[5.0, 5.0], 2), ["4", "5", "6"]);
        assert_eq!(densest(Scale::Linear, &[0.0], 2), ["0", "1"]);
        assert_eq!(densest(Scale::Log, &[3.0, 5.0], 12), ["3", "4", "5"]);
        // A line across the chart is no value.
        let extent = Extent::of(gpus).reaching([0.5]);
        let sets = super::sets(Scale::Linear, extent, None, Notation::Grouped, 12);
        assert_eq!(sets[0].ticks[0].label, "0");
        assert_eq!(sets[0].ticks[1].label, "1");
        // One that is not whole is enough.
        let mixed = densest(Scale::Linear, &[1.0, 2.5, 4.0], 6);
        assert_eq!(mixed[..2], ["1.0", "1.5"]);
    }

    #[test]
    fn both_sides_of_a_centre_reach_little_farther_than_the_data() {
        let labels = |centre: f64, reach: f64| {
            let sets = about(
                centre,
                Extent::of([centre - reach, centre + reach]),
                Notation::Grouped,
            );
            let ticks = sets[0].ticks.iter();
            ticks.map(|tick| tick.label.clone()).collect::<Vec<_>>()
        };
        assert_eq!(labels(0.0, 56.0), ["-60", "-30", "0", "30", "60"]);
        assert_eq!(labels(1.0, 0.2), ["0.8", "0.9", "1.0", "1.1", "1.2"]);
        assert_eq!(labels(0.0, 0.0), ["-1.0", "-0.5", "0.0", "0.5", "1.0"]);
        for step in 1..2000 {
            let reach = f64::from(step) * 0.07;
            let set = &about(0.0, Extent::of([-reach, reach]), Notation::Grouped)[0];
            let (low, high) = set.ends().unwrap();
            assert!(high >= reach * 0.999_999 && high < reach * 1.251, "{reach}");
            assert!((high + low).abs() <= 0.0);
        }
    }

    #[test]
    fn logarithmic_ticks_are_powers() {
        let hundreds = densest(Scale::Log, &[64.0, 256.0, 1024.0], 5);
        assert_eq!(hundreds, ["64", "128", "256", "512", "1024"]);
        let reaching = Extent::of([8.0, 32.0]).reaching([5.0, 33.0]);
        let sets = super::sets(Scale::Log, reaching, None, Notation::Grouped, 5);
        let values: Vec<f64> = sets[0].ticks.iter().map(|tick| tick.value).collect();
        assert_eq!(values, [4.0, 8.0, 16.0, 32.0, 64.0]);
        assert_eq!(
            densest(Scale::Log, &[3.0, 40.0], 5),
            ["2", "5", "10", "20", "50"]
        );
        assert_eq!(
            densest(Scale::Log, &[1.0, 1e5 - 1.0], 5),
            ["1", "10", "100", "1000", "10,000", "100,000"]
        );
        assert_eq!(
            densest(Scale::Log, &[1.1, 1.4], 5),
            ["1.1", "1.2", "1.3", "1.4"]
        );
        assert_eq!(densest(Scale::Log, &[8.0], 5), ["4", "8", "16"]);
        // The power of ten itself needs no further tick.
        assert_eq!(densest(Scale::Log, &[0.1, 1000.0], 5)[..2], ["0.1", "1"]);
    }

    #[test]
    fn every_set_covers_the_data() {
        let ranges = [
            (1e-12, 1e18),
            (0.3, 0.9),
            (7.0, 7.0),
            (1e-100, 1e100),
            (999.0, 1001.0),
            (2.0, 2048.0),
            (1e17, 1e17 + 64.0),
        ];
        for (min, max) in ranges {
            for scale in [Scale::Linear, Scale::LinearFromZero, Scale::Log] {
                let sets = super::sets(scale, Extent::of([min, max]), None, Notation::Grouped, 8);
                assert!(!sets.is_empty());
                for set in sets {
                    // What is a hair's breadth from a tick counts as on it.
                    let hair = max.abs() * 2.0 * NARROWEST;
                    let (low, high) = set.ends().unwrap();
                    assert!(low <= min + hair && high >= max - hair);
                    assert!(low < high && set.ticks.len() < 220);
                    assert!(
                        set.ticks
                            .windows(2)
                            .all(|pair| pair[0].value < pair[1].value)
                    );
                    assert!(
                        set.ticks
                            .windows(2)
                            .all(|pair| pair[0].label != pair[1].label)
                    );
                }
            }
        }
    }
}
