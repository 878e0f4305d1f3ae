use crate::axis::Axis;
use crate::canvas::{Canvas, ID, at, px};
use crate::check;
use crate::curve;
use crate::error::{Part, PlotError};
use crate::layer::Layer;
use crate::legend::{Entry, Swatch};
use crate::palette::{MOST_SERIES, Role, Style};
use crate::placement::Placement;
use crate::plane::{MARGIN_PX, Plane, PlaneSpec};
use crate::point_labels;
use crate::ruler::{Padding, Plan};
use crate::series::{Series, checked_count};
use crate::sheet::{Caption, Sheet, Svg};
use crate::ticks::Extent;
use crate::xy_chart::{PointLabels, check_points, value_of};

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
    /// Points: x is measured, y is predicted.
    pub series: Vec<Series>,
    /// Half widths, in percent of the measured value, of bands about the diagonal: 10 shades what is off by 10 % or
    /// less. Three at most.
    pub bands_percent: Vec<f64>,
    /// Whether labels of points are written.
    pub labels: PointLabels,
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
            labels: PointLabels::OnHover,
        }
    }

    /// Draws the chart. Its width follows from the height of the style.
    ///
    /// # Errors
    /// There is nothing to draw or too much, a number that an axis cannot show, or a band of 0 % or less or of 100 %
    /// or more.
    pub fn svg(&self, style: &Style) -> Result<Svg, PlotError> {
        self.check()?;
        style.check()?;
        let all = || self.series.iter().flat_map(|series| &series.points);
        let extent = Extent::of(all().flat_map(|point| [point.x, point.y]));
        // Square, and a little larger than other charts, which are wider.
        let side = style.plot_height() + 100.0;
        let named = |what: &str| Axis {
            label: format!("{what} {}", self.quantity.label),
            ..self.quantity.clone()
        };
        let (measured, predicted) = (named("measured"), named("predicted"));
        let plan = |axis| Plan::Numeric {
            axis,
            extent,
            padding: Padding::MARKS,
        };
        let plane = Plane::new(&PlaneSpec {
            width: style.width(),
            plot_height: side,
            square: true,
            least_plot_width: side,
            right: MARGIN_PX + 4.0,
            x: plan(&measured),
            y: plan(&predicted),
        });
        let layers = Layer::of_all(&self.series, &plane);
        let mut sheet = Sheet::new(style, &self.caption, self.entries(&layers), plane.width);
        let plane = plane.moved_to(sheet.top());
        let mut body = Canvas::default();
        let mut placement = Placement::new(plane.frame);
        plane.draw_grid(&mut body);
        self.draw_bands(&mut body, &plane);
        draw_diagonal(&mut body, &plane, &mut placement);
        plane.draw_axes(&mut body);
        let mut marks = Canvas::default();
        self.draw_points(&mut marks, &plane, &layers, &mut placement);
        if self.labels == PointLabels::Written {
            let labels: Vec<_> = all()
                .filter_map(|point| {
                    let spot = (plane.x_px(point.x), plane.y_px(point.y));
                    Some((spot, point.label.as_deref()?))
                })
                .collect();
            let labels = point_labels::PointTexts::new(&labels, &mut placement);
            labels.draw_leaders(&mut body);
            body.append(&marks);
            labels.draw(&mut body);
            sheet.notes.extend(labels.note());
        } else {
            body.append(&marks);
        }
        let bottom = plane.bottom();
        Ok(sheet.finish(&clip(&plane), &body, bottom))
    }

    fn check(&self) -> Result<(), PlotError> {
        checked_count(&self.series, MOST_SERIES, MOST_MARKS)?;
        for series in &self.series {
            check_points(series, self.quantity.scale, self.quantity.scale)?;
        }
        check::at_most(self.bands_percent.len(), MOST_BANDS, Part::Bands)?;
        for &percent in &self.bands_percent {
            if !(percent > 0.0 && percent < 100.0) {
                return Err(PlotError::BandOutOfRange { percent });
            }
        }
        Ok(())
    }

    /// Bands from the narrowest, with their opacities.
    fn bands(&self) -> Vec<(f64, &'static str)> {
        let mut bands = self.bands_percent.clone();
        bands.sort_by(f64::total_cmp);
        bands.into_iter().zip(OPACITIES).collect()
    }

    fn entries(&self, layers: &[Layer]) -> Vec<Entry> {
        let series = self.series.iter().zip(layers).enumerate();
        let mut entries: Vec<_> = series
            .map(|(index, (series, layer))| Entry {
                swatch: Swatch::Mark {
                    series: index,
                    layer: *layer,
                },
                name: series.name.clone(),
            })
            .collect();
        entries.push(Entry {
            swatch: Swatch::Diagonal,
            name: "predicted = measured".to_owned(),
        });
        entries.extend(self.bands().into_iter().map(|(percent, opacity)| Entry {
            swatch: Swatch::Filled {
                fill: "currentColor".to_owned(),
                role: Role::Muted,
                opacity,
            },
            name: format!("within ±{} %", crate::number::plain(percent)),
        }));
        entries
    }

    fn draw_bands(&self, body: &mut Canvas, plane: &Plane) {
        let clipped = format!("url(#{ID}-clip)");
        body.start(
            "g",
            &[("class", Role::Muted.class()), ("clip-path", &clipped)],
        );
        for (percent, opacity) in self.bands().into_iter().rev() {
            let path = band(plane, percent / 100.0);
            body.titled(
                "path",
                &[
                    ("d", &path),
                    ("fill", "currentColor"),
                    ("fill-opacity", opacity),
                ],
                &format!("within ±{} %", crate::number::plain(percent)),
            );
        }
        body.end("g");
    }

    fn draw_points(
        &self,
        body: &mut Canvas,
        plane: &Plane,
        layers: &[Layer],
        placement: &mut Placement,
    ) {
        for (index, (series, layer)) in self.series.iter().zip(layers).enumerate() {
            let marks: Vec<_> = series
                .points
                .iter()
                .map(|point| {
                    let of = |value| value_of(&self.quantity, value);
                    let name = match &point.label {
                        Some(label) => format!("{}, {label}", series.name),
                        None => series.name.clone(),
                    };
                    let (x, y) = (of(point.x), of(point.y));
                    let title = format!("{name}: measured {x}, predicted {y}");
                    ((plane.x_px(point.x), plane.y_px(point.y)), title)
                })
                .collect();
            curve::draw_marks(body, index, *layer, &marks, placement);
        }
    }
}

/// The outline of a band: what is off by a share of the measured value, to both sides of zero.
fn band(plane: &Plane, share: f64) -> String {
    let mut path = String::new();
    let Some((low, high)) = plane.x.ends() else {
        return path;
    };
    let mut stops = vec![low];
    if low < 0.0 && high > 0.0 {
        stops.push(0.0);
    }
    stops.push(high);
    let upper = stops.iter().map(|&x| (x, x + x.abs() * share));
    let lower = stops.iter().rev().map(|&x| (x, x - x.abs() * share));
    for (index, (x, y)) in upper.chain(lower).enumerate() {
        let command = if index == 0 { 'M' } else { 'L' };
        at(&mut path, command, plane.x_px(x), plane.y_px(y));
    }
    path.push('Z');
    path
}

fn draw_diagonal(body: &mut Canvas, plane: &Plane, placement: &mut Placement) {
    let frame = plane.frame;
    let (from, to) = ((frame.left, frame.bottom()), (frame.right(), frame.top));
    let attributes = [("class", Role::Muted.class()), ("stroke-width", "1.4")];
    body.line(from, to, &attributes);
    placement.line(from, to);
}

/// Keeps bands within the frame.
fn clip(plane: &Plane) -> Canvas {
    let frame = plane.frame;
    let mut defs = Canvas::default();
    defs.start("clipPath", &[("id", &format!("{ID}-clip"))]);
    defs.empty(
        "rect",
        &[
            ("x", &px(frame.left)),
            ("y", &px(frame.top)),
            ("width", &px(frame.width)),
            ("height", &px(frame.height)),
        ],
    );
    defs.end("clipPath");
    defs
}
