//! The projections of a `gemm` cell.

use roofline::Projection;

use super::super::axes::value_text;
use super::super::cell_problem::CellProblem;
use super::super::projection_source::{ALL_PROJECTIONS, ProjectionSource};
use super::super::run::Run;

/// The projections of a cell: the one that is named, or all of a layer.
///
/// # Errors
///
/// A word from a query that names none; those of the file were checked.
pub(crate) fn projections(
    run: &Run,
    source: ProjectionSource,
    positions: &[usize],
) -> Result<impl Iterator<Item = Projection>, CellProblem> {
    let named = match source {
        ProjectionSource::All => None,
        ProjectionSource::One(projection) => Some(projection),
        ProjectionSource::Varied(field) => {
            let word = value_text(run.axes.value(field, positions));
            if word == ALL_PROJECTIONS {
                None
            } else {
                Some(word.parse().map_err(|_| CellProblem::Projection(word))?)
            }
        }
    };
    let all = Projection::ALL.iter().copied();
    Ok(all.filter(move |one| match named {
        Some(projection) => *one == projection,
        None => *one != Projection::LmHead,
    }))
}
