/// Least likeness, from 0 to 1, at which a name is suggested for another.
const LIKENESS: f64 = 0.6;

/// The choice that looks most like what was given, where one comes close; the first of equals.
pub(crate) fn nearest<'a>(
    given: &str,
    choices: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let given = given.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for choice in choices {
        let likeness = strsim::normalized_damerau_levenshtein(&given, &choice.to_lowercase());
        if likeness >= LIKENESS && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, choice));
        }
    }
    best.map(|(_, choice)| choice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_what_is_close() {
        let keys = ["max_model_len", "max_num_seqs"];
        assert_eq!(nearest("max_num_seq", keys), Some("max_num_seqs"));
        assert_eq!(nearest("zebra", keys), None);
    }
}
