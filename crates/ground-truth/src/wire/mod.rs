//! GuideLLM reports as their files have them: every release in one set of types, in which everything is optional.

mod json_window;
mod list;
mod object;
mod plain_reader;
mod report;
mod report_reader;
mod request;
mod request_list;

pub(crate) use json_window::StreamProblem;
pub(crate) use plain_reader::{
    REPORT_BOUNDS, TextProblem, read_json_plainly, read_yaml, yaml_error,
};
pub(crate) use report::{
    Aggregate, Benchmark, ByOutcome, InnerBenchmark, Metrics, Report, ReportText, Totals,
};
pub(crate) use report_reader::read_json;
pub(crate) use request_list::{MOST_SECONDS, RequestList, Span};
