use diagnostic::nearest;

use crate::error::FieldProblem;
use crate::json_tree::{JsonObject, JsonTree};

/// Reads the fields of a configuration and collects everything that is wrong with them.
///
/// A field goes by several names, since model families disagree. Names are looked for in the nested
/// text model first, where there is one, and on the top level otherwise. `null` counts as absent.
pub(crate) struct JsonFields<'a> {
    /// The object whose fields are read.
    own: Place<'a>,
    nested: Option<Place<'a>>,
    problems: Vec<FieldProblem>,
}

/// An object of the file, and what stands in front of its keys in messages.
struct Place<'a> {
    prefix: String,
    object: &'a JsonObject,
}

/// A value with the key it was found under.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Keyed<T> {
    pub(crate) key: String,
    pub(crate) value: T,
}

/// What a field holds, where `Unusable` has already been reported.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Field<T> {
    Absent,
    Unusable,
    Value(Keyed<T>),
}

impl<T> Field<T> {
    /// The value; `None` where it is absent or was reported.
    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::Value(keyed) => Some(keyed.value),
            Self::Absent | Self::Unusable => None,
        }
    }

    /// The value with its key; `None` where it is absent or was reported.
    pub(crate) fn keyed(self) -> Option<Keyed<T>> {
        match self {
            Self::Value(keyed) => Some(keyed),
            Self::Absent | Self::Unusable => None,
        }
    }
}

impl<'a> JsonFields<'a> {
    /// Fields of the whole file, or of the object in it that one of `nested_names` holds.
    pub(crate) fn new(top: &'a JsonObject, nested_names: &[&'static str]) -> Self {
        let nested = nested_names.iter().find_map(|name| {
            Some(Place {
                prefix: format!("{name}."),
                object: top.get(*name)?.as_object()?,
            })
        });
        Self {
            nested,
            ..Self::below("", top)
        }
    }

    /// Fields of an object, called by their names behind `prefix`.
    pub(crate) fn below(prefix: &str, object: &'a JsonObject) -> Self {
        let prefix = prefix.to_owned();
        Self {
            own: Place { prefix, object },
            nested: None,
            problems: Vec::new(),
        }
    }

    /// Everything that was wrong so far, in the order of reading.
    pub(crate) fn into_problems(self) -> Vec<FieldProblem> {
        self.problems
    }

    /// How many problems were found so far.
    pub(crate) fn problem_count(&self) -> usize {
        self.problems.len()
    }

    /// Takes over what was found in another part of the file.
    pub(crate) fn add_problems_of(&mut self, other: JsonFields<'_>) {
        self.problems.extend(other.problems);
    }

    /// Reports a field of the object by its name.
    pub(crate) fn report(&mut self, name: &str, reason: impl Into<String>) {
        self.problems.push(FieldProblem {
            field: format!("{}{name}", self.own.prefix),
            reason: reason.into(),
        });
    }

    /// A whole number from `least` to `most`. Two names with different numbers are a problem.
    pub(crate) fn whole(&mut self, names: &[&str], least: u32, most: u32) -> Field<u32> {
        let expected = format!("a whole number from {least} to {most}");
        self.agreed(names, &expected, |value| {
            value
                .as_u32()
                .filter(|number| (least..=most).contains(number))
        })
    }

    /// A whole number that must be there.
    pub(crate) fn required_whole(&mut self, names: &[&str], most: u32) -> Field<u32> {
        let field = self.whole(names, 1, most);
        self.required(names, field)
    }

    /// The same field, which must be there.
    pub(crate) fn required<T: PartialEq>(&mut self, names: &[&str], field: Field<T>) -> Field<T> {
        if let (Field::Absent, [preferred, others @ ..]) = (&field, names) {
            let others: Vec<String> = others.iter().map(|name| format!("`{name}`")).collect();
            let reason = match others.as_slice() {
                [] => "is missing".to_owned(),
                others => format!("is missing (also read as {})", others.join(" or ")),
            };
            self.report(preferred, reason);
        }
        field
    }

    /// A text as `convert` understands it. Two names with different meanings are a problem.
    pub(crate) fn text<T: PartialEq>(
        &mut self,
        names: &[&str],
        expected: &str,
        convert: impl Fn(&str) -> Option<T>,
    ) -> Field<T> {
        self.agreed(names, expected, |value| value.as_text().and_then(&convert))
    }

    /// One of several words, as `convert` understands them.
    pub(crate) fn choice<T: PartialEq>(
        &mut self,
        names: &[&str],
        choices: &[&str],
        convert: impl Fn(&str) -> Option<T>,
    ) -> Field<T> {
        let given = self
            .present(names)
            .into_iter()
            .filter_map(|(_, node)| node.as_text())
            .find(|text| convert(text).is_none());
        let near = given.and_then(|given| nearest(given, choices.iter().copied()));
        let hint = near.map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"));
        let expected = format!("one of {}{hint}", choices.join(", "));
        self.text(names, &expected, convert)
    }

    /// `true` or `false`; absent and null are `None`, and so is anything else, which is reported.
    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        self.agreed(&[name], "true or false", JsonTree::as_bool)
            .value()
    }

    /// An object.
    pub(crate) fn object(&mut self, name: &str) -> Field<&'a JsonObject> {
        self.agreed(&[name], "an object", JsonTree::as_object)
    }

    /// The value that all names agree on. A value that `convert` refuses is reported with what was
    /// `expected`.
    fn agreed<T: PartialEq>(
        &mut self,
        names: &[&str],
        expected: &str,
        convert: impl Fn(&'a JsonTree) -> Option<T>,
    ) -> Field<T> {
        let mut agreed: Option<(Keyed<T>, &JsonTree)> = None;
        let before = self.problems.len();
        for (field, node) in self.present(names) {
            let found = node.description();
            let reason = match (convert(node), &agreed) {
                (None, _) => format!("is {found}, expected {expected}"),
                (Some(value), Some((first, first_node))) if first.value != value => {
                    format!(
                        "is {found}, but `{}` is {}",
                        first.key,
                        first_node.description()
                    )
                }
                (Some(_), Some(_)) => continue,
                (Some(value), None) => {
                    agreed = Some((Keyed { key: field, value }, node));
                    continue;
                }
            };
            self.problems.push(FieldProblem { field, reason });
        }
        match agreed {
            _ if self.problems.len() > before => Field::Unusable,
            Some((keyed, _)) => Field::Value(keyed),
            None => Field::Absent,
        }
    }

    /// The names that have a value, in the nested object if any is there.
    fn present(&self, names: &[&str]) -> Vec<(String, &'a JsonTree)> {
        let in_place = |place: &Place<'a>| {
            let found = names.iter().filter_map(|name| {
                let value = place.object.get(*name)?;
                let field = format!("{}{name}", place.prefix);
                (*value != JsonTree::Null).then_some((field, value))
            });
            found.collect::<Vec<_>>()
        };
        let nested = self.nested.as_ref().map(in_place).unwrap_or_default();
        if nested.is_empty() {
            in_place(&self.own)
        } else {
            nested
        }
    }
}
