//! Lines at fixed values of an axis, and their labels.

use crate::axis::{ReferenceLine, Scale};
use crate::canvas::{Anchor, Canvas, Ends, Text};
use crate::check;
use crate::error::{Part, PlotError};
use crate::palette::Role;
use crate::plane::{MARGIN_PX, Plane};
use crate::rect::Rect;
use crate::room::Room;
use crate::ruler::TICK_PX;
use crate::text::{self, LINE};

const MOST_LABEL_PX: f64 = 300.0;
const ROW_PX: f64 = 16.0;

/// Room between a line and a value beside it.
const CLEAR_PX: f64 = 2.0;

/// Where along a level line its label is tried, in order of preference: its ends, its middle, then all between.
const PLACES: [f64; 17] = [
    1.0, 0.0, 0.75, 0.5, 0.25, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.15, 0.1, 0.05,
];

/// What lies under a reference line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Under {
    /// Lines and marks, beside which the line is to be seen.
    Curves,
    /// Filled areas, on which it needs an edge of the background's colour.
    Bars,
}

/// Where a text along one direction starts so that no line runs through it: `from`, or else just past the lines in
/// its way. `forward` says which way it runs. Where that would be beyond `limit`, it stays.
pub(crate) fn clear_of(lines: &[f64], from: f64, length: f64, forward: bool, limit: f64) -> f64 {
    let sign = if forward { 1.0 } else { -1.0 };
    let mut ahead: Vec<f64> = lines.iter().map(|line| line * sign).collect();
    ahead.sort_by(f64::total_cmp);
    let mut start = from * sign;
    for line in ahead {
        if line > start - CLEAR_PX && line < start + length + CLEAR_PX {
            start = line + 2.0 * CLEAR_PX;
        }
    }
    if start + length > limit * sign {
        from
    } else {
        start * sign
    }
}

/// Refuses lines that an axis cannot show.
pub(crate) fn check_all(lines: &[ReferenceLine], scale: Scale) -> Result<(), PlotError> {
    check::count(
        lines.len(),
        0..=check::MOST_REFERENCES,
        Part::ReferenceLines,
    )?;
    for line in lines {
        check::number(line.at, scale, || {
            format!("reference line `{}`", line.label)
        })?;
    }
    Ok(())
}

/// The label of an upright line.
#[derive(Debug)]
struct UprightLabel {
    row: usize,
    area: Rect,
    anchor: Anchor,
    shown: String,
}

/// Labels of upright lines, in rows between legend and chart.
#[derive(Debug)]
pub(crate) struct UprightLabels {
    placed: Vec<UprightLabel>,
    rows: usize,
}

impl UprightLabels {
    /// Lays the labels out over a plane, which does not yet need to be at its height.
    pub(crate) fn new(lines: &[ReferenceLine], plane: &Plane) -> Self {
        let mut labels = Self {
            placed: Vec::new(),
            rows: 0,
        };
        for (index, line) in lines.iter().enumerate() {
            let most = MOST_LABEL_PX.min(plane.width - 2.0 * MARGIN_PX);
            let shown = text::cut(&line.label, TICK_PX, most);
            let width = text::width(&shown, TICK_PX);
            let x = plane.x_px(line.at);
            let rightmost = plane.width - MARGIN_PX - width;
            let areas = [
                (x - width / 2.0, Anchor::Middle),
                (x - 3.0, Anchor::Start),
                (x - width + 3.0, Anchor::End),
            ]
            .map(|(left, anchor)| {
                let kept = left.min(rightmost).max(MARGIN_PX);
                (Rect::new(kept, 0.0, width, ROW_PX), anchor)
            });
            let (before, behind) = (lines.iter().take(index), lines.iter().skip(index + 1));
            let others = before.chain(behind).map(|other| plane.x_px(other.at));
            let others: Vec<f64> = others.collect();
            let (row, area, anchor) = labels.place(areas, &others);
            labels.rows = labels.rows.max(row + 1);
            labels.placed.push(UprightLabel {
                row,
                area,
                anchor,
                shown,
            });
        }
        labels
    }

    /// The lowest row with room, on the side that no other line runs through, if there is one.
    fn place(&self, areas: [(Rect, Anchor); 3], others: &[f64]) -> (usize, Rect, Anchor) {
        let [centred, ..] = areas;
        let is_clear = |(area, _): &(Rect, Anchor)| {
            let area = area.grown(2.0);
            !others.iter().any(|&x| area.left < x && x < area.right())
        };
        let (area, anchor) = areas.into_iter().find(is_clear).unwrap_or(centred);
        let taken = |row: usize| {
            let mut here = self.placed.iter().filter(|label| label.row == row);
            here.any(|label| label.area.grown(4.0).overlaps(area))
        };
        let row = (0..self.rows).find(|&row| !taken(row)).unwrap_or(self.rows);
        (row, area, anchor)
    }

    pub(crate) fn height(&self) -> f64 {
        check::as_f64(self.rows) * ROW_PX
    }

    /// Draws lines and labels of a plane that is at its height.
    pub(crate) fn draw(
        &self,
        canvas: &mut Canvas,
        lines: &[ReferenceLine],
        plane: &Plane,
        under: Under,
    ) {
        canvas.start(r#"g class="plot-reference plot-ink""#);
        let bottom = |label: &UprightLabel| plane.frame.top - check::as_f64(label.row) * ROW_PX;
        for (line, label) in lines.iter().zip(&self.placed) {
            let x = plane.x_px(line.at);
            draw_line(
                canvas,
                (x, plane.frame.bottom()),
                (x, bottom(label) - 2.0),
                line,
                under,
            );
        }
        for (line, label) in lines.iter().zip(&self.placed) {
            let x = match label.anchor {
                Anchor::Start => label.area.left,
                Anchor::Middle => label.area.left + label.area.width / 2.0,
                Anchor::End => label.area.right(),
            };
            let text = Text::new((x, bottom(label) - 5.0), TICK_PX, &label.shown);
            let text = text.anchor(label.anchor).class("plot-label plot-halo");
            canvas.text(&text.full(&line.label));
        }
        canvas.end("g");
    }
}

/// Draws level lines with their labels. What finds no room for its label is returned as a note.
pub(crate) fn draw_level(
    canvas: &mut Canvas,
    lines: &[ReferenceLine],
    plane: &Plane,
    room: &mut Room,
    under: Under,
) -> Vec<String> {
    canvas.start(r#"g class="plot-reference plot-ink""#);
    let mut notes = Vec::new();
    for line in lines {
        let y = plane.y_px(line.at);
        let (from, to) = ((plane.frame.left, y), (plane.frame.right(), y));
        draw_line(canvas, from, to, line, under);
        room.line(from, to);
    }
    for line in lines {
        let y = plane.y_px(line.at);
        let span = (plane.frame.left, plane.frame.right());
        if !label_level(canvas, &line.label, y, span, room) {
            let at = crate::number::plain(line.at);
            notes.push(format!("line at {at}: {}", line.label));
        }
    }
    canvas.end("g");
    notes
}

/// Writes a label above or below a level line, right, left or between. False where there is no room beside marks and
/// other labels.
pub(crate) fn label_level(
    canvas: &mut Canvas,
    label: &str,
    y: f64,
    (left, right): (f64, f64),
    room: &mut Room,
) -> bool {
    let most = MOST_LABEL_PX.min(right - left - 12.0).max(0.0);
    let shown = text::cut(label, TICK_PX, most);
    let width = text::width(&shown, TICK_PX);
    let height = TICK_PX * LINE;
    let slack = right - left - width - 12.0;
    let places = PLACES.into_iter().flat_map(|share| {
        let x = left + 6.0 + slack * share;
        [y - height - 2.0, y + 3.0].map(|top| Rect::new(x, top, width, height))
    });
    match room.take_best(places) {
        Some(area) => {
            let baseline = area.top + TICK_PX;
            // Text that turns out narrower than its room stays at the end of the line at which it stands.
            let (x, anchor) = if area.left + width / 2.0 > f64::midpoint(left, right) {
                (area.right(), Anchor::End)
            } else {
                (area.left, Anchor::Start)
            };
            let text = Text::new((x, baseline), TICK_PX, &shown).anchor(anchor);
            canvas.text(&text.class("plot-label plot-halo").full(label));
            true
        }
        None => false,
    }
}

fn draw_line(
    canvas: &mut Canvas,
    from: (f64, f64),
    to: (f64, f64),
    line: &ReferenceLine,
    under: Under,
) {
    match under {
        Under::Curves => {}
        Under::Bars => {
            let class = Role::Background;
            let edge = format!(r#"class="{class}" stroke-width="3" stroke-opacity="0.85""#);
            canvas.line(from, to, &edge);
        }
    }
    let attributes = format!(
        r#"class="{}" {} stroke="currentColor" stroke-width="1.4" stroke-dasharray="8 3 2 3""#,
        Role::Ink,
        Ends(from, to)
    );
    let title = format!("{}: {}", line.label, crate::number::plain(line.at));
    canvas.titled("line", attributes, &title);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_moves_past_the_lines_in_its_way() {
        // A text of 20 pixels from 100: a line at 110 is in its way, and one at 130 in the way of the new place. Beyond
        // the frame it would be worse.
        for (lines, forward, limit, expected) in [
            (vec![90.0, 125.0], true, 200.0, 100.0),
            (vec![110.0], true, 200.0, 114.0),
            (vec![130.0, 110.0], true, 200.0, 134.0),
            (vec![110.0], true, 130.0, 100.0),
            (vec![90.0], false, 0.0, 86.0),
        ] {
            let found = clear_of(&lines, 100.0, 20.0, forward, limit);
            // Whole pixels are exact but for their sign.
            assert!((found - expected).abs() < 1e-9, "{lines:?}: {found}");
        }
    }
}
