use std::collections::BTreeSet;
use std::fmt;

use request_metrics::PlainNumber;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::bounds::{MOST_NODES, OverBound};
use diagnostic::Quoted;

/// A piece of a file whose shape differs over releases: looked at key by key. No mapping has a key twice.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Whole(i128),
    Number(f64),
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// The value of a key, where this is a mapping that has it and it is not null.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Map(entries) = self else {
            return None;
        };
        let (_, value) = entries.iter().find(|(name, _)| name == key)?;
        (*value != Self::Null).then_some(value)
    }

    /// The entries of a list; any other value is a list of itself, and null an empty one.
    pub(crate) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            Self::Null => &[],
            _single => std::slice::from_ref(self),
        }
    }

    /// The number, where this is one, and finite.
    pub(crate) fn as_f64(&self) -> Option<f64> {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "rates and lengths are far below 2^53"
            )]
            Self::Whole(number) => Some(*number as f64),
            Self::Number(number) => Some(*number).filter(|number| number.is_finite()),
            _other => None,
        }
    }

    /// The number, where this is a whole one, however it is written, and not negative.
    pub(crate) fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Whole(number) => u64::try_from(*number).ok(),
            Self::Number(number) => whole(*number),
            _other => None,
        }
    }

    /// As [`Self::as_u64`], where it fits.
    pub(crate) fn as_u32(&self) -> Option<u32> {
        self.as_u64().and_then(|number| u32::try_from(number).ok())
    }

    /// How many nodes this is, texts by their length.
    pub(crate) fn nodes(&self) -> usize {
        match self {
            Self::Null | Self::Bool(_) | Self::Whole(_) | Self::Number(_) => 1,
            Self::Text(text) => text_nodes(text),
            Self::List(items) => 1 + items.iter().map(Self::nodes).sum::<usize>(),
            Self::Map(entries) => {
                let nodes = |(key, value): &(String, Self)| text_nodes(key) + value.nodes();
                1 + entries.iter().map(nodes).sum::<usize>()
            }
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _other => None,
        }
    }

    /// The number, where this is one above 0.
    pub(crate) fn as_positive(&self) -> Option<f64> {
        self.as_f64().filter(|number| *number > 0.0)
    }

    /// The text without blanks around it, where this is one that says anything.
    pub(crate) fn as_name(&self) -> Option<String> {
        let name = self.as_text()?.trim();
        (!name.is_empty()).then(|| name.to_owned())
    }
}

/// What the value is, for messages: a fragment.
impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Whole(number) => number.fmt(f),
            Self::Number(number) => PlainNumber(*number).fmt(f),
            Self::Text(text) => Quoted(text).fmt(f),
            Self::List(_) => f.write_str("a list"),
            Self::Map(_) => f.write_str("a mapping"),
        }
    }
}

/// Bytes of text that count as one more node.
const NODE_TEXT_BYTES: usize = 64;

/// How many nodes a text counts as.
pub(crate) fn text_nodes(text: &str) -> usize {
    1 + text.len() / NODE_TEXT_BYTES
}

/// The whole number that a float is; none where it is none, negative, or too large to be exact.
pub(crate) fn whole(number: f64) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 0 to 2^53"
    )]
    ((0.0..=EXACT).contains(&number) && number.fract() == 0.0).then_some(number as u64)
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut left = MOST_NODES;
        TreeSeed { left: &mut left }.deserialize(deserializer)
    }
}

/// Reads a tree as long as there are nodes left.
struct TreeSeed<'a> {
    left: &'a mut usize,
}

impl TreeSeed<'_> {
    fn take<E: Error>(&mut self, nodes: usize) -> Result<(), E> {
        let left = self.left.checked_sub(nodes);
        *self.left = left.ok_or_else(|| E::custom(OverBound::Nodes))?;
        Ok(())
    }

    fn leaf<E: Error>(mut self, leaf: Tree) -> Result<Tree, E> {
        self.take(leaf.nodes())?;
        Ok(leaf)
    }

    fn again(&mut self) -> TreeSeed<'_> {
        TreeSeed { left: self.left }
    }
}

impl<'de> DeserializeSeed<'de> for TreeSeed<'_> {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TreeSeed<'_> {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Tree, E> {
        self.leaf(Tree::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Tree, E> {
        self.leaf(Tree::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Tree, E> {
        self.leaf(Tree::Whole(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Tree, E> {
        self.leaf(Tree::Whole(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Tree, E> {
        self.leaf(Tree::Number(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Tree, E> {
        self.leaf(Tree::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<Tree, A::Error> {
        self.take(1)?;
        let mut items = Vec::new();
        while let Some(item) = elements.next_element_seed(self.again())? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Tree, A::Error> {
        self.take(1)?;
        let mut map: Vec<(String, Tree)> = Vec::new();
        let mut keys = BTreeSet::new();
        while let Some(key) = entries.next_key::<String>()? {
            self.take(text_nodes(&key))?;
            if !keys.insert(key.clone()) {
                return Err(A::Error::custom(format_args!(
                    "duplicate key {}",
                    Quoted(&key)
                )));
            }
            map.push((key, entries.next_value_seed(self.again())?));
        }
        Ok(Tree::Map(map))
    }
}
