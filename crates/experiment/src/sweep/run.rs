//! A checked run: axes, settings and what each cell computes.

use std::collections::BTreeSet;

use settings::{Setting, Setup};

use super::axes::Axes;
use super::batch_plan::{BatchPlan, NumberSource};
use super::probe::{GEMM_COLUMNS, MFU_COLUMNS, SERVE_COLUMNS, STEP_COLUMNS, TRACE_COLUMNS, docs};
use super::projection_source::ProjectionSource;
use super::serve_plan::ServePlan;
use super::setting_source::{SettingSource, WrongSetting, setup_at};
use super::trace_plan::{TracePlan, rows_over};
use crate::table::{ColumnDoc, Layout};

/// A run that can be swept.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) name: String,
    pub(crate) axes: Axes,
    /// What the file says of each setting it mentions, in the order of the table.
    pub(crate) settings: Vec<(Setting, SettingSource)>,
    pub(crate) probe: Probe,
}

/// What each cell computes.
#[derive(Debug, Clone)]
pub(crate) enum Probe {
    Step(BatchPlan),
    Mfu(Lookup),
    Gemm {
        tokens: NumberSource,
        projection: ProjectionSource,
    },
    Serve(ServePlan),
    Trace(TracePlan),
}

/// One look-up.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lookup {
    Gemm {
        m: NumberSource,
        k: NumberSource,
        n: NumberSource,
    },
    Decode {
        batch: NumberSource,
        kv: NumberSource,
    },
    Prefill {
        seq_len: NumberSource,
    },
}

impl Probe {
    /// The documented columns of the probe.
    pub(crate) fn columns(&self) -> Vec<ColumnDoc> {
        match self {
            Self::Step(_) => docs(STEP_COLUMNS),
            Self::Mfu(_) => docs(MFU_COLUMNS),
            Self::Gemm { .. } => docs(GEMM_COLUMNS),
            Self::Serve(_) => docs(&SERVE_COLUMNS),
            Self::Trace(_) => docs(TRACE_COLUMNS),
        }
    }

    /// The axis over what was measured, whose fields are no choice of the sweep.
    pub(crate) fn measured_axis(&self) -> Option<usize> {
        match self {
            Self::Serve(plan) => Some(plan.axis),
            Self::Trace(plan) => Some(plan.axis),
            Self::Step(_) | Self::Mfu(_) | Self::Gemm { .. } => None,
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Step(_) => "step",
            Self::Mfu(_) => "mfu",
            Self::Gemm { .. } => "gemm",
            Self::Serve(_) => "serve",
            Self::Trace(_) => "trace",
        }
    }
}

impl Run {
    /// Every column with its kind: axes first, then the probe's.
    pub(crate) fn columns(&self) -> Layout {
        let fields = self.axes.fields();
        let axes = fields.map(|(_, field)| (field.name().to_owned(), field.kind()));
        let probe = self
            .probe
            .columns()
            .into_iter()
            .map(|column| (column.name.to_owned(), column.kind));
        Layout(axes.chain(probe).collect())
    }

    /// How many rows there are: one for each cell, but for traces. `None` where there are more than can be counted.
    pub(crate) fn rows(&self) -> Option<usize> {
        match &self.probe {
            Probe::Trace(plan) => match &plan.trace {
                Some(trace) => rows_over(trace, &self.axes),
                None => Some(0),
            },
            // Cells of any other are a row each.
            _ => Some(self.axes.cells()),
        }
    }

    /// The axes that settings depend on, in order: cells that agree on them share a step model.
    pub(crate) fn setting_axes(&self) -> Vec<usize> {
        let axes: BTreeSet<usize> = self
            .settings
            .iter()
            .filter_map(|(_, source)| match source {
                SettingSource::Varied(field) => Some(field.axis),
                SettingSource::Shared(_) | SettingSource::Own(_) => None,
            })
            .collect();
        axes.into_iter().collect()
    }

    /// The setup of the cells at `positions`.
    ///
    /// # Errors
    ///
    /// The setting whose value is of the wrong kind.
    pub(crate) fn setup_at(&self, positions: &[usize]) -> Result<Setup, WrongSetting> {
        setup_at(&self.settings, &self.axes, positions)
    }
}
