//! The order in which tables are computed: each after those it reads.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostics;
use crate::query::QueryFacts;
use crate::source_text::SourceText;
use crate::spec::HypothesisSpec;

/// What is known of the queries of one table.
#[derive(Debug)]
pub(super) struct TableFacts {
    pub(super) queries: Vec<QueryFacts>,
    /// What they read together.
    pub(super) relations: BTreeSet<String>,
}

impl TableFacts {
    pub(super) fn new(queries: Vec<QueryFacts>) -> Self {
        let relations = queries
            .iter()
            .flat_map(|query| query.relations.iter().cloned())
            .collect();
        Self { queries, relations }
    }
}

/// Tables in an order in which each comes after those it reads; a cycle is a problem.
pub(super) fn table_order(
    source: &SourceText,
    spec: &HypothesisSpec,
    facts: &BTreeMap<String, TableFacts>,
    problems: &mut Diagnostics,
) -> Vec<String> {
    let mut order: Vec<String> = Vec::new();
    let mut open: Vec<&str> = spec
        .tables
        .names()
        .filter(|name| facts.contains_key(*name))
        .collect();
    loop {
        let ready = open.iter().position(|name| {
            facts[*name]
                .relations
                .iter()
                .all(|read| !open.contains(&read.as_str()))
        });
        match ready {
            Some(index) => order.push(open.remove(index).to_owned()),
            None => break,
        }
    }
    if let Some(cycle) = find_cycle(&open, facts) {
        let first = cycle.first().copied().unwrap_or_default();
        if let Some((name, _)) = spec.tables.iter().find(|(name, _)| name.value == first) {
            let path = cycle
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(" reads ");
            let problem =
                source.error_for(name, format!("tables read each other in a cycle: {path}"));
            problems.push(problem);
        }
    }
    order
}

/// A path from a table back to itself.
fn find_cycle<'a>(
    open: &[&'a str],
    facts: &'a BTreeMap<String, TableFacts>,
) -> Option<Vec<&'a str>> {
    let next = |name: &str| {
        facts.get(name).and_then(|facts| {
            facts
                .relations
                .iter()
                .map(String::as_str)
                .find(|read| open.contains(read))
        })
    };
    // Every table that is left reads another one that is left, so walking on must come back somewhere.
    let mut path = vec![*open.first()?];
    loop {
        let read = next(path.last()?)?;
        let read = *open.iter().find(|name| **name == read)?;
        if let Some(start) = path.iter().position(|name| *name == read) {
            let mut cycle = path.split_off(start);
            cycle.push(read);
            return Some(cycle);
        }
        path.push(read);
    }
}
