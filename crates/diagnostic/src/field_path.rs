/// Takes the name of a key, or the index of an item, from the front of a path such as `data[0].prompt_tokens`.
///
/// Returns what is left, without the dot in front; `None` where the path does not begin with the step.
pub(crate) fn behind_key<'p>(path: &'p str, key: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(key)?;
    match rest.as_bytes() {
        [] | [b'[', ..] => Some(rest),
        [b'.', ..] => Some(&rest[1..]),
        _ => None,
    }
}

/// Takes `[index]` from the front of a path.
pub(crate) fn behind_index(path: &str) -> Option<(usize, &str)> {
    let (index, rest) = path.strip_prefix('[')?.split_once(']')?;
    Some((index.parse().ok()?, rest.strip_prefix('.').unwrap_or(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_taken_from_the_front() {
        assert_eq!(behind_key("data.tokens", "data"), Some("tokens"));
        assert_eq!(behind_key("data[0].tokens", "data"), Some("[0].tokens"));
        assert_eq!(behind_key("data", "data"), Some(""));
        assert_eq!(behind_key("data", "dat"), None);
        assert_eq!(behind_key("a.b.c", "a.b"), Some("c"), "keys may hold dots");
        assert_eq!(behind_index("[12].x"), Some((12, "x")));
        assert_eq!(behind_index("[12]"), Some((12, "")));
        assert_eq!(behind_index("[x]"), None);
        assert_eq!(behind_index("x"), None);
    }
}
