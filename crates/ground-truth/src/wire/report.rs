use serde::Deserialize;

use super::list::{self, Held, Holds};
use super::object::from_objects_alone;
use super::request::{Request, RequestV01};
use super::request_list::RequestList;
use crate::tree::{Tree, text_nodes};

/// How much of a text behind the report is kept.
pub(super) const TRAILING_BYTES: usize = 200;

/// A report and the first characters of what follows it in its file, if anything but white space does.
#[derive(Debug)]
pub(crate) struct ReportText {
    pub(crate) report: Report,
    pub(crate) trailing: Option<Vec<u8>>,
}

/// A whole report.
#[derive(Debug, Default, Deserialize)]
#[serde(remote = "Self")]
pub(crate) struct Report {
    /// 0.5 and later.
    pub(crate) metadata: Option<Metadata>,
    /// What the client was told: 0.4 to 0.6.
    pub(crate) args: Option<Tree>,
    /// What the client was told, in `spec`: 0.7 and later.
    pub(crate) config: Option<Tree>,
    #[serde(default, deserialize_with = "list::bounded")]
    pub(crate) benchmarks: Option<Vec<Benchmark>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(remote = "Self")]
pub(crate) struct Metadata {
    /// Version of the layout.
    pub(crate) version: Option<Tree>,
    pub(crate) guidellm_version: Option<String>,
}

/// A benchmark of 0.2 and later, or a report within a report of 0.1.
#[derive(Debug, Default, Deserialize)]
#[serde(remote = "Self")]
pub(crate) struct Benchmark {
    /// 0.2 and 0.3: strategy and bounds of the benchmark. 0.1: what the client was told.
    pub(crate) args: Option<Tree>,
    /// 0.4 and later: strategy and bounds of the benchmark.
    pub(crate) config: Option<Tree>,
    /// 0.2 and 0.3: what the client was told of its data.
    pub(crate) request_loader: Option<Tree>,
    /// 0.2 and 0.3: the server that answered.
    pub(crate) worker: Option<Tree>,
    /// 0.2 and 0.3.
    pub(crate) request_totals: Option<Totals>,
    pub(crate) metrics: Option<Metrics>,
    pub(crate) requests: Option<Requests>,
    pub(crate) start_time: Option<f64>,
    pub(crate) end_time: Option<f64>,
    pub(crate) duration: Option<f64>,
    /// 0.1.
    #[serde(default, deserialize_with = "list::bounded")]
    pub(crate) benchmarks: Option<Vec<InnerBenchmark>>,
}

/// A benchmark of 0.1.
#[derive(Debug, Default, Deserialize)]
#[serde(remote = "Self")]
pub(crate) struct InnerBenchmark {
    pub(crate) mode: Option<String>,
    pub(crate) rate: Option<f64>,
    #[serde(default, deserialize_with = "list::requests::<RequestV01, _>")]
    pub(crate) results: Option<RequestList>,
    #[serde(default, deserialize_with = "list::count")]
    pub(crate) errors: Option<u64>,
}

/// Requests by how they ended. A list may be null.
#[derive(Debug, Default, Deserialize)]
#[serde(remote = "Self")]
pub(crate) struct Requests {
    #[serde(default, deserialize_with = "list::requests::<Request, _>")]
    pub(crate) successful: Option<RequestList>,
    #[serde(default, deserialize_with = "list::count")]
    pub(crate) errored: Option<u64>,
    #[serde(default, deserialize_with = "list::count")]
    pub(crate) incomplete: Option<u64>,
}

/// Numbers of requests by how they ended.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(remote = "Self")]
pub(crate) struct Totals {
    pub(crate) successful: Option<f64>,
    pub(crate) errored: Option<f64>,
    pub(crate) incomplete: Option<f64>,
}

/// The aggregates that are read.
#[derive(Debug, Default, Deserialize)]
#[serde(remote = "Self")]
pub(crate) struct Metrics {
    /// 0.4 and later.
    pub(crate) request_totals: Option<Totals>,
    /// In seconds.
    pub(crate) request_latency: Option<ByOutcome>,
    pub(crate) prompt_token_count: Option<ByOutcome>,
    pub(crate) output_token_count: Option<ByOutcome>,
    pub(crate) time_to_first_token_ms: Option<ByOutcome>,
    pub(crate) time_per_output_token_ms: Option<ByOutcome>,
    pub(crate) inter_token_latency_ms: Option<ByOutcome>,
}

/// A distribution for each way in which requests end; the successful ones alone are read.
#[derive(Debug, Default, Deserialize)]
#[serde(remote = "Self")]
pub(crate) struct ByOutcome {
    pub(crate) successful: Option<Aggregate>,
}

/// A distribution.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(remote = "Self")]
pub(crate) struct Aggregate {
    pub(crate) mean: Option<f64>,
    pub(crate) median: Option<f64>,
    pub(crate) std_dev: Option<f64>,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    /// Values up to 0.3; their weight from 0.4, which is tokens for times per token.
    pub(crate) count: Option<f64>,
    pub(crate) percentiles: Option<Percentiles>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(remote = "Self")]
pub(crate) struct Percentiles {
    pub(crate) p50: Option<f64>,
    pub(crate) p90: Option<f64>,
    pub(crate) p95: Option<f64>,
    pub(crate) p99: Option<f64>,
}

from_objects_alone!(
    Report,
    Metadata,
    Benchmark,
    InnerBenchmark,
    Requests,
    Totals,
    Metrics,
    ByOutcome,
    Aggregate,
    Percentiles
);

/// What a benchmark without anything in it counts as, in nodes: its own figures take some kilobytes.
const BENCHMARK_NODES: usize = 50;

impl Holds for Benchmark {
    fn held(&self) -> Held {
        let trees = [&self.args, &self.config, &self.request_loader, &self.worker];
        let nodes = trees.into_iter().flatten().map(Tree::nodes);
        let requests = self.requests.as_ref();
        let mut held = Held {
            nodes: nodes.sum::<usize>() + BENCHMARK_NODES,
            requests: requests
                .and_then(|requests| requests.successful.as_ref())
                .map_or(0, RequestList::len),
        };
        for inner in self.benchmarks.iter().flatten() {
            held.add(inner.held());
        }
        held
    }
}

impl Holds for InnerBenchmark {
    fn held(&self) -> Held {
        Held {
            nodes: BENCHMARK_NODES + self.mode.as_ref().map_or(0, |mode| text_nodes(mode)),
            requests: self.results.as_ref().map_or(0, RequestList::len),
        }
    }
}
