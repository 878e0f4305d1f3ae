//! Which projections a `gemm` run computes.

use roofline::Projection;

use super::axes::FieldRef;

/// Which projections a `gemm` run sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProjectionSource {
    /// The seven of every layer.
    All,
    One(Projection),
    Varied(FieldRef),
}

/// The word for all projections of a layer.
pub(crate) const ALL_PROJECTIONS: &str = "all";
