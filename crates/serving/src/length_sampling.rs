roofline::choice! {
    /// How lengths are taken from a distribution.
    "length sampling" LengthSampling {
        /// The quantiles `(i + 0.5) / n` of each distribution, so that few requests have its mean. Which output goes with
        /// which prompt is fixed and uncorrelated; the seed decides about the order alone.
        Stratified = "stratified",
        /// Independent draws.
        Seeded = "seeded",
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
