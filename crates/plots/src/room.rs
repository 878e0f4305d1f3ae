use crate::check::as_f64;
use crate::rect::Rect;

/// Side of the squares in which lines and marks are counted.
const CELL_PX: f64 = 4.0;

/// What it costs a text to cover a square with a line or with a mark.
const LINE_COST: f64 = 9.0;
const MARK_COST: f64 = 22.0;

/// How far the letters of a text stay from the edges of its area.
const LETTERS_INSET_PX: f64 = 3.0;

/// Where names of level lines and numbers of points have room: they touch no other text and cover no mark.
#[derive(Debug)]
pub(crate) struct Room {
    area: Rect,
    texts: Vec<Rect>,
    columns: usize,
    costs: Vec<f64>,
}

impl Room {
    pub(crate) fn new(area: Rect) -> Self {
        let columns = cell(area.width) + 1;
        let rows = cell(area.height) + 1;
        Self {
            area,
            texts: Vec::new(),
            columns,
            costs: vec![0.0; columns * rows],
        }
    }

    /// Counts the mark of a point.
    pub(crate) fn point(&mut self, (x, y): (f64, f64)) {
        self.mark(Rect::new(x - 4.0, y - 4.0, 8.0, 8.0));
    }

    /// Counts a mark that fills an area, such as a bar.
    pub(crate) fn mark(&mut self, area: Rect) {
        self.cover(area, MARK_COST);
    }

    /// Counts a line from one place to another.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64)) {
        let (across, down) = (to.0 - from.0, to.1 - from.1);
        let steps = cell(across.abs().max(down.abs())) + 1;
        for step in 0..=steps {
            let share = as_f64(step) / as_f64(steps);
            let spot = Rect::new(from.0 + across * share, from.1 + down * share, 0.0, 0.0);
            self.cover(spot, LINE_COST);
        }
    }

    /// Keeps all texts out of an area.
    pub(crate) fn block(&mut self, area: Rect) {
        self.texts.push(area);
    }

    /// The free area without marks that covers least, the first of several, which is then taken.
    pub(crate) fn take_best(&mut self, areas: impl IntoIterator<Item = Rect>) -> Option<Rect> {
        let mut best: Option<(f64, Rect)> = None;
        for area in areas.into_iter().filter(|&area| self.is_free(area)) {
            let cost: f64 = self.costs(area).sum();
            // Costs that differ by rounding alone must not decide differently on another machine.
            if best.is_none_or(|(least, _)| cost < least - 1e-6) {
                best = Some((cost, area));
            }
        }
        let (_, area) = best?;
        self.block(area);
        Some(area)
    }

    fn is_free(&self, area: Rect) -> bool {
        let apart = area.grown(1.5);
        self.area.contains(area)
            && !self.texts.iter().any(|text| text.overlaps(apart))
            && self
                .costs(area.grown(-LETTERS_INSET_PX))
                .all(|cost| cost < MARK_COST)
    }

    fn cover(&mut self, area: Rect, cost: f64) {
        for index in self.cells(area) {
            if let Some(total) = self.costs.get_mut(index) {
                *total = total.max(cost);
            }
        }
    }

    fn costs(&self, area: Rect) -> impl Iterator<Item = f64> {
        let cells = self.cells(area);
        cells.filter_map(|index| self.costs.get(index).copied())
    }

    fn cells(&self, area: Rect) -> impl Iterator<Item = usize> + use<> {
        let columns = self.columns;
        let left = cell(area.left - self.area.left);
        let right = cell(area.right() - self.area.left).min(columns - 1);
        let top = cell(area.top - self.area.top);
        let bottom = cell(area.bottom() - self.area.top).min(self.costs.len() / columns);
        (top..=bottom).flat_map(move |row| (left..=right).map(move |column| row * columns + column))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels of a picture, clamped"
)]
fn cell(pixels: f64) -> usize {
    (pixels / CELL_PX).clamp(0.0, 10_000.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(left: f64) -> Rect {
        Rect::new(left, 143.5, 60.0, 13.0)
    }

    #[test]
    fn texts_of_one_place_do_not_meet() {
        let mut room = Room::new(Rect::new(0.0, 0.0, 400.0, 300.0));
        assert_eq!(room.take_best([spot(10.0)]), Some(spot(10.0)));
        assert_eq!(room.take_best([spot(40.0), spot(80.0)]), Some(spot(80.0)));
        assert_eq!(room.take_best([spot(40.0), spot(350.0)]), None);
    }

    #[test]
    fn texts_avoid_marks_and_rather_cover_no_line() {
        let mut room = Room::new(Rect::new(0.0, 0.0, 400.0, 300.0));
        room.point((40.0, 150.0));
        room.line((100.0, 0.0), (100.0, 300.0));
        let places = [spot(10.0), spot(80.0), spot(200.0)];
        assert_eq!(room.take_best(places), Some(spot(200.0)));
        assert_eq!(room.take_best(places), Some(spot(80.0)));
        assert_eq!(room.take_best(places), None);
    }
}
