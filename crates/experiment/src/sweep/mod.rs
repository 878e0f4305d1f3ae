//! From runs to rows: axes, cells and probes.

mod axes;
mod axis_problem;
mod batch_plan;
mod cell_problem;
mod cells;
mod decimal;
mod doubts;
mod frame;
mod kept;
mod models;
mod probe;
mod progress;
mod projection_source;
mod run;
mod serve_plan;
mod setting_source;
mod sweep;
mod sweep_problem;
mod trace_plan;

pub(crate) use axes::{Axes, Axis, Field, FieldRef, product_words, value_text, value_words};
pub(crate) use axis_problem::{AxisProblem, Filter, RAISE_MAX_CELLS};
pub(crate) use batch_plan::{BatchPlan, DecodePlan, LengthSource, NumberSource, PrefillPlan};
pub(crate) use doubts::{RunDoubts, warnings_of};
pub(crate) use kept::Kept;
pub(crate) use models::Models;
pub(crate) use probe::{SPLIT, probe_docs};
pub use progress::{Progress, ProgressObserver};
pub(crate) use projection_source::{ALL_PROJECTIONS, ProjectionSource};
pub(crate) use run::{Lookup, Probe, Run};
pub(crate) use serve_plan::ServePlan;
pub(crate) use setting_source::{SettingSource, apply};
pub(crate) use sweep::sweep;
pub(crate) use sweep_problem::SweepProblem;
pub(crate) use trace_plan::{TracePlan, rows_over};
