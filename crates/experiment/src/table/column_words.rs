//! Headings, units and digits of a column: what the file says of it, else what its name says.

use crate::format::{ColumnFormat, OrderedMap};

/// How a column is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ColumnWords {
    /// Over the column of a table: its words, with the unit where the values do not have it.
    pub(crate) heading: String,
    /// Along an axis: its words with the unit.
    pub(crate) axis: String,
    pub(crate) digits: Option<u8>,
    /// Text behind each value.
    pub(crate) suffix: Option<String>,
}

/// What stands behind a number.
enum Place {
    /// Every value has the unit.
    Value(&'static str),
    /// The heading has it.
    Heading,
}

/// Endings of names with the unit that they stand for; the first that fits.
const ENDINGS: &[(&str, &str, Place)] = &[
    ("_pct", "%", Place::Value("%")),
    ("_pp", "pp", Place::Value(" pp")),
    ("_x", "x", Place::Value("x")),
    ("_flops_per_s", "FLOP/s", Place::Heading),
    ("_bytes_per_s", "bytes/s", Place::Heading),
    ("_tb_per_s", "TB/s", Place::Heading),
    ("_per_s", "1/s", Place::Heading),
    ("_ns", "ns", Place::Heading),
    ("_us", "us", Place::Heading),
    ("_ms", "ms", Place::Heading),
    ("_s", "s", Place::Heading),
    ("_bytes", "bytes", Place::Heading),
    ("_mb", "MB", Place::Heading),
    ("_gb", "GB", Place::Heading),
    ("_gib", "GiB", Place::Heading),
    ("_tflops", "TFLOP/s", Place::Heading),
];

/// Words of the field that have letters of their own.
const SPELLED: &[&str] = &[
    "APE", "E2E", "FLOP", "GEMM", "GPU", "ITL", "KV", "MAPE", "MFU", "TPOT", "TTFT",
];

impl ColumnWords {
    /// Of a column of numbers, or of others, by its own format and those that all tables of the file share.
    pub(crate) fn of(
        name: &str,
        is_number: bool,
        own: &OrderedMap<ColumnFormat>,
        shared: &OrderedMap<ColumnFormat>,
    ) -> Self {
        let patterns = shared
            .iter()
            .filter(|(pattern, _)| pattern.value != name && fits(&pattern.value, name));
        let formats: Vec<&ColumnFormat> = [own.get(name), shared.get(name)]
            .into_iter()
            .flatten()
            .chain(patterns.map(|(_, format)| format))
            .collect();
        let label = formats.iter().find_map(|format| format.label.as_deref());
        let stated = formats.iter().find_map(|format| format.suffix.clone());
        let digits = formats.iter().find_map(|format| format.digits.as_ref());
        // As in `step_us_exact`.
        let exact = name.strip_suffix("_exact");
        let stem = exact.unwrap_or(name);
        let ending = ENDINGS
            .iter()
            .filter(|_| is_number)
            .find_map(|(ending, unit, place)| Some((stem.strip_suffix(ending)?, *unit, place)));
        let words = match (label, ending) {
            (Some(label), _) => label.to_owned(),
            (None, Some((rest, ..))) if exact.is_some() => format!("{}, exact", spelled(rest)),
            (None, Some((rest, ..))) => spelled(rest),
            (None, None) => spelled(name),
        };
        // A label that ends with its unit has said it.
        let ending = ending.filter(|_| !words.trim_end().ends_with(')'));
        let (unit, suffix) = match (stated, ending) {
            (Some(stated), _) => (Some(stated.trim().to_owned()), Some(stated)),
            (None, Some((_, unit, Place::Value(suffix)))) => {
                (Some(unit.to_owned()), Some((*suffix).to_owned()))
            }
            (None, Some((_, unit, Place::Heading))) => (Some(unit.to_owned()), None),
            (None, None) => (None, None),
        };
        let axis = match &unit {
            Some(unit) if !words.ends_with(')') && !unit.is_empty() => format!("{words} ({unit})"),
            Some(_) | None => words.clone(),
        };
        Self {
            heading: if suffix.is_some() {
                words
            } else {
                axis.clone()
            },
            axis,
            digits: digits.map(|digits| digits.value),
            suffix,
        }
    }
}

/// A name as words: `mean_tpot` is "mean TPOT".
fn spelled(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let known = SPELLED
            .iter()
            .find(|known| known.eq_ignore_ascii_case(word));
        known.copied().unwrap_or(word)
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a name fits a pattern, in which `*` stands for any letters.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|behind| {
            let ends = behind.char_indices().map(|(at, _)| at);
            ends.chain([behind.len()])
                .any(|at| fits(rest, &behind[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, columns: &str, expected: [&str; 3]) {
        let shared: OrderedMap<ColumnFormat> = serde_yaml::from_str(columns).unwrap();
        let words = ColumnWords::of(name, true, &OrderedMap::default(), &shared);
        let suffix = words.suffix.unwrap_or_default();
        assert_eq!([&words.heading, &words.axis, &suffix], expected, "{name}");
    }

    #[test]
    fn a_name_says_its_unit() {
        check("step_us", "{}", ["step (us)", "step (us)", ""]);
        check(
            "mean_tpot_ms",
            "{}",
            ["mean TPOT (ms)", "mean TPOT (ms)", ""],
        );
        check(
            "max_change_pct",
            "{}",
            ["max change", "max change (%)", "%"],
        );
        check("speedup_x", "{}", ["speedup", "speedup (x)", "x"]);
        check("gain_pp", "{}", ["gain", "gain (pp)", " pp"]);
        check("bytes_per_s", "{}", ["bytes (1/s)", "bytes (1/s)", ""]);
        check(
            "step_us_exact",
            "{}",
            ["step, exact (us)", "step, exact (us)", ""],
        );
        check("kv_len", "{}", ["KV len", "KV len", ""]);
    }

    #[test]
    fn what_the_file_says_comes_first() {
        check("step_us", "step_us: Step", ["Step (us)", "Step (us)", ""]);
        check(
            "step_us",
            "step_us: Step (µs)",
            ["Step (µs)", "Step (µs)", ""],
        );
        let both = "{\"*_pct\": {label: Any, suffix: s}, a_pct: A}";
        check("a_pct", both, ["A", "A (s)", "s"]);
        check("b_pct", both, ["Any", "Any (s)", "s"]);
    }

    #[test]
    fn words_have_no_unit() {
        let none = OrderedMap::default();
        let words = ColumnWords::of("regime_x", false, &none, &none);
        assert_eq!((words.heading.as_str(), words.suffix), ("regime x", None));
    }

    #[test]
    fn a_star_stands_for_any_letters() {
        for (pattern, name, expected) in [
            ("*_pct", "a_pct", true),
            ("*_pct", "_pct", true),
            ("*_pct", "a_pct_b", false),
            ("a*b*c", "axbybzc", true),
            ("a*b*c", "axc", false),
            ("*", "", true),
            ("abc", "abc", true),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }
}
