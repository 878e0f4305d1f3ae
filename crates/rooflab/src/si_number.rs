//! Numbers for people.

/// A number with four digits and an SI prefix.
pub(crate) fn si(value: f64, unit: &str) -> String {
    const PREFIXES: [(f64, &str); 7] = [
        (1e18, "E"),
        (1e15, "P"),
        (1e12, "T"),
        (1e9, "G"),
        (1e6, "M"),
        (1e3, "k"),
        (1.0, ""),
    ];
    let (scale, prefix) = PREFIXES
        .into_iter()
        .find(|(scale, _)| value >= *scale)
        .unwrap_or((1.0, ""));
    let scaled = value / scale;
    let digits = match scaled {
        large if large >= 100.0 => 1,
        middle if middle >= 10.0 => 2,
        _ => 3,
    };
    format!("{scaled:.digits$} {prefix}{unit}")
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_digits_and_a_prefix() {
        for (value, text) in [
            (0.0, "0.000 B"),
            (0.25, "0.250 B"),
            (999.0, "999.0 B"),
            (1000.0, "1.000 kB"),
            (14_956_888_064.0, "14.96 GB"),
            (3.35e12, "3.350 TB"),
        ] {
            assert_eq!(si(value, "B"), text);
        }
    }
}
