//! The reference of every key of `hypothesis.yaml` as Markdown, from the schema of the types that read it.

use std::fmt;
use std::fmt::Write;

use serde_json::{Map, Value};

use super::schema::hypothesis_root_schema;

const HEAD: &str = "\
# Keys of a hypothesis

Written by `rooflab schema keys`; do not edit. `rooflab check` fails where this page is stale. [The format of a
hypothesis](hypothesis-format.md) says with examples what the keys are for.

A key that is not listed is an error.
";

/// How the schema refers to its definitions.
const DEFINITIONS: &str = "#/$defs/";

/// Every key of `hypothesis.yaml`: whether it must be there, what it takes and what it means.
///
/// # Errors
///
/// The page cannot be put together as text.
pub fn keys_markdown() -> Result<String, fmt::Error> {
    let schema = hypothesis_root_schema().to_value();
    let mut page = Page {
        definitions: schema.get("$defs").and_then(Value::as_object),
        text: String::from(HEAD),
        sections: vec![Section {
            heading: "Hypothesis".to_owned(),
            of: &schema,
        }],
    };
    // What a section speaks of gets a section behind those that were found before.
    let mut written = 0;
    while let Some(section) = page.sections.get(written) {
        let (heading, of) = (section.heading.clone(), section.of);
        page.write_section(&heading, of)?;
        written += 1;
    }
    Ok(page.text)
}

struct Page<'s> {
    definitions: Option<&'s Map<String, Value>>,
    text: String,
    /// In the order in which they were first spoken of.
    sections: Vec<Section<'s>>,
}

struct Section<'s> {
    heading: String,
    of: &'s Value,
}

impl<'s> Page<'s> {
    fn write_section(&mut self, heading: &str, of: &'s Value) -> fmt::Result {
        write!(self.text, "\n## {heading}\n")?;
        if let Some(what) = description(of) {
            write!(self.text, "\n{what}\n")?;
        }
        if let Some(keys) = properties(of) {
            let mut rows =
                String::from("\n| Key | | Takes | Meaning |\n| --- | --- | --- | --- |\n");
            for (key, value) in keys {
                let needed = if is_required(of, key) { "required" } else { "" };
                let takes = self.takes(value, &format!("{heading}, {key}"));
                let meaning = description(value).unwrap_or_default();
                writeln!(rows, "| `{key}` | {needed} | {takes} | {meaning} |")?;
            }
            self.text.push_str(&rows);
            return Ok(());
        }
        let forms = forms(of);
        if forms.len() < 2 {
            return Ok(());
        }
        let mut list = String::from("\nOne of\n\n");
        for form in forms {
            let takes = self.form(form, heading);
            match description(form) {
                Some(what) => writeln!(list, "- {takes}: {what}")?,
                None => writeln!(list, "- {takes}")?,
            }
        }
        self.text.push_str(&list);
        Ok(())
    }

    /// One of several forms: short mappings are shown as they are written.
    fn form(&mut self, form: &'s Value, heading: &str) -> String {
        let Some(keys) = properties(form) else {
            return self.takes(form, heading);
        };
        let keys: Vec<String> = keys
            .iter()
            .map(|(key, value)| {
                let takes = self.takes(value, &format!("{heading}, {key}"));
                let optional = if is_required(form, key) {
                    ""
                } else {
                    " (optional)"
                };
                format!("`{key}`{optional}: {takes}")
            })
            .collect();
        keys.join(" and ")
    }

    /// What a value may be, in words. Mappings with keys of their own get a section, `name` where they have none.
    fn takes(&mut self, value: &'s Value, name: &str) -> String {
        if let Some(target) = reference(value) {
            return self.definition(target);
        }
        if let Some(constant) = value.get("const") {
            return code(constant);
        }
        if let Some(choices) = value.get("enum").and_then(Value::as_array) {
            return any_of(choices.iter().map(code));
        }
        let forms = forms(value);
        if !forms.is_empty() {
            let all: Vec<String> = forms
                .into_iter()
                .map(|form| self.takes(form, name))
                .collect();
            return any_of(all);
        }
        let kinds: Vec<&str> = match value.get("type") {
            Some(Value::String(kind)) => vec![kind],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            Some(_) | None => Vec::new(),
        };
        let all: Vec<String> = kinds
            .into_iter()
            .filter(|kind| *kind != "null")
            .map(|kind| self.kind(kind, value, name))
            .collect();
        any_of(all)
    }

    /// A value of one JSON type.
    fn kind(&mut self, kind: &str, value: &'s Value, name: &str) -> String {
        match kind {
            "string" => "text".to_owned(),
            "integer" => "whole number".to_owned(),
            "number" => "number".to_owned(),
            "boolean" => "true or false".to_owned(),
            "array" => match value.get("items") {
                Some(items) => format!("list of {}", self.takes(items, name)),
                None => "list".to_owned(),
            },
            "object" => {
                if properties(value).is_some() {
                    return self.link(name.to_owned(), value);
                }
                match value.get("additionalProperties") {
                    Some(below) if below.is_object() => {
                        format!("names, each with {}", self.takes(below, name))
                    }
                    Some(_) | None => "mapping".to_owned(),
                }
            }
            other => other.to_owned(),
        }
    }

    /// What is defined once: in place where it is a few words, else with a section.
    fn definition(&mut self, target: &str) -> String {
        let Some(definition) = self.definitions.and_then(|all| all.get(target)) else {
            return target.to_owned();
        };
        if definition.get("enum").is_some() {
            return self.takes(definition, target);
        }
        self.link(heading_of(target), definition)
    }

    fn link(&mut self, heading: String, of: &'s Value) -> String {
        let link = format!("[{heading}](#{})", anchor(&heading));
        if !self.sections.iter().any(|one| one.heading == heading) {
            self.sections.push(Section { heading, of });
        }
        link
    }
}

/// Its keys, where it is a mapping with keys of its own.
fn properties(value: &Value) -> Option<&Map<String, Value>> {
    value.get("properties").and_then(Value::as_object)
}

fn is_required(value: &Value, key: &str) -> bool {
    value
        .get("required")
        .and_then(Value::as_array)
        .is_some_and(|keys| keys.iter().any(|one| one == key))
}

/// The forms that a value may have, without that of an absent one.
fn forms(value: &Value) -> Vec<&Value> {
    ["anyOf", "oneOf"]
        .into_iter()
        .filter_map(|kind| value.get(kind).and_then(Value::as_array))
        .flatten()
        .filter(|form| form.get("type").is_none_or(|kind| kind != "null"))
        .collect()
}

fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()?.strip_prefix(DEFINITIONS)
}

/// What the code says of it, on one line of a table.
fn description(value: &Value) -> Option<String> {
    let words: Vec<&str> = value
        .get("description")?
        .as_str()?
        .split_whitespace()
        .collect();
    // Neither a border of the table nor a tag.
    Some(words.join(" ").replace('|', "\\|").replace('<', "\\<"))
}

/// Choices as they are written into the file.
fn code(value: &Value) -> String {
    match value {
        Value::String(word) => format!("`{word}`"),
        other => format!("`{other}`"),
    }
}

/// `a, b or c`.
fn any_of(all: impl IntoIterator<Item = String>) -> String {
    let all: Vec<String> = all.into_iter().collect();
    match all.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => "anything".to_owned(),
    }
}

/// The name of a type as words: `PredictedMeasured` is `Predicted measured`.
fn heading_of(name: &str) -> String {
    let mut heading = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !heading.is_empty() {
            heading.push(' ');
            heading.extend(letter.to_lowercase());
        } else {
            heading.push(letter);
        }
    }
    heading
}

/// The anchor that a heading gets.
fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '_' | '-'))
        .map(|letter| if letter == ' ' { '-' } else { letter })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_types_are_words() {
        assert_eq!(heading_of("PredictedMeasured"), "Predicted measured");
        assert_eq!(anchor("Hypothesis, setup"), "hypothesis-setup");
    }

    fn keys<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
        if let Value::Object(fields) = value {
            for (name, field) in fields {
                if let ("properties", Value::Object(below)) = (name.as_str(), field) {
                    found.extend(below.keys().map(String::as_str));
                }
                keys(field, found);
            }
        } else if let Value::Array(all) = value {
            for one in all {
                keys(one, found);
            }
        }
    }

    #[test]
    fn every_key_stands_in_the_page_and_every_link_leads_to_a_section() {
        let page = keys_markdown().unwrap();
        let headings: Vec<String> = page
            .lines()
            .filter_map(|line| line.strip_prefix("## "))
            .map(anchor)
            .collect();
        let links: Vec<&str> = page
            .split("](#")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .collect();
        for link in &links {
            let leads = headings.iter().filter(|heading| heading == link).count();
            assert_eq!(leads, 1, "{link}");
        }
        assert!(links.len() > 50, "{page}");

        let schema = hypothesis_root_schema().to_value();
        let mut found = Vec::new();
        keys(&schema, &mut found);
        for key in &found {
            assert!(page.contains(&format!("`{key}`")), "{key}");
        }
        assert!(found.len() > 100, "{found:?}");
    }

    #[test]
    fn choices_are_joined() {
        let words = |all: &[&str]| any_of(all.iter().map(ToString::to_string));
        assert_eq!(words(&["a"]), "a");
        assert_eq!(words(&["a", "b", "c"]), "a, b or c");
    }
}
