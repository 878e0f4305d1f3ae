use crate::canvas::{Anchor, Canvas, Text};
use crate::check::as_f64;
use crate::palette::Role;
use crate::rect::Rect;
use crate::ruler::{Plan, Ruler, Side, TICK_PX, Turn};
use crate::text::{self, LINE};

/// Width of a picture, which charts of many categories exceed.
pub(crate) const WIDTH_PX: f64 = 760.0;

/// Height of the area of the data. Titles, legends, long labels and rows of bars add to it.
pub(crate) const PLOT_HEIGHT_PX: f64 = 340.0;

/// Size of the titles of axes.
const TITLE_PX: f64 = 12.0;

/// Room at the edges of the picture.
pub(crate) const MARGIN_PX: f64 = 14.0;

/// From an axis to its labels.
const TICK_GAP_PX: f64 = 7.0;

/// Room for the title beside the vertical axis.
const SIDE_TITLE_PX: f64 = 22.0;

/// What a plane is laid out for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlaneSpec<'a> {
    pub(crate) plot_height: f64,
    /// Whether the area of the data is as wide as high, and both axes are that of `x`.
    pub(crate) square: bool,
    /// The least width of that area.
    pub(crate) least_plot_width: f64,
    /// Room kept to the right.
    pub(crate) right: f64,
    pub(crate) x: Plan<'a>,
    pub(crate) y: Plan<'a>,
}

impl<'a> PlaneSpec<'a> {
    /// The plane of most charts.
    pub(crate) fn new(x: Plan<'a>, y: Plan<'a>) -> Self {
        Self {
            plot_height: PLOT_HEIGHT_PX,
            square: false,
            least_plot_width: 120.0,
            right: MARGIN_PX + 4.0,
            x,
            y,
        }
    }
}

/// The area of the data between two axes.
#[derive(Debug, Clone)]
pub(crate) struct Plane {
    pub(crate) frame: Rect,
    pub(crate) x: Ruler,
    pub(crate) y: Ruler,
    /// Width of the whole picture.
    pub(crate) width: f64,
}

impl Plane {
    /// Lays the axes out, at the top of the picture.
    pub(crate) fn new(spec: &PlaneSpec<'_>) -> Self {
        let height = spec.plot_height;
        let y = if spec.square {
            Ruler::new(spec.x, Side::Below, height).beside(spec.y)
        } else {
            Ruler::new(spec.y, Side::Left, height)
        };
        let title = if y.title.is_empty() {
            0.0
        } else {
            SIDE_TITLE_PX
        };
        let mut left = MARGIN_PX + title + y.depth() + TICK_GAP_PX;
        let mut right = spec.right;
        let layout = |left: f64, right: f64| {
            let free = (WIDTH_PX - left - right).max(spec.least_plot_width);
            Ruler::new(spec.x, Side::Below, if spec.square { height } else { free })
        };
        let mut x = layout(left, right);
        // A label at the end of the axis may reach beyond it. The axis is then shorter, and its labels another time
        // in another place, which settles soon.
        for _ in 0..4 {
            let (over_left, over_right) = x.overhang();
            let (needs_left, needs_right) = (over_left + MARGIN_PX, over_right + MARGIN_PX);
            if needs_left <= left && needs_right <= right {
                break;
            }
            left = left.max(needs_left);
            right = right.max(needs_right);
            x = layout(left, right);
        }
        let frame = Rect::new(left, 0.0, x.length, height);
        Self {
            width: frame.right() + right,
            frame,
            x,
            y,
        }
    }

    pub(crate) fn moved_to(mut self, top: f64) -> Self {
        self.frame.top = top;
        self
    }

    pub(crate) fn x_px(&self, value: f64) -> f64 {
        self.frame.left + self.x.offset(value)
    }

    pub(crate) fn y_px(&self, value: f64) -> f64 {
        self.y_at(self.y.offset(value))
    }

    /// Where a point is.
    pub(crate) fn spot(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x_px(x), self.y_px(y))
    }

    /// Words run from the top, numbers from the bottom.
    fn y_at(&self, offset: f64) -> f64 {
        if self.y.is_words() {
            self.frame.top + offset
        } else {
            self.frame.bottom() - offset
        }
    }

    /// Where the labels and the title of the horizontal axis end.
    pub(crate) fn bottom(&self) -> f64 {
        let title = if self.x.title.is_empty() {
            0.0
        } else {
            TITLE_PX * LINE + 8.0
        };
        self.frame.bottom() + TICK_GAP_PX + self.x.depth() + title
    }

    /// Lines of the grid, under the data.
    pub(crate) fn draw_grid(&self, canvas: &mut Canvas) {
        let frame = self.frame;
        let (upright, level) = (self.x.major(), self.y.major());
        for (role, upright, level) in [
            (Role::Faint, &self.x.minor, &self.y.minor),
            (Role::Grid, &upright, &level),
        ] {
            canvas.start(format_args!(r#"g class="{role}""#));
            for offset in upright {
                let x = frame.left + offset;
                canvas.line((x, frame.top), (x, frame.bottom()), "");
            }
            for offset in level {
                let y = frame.bottom() - offset;
                canvas.line((frame.left, y), (frame.right(), y), "");
            }
            canvas.end("g");
        }
    }

    /// The frame, tick labels and titles, over the data.
    pub(crate) fn draw_axes(&self, canvas: &mut Canvas) {
        let (role, frame) = (Role::Muted, self.frame);
        canvas.empty(format_args!(
            r#"rect class="{role} plot-frame" {frame} fill="none" stroke="currentColor""#
        ));
        self.draw_labels_below(canvas);
        self.draw_labels_beside(canvas);
        self.draw_titles(canvas);
    }

    fn draw_labels_below(&self, canvas: &mut Canvas) {
        let top = self.frame.bottom() + TICK_GAP_PX;
        canvas.start(r#"g class="plot-ticks-x""#);
        for tick in &self.x.ticks {
            let x = self.frame.left + tick.offset;
            let joined = tick.lines.concat();
            for (index, line) in tick.lines.iter().enumerate() {
                let turned = x + TICK_PX * 0.35;
                let (place, anchor) = match self.x.turn {
                    Turn::Level => {
                        let line_top = top + as_f64(index) * TICK_PX * LINE;
                        ((x, line_top + TICK_PX), Anchor::Middle)
                    }
                    Turn::Slanted => ((turned, top + TICK_PX * 0.7), Anchor::End),
                    Turn::Upright => ((turned, top), Anchor::End),
                };
                let text = Text::new(place, TICK_PX, line).anchor(anchor);
                let text = text.degrees(self.x.turn.degrees());
                // A label broken into lines is whole without its spaces.
                let whole = joined.replace(' ', "") == tick.full.replace(' ', "");
                canvas.text(&if whole { text } else { text.full(&tick.full) });
            }
        }
        canvas.end("g");
    }

    fn draw_labels_beside(&self, canvas: &mut Canvas) {
        canvas.start(r#"g class="plot-ticks-y""#);
        for tick in &self.y.ticks {
            let y = self.y_at(tick.offset) + TICK_PX * 0.35;
            for line in &tick.lines {
                let text = Text::new((self.frame.left - TICK_GAP_PX, y), TICK_PX, line);
                canvas.text(&text.anchor(Anchor::End).full(&tick.full));
            }
        }
        canvas.end("g");
    }

    fn draw_titles(&self, canvas: &mut Canvas) {
        let frame = self.frame;
        let middle = frame.left + frame.width / 2.0;
        let mut title = |full: &str, room: f64, place, degrees, class| {
            if !full.is_empty() {
                let shown = text::cut(full, TITLE_PX, room);
                let text = Text::new(place, TITLE_PX, &shown).anchor(Anchor::Middle);
                canvas.text(&text.degrees(degrees).class(class).full(full));
            }
        };
        let room = 2.0 * (middle - MARGIN_PX).min(self.width - MARGIN_PX - middle);
        let below = (middle, self.bottom() - TITLE_PX * 0.25);
        title(&self.x.title, room, below, 0.0, "plot-title-x");
        let x = frame.left - TICK_GAP_PX - self.y.depth() - 10.0;
        let beside = (x, frame.top + frame.height / 2.0);
        title(&self.y.title, frame.height, beside, -90.0, "plot-title-y");
    }
}
