use crate::canvas::{Anchor, Canvas, Text, px};
use crate::palette::Role;
use crate::rect::Rect;
use crate::ruler::{Plan, Ruler, Side, TICK_PX, Turn};
use crate::text::{self, LINE, Weight};

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
    /// Of the whole picture.
    pub(crate) width: f64,
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
        let y = if spec.square {
            Ruler::new(spec.x, Side::Below, spec.plot_height).beside(spec.y)
        } else {
            Ruler::new(spec.y, Side::Left, spec.plot_height)
        };
        let side_title = if y.title.is_empty() {
            0.0
        } else {
            SIDE_TITLE_PX
        };
        let mut left = MARGIN_PX + side_title + y.depth() + TICK_GAP_PX;
        let mut right = spec.right;
        let layout = |left: f64, right: f64| {
            let free = (spec.width - left - right).max(spec.least_plot_width);
            let length = if spec.square { spec.plot_height } else { free };
            Ruler::new(spec.x, Side::Below, length)
        };
        let mut x = layout(left, right);
        // A label at the end of the axis may reach beyond it. The axis is then shorter, and its labels another time
        // in another place, which settles soon.
        for _ in 0..4 {
            let needs_left = x.overhang_left() + MARGIN_PX;
            let needs_right = x.overhang_right() + MARGIN_PX;
            if needs_left <= left && needs_right <= right {
                break;
            }
            left = left.max(needs_left);
            right = right.max(needs_right);
            x = layout(left, right);
        }
        let frame = Rect::new(left, 0.0, x.length, spec.plot_height);
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
        let offset = self.y.offset(value);
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
        let upright = |canvas: &mut Canvas, offset: f64| {
            let x = frame.left + offset;
            canvas.line((x, frame.top), (x, frame.bottom()), &[]);
        };
        let level = |canvas: &mut Canvas, offset: f64| {
            let y = frame.bottom() - offset;
            canvas.line((frame.left, y), (frame.right(), y), &[]);
        };
        canvas.start("g", &[("class", Role::Faint.class())]);
        for &offset in &self.x.minor {
            upright(canvas, offset);
        }
        for &offset in &self.y.minor {
            level(canvas, offset);
        }
        canvas.end("g");
        canvas.start("g", &[("class", Role::Grid.class())]);
        if !self.x.is_words() {
            for tick in &self.x.ticks {
                upright(canvas, tick.offset);
            }
        }
        if !self.y.is_words() {
            for tick in &self.y.ticks {
                level(canvas, tick.offset);
            }
        }
        canvas.end("g");
    }

    /// The frame, tick labels and titles, over the data.
    pub(crate) fn draw_axes(&self, canvas: &mut Canvas) {
        let frame = self.frame;
        canvas.empty(
            "rect",
            &[
                ("class", "plot-muted plot-frame"),
                ("x", &px(frame.left)),
                ("y", &px(frame.top)),
                ("width", &px(frame.width)),
                ("height", &px(frame.height)),
                ("fill", "none"),
                ("stroke", "currentColor"),
            ],
        );
        self.draw_labels_below(canvas);
        self.draw_labels_beside(canvas);
        self.draw_titles(canvas);
    }

    fn draw_labels_below(&self, canvas: &mut Canvas) {
        let frame = self.frame;
        canvas.start("g", &[("class", "plot-ticks-x")]);
        for tick in &self.x.ticks {
            let x = frame.left + tick.offset;
            let top = frame.bottom() + TICK_GAP_PX;
            let joined = tick.lines.concat();
            for (index, line) in tick.lines.iter().enumerate() {
                let (x, y, anchor) = match self.x.turn {
                    Turn::Level => {
                        let line_top = top + crate::check::as_f64(index) * TICK_PX * LINE;
                        (x, line_top + TICK_PX, Anchor::Middle)
                    }
                    Turn::Slanted => (x + TICK_PX * 0.35, top + TICK_PX * 0.7, Anchor::End),
                    Turn::Upright => (x + TICK_PX * 0.35, top, Anchor::End),
                };
                let text = Text::new(x, y, TICK_PX, line)
                    .anchor(anchor)
                    .degrees(self.x.turn.degrees());
                // A label broken into lines is whole without its spaces.
                let whole = joined.replace(' ', "") == tick.full.replace(' ', "");
                canvas.text(&if whole { text } else { text.full(&tick.full) });
            }
        }
        canvas.end("g");
    }

    fn draw_labels_beside(&self, canvas: &mut Canvas) {
        let frame = self.frame;
        canvas.start("g", &[("class", "plot-ticks-y")]);
        for tick in &self.y.ticks {
            let y = if self.y.is_words() {
                frame.top + tick.offset
            } else {
                frame.bottom() - tick.offset
            };
            for line in &tick.lines {
                let text = Text::new(frame.left - TICK_GAP_PX, y + TICK_PX * 0.35, TICK_PX, line);
                canvas.text(&text.anchor(Anchor::End).full(&tick.full));
            }
        }
        canvas.end("g");
    }

    fn draw_titles(&self, canvas: &mut Canvas) {
        let frame = self.frame;
        let middle = frame.left + frame.width / 2.0;
        if !self.x.title.is_empty() {
            let room = 2.0 * (middle - MARGIN_PX).min(self.width - MARGIN_PX - middle);
            let shown = text::cut(&self.x.title, TITLE_PX, room, Weight::Regular);
            let baseline = self.bottom() - TITLE_PX * 0.25;
            let text = Text::new(middle, baseline, TITLE_PX, &shown).anchor(Anchor::Middle);
            canvas.text(&text.class("plot-title-x").full(&self.x.title));
        }
        if !self.y.title.is_empty() {
            let shown = text::cut(&self.y.title, TITLE_PX, frame.height, Weight::Regular);
            let y = frame.top + frame.height / 2.0;
            let x = frame.left - TICK_GAP_PX - self.y.depth() - 10.0;
            let text = Text::new(x, y, TITLE_PX, &shown);
            let text = text.anchor(Anchor::Middle).degrees(-90.0);
            canvas.text(&text.class("plot-title-y").full(&self.y.title));
        }
    }
}
