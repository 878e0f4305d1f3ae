//! What `hypothesis.yaml` can say: its wire format, its settings, the verdict and its words.

mod axis;
mod canonical_text;
mod check;
mod column_format;
mod data;
mod date;
mod ground_truth;
mod hypothesis;
mod interval;
mod length;
mod limit;
mod lines_at;
mod number_format;
mod ordered_map;
mod plot;
mod probe;
mod published;
mod query_parts;
mod scalar;
mod serve;
mod setup;
mod table;
mod verdict;
mod words;
pub(crate) mod yaml;

pub(crate) use axis::{AxisSpec, CaseValue};
pub(crate) use canonical_text::words as canonical_words;
pub use check::Role;
pub(crate) use check::{CheckParts, CheckSpec};
pub(crate) use column_format::ColumnFormat;
pub(crate) use data::SourceSpec;
pub(crate) use date::check_date;
pub(crate) use ground_truth::{Choices, GroundTruthSpec};
pub(crate) use hypothesis::HypothesisSpec;
pub use hypothesis::{Family, Kind};
pub(crate) use interval::{IntervalSpec, StatisticSpec};
pub(crate) use length::LengthSpec;
pub use limit::Limit;
pub(crate) use lines_at::PlotAxis;
pub(crate) use ordered_map::OrderedMap;
pub(crate) use plot::{
    AgreementSpec, CurveShow, CurveSpec, HeatmapSpec, PlotHead, PlotSpec, RooflineSpec,
};
pub(crate) use probe::{BatchSpec, GemmSpec, LookupSpec, ProbeSpec, TraceSpec};
pub(crate) use published::{PublishedSpec, PublishedTableSpec};
pub(crate) use query_parts::QueryParts;
pub(crate) use scalar::Scalar;
pub(crate) use serve::ServeSpec;
pub(crate) use setup::SetupSpec;
pub(crate) use table::{FIGURE_COLUMN, FIGURES_TABLE, TableSpec, VALUE_COLUMN};
pub use verdict::Verdict;
pub(crate) use words::{check_one_line, check_words};
