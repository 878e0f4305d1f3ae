//! What the JSON parser says: the one place that knows its words.

/// An error of the JSON parser without the place, which a message shows itself.
#[must_use]
pub fn json_reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

/// What to do about an error of the JSON parser, where that is known.
#[must_use]
pub fn json_next_step(reason: &str) -> Option<&'static str> {
    let mut known = NEXT_STEPS.iter();
    known
        .find(|(beginning, _)| reason.starts_with(beginning))
        .map(|(_, step)| *step)
}

/// How a reason begins, and what to do about it.
const NEXT_STEPS: [(&str, &str); 4] = [
    ("EOF", "the file ends early: download or copy it whole"),
    ("trailing comma", "remove the comma in front of this"),
    ("expected `,`", "a comma may be missing in front of this"),
    ("key must be", "keys and texts stand in double quotes"),
];
