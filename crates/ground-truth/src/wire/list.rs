use std::convert::Infallible;
use std::fmt::{self, Display};
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, SeqAccess, Visitor};

use super::request::ListedRequest;
use super::request_list::RequestList;
use crate::bounds::{MOST_NODES, MOST_REQUESTS, OverBound};

/// How much memory a part of a report holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// Nodes of trees; what is no tree counts as several.
    pub(super) nodes: usize,
    /// Listed requests.
    pub(super) requests: usize,
}

/// A part of a report that knows how much it holds.
pub(super) trait Holds {
    fn held(&self) -> Held;
}

impl Held {
    pub(super) fn add(&mut self, other: Self) {
        self.nodes = self.nodes.saturating_add(other.nodes);
        self.requests = self.requests.saturating_add(other.requests);
    }
}

/// Reads a list, or null, of requests as a release writes them.
pub(super) fn requests<'de, W, D>(deserializer: D) -> Result<Option<RequestList>, D::Error>
where
    W: Deserialize<'de> + Into<ListedRequest>,
    D: Deserializer<'de>,
{
    let list = RequestList::default();
    each(deserializer, "a list of requests", list, |list, one: W| {
        list.push(&one.into())
    })
}

/// Reads the length of a list, or null, whose elements do not matter.
pub(super) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    each(deserializer, "a list", 0, |count, _: IgnoredAny| {
        *count += 1;
        Ok::<(), Infallible>(())
    })
}

/// Reads a list, or null, that is refused as soon as all of it together holds more than any report.
pub(super) fn bounded<'de, T, D>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    T: Deserialize<'de> + Holds,
    D: Deserializer<'de>,
{
    let nothing = (Vec::new(), Held::default());
    let take = |(items, held): &mut (Vec<T>, Held), item: T| {
        held.add(item.held());
        items.push(item);
        match held {
            Held { nodes, .. } if *nodes > MOST_NODES => Err(OverBound::Nodes),
            Held { requests, .. } if *requests > MOST_REQUESTS => Err(OverBound::Requests),
            _within => Ok(()),
        }
    };
    let list = each(deserializer, "a list of benchmarks", nothing, take)?;
    Ok(list.map(|(items, _)| items))
}

/// Puts the elements of a list into `all`, one by one; none where the list is null.
fn each<'de, T, L, E, D>(
    deserializer: D,
    expected: &'static str,
    all: L,
    take: impl Fn(&mut L, T) -> Result<(), E>,
) -> Result<Option<L>, D::Error>
where
    T: Deserialize<'de>,
    E: Display,
    D: Deserializer<'de>,
{
    deserializer.deserialize_option(ListVisitor {
        expected,
        all,
        take,
        element: PhantomData,
    })
}

struct ListVisitor<T, L, F> {
    expected: &'static str,
    all: L,
    take: F,
    element: PhantomData<T>,
}

impl<'de, T, L, E, F> Visitor<'de> for ListVisitor<T, L, F>
where
    T: Deserialize<'de>,
    E: Display,
    F: Fn(&mut L, T) -> Result<(), E>,
{
    type Value = Option<L>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_none<R: Error>(self) -> Result<Option<L>, R> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<L>, D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<Option<L>, A::Error> {
        while let Some(element) = elements.next_element()? {
            (self.take)(&mut self.all, element).map_err(A::Error::custom)?;
        }
        Ok(Some(self.all))
    }
}
