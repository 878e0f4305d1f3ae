//! Columns of the `mfu` probe.

use roofline::MfuAnswer;

use super::column::CellValue::{Bool, Float, Found};
use super::column::{ColumnKind, ProbeColumn};

/// Every column of an `mfu` run, in the order of `SELECT *`.
pub(crate) const MFU_COLUMNS: &[ProbeColumn<MfuAnswer>] = &[
    ProbeColumn {
        name: "mfu",
        kind: ColumnKind::Float,
        unit: "",
        meaning: "Model FLOPs utilisation: the share of peak FLOP/s.",
        value: |c| Float(c.mfu),
    },
    ProbeColumn {
        name: "found",
        kind: ColumnKind::Text,
        unit: "",
        meaning: "How it was found: exact, interpolated, lower neighbour, clamped, fallback row, other shape, other tensor parallel.",
        value: |c| Found(c.found),
    },
    ProbeColumn {
        name: "is_measured",
        kind: ColumnKind::Bool,
        unit: "",
        meaning: "Whether the very size was measured.",
        value: |c| Bool(c.found.is_measured()),
    },
    ProbeColumn {
        name: "is_fallback",
        kind: ColumnKind::Bool,
        unit: "",
        meaning: "Whether the value was missing or below 1e-4, so that another row was taken.",
        value: |c| Bool(c.found.is_fallback_row()),
    },
    ProbeColumn {
        name: "is_clamped",
        kind: ColumnKind::Bool,
        unit: "",
        meaning: "Whether the place lies outside the measured range.",
        value: |c| Bool(c.found.is_clamped()),
    },
];
