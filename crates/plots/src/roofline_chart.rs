use crate::axis::Axis;
use crate::canvas::{Anchor, Canvas, Text, px};
use crate::check;
use crate::curve;
use crate::error::{Part, PlotError};
use crate::layer::Layer;
use crate::legend::{Entry, Swatch};
use crate::mark;
use crate::number;
use crate::palette::{MOST_SERIES, Role, Style};
use crate::placement::Placement;
use crate::plane::{MARGIN_PX, Plane, PlaneSpec};
use crate::point_labels::PointTexts;
use crate::rect::Rect;
use crate::reference::label_level;
use crate::ruler::{Padding, Plan, TICK_PX};
use crate::series::{Series, checked_count};
use crate::sheet::{Caption, Sheet, Svg};
use crate::text::{self, Weight};
use crate::ticks::Extent;
use crate::xy_chart::{check_points, value_of};

const MOST_MARKS: usize = 5000;
const MOST_COMPUTE_ROOFS: usize = 4;

/// How far the axis of intensity reaches beyond ridges, as a ratio.
const BEYOND_RIDGE: f64 = 8.0;

/// How far the axis of performance reaches beyond the highest roof, as a ratio.
const ABOVE_ROOF: f64 = 1.6;

/// The slope of the memory roof: `performance = intensity * bytes_per_s`.
#[derive(Debug, Clone, PartialEq)]
pub struct MemoryRoof {
    /// Name of the memory.
    pub name: String,
    /// Its bandwidth.
    pub bytes_per_s: f64,
}

/// A level roof.
#[derive(Debug, Clone, PartialEq)]
pub struct ComputeRoof {
    /// What computes, and in which format.
    pub name: String,
    /// Its peak.
    pub flops_per_s: f64,
}

/// A roofline: arithmetic intensity against performance, both logarithmic, under the roofs of memory and compute.
///
/// The ridge point of a compute roof lies where the memory roof meets it, at the intensity
/// `flops_per_s / bytes_per_s`.
#[derive(Debug, Clone, PartialEq)]
pub struct RooflineChart {
    /// Title and description.
    pub caption: Caption,
    /// The memory roof.
    pub memory: MemoryRoof,
    /// Compute roofs, four at most.
    pub compute: Vec<ComputeRoof>,
    /// What runs under the roofs, one series for each kind (GEMMs, attention, whole steps): x in FLOP/byte, y in
    /// FLOP/s. Labels of points are written.
    pub series: Vec<Series>,
}

impl RooflineChart {
    /// Draws the chart.
    ///
    /// # Errors
    /// There is no compute roof, there is too much, or a number that is not finite and above zero. Without points,
    /// the roofs stand alone.
    pub fn svg(&self, style: &Style) -> Result<Svg, PlotError> {
        self.check()?;
        style.check()?;
        let (x, y) = axes();
        let plan = |axis, extent| Plan::Numeric {
            axis,
            extent,
            padding: Padding::MARKS,
        };
        let plane = Plane::new(&PlaneSpec {
            width: style.width(),
            plot_height: style.plot_height() + 40.0,
            square: false,
            least_plot_width: 120.0,
            right: MARGIN_PX + 4.0,
            x: plan(&x, self.intensities()),
            y: plan(&y, self.performances()),
        });
        let layers = Layer::of_all(&self.series, &plane);
        let mut sheet = Sheet::new(style, &self.caption, self.entries(&layers), plane.width);
        let plane = plane.moved_to(sheet.top());
        let mut body = Canvas::default();
        let mut placement = Placement::new(plane.frame);
        plane.draw_grid(&mut body);
        let marks = self.draw_points(&plane, &layers, &mut placement);
        self.draw_roofs(&mut body, &plane, &mut placement);
        plane.draw_axes(&mut body);
        let mut notes = self.label_compute_roofs(&mut body, &plane, &mut placement);
        notes.extend(self.label_memory_roof(&mut body, &plane, &mut placement));
        let ridges: Vec<String> = self
            .ridges()
            .map(|ridge| format!("ridge {} FLOP/byte", number::significant(ridge, 4)))
            .collect();
        let labels = self.labels(&ridges, &plane);
        let labels = PointTexts::new(&labels, &mut placement);
        labels.draw_leaders(&mut body);
        self.draw_ridges(&mut body, &plane);
        body.append(&marks);
        labels.draw(&mut body);
        sheet.notes.extend(notes);
        sheet.notes.extend(labels.note());
        let bottom = plane.bottom();
        Ok(sheet.finish(&Canvas::default(), &body, bottom))
    }

    fn check(&self) -> Result<(), PlotError> {
        let scale = crate::axis::Scale::Log;
        check::number(self.memory.bytes_per_s, scale, || {
            format!("bandwidth of `{}`", self.memory.name)
        })?;
        check::some(self.compute.len(), Part::ComputeRoofs)?;
        check::at_most(self.compute.len(), MOST_COMPUTE_ROOFS, Part::ComputeRoofs)?;
        for roof in &self.compute {
            check::number(roof.flops_per_s, scale, || {
                format!("peak of `{}`", roof.name)
            })?;
            check::number(self.ridge(roof), scale, || {
                format!("ridge of `{}`", roof.name)
            })?;
        }
        if !self.series.is_empty() {
            checked_count(&self.series, MOST_SERIES, MOST_MARKS)?;
        }
        for series in &self.series {
            check_points(series, scale, scale)?;
        }
        Ok(())
    }

    /// FLOP/byte at which the memory roof meets a compute roof.
    fn ridge(&self, roof: &ComputeRoof) -> f64 {
        roof.flops_per_s / self.memory.bytes_per_s
    }

    fn ridges(&self) -> impl Iterator<Item = f64> {
        self.compute.iter().map(|roof| self.ridge(roof))
    }

    fn highest(&self) -> f64 {
        let peaks = self.compute.iter().map(|roof| roof.flops_per_s);
        peaks.fold(0.0, f64::max)
    }

    fn intensities(&self) -> Extent {
        let points = self.series.iter().flat_map(|series| &series.points);
        let around = self
            .ridges()
            .flat_map(|ridge| [ridge / BEYOND_RIDGE, ridge * BEYOND_RIDGE]);
        Extent::of(points.map(|point| point.x).chain(around))
    }

    fn performances(&self) -> Extent {
        let points = self.series.iter().flat_map(|series| &series.points);
        let lowest = self.ridges().fold(f64::INFINITY, f64::min) / BEYOND_RIDGE;
        let roofs = [
            lowest * self.memory.bytes_per_s,
            self.highest() * ABOVE_ROOF,
        ];
        Extent::of(points.map(|point| point.y).chain(roofs))
    }

    fn entries(&self, layers: &[Layer]) -> Vec<Entry> {
        let series = self.series.iter().zip(layers).enumerate();
        series
            .map(|(index, (series, layer))| Entry {
                swatch: Swatch::Mark {
                    series: index,
                    layer: *layer,
                },
                name: series.name.clone(),
            })
            .collect()
    }

    /// Where the memory roof begins within the frame, and where it ends at the highest compute roof.
    fn memory_line(&self, plane: &Plane) -> Option<((f64, f64), (f64, f64))> {
        let bandwidth = self.memory.bytes_per_s;
        let (left, _) = plane.x.ends()?;
        let (bottom, _) = plane.y.ends()?;
        let start = left.max(bottom / bandwidth);
        let end = self.highest() / bandwidth;
        let spot = |intensity: f64| (plane.x_px(intensity), plane.y_px(intensity * bandwidth));
        Some((spot(start), spot(end)))
    }

    fn draw_roofs(&self, body: &mut Canvas, plane: &Plane, placement: &mut Placement) {
        body.start("g", &[("class", "plot-roofs plot-ink")]);
        let (x, y) = axes();
        if let Some((from, to)) = self.memory_line(plane) {
            let bandwidth = number::engineering(self.memory.bytes_per_s);
            let title = format!("{}: {bandwidth}B/s", self.memory.name);
            draw_roof(body, from, to, &title);
            placement.line(from, to);
        }
        for roof in &self.compute {
            let (ridge, level) = (plane.x_px(self.ridge(roof)), plane.y_px(roof.flops_per_s));
            let (from, to) = ((ridge, level), (plane.frame.right(), level));
            let title = format!(
                "{}: {}, ridge point at {}",
                roof.name,
                value_of(&y, roof.flops_per_s),
                value_of(&x, self.ridge(roof))
            );
            draw_roof(body, from, to, &title);
            placement.line(from, to);
            let foot = (ridge, plane.frame.bottom());
            placement.line((ridge, level), foot);
            body.line(
                (ridge, level),
                foot,
                &[("class", Role::Muted.class()), ("stroke-dasharray", "2 4")],
            );
        }
        body.end("g");
    }

    fn label_compute_roofs(
        &self,
        body: &mut Canvas,
        plane: &Plane,
        placement: &mut Placement,
    ) -> Vec<String> {
        let (_, y) = axes();
        let mut notes = Vec::new();
        for roof in &self.compute {
            let label = format!("{} {}", roof.name, value_of(&y, roof.flops_per_s));
            let span = (plane.x_px(self.ridge(roof)), plane.frame.right());
            let level = plane.y_px(roof.flops_per_s);
            if !label_level(body, &label, level, span, placement) {
                notes.push(format!("compute roof: {label}"));
            }
        }
        notes
    }

    /// Writes along the memory roof. Returns the label where there is no room.
    fn label_memory_roof(
        &self,
        body: &mut Canvas,
        plane: &Plane,
        placement: &mut Placement,
    ) -> Option<String> {
        let bandwidth = number::engineering(self.memory.bytes_per_s);
        let label = format!("{} {bandwidth}B/s", self.memory.name);
        let (from, to) = self.memory_line(plane)?;
        let (across, up) = (to.0 - from.0, from.1 - to.1);
        let length = across.hypot(up);
        let shown = text::cut(&label, TICK_PX, length - 24.0, Weight::Regular);
        let width = text::width(&shown, TICK_PX, Weight::Regular);
        if across <= 0.0 || up < 0.0 || length < 60.0 {
            return Some(format!("memory roof: {label}"));
        }
        let (cos, sin) = (across / length, up / length);
        let mut options = Vec::new();
        for share in [0.5, 0.35, 0.65, 0.2, 0.8] {
            let start = 12.0 + (length - 24.0 - width) * share;
            // Letters stand above the line, away from the points under the roof.
            let spot = |along: f64| {
                (
                    from.0 + cos * along - sin * 9.0,
                    from.1 - sin * along - cos * 9.0,
                )
            };
            let mut areas = Vec::new();
            let mut along = start;
            while along <= start + width {
                let (x, y) = spot(along);
                areas.push(Rect::new(x - 6.5, y - 6.5, 13.0, 13.0));
                along += 5.0;
            }
            let free = areas.iter().all(|&area| placement.is_free(area));
            let cost: f64 = areas.iter().map(|&area| placement.cost(area)).sum();
            if free {
                options.push((cost, start, areas));
            }
        }
        let least = |a: &(f64, f64, Vec<Rect>), b: &(f64, f64, Vec<Rect>)| a.0.total_cmp(&b.0);
        let Some((_, start, areas)) = options.into_iter().min_by(least) else {
            return Some(format!("memory roof: {label}"));
        };
        for area in areas {
            placement.block(area);
        }
        let x = from.0 + cos * start - sin * 5.0;
        let y = from.1 - sin * start - cos * 5.0;
        let text = Text::new(x, y, TICK_PX, &shown).anchor(Anchor::Start);
        let degrees = -up.atan2(across).to_degrees();
        body.text(&text.degrees(degrees).class("plot-roof-name").full(&label));
        None
    }

    fn draw_ridges(&self, body: &mut Canvas, plane: &Plane) {
        let (x, _) = axes();
        body.start("g", &[("class", "plot-ridges plot-ink")]);
        for roof in &self.compute {
            let ridge = self.ridge(roof);
            let spot = (plane.x_px(ridge), plane.y_px(roof.flops_per_s));
            let turn = format!("translate({} {})", px(spot.0), px(spot.1));
            body.start("g", &[("class", Role::Background.class())]);
            body.empty(
                "path",
                &[
                    ("d", mark::RING),
                    ("transform", &turn),
                    ("fill", "currentColor"),
                ],
            );
            body.end("g");
            body.titled(
                "path",
                &[
                    ("class", "plot-ridge plot-ink"),
                    ("d", mark::RING),
                    ("transform", &turn),
                    ("fill", "none"),
                    ("stroke", "currentColor"),
                    ("stroke-width", "1.6"),
                ],
                &format!("ridge point of {}: {}", roof.name, value_of(&x, ridge)),
            );
        }
        body.end("g");
    }

    fn draw_points(&self, plane: &Plane, layers: &[Layer], placement: &mut Placement) -> Canvas {
        let (x, y) = axes();
        let mut marks = Canvas::default();
        for (index, (series, layer)) in self.series.iter().zip(layers).enumerate() {
            let titled: Vec<_> = series
                .points
                .iter()
                .map(|point| {
                    let name = match &point.label {
                        Some(label) => format!("{}, {label}", series.name),
                        None => series.name.clone(),
                    };
                    let (at, flops) = (value_of(&x, point.x), value_of(&y, point.y));
                    let spot = (plane.x_px(point.x), plane.y_px(point.y));
                    (spot, format!("{name}: {at}, {flops}"))
                })
                .collect();
            curve::draw_marks(&mut marks, index, *layer, &titled, placement);
        }
        marks
    }

    /// What is written beside ridge points and points, with their places.
    fn labels<'a>(&'a self, ridges: &'a [String], plane: &Plane) -> Vec<((f64, f64), &'a str)> {
        let mut labels = Vec::new();
        for (roof, text) in self.compute.iter().zip(ridges) {
            let spot = (plane.x_px(self.ridge(roof)), plane.y_px(roof.flops_per_s));
            labels.push((spot, text.as_str()));
        }
        for point in self.series.iter().flat_map(|series| &series.points) {
            if let Some(label) = &point.label {
                let spot = (plane.x_px(point.x), plane.y_px(point.y));
                labels.push((spot, label.as_str()));
            }
        }
        labels
    }
}

/// The axes of every roofline.
fn axes() -> (Axis, Axis) {
    (
        Axis::new("arithmetic intensity").unit("FLOP/byte").log(),
        Axis::new("performance").unit("FLOP/s").log().engineering(),
    )
}

fn draw_roof(body: &mut Canvas, from: (f64, f64), to: (f64, f64), title: &str) {
    let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(px);
    body.titled(
        "line",
        &[
            ("class", "plot-roof"),
            ("x1", &x1),
            ("y1", &y1),
            ("x2", &x2),
            ("y2", &y2),
            ("stroke", "currentColor"),
            ("stroke-width", "2.2"),
        ],
        title,
    );
}
