//! Plots of tables.

mod picture_problem;
mod picture_rows;
mod pictures;
mod undrawn;

pub(crate) use pictures::{Picture, draw};
