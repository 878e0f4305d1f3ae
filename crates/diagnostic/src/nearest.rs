/// How far a name may be from a known one, in Damerau-Levenshtein steps, to be offered as what was meant.
const NEAREST_MAX_DISTANCE: usize = 3;

/// Letters of a known name for each further step that a name may be from it.
const LETTERS_PER_STEP: usize = 3;

/// How many letters a name must share with the beginning of a known one to be offered as what was meant.
const ALIKE_MIN: usize = 4;

/// Longest name that is compared with others, in bytes.
const LONGEST_NAME: usize = 100;

/// The name nearest to `given`, where one is near enough to be a slip of it; the first of equals.
#[must_use]
pub fn nearest<'a>(given: &str, choices: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // The distance takes time by the product of both lengths, and nobody slips in a name that long.
    let is_short = |name: &str| name.len() <= LONGEST_NAME;
    if !is_short(given) {
        return None;
    }
    let choices: Vec<&str> = choices
        .into_iter()
        .filter(|choice| is_short(choice))
        .collect();
    let wanted = given.to_lowercase();
    choices
        .iter()
        .map(|choice| {
            let distance = strsim::damerau_levenshtein(&wanted, &choice.to_lowercase());
            (distance, *choice)
        })
        .filter(|(distance, choice)| {
            let letters = choice.chars().count();
            *distance <= NEAREST_MAX_DISTANCE.max(letters / LETTERS_PER_STEP)
                && *distance * 2 <= letters.max(2)
                && *distance < letters
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, choice)| choice)
        .or_else(|| begun_alike(&wanted, &choices))
}

/// The one choice whose beginning is that of `given`: a word that was cut short, or ends otherwise.
fn begun_alike<'a>(given: &str, choices: &[&'a str]) -> Option<&'a str> {
    let length = given.chars().count();
    let mut alike = choices.iter().filter(|choice| {
        let shared = given
            .chars()
            .zip(choice.to_lowercase().chars())
            .take_while(|(ours, theirs)| ours == theirs)
            .count();
        shared >= ALIKE_MIN && shared * 3 >= length * 2
    });
    let first = alike.next()?;
    alike.next().is_none().then_some(*first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_slips_and_nothing_far() {
        for (given, choices, expected) in [
            ("step_uss", &["step_us", "memory_us"][..], Some("step_us")),
            ("Weighted", &["weighted", "max-kv"], Some("weighted")),
            ("banana", &["step_us", "memory_us"], None),
            ("k", &["kv"], Some("kv")),
            (
                "max_num_seq",
                &["max_model_len", "max_num_seqs"],
                Some("max_num_seqs"),
            ),
            ("zebra", &["max_model_len", "max_num_seqs"], None),
            ("", &["k", "n"], None),
            ("m", &["k", "n"], None),
        ] {
            assert_eq!(nearest(given, choices.iter().copied()), expected, "{given}");
        }
    }

    #[test]
    fn offers_what_begins_alike_where_it_is_the_only_one() {
        let families = ["structural-model", "mfu-tables", "serving"];
        assert_eq!(nearest("structural", families), Some("structural-model"));
        assert_eq!(nearest("structure-x", families), Some("structural-model"));
        assert_eq!(
            nearest("qwen", ["qwen3-14b", "qwen2.5-7b-instruct"]),
            None,
            "two begin alike"
        );
    }

    #[test]
    fn longer_names_may_be_further_away() {
        let experiments = [
            "jan30-llama2-7b-tp1-chatsweep",
            "jan30-llama2-7b-tp1-codesweep",
        ];
        assert_eq!(
            nearest("jan30-llama2-7b-tp1-chat", experiments),
            Some("jan30-llama2-7b-tp1-chatsweep")
        );
    }

    #[test]
    fn names_without_end_are_not_compared() {
        let long = "x".repeat(10_000_000);
        assert_eq!(nearest(&long, ["x"]), None);
        assert_eq!(nearest("x", [long.as_str()]), None);
    }
}
