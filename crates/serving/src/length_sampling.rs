use std::fmt;
use std::str::FromStr;

use roofline::UnknownChoice;

/// How lengths are taken from a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthSampling {
    /// The quantiles `(i + 0.5) / n` of each distribution, so that few requests have its mean. Which output goes with
    /// which prompt is fixed and uncorrelated; the seed decides about the order alone.
    Stratified,
    /// Independent draws.
    Seeded,
}

impl LengthSampling {
    /// Every choice.
    pub const ALL: &'static [Self] = &[Self::Stratified, Self::Seeded];

    /// The names of all choices, in the order of [`Self::ALL`].
    pub const NAMES: &'static [&'static str] = &[Self::Stratified.name(), Self::Seeded.name()];

    /// The name in files, flags and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stratified => "stratified",
            Self::Seeded => "seeded",
        }
    }
}

impl fmt::Display for LengthSampling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for LengthSampling {
    type Err = UnknownChoice;

    fn from_str(text: &str) -> Result<Self, UnknownChoice> {
        let known = Self::ALL.iter().find(|choice| choice.name() == text);
        known.copied().ok_or_else(|| UnknownChoice {
            kind: "length sampling",
            given: text.to_owned(),
            choices: Self::NAMES,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        assert_eq!(LengthSampling::NAMES, ["stratified", "seeded"]);
        assert_eq!("seeded".parse(), Ok(LengthSampling::Seeded));
        for (choice, name) in LengthSampling::ALL.iter().zip(LengthSampling::NAMES) {
            assert_eq!(name.parse().as_ref(), Ok(choice));
            assert_eq!(choice.to_string(), *name);
        }
    }

    #[test]
    fn other_words_are_refused_with_the_names() {
        for text in ["", "Seeded", "stratfied"] {
            let error = text.parse::<LengthSampling>().unwrap_err();
            let expected =
                format!("unknown length sampling `{text}` (valid choices: stratified, seeded)");
            assert_eq!(error.to_string(), expected);
        }
    }
}
