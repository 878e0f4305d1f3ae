//! Numbers as they are written: whole numbers times a power of ten, so that steps of 0.01 add up exactly.

use crate::table::Value;

/// `units * 10^exponent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    units: i128,
    exponent: i32,
}

impl Decimal {
    /// The shortest decimal that reads as this number, which is the one that the file writes if that has no more than
    /// 15 digits. `None` for what is no number.
    pub(super) fn of(value: Value<'_>) -> Option<Self> {
        let text = match value {
            Value::Int(number) => {
                return Some(Self {
                    units: number.into(),
                    exponent: 0,
                });
            }
            Value::Float(number) if number.is_finite() => format!("{number:e}"),
            Value::Float(_) | Value::Text(_) | Value::Bool(_) | Value::Null => return None,
        };
        let (mantissa, exponent) = text.split_once('e')?;
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        Some(Self {
            units: format!("{whole}{fraction}").parse().ok()?,
            exponent: exponent.parse::<i32>().ok()? - i32::try_from(fraction.len()).ok()?,
        })
    }

    /// The numbers as multiples of the largest power of ten that all of them are multiples of, and its exponent.
    /// `None` where one is so much larger than another that this has no room.
    pub(super) fn align<const N: usize>(numbers: [Self; N]) -> Option<([i128; N], i32)> {
        let exponent = numbers.iter().map(|number| number.exponent).min()?;
        let mut all = [0; N];
        for (units, number) in all.iter_mut().zip(numbers) {
            let shift = u32::try_from(number.exponent.checked_sub(exponent)?).ok()?;
            // A tenth of the room is left for sums.
            *units = match number.units {
                0 => 0,
                some => some.checked_mul(10_i128.checked_pow(shift.checked_add(1)?)?)? / 10,
            };
        }
        Some((all, exponent))
    }

    /// The number that `units * 10^exponent` reads as.
    pub(super) fn read(units: i128, exponent: i32) -> Option<f64> {
        format!("{units}e{exponent}").parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_decimal_reads_as_the_number_it_is_of(number: f64) {
            prop_assume!(number.is_finite());
            let decimal = Decimal::of(Value::Float(number)).unwrap();
            prop_assert_eq!(Decimal::read(decimal.units, decimal.exponent), Some(number));
        }
    }

    #[test]
    fn numbers_too_far_apart_have_no_common_unit() {
        let of = |number| Decimal::of(Value::Float(number)).unwrap();
        assert_eq!(Decimal::align([of(1e300), of(1e-300)]), None);
        assert_eq!(
            Decimal::align([of(0.75), of(3.0), of(0.01)]),
            Some(([75, 300, 1], -2))
        );
    }
}
