//! One text for each value, to be hashed.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// The value as JSON without blanks, keys in the order of their bytes. Absent options are left out, so that an option
/// that the format gains does not change the text of a file that does not use it.
///
/// Equal texts mean equal values: JSON quotes what could end a word, whole numbers and others are told apart by the point
/// or the exponent, and no value of a hypothesis is null.
///
/// # Errors
///
/// The value has a form that JSON lacks.
pub(super) fn canonical_json(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut text = String::new();
    push(&mut text, &serde_json::to_value(value)?)?;
    Ok(text)
}

fn push(text: &mut String, value: &Value) -> Result<(), serde_json::Error> {
    match value {
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                push(text, item)?;
            }
            text.push(']');
        }
        Value::Object(entries) => {
            // Sorted here: the order of the map depends on the features that other crates ask of serde_json.
            let present: BTreeMap<&String, &Value> = entries
                .iter()
                .filter(|(_, value)| !value.is_null())
                .collect();
            text.push('{');
            for (index, (key, value)) in present.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&serde_json::to_string(key)?);
                text.push(':');
                push(text, value)?;
            }
            text.push('}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            text.push_str(&serde_json::to_string(value)?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::canonical_json;

    #[test]
    fn keys_are_sorted_and_absent_options_left_out() {
        let value =
            json!({"b": [1, 1.0, null], "a": {"é\n\"": true, "z": null}, "B": "x", "c": {}});
        assert_eq!(
            canonical_json(&value).unwrap(),
            r#"{"B":"x","a":{"é\n\"":true},"b":[1,1.0,null],"c":{}}"#
        );
    }
}
