use crate::axis::{Axis, Scale};
use crate::canvas::{Canvas, Ends, Text, px};
use crate::check;
use crate::drawn_series::DrawnSeries;
use crate::error::{Part, PlotError};
use crate::legend::Swatch;
use crate::mark;
use crate::number::{self, value_of};
use crate::numbers;
use crate::palette::Role;
use crate::plane::{PLOT_HEIGHT_PX, Plane, PlaneSpec};
use crate::rect::Rect;
use crate::reference::label_level;
use crate::room::Room;
use crate::ruler::{Plan, TICK_PX};
use crate::series::{self, Series};
use crate::sheet::{Caption, Sheet};
use crate::text;
use crate::ticks::Extent;

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
    /// FLOP/s. Points with labels are numbered.
    pub series: Vec<Series>,
}

impl RooflineChart {
    /// Draws the chart.
    ///
    /// # Errors
    /// There is no compute roof, there is too much, or a number that is not finite and above zero. Without points,
    /// the roofs stand alone.
    pub fn svg(&self) -> Result<String, PlotError> {
        self.check()?;
        let (x, y) = axes();
        let plane = Plane::new(&PlaneSpec {
            plot_height: PLOT_HEIGHT_PX + 40.0,
            ..PlaneSpec::new(
                Plan::of_marks(&x, self.intensities()),
                Plan::of_marks(&y, self.performances()),
            )
        });
        let drawn = DrawnSeries::all(&self.series, &plane);
        let entries = drawn.iter().map(|one| one.entry(Swatch::Mark)).collect();
        let mut sheet = Sheet::new(&self.caption, entries, plane.width);
        let plane = plane.moved_to(sheet.top());
        let mut body = Canvas::default();
        let mut room = Room::new(plane.frame);
        plane.draw_grid(&mut body);
        for one in &drawn {
            one.cover(&plane, &mut room);
        }
        self.draw_roofs(&mut body, &plane, &mut room);
        plane.draw_axes(&mut body);
        sheet
            .notes
            .extend(self.label_compute_roofs(&mut body, &plane, &mut room));
        sheet
            .notes
            .extend(self.label_memory_roof(&mut body, &plane, &mut room));
        self.draw_ridges(&mut body, &plane, &mut room);
        let ridges = self.compute.iter().map(|roof| {
            let ridge = number::significant(self.ridge(roof), 4);
            format!("ridge point of {}: {ridge} FLOP/byte", roof.name)
        });
        sheet.notes.extend(ridges);
        for one in &drawn {
            one.draw_marks(&mut body, &plane, |point| {
                format!("{}, {}", value_of(&x, point.x), value_of(&y, point.y))
            });
        }
        numbers::draw(&mut body, &mut sheet, &drawn, &plane, &mut room);
        Ok(sheet.finish(&Canvas::default(), &body, plane.bottom()))
    }

    fn check(&self) -> Result<(), PlotError> {
        let (memory, log) = (&self.memory, Scale::Log);
        check::number(memory.bytes_per_s, log, || {
            format!("bandwidth of `{}`", memory.name)
        })?;
        check::count(
            self.compute.len(),
            1..=MOST_COMPUTE_ROOFS,
            Part::ComputeRoofs,
        )?;
        for roof in &self.compute {
            check::number(roof.flops_per_s, log, || format!("peak of `{}`", roof.name))?;
            check::number(self.ridge(roof), log, || {
                format!("ridge of `{}`", roof.name)
            })?;
        }
        if self.series.is_empty() {
            return Ok(());
        }
        series::check_all(&self.series, MOST_MARKS, log, log)
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

    /// Where the memory roof begins within the frame, and where it ends at the highest compute roof.
    fn memory_line(&self, plane: &Plane) -> Option<((f64, f64), (f64, f64))> {
        let bandwidth = self.memory.bytes_per_s;
        let (left, _) = plane.x.ends()?;
        let (bottom, _) = plane.y.ends()?;
        let start = left.max(bottom / bandwidth);
        let end = self.highest() / bandwidth;
        let spot = |intensity: f64| plane.spot(intensity, intensity * bandwidth);
        Some((spot(start), spot(end)))
    }

    /// Name and bandwidth.
    fn memory_label(&self, joint: &str) -> String {
        let bandwidth = number::engineering(self.memory.bytes_per_s);
        format!("{}{joint}{bandwidth}B/s", self.memory.name)
    }

    fn draw_roofs(&self, body: &mut Canvas, plane: &Plane, room: &mut Room) {
        body.start(r#"g class="plot-roofs plot-ink""#);
        let (x, y) = axes();
        if let Some((from, to)) = self.memory_line(plane) {
            draw_roof(body, from, to, &self.memory_label(": "));
            room.line(from, to);
        }
        for roof in &self.compute {
            let ridge = plane.spot(self.ridge(roof), roof.flops_per_s);
            let to = (plane.frame.right(), ridge.1);
            let title = format!(
                "{}: {}, ridge point at {}",
                roof.name,
                value_of(&y, roof.flops_per_s),
                value_of(&x, self.ridge(roof))
            );
            draw_roof(body, ridge, to, &title);
            room.line(ridge, to);
            let foot = (ridge.0, plane.frame.bottom());
            room.line(ridge, foot);
            let attributes = format!(r#"class="{}" stroke-dasharray="2 4""#, Role::Muted);
            body.line(ridge, foot, &attributes);
        }
        body.end("g");
    }

    /// Writes over or under the compute roofs. Returns the labels without room.
    fn label_compute_roofs(
        &self,
        body: &mut Canvas,
        plane: &Plane,
        room: &mut Room,
    ) -> Vec<String> {
        let (_, y) = axes();
        let mut notes = Vec::new();
        for roof in &self.compute {
            let label = format!("{} {}", roof.name, value_of(&y, roof.flops_per_s));
            let (ridge, level) = plane.spot(self.ridge(roof), roof.flops_per_s);
            if !label_level(body, &label, level, (ridge, plane.frame.right()), room) {
                notes.push(format!("compute roof: {label}"));
            }
        }
        notes
    }

    /// Writes along the memory roof, above it, where neither points nor compute roofs are. Returns the label where
    /// the roof is too short.
    fn label_memory_roof(
        &self,
        body: &mut Canvas,
        plane: &Plane,
        room: &mut Room,
    ) -> Option<String> {
        let label = self.memory_label(" ");
        let (from, to) = self.memory_line(plane)?;
        let (across, up) = (to.0 - from.0, from.1 - to.1);
        let length = across.hypot(up);
        if across <= 0.0 || up < 0.0 || length < 60.0 {
            return Some(format!("memory roof: {label}"));
        }
        let shown = text::cut(&label, TICK_PX, length - 24.0);
        let width = text::width(&shown, TICK_PX);
        let (cos, sin) = (across / length, up / length);
        // So far along the roof, and so far above it.
        let spot = |along: f64, above: f64| {
            (
                from.0 + cos * along - sin * above,
                from.1 - sin * along - cos * above,
            )
        };
        let start = (length - width) / 2.0;
        let mut along = start;
        while along <= start + width {
            let (x, y) = spot(along, 9.0);
            room.block(Rect::new(x - 6.5, y - 6.5, 13.0, 13.0));
            along += 5.0;
        }
        let degrees = -up.atan2(across).to_degrees();
        let text = Text::new(spot(start, 5.0), TICK_PX, &shown).degrees(degrees);
        body.text(&text.class("plot-roof-name").full(&label));
        None
    }

    fn draw_ridges(&self, body: &mut Canvas, plane: &Plane, room: &mut Room) {
        let (x, _) = axes();
        body.start(r#"g class="plot-ridges plot-ink""#);
        for roof in &self.compute {
            let spot = plane.spot(self.ridge(roof), roof.flops_per_s);
            room.point(spot);
            let (left, top, shape) = (px(spot.0), px(spot.1), mark::RING);
            let placed = format!(r#"d="{shape}" transform="translate({left} {top})""#);
            let background = Role::Background;
            body.empty(format_args!(
                r#"path class="{background}" {placed} fill="currentColor""#
            ));
            let attributes = format!(
                r#"class="plot-ridge plot-ink" {placed} fill="none" stroke="currentColor" stroke-width="1.6""#
            );
            let ridge = value_of(&x, self.ridge(roof));
            let title = format!("ridge point of {}: {ridge}", roof.name);
            body.titled("path", attributes, &title);
        }
        body.end("g");
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
    let ends = Ends(from, to);
    let attributes =
        format!(r#"class="plot-roof" {ends} stroke="currentColor" stroke-width="2.2""#);
    body.titled("line", attributes, title);
}
