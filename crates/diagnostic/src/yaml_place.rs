use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_yaml::Spanned;

use crate::diagnostic::Diagnostic;
use crate::field_path::{behind_index, behind_key};
use crate::nearest::nearest;
use crate::source_text::SourceText;
use crate::yaml::{YamlBounds, parse_yaml};

/// An error at the value of a field such as `data[0].prompt_tokens` of a text that is known to be YAML, or at the text as
/// a whole where it is not there. A key that is missing is perhaps a misspelt one: then that is marked and named.
#[must_use]
pub fn yaml_place(
    source: &SourceText,
    field: &str,
    message: &str,
    bounds: YamlBounds,
) -> Diagnostic {
    // The text was read before; where it cannot be read with places there are none.
    let root: Option<Spanned<Placed>> = parse_yaml(source, "value", bounds).ok();
    root.and_then(|root| find(source, &root, field, message))
        .unwrap_or_else(|| Diagnostic::new(source.path().to_owned(), message))
}

fn find(
    source: &SourceText,
    value: &Spanned<Placed>,
    path: &str,
    message: &str,
) -> Option<Diagnostic> {
    if path.is_empty() {
        return Some(source.error_for(value, message));
    }
    match &value.value {
        Placed::Scalar => None,
        Placed::List(items) => {
            match (behind_index(path), items.as_slice()) {
                (Some((index, rest)), items) => find(source, items.get(index)?, rest, message),
                // A list of one stands for what is in it.
                (None, [item]) => find(source, item, path, message),
                (None, _) => None,
            }
        }
        Placed::Map(entries) => {
            let named = |key: &str| {
                let name = key.replace('-', "_");
                behind_key(path, key).or_else(|| behind_key(path, &name))
            };
            for (key, value) in entries {
                if let Some(rest) = named(&key.value) {
                    return match find(source, value, rest, message) {
                        Some(found) => Some(found),
                        // What is inside a text has no place of its own.
                        None => Some(source.error_for(value, message)),
                    };
                }
            }
            let wanted = path.split(['.', '[']).next().unwrap_or(path);
            let near = nearest(wanted, entries.iter().map(|(key, _)| key.value.as_str()))?;
            let (key, _) = entries.iter().find(|(key, _)| key.value == near)?;
            let help = format!("is `{near}` meant to be `{wanted}`?");
            Some(source.error_for(key, message).with_help(help))
        }
    }
}

/// A value with the places of all that is in it.
enum Placed {
    Scalar,
    List(Vec<Spanned<Placed>>),
    Map(Vec<(Spanned<String>, Spanned<Placed>)>),
}

impl<'de> Deserialize<'de> for Placed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlacedVisitor)
    }
}

struct PlacedVisitor;

/// What a scalar holds is of no use here.
macro_rules! scalars {
    ($($visit:ident($kind:ty);)*) => {$(
        fn $visit<E: Error>(self, _: $kind) -> Result<Placed, E> {
            Ok(Placed::Scalar)
        }
    )*};
}

impl<'de> Visitor<'de> for PlacedVisitor {
    type Value = Placed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Placed, E> {
        Ok(Placed::Scalar)
    }

    fn visit_none<E: Error>(self) -> Result<Placed, E> {
        Ok(Placed::Scalar)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Placed, D::Error> {
        deserializer.deserialize_any(self)
    }

    scalars! {
        visit_bool(bool);
        visit_u64(u64);
        visit_i64(i64);
        visit_i128(i128);
        visit_u128(u128);
        visit_f64(f64);
        visit_str(&str);
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Placed, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = elements.next_element()? {
            items.push(item);
        }
        Ok(Placed::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Placed, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Placed::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: YamlBounds = YamlBounds {
        nodes: 100,
        depth: 10,
    };
    const TEXT: &str = "max-requests: none\ndata:\n  - prompt_tokns: 7\n    output_tokens: many\nrate: [1, 2,\n  x]\n";

    fn at(field: &str) -> String {
        let source = SourceText::new("p.yaml".into(), TEXT.to_owned());
        yaml_place(&source, field, "wrong", BOUNDS).to_string()
    }

    #[test]
    fn values_are_marked_by_their_path() {
        insta::assert_snapshot!(at("data[0].output_tokens"), @"
        error: wrong
         --> p.yaml:4:20
          |
        4 |     output_tokens: many
          |                    ^^^^
        ");
        insta::assert_snapshot!(at("rate[2]"), @"
        error: wrong
         --> p.yaml:6:3
          |
        6 |   x]
          |   ^
        ");
        insta::assert_snapshot!(at("max_requests"), @"
        error: wrong
         --> p.yaml:1:15
          |
        1 | max-requests: none
          |               ^^^^
        ");
    }

    #[test]
    fn a_missing_key_is_perhaps_a_misspelt_one() {
        insta::assert_snapshot!(at("data[0].prompt_tokens"), @"
        error: wrong
         --> p.yaml:3:5
          |
        3 |   - prompt_tokns: 7
          |     ^^^^^^^^^^^^
          |
          = help: is `prompt_tokns` meant to be `prompt_tokens`?
        ");
        insta::assert_snapshot!(at("profile"), @"
        error: wrong
        --> p.yaml
        ");
    }
}
