use std::fmt;

/// Displays a number as people write it: with an exponent where its zeros would fill lines.
#[derive(Clone, Copy, Debug)]
pub struct PlainNumber(pub f64);

/// Integers from here on are not all exact.
const LARGE: f64 = 1e15;
const SMALL: f64 = 1e-6;

impl fmt::Display for PlainNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(number) = *self;
        let magnitude = number.abs();
        if magnitude >= LARGE || (magnitude > 0.0 && magnitude < SMALL) {
            write!(f, "{number:e}")
        } else {
            write!(f, "{number}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_few() {
        for (number, expected) in [
            (0.0, "0"),
            (-1.5, "-1.5"),
            (16_777_216.0, "16777216"),
            (999_999_999_999_999.0, "999999999999999"),
            (1e15, "1e15"),
            (-1e300, "-1e300"),
            (f64::MAX, "1.7976931348623157e308"),
            (1e-6, "0.000001"),
            (1e-7, "1e-7"),
            (5e-324, "5e-324"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(PlainNumber(number).to_string(), expected);
        }
    }
}
