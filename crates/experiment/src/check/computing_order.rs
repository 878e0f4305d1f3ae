//! The order in which runs and tables are computed: each after those it reads.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostics, SourceText};

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
    source: &SourceText,
    spec: &HypothesisSpec,
    reads: &BTreeMap<String, Reads>,
    problems: &mut Diagnostics,
) -> Vec<String> {
    let mut order: Vec<String> = Vec::new();
    let mut open: Vec<&str> = spec
        .runs
        .names()
        .filter(|name| spec.tables.get(name).is_none())
        .chain(spec.tables.names())
        .filter(|name| reads.contains_key(*name))
        .collect();
    loop {
        let next = open.iter().position(|name| {
            reads[*name]
                .relations
                .iter()
                .all(|read| !open.contains(&read.as_str()))
        });
        match next {
            Some(index) => order.push(open.remove(index).to_owned()),
            None => break,
        }
    }
    if let Some(cycle) = find_cycle(&open, reads) {
        let first = cycle.first().copied().unwrap_or_default();
        let runs = spec.runs.iter().map(|(name, _)| name);
        let mut places = spec.tables.iter().map(|(name, _)| name).chain(runs);
        if let Some(name) = places.find(|name| name.value == first) {
            let path = cycle
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(" reads ");
            let is_table = |name: &&str| spec.tables.get(name).is_some();
            let what = if cycle.iter().all(is_table) {
                "tables"
            } else {
                "runs and tables"
            };
            let problem =
                source.error_for(name, format!("{what} read each other in a cycle: {path}"));
            problems.push(problem);
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
) -> Vec<(&'s str, &'s serde_yaml::Spanned<String>)> {
    let axes = spec.runs.get(run).map(|probe| probe.vary().iter());
    axes.into_iter()
        .flatten()
        .filter_map(|(axis, values)| match values {
            AxisSpec::Sql(sql) => Some((axis.value.as_str(), sql)),
            AxisSpec::List(_)
            | AxisSpec::Range(_)
            | AxisSpec::Cases(_)
            | AxisSpec::GroundTruth(_) => None,
        })
        .collect()
}

/// A path from a run or table back to itself.
fn find_cycle<'a>(open: &[&'a str], reads: &'a BTreeMap<String, Reads>) -> Option<Vec<&'a str>> {
    let next = |name: &str| {
        reads.get(name).and_then(|reads| {
            reads
                .relations
                .iter()
                .map(String::as_str)
                .find(|read| open.contains(read))
        })
    };
    // Everything that is left reads something that is left, so walking on must come back somewhere.
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
