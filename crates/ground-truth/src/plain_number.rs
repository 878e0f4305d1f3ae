use std::fmt;

/// A number for messages: as it is where that is short, else with an exponent, so that 10^308 is no line of zeros.
pub(crate) struct PlainNumber(pub(crate) f64);

impl PlainNumber {
    /// Numbers of at most 15 digits before the point, and of at most six zeros behind it.
    fn is_short(&self) -> bool {
        self.0 == 0.0 || (1e-6..1e15).contains(&self.0.abs())
    }
}

impl fmt::Display for PlainNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_short() {
            fmt::Display::fmt(&self.0, f)
        } else {
            fmt::LowerExp::fmt(&self.0, f)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_never_a_line_of_zeros() {
        let shown = |number| PlainNumber(number).to_string();
        assert_eq!(shown(0.0), "0");
        assert_eq!(shown(-1.5), "-1.5");
        assert_eq!(shown(999_999_999_999_999.0), "999999999999999");
        assert_eq!(shown(1e308), "1e308");
        assert_eq!(shown(-2.5e300), "-2.5e300");
        assert_eq!(shown(1e-300), "1e-300");
        assert_eq!(shown(f64::INFINITY), "inf");
    }
}
