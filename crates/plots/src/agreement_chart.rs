use crate::axis::Axis;
use crate::canvas::{Canvas, ID, path};
use crate::check;
use crate::drawn_series::DrawnSeries;
use crate::error::{Part, PlotError};
use crate::legend::{Entry, Swatch};
use crate::number::{plain, value_of};
use crate::palette::{MUTED_LINE, Role};
use crate::plane::{PLOT_HEIGHT_PX, Plane, PlaneSpec};
use crate::ruler::Plan;
use crate::series::{self, Series};
use crate::sheet::{Caption, Sheet};
use crate::ticks::Extent;

const MOST_MARKS: usize = 20_000;
const MOST_BANDS: usize = 3;

/// Opacity of bands, from the narrowest.
const OPACITIES: [&str; MOST_BANDS] = ["0.42", "0.24", "0.12"];

/// Predicted against measured values, with the diagonal on which they agree.
///
/// Both axes have the same range and unit and the area is square, so that distance from the diagonal is the error.
#[derive(Debug, Clone, PartialEq)]
pub struct AgreementChart {
    /// Title and description.
    pub caption: Caption,
    /// What is predicted and measured; the axes are called `measured <label>` and `predicted <label>`.
    pub quantity: Axis,
    /// Points: x is measured, y is predicted. Their labels show on hover.
    pub series: Vec<Series>,
    /// Half widths, in percent of the measured value, of bands about the diagonal: 10 shades what is off by 10 % or
    /// less. Three at most.
    pub bands_percent: Vec<f64>,
}

impl AgreementChart {
    /// A chart with bands at 10 and 25 percent.
    #[must_use]
    pub fn new(caption: Caption, quantity: Axis, series: Vec<Series>) -> Self {
        Self {
            caption,
            quantity,
            series,
            bands_percent: vec![10.0, 25.0],
        }
    }

    /// Draws the chart.
    ///
    /// # Errors
    /// There is nothing to draw or too much, a number that an axis cannot show, or a band of 0 % or less or of 100 %
    /// or more.
    pub fn svg(&self) -> Result<String, PlotError> {
        self.check()?;
        let points = self.series.iter().flat_map(|series| &series.points);
        let extent = Extent::of(points.flat_map(|point| [point.x, point.y]));
        // Square, and a little larger than other charts, which are wider.
        let side = PLOT_HEIGHT_PX + 100.0;
        let named = |what: &str| Axis {
            label: format!("{what} {}", self.quantity.label),
            ..self.quantity.clone()
        };
        let (measured, predicted) = (named("measured"), named("predicted"));
        let plan = |axis| Plan::of_marks(axis, extent);
        let plane = Plane::new(&PlaneSpec {
            plot_height: side,
            square: true,
            least_plot_width: side,
            ..PlaneSpec::new(plan(&measured), plan(&predicted))
        });
        let drawn = DrawnSeries::all(&self.series, &plane);
        let sheet = Sheet::new(&self.caption, self.entries(&drawn), plane.width);
        let plane = plane.moved_to(sheet.top());
        let mut body = Canvas::default();
        plane.draw_grid(&mut body);
        self.draw_bands(&mut body, &plane);
        let frame = plane.frame;
        let (from, to) = ((frame.left, frame.bottom()), (frame.right(), frame.top));
        body.line(from, to, MUTED_LINE);
        plane.draw_axes(&mut body);
        let value = |value| value_of(&self.quantity, value);
        for one in drawn {
            one.draw_marks(&mut body, &plane, |point| {
                format!("measured {}, predicted {}", value(point.x), value(point.y))
            });
        }
        Ok(sheet.finish(&clip(&plane), &body, plane.bottom()))
    }

    fn check(&self) -> Result<(), PlotError> {
        let scale = self.quantity.scale;
        series::check_all(&self.series, MOST_MARKS, scale, scale)?;
        check::count(self.bands_percent.len(), 0..=MOST_BANDS, Part::Bands)?;
        for &percent in &self.bands_percent {
            if !(percent > 0.0 && percent < 100.0) {
                return Err(PlotError::BandOutOfRange { percent });
            }
        }
        Ok(())
    }

    /// Bands from the narrowest, with their opacities and names.
    fn bands(&self) -> Vec<(f64, &'static str, String)> {
        let mut bands = self.bands_percent.clone();
        bands.sort_by(f64::total_cmp);
        let shaded = bands.into_iter().zip(OPACITIES);
        shaded
            .map(|(percent, opacity)| (percent, opacity, format!("within ±{} %", plain(percent))))
            .collect()
    }

    fn entries(&self, drawn: &[DrawnSeries<'_>]) -> Vec<Entry> {
        let mut entries: Vec<_> = drawn.iter().map(|one| one.entry(Swatch::Mark)).collect();
        entries.push(Entry {
            swatch: Swatch::Diagonal,
            name: "predicted = measured".to_owned(),
        });
        entries.extend(self.bands().into_iter().map(|(_, opacity, name)| Entry {
            swatch: Swatch::Filled {
                fill: "currentColor".to_owned(),
                role: Role::Muted,
                opacity,
            },
            name,
        }));
        entries
    }

    fn draw_bands(&self, body: &mut Canvas, plane: &Plane) {
        let class = Role::Muted;
        body.start(format_args!(
            r#"g class="{class}" clip-path="url(#{ID}-clip)""#
        ));
        for (percent, opacity, name) in self.bands().into_iter().rev() {
            let path = band(plane, percent / 100.0);
            let attributes = format!(r#"d="{path}" fill="currentColor" fill-opacity="{opacity}""#);
            body.titled("path", attributes, &name);
        }
        body.end("g");
    }
}

/// The outline of a band: what is off by a share of the measured value, to both sides of zero.
fn band(plane: &Plane, share: f64) -> String {
    let Some((low, high)) = plane.x.ends() else {
        return String::new();
    };
    let mut stops = vec![low];
    if low < 0.0 && high > 0.0 {
        stops.push(0.0);
    }
    stops.push(high);
    let upper = stops.iter().map(|&x| (x, x + x.abs() * share));
    let lower = stops.iter().rev().map(|&x| (x, x - x.abs() * share));
    let outline = upper.chain(lower).map(|(x, y)| plane.spot(x, y));
    path(outline) + "Z"
}

/// Keeps bands within the frame.
fn clip(plane: &Plane) -> Canvas {
    let mut defs = Canvas::default();
    defs.start(format_args!(r#"clipPath id="{ID}-clip""#));
    defs.empty(format_args!("rect {}", plane.frame));
    defs.end("clipPath");
    defs
}
