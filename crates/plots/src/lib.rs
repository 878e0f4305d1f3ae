//! Charts as SVG text.
//!
//! A caller hands over plain data; the crate lays out axes, ticks, legend and marks. It reads and writes no
//! files, has no clock, and knows nothing of models or measurements.
//!
//! ```
//! use plots::{Axis, Caption, ReferenceLine, Series, XyChart};
//!
//! let dense = Series::from_pairs("dense", [(1.0, 9.1), (64.0, 9.8), (256.0, 12.4)]);
//! let sparse = Series::from_pairs("sparse", [(1.0, 4.2), (64.0, 7.7), (256.0, 11.9)]);
//! let mut chart = XyChart::lines(
//!     Caption::new("Step time by batch size", "Both models slow down beyond a batch of 64."),
//!     Axis::new("batch size").unit("requests").log(),
//!     Axis::new("step time").unit("ms").from_zero(),
//!     vec![dense, sparse],
//! );
//! chart.y_references.push(ReferenceLine::new(12.0, "limit"));
//! let svg = chart.svg()?;
//! assert!(svg.starts_with("<svg"));
//! # Ok::<(), plots::PlotError>(())
//! ```
//!
//! Every picture
//!
//! - has the same bytes for the same data on every machine: coordinates have two decimals, and the widths of text come
//!   from a table rather than from a font;
//! - is light or dark as its reader prefers, or as the page around it says, with colours that stay apart in every kind
//!   of colour vision, and with shapes, dashes and textures beside colours;
//! - has a title and a description for those who do not see it, and a title in each mark, which browsers show on hover;
//! - keeps marks within the frame, and tick labels, legend entries and written labels apart. Few points with names have
//!   numbers, which a list under the chart resolves: names beside points mislead where points are close. Where there is
//!   no room for a label, a line under the chart says so. Text that is cut is whole in its title.
//!
//! Names may hold any text. Numbers that cannot be shown are refused ([`PlotError`]), never left out.

mod agreement_chart;
mod axis;
mod bar_chart;
mod canvas;
mod check;
mod colour_map;
mod drawn_series;
mod error;
mod heatmap;
mod layer;
mod legend;
mod mark;
mod number;
mod numbers;
mod palette;
mod plane;
mod rect;
mod reference;
mod roofline_chart;
mod room;
mod ruler;
mod series;
mod sheet;
mod text;
mod ticks;
mod xy_chart;

pub use agreement_chart::AgreementChart;
pub use axis::{Axis, Categories, Notation, ReferenceLine, Scale, XAxis};
pub use bar_chart::{BarChart, BarSeries};
pub use colour_map::ColourScale;
pub use error::{Part, PlotError};
pub use heatmap::Heatmap;
pub use roofline_chart::{ComputeRoof, MemoryRoof, RooflineChart};
pub use series::{Point, Series};
pub use sheet::Caption;
pub use xy_chart::{Drawn, XyChart};
