use std::collections::BTreeMap;

use diagnostic::nearest;

use crate::error::FieldProblem;
use crate::json_tree::JsonTree;

type Object = BTreeMap<String, JsonTree>;

/// Reads the fields of a configuration and collects everything that is wrong with them.
///
/// A field goes by several names, since model families disagree. Names are looked for in the nested
/// text model first, where there is one, and on the top level otherwise. `null` counts as absent.
pub(crate) struct JsonFields<'a> {
    top: &'a Object,
    nested: Option<(&'static str, &'a Object)>,
    problems: Vec<FieldProblem>,
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
    /// Fields of `top`, or of the object that one of `nested_names` holds.
    pub(crate) fn new(top: &'a Object, nested_names: &[&'static str]) -> Self {
        let nested = nested_names
            .iter()
            .find_map(|name| Some((*name, top.get(*name)?.as_object()?)));
        Self {
            top,
            nested,
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

    pub(crate) fn report(&mut self, field: impl Into<String>, reason: impl Into<String>) {
        self.problems.push(FieldProblem {
            field: field.into(),
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
        if field == Field::Absent {
            self.report_missing(names);
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
    pub(crate) fn object(&mut self, name: &str) -> Field<&'a Object> {
        self.agreed(&[name], "an object", JsonTree::as_object)
    }

    /// Reports that none of the names is there.
    pub(crate) fn report_missing(&mut self, names: &[&str]) {
        let Some((preferred, others)) = names.split_first() else {
            return;
        };
        let alternatives: Vec<String> = others.iter().map(|name| format!("`{name}`")).collect();
        let reason = if alternatives.is_empty() {
            "is missing".to_owned()
        } else {
            format!("is missing (also read as {})", alternatives.join(" or "))
        };
        self.report(*preferred, reason);
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
        let mut unusable = false;
        for (key, node) in self.present(names) {
            match (convert(node), &agreed) {
                (None, _) => {
                    let reason = format!("is {}, expected {expected}", node.description());
                    self.report(key, reason);
                    unusable = true;
                }
                (Some(value), Some((first, first_node))) if first.value != value => {
                    let (here, there) = (node.description(), first_node.description());
                    let reason = format!("is {here}, but `{}` is {there}", first.key);
                    self.report(key, reason);
                    unusable = true;
                }
                (Some(_), Some(_)) => {}
                (Some(value), None) => agreed = Some((Keyed { key, value }, node)),
            }
        }
        match agreed {
            _ if unusable => Field::Unusable,
            Some((keyed, _)) => Field::Value(keyed),
            None => Field::Absent,
        }
    }

    /// The names that have a value, in the nested object if any is there.
    fn present(&self, names: &[&str]) -> Vec<(String, &'a JsonTree)> {
        let in_object = |object: &'a Object, prefix: &str| -> Vec<(String, &'a JsonTree)> {
            names
                .iter()
                .filter_map(|name| {
                    let value = object.get(*name)?;
                    (*value != JsonTree::Null).then(|| (format!("{prefix}{name}"), value))
                })
                .collect()
        };
        if let Some((name, object)) = self.nested {
            let found = in_object(object, &format!("{name}."));
            if !found.is_empty() {
                return found;
            }
        }
        in_object(self.top, "")
    }
}
