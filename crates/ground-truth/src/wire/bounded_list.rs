use std::fmt;
use std::marker::PhantomData;
use std::ops::{AddAssign, Deref, DerefMut};

use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};

use super::request_list::{MOST_REQUESTS, TooManyRequests};
use crate::tree::{MOST_NODES, TooManyNodes};

/// How much memory a part of a report holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Held {
    /// Nodes of trees; what is no tree counts as several.
    pub(crate) nodes: usize,
    /// Listed requests.
    pub(crate) requests: usize,
}

/// A part of a report that knows how much it holds.
pub(crate) trait Holds {
    fn held(&self) -> Held;
}

/// A list that is refused as soon as all of it together holds more than any report.
pub(crate) struct BoundedList<T> {
    items: Vec<T>,
    held: Held,
}

impl AddAssign for Held {
    fn add_assign(&mut self, other: Self) {
        self.nodes = self.nodes.saturating_add(other.nodes);
        self.requests = self.requests.saturating_add(other.requests);
    }
}

impl<T> BoundedList<T> {
    /// What all items together hold.
    pub(crate) fn held(&self) -> Held {
        self.held
    }
}

/// The items alone: what they held when they were read does not count the lists that are put into them later.
impl<T: fmt::Debug> fmt::Debug for BoundedList<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(f)
    }
}

impl<T> Deref for BoundedList<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> DerefMut for BoundedList<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items
    }
}

impl<'de, T: Deserialize<'de> + Holds> Deserialize<'de> for BoundedList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de> + Holds> Visitor<'de> for ListVisitor<T> {
            type Value = BoundedList<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of benchmarks")
            }

            fn visit_seq<A: SeqAccess<'de>>(
                self,
                mut elements: A,
            ) -> Result<BoundedList<T>, A::Error> {
                let mut list = BoundedList {
                    items: Vec::new(),
                    held: Held::default(),
                };
                while let Some(item) = elements.next_element::<T>()? {
                    list.held += item.held();
                    if list.held.nodes > MOST_NODES {
                        return Err(A::Error::custom(TooManyNodes));
                    }
                    if list.held.requests > MOST_REQUESTS {
                        return Err(A::Error::custom(TooManyRequests));
                    }
                    list.items.push(item);
                }
                Ok(list)
            }
        }

        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }
}
