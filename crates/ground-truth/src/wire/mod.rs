//! GuideLLM reports as their files have them: every release in one set of types, in which everything is optional.

mod bounded_list;
mod json_window;
mod object;
mod plain_reader;
mod report;
mod report_reader;
mod request;
mod request_list;

pub(crate) use plain_reader::{
    LongText, REPORT_BOUNDS, TextProblem, read_json_plainly, read_yaml, yaml_problem,
};
pub(crate) use report::{Aggregate, Benchmark, ByOutcome, InnerBenchmark, Metrics, Report, Totals};
pub(crate) use report_reader::{ReportText, StreamProblem, read_json};
pub(crate) use request_list::{MOST_SECONDS, RequestList, Span};
