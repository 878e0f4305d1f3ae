//! The order in which runs and tables are computed: each after those it reads.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::Reporter;
use serde_yaml::Spanned;

use crate::format::{AxisSpec, HypothesisSpec};
use crate::table::QueryFacts;

/// What is known of the queries of one table, or of the axes of one run.
#[derive(Debug)]
pub(super) struct Reads {
    pub(super) queries: Vec<QueryFacts>,
    /// What they read together.
    pub(super) relations: BTreeSet<String>,
}

impl Reads {
    pub(super) fn new(queries: Vec<QueryFacts>) -> Self {
        let relations = queries
            .iter()
            .flat_map(|query| query.relations.iter().cloned())
            .collect();
        Self { queries, relations }
    }
}

/// Runs and tables in an order in which each comes after those it reads; a cycle is a problem.
///
/// `reads` has the tables and the runs whose SQL is in order. Where nothing demands another order, runs come first and
/// both stand as in the file.
pub(super) fn computing_order(
    reporter: &mut Reporter<'_>,
    spec: &HypothesisSpec,
    reads: &BTreeMap<String, Reads>,
) -> Vec<String> {
    let mut order: Vec<String> = Vec::new();
    let mut open: Vec<&str> = spec
        .runs
        .names()
        .filter(|name| spec.tables.get(name).is_none())
        .chain(spec.tables.names())
        .filter(|name| reads.contains_key(*name))
        .collect();
    let is_ready = |name: &str, open: &[&str]| {
        let mut relations = reads[name].relations.iter();
        relations.all(|read| !open.contains(&read.as_str()))
    };
    while let Some(next) = open.iter().position(|name| is_ready(name, &open)) {
        order.push(open.remove(next).to_owned());
    }
    if let Some(cycle) = find_cycle(&open, reads) {
        let is_table = |name: &&str| spec.tables.get(name).is_some();
        let what = if cycle.iter().all(is_table) {
            "tables"
        } else {
            "runs and tables"
        };
        let path: Vec<String> = cycle.iter().map(|name| format!("`{name}`")).collect();
        let runs = spec.runs.iter().map(|(name, _)| name);
        let mut places = spec.tables.iter().map(|(name, _)| name).chain(runs);
        if let Some(place) = places.find(|name| cycle.first() == Some(&name.value.as_str())) {
            let path = path.join(" reads ");
            reporter.at(place, format!("{what} read each other in a cycle: {path}"));
        }
    }
    order
}

/// The same order in stages: what stands in one reads nothing of it, so that it can be computed side by side.
pub(super) fn stages(order: Vec<String>, reads: &BTreeMap<String, Reads>) -> Vec<Vec<String>> {
    let mut stages: Vec<Vec<String>> = Vec::new();
    let mut stage_of: BTreeMap<String, usize> = BTreeMap::new();
    for name in order {
        let stage = reads.get(&name).map_or(0, |reads| {
            let read = reads.relations.iter().filter_map(|read| stage_of.get(read));
            read.max().map_or(0, |last| last + 1)
        });
        stage_of.insert(name.clone(), stage);
        if stage == stages.len() {
            stages.push(Vec::new());
        }
        stages[stage].push(name);
    }
    stages
}

/// The queries by which a run gets values of its axes, with the axis.
pub(super) fn axis_queries<'s>(
    spec: &'s HypothesisSpec,
    run: &str,
) -> impl Iterator<Item = (&'s str, &'s Spanned<String>)> {
    let axes = spec.runs.get(run).map(|probe| probe.vary().iter());
    axes.into_iter()
        .flatten()
        .filter_map(|(axis, values)| match values {
            AxisSpec::Sql(sql) => Some((axis.value.as_str(), sql)),
            _given_otherwise => None,
        })
}

/// A path from a run or table back to itself.
fn find_cycle<'a>(open: &[&'a str], reads: &'a BTreeMap<String, Reads>) -> Option<Vec<&'a str>> {
    // Everything that is left reads something that is left, so walking on must come back somewhere.
    let mut path = vec![*open.first()?];
    loop {
        let mut relations = reads.get(*path.last()?)?.relations.iter();
        let read = relations.find_map(|read| open.iter().copied().find(|name| name == read))?;
        if let Some(start) = path.iter().position(|name| *name == read) {
            let mut cycle = path.split_off(start);
            cycle.push(read);
            return Some(cycle);
        }
        path.push(read);
    }
}
