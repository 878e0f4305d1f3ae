use crate::canvas::Anchor;
use crate::check::as_f64;
use crate::rect::Rect;

/// Side of the squares in which lines and marks are counted.
const CELL_PX: f64 = 4.0;

/// What it costs a label to cover a square with a line or with a mark, in pixels of distance.
pub(crate) const LINE_COST: f64 = 9.0;
pub(crate) const MARK_COST: f64 = 22.0;

/// How far the letters of a text stay from the edges of its area.
const LETTERS_INSET_PX: f64 = 3.0;

/// Distances between a point and its label. Short ones need no leader line.
const DISTANCES_PX: [f64; 10] = [7.0, 11.0, 17.0, 25.0, 35.0, 47.0, 62.0, 80.0, 105.0, 135.0];

/// Labels of points in a crowd are at least so far away, since a ring of labels close by would shut all others out.
pub(crate) const CROWDED_FROM_PX: f64 = 30.0;

/// From here on a leader line joins point and label.
const LEADER_FROM_PX: f64 = 15.0;

/// Directions in which a label is tried, by cosine and sine (up is negative), in order of preference.
const DIRECTIONS: [(f64, f64); 16] = [
    (1.0, 0.0),
    (0.707, -0.707),
    (0.0, -1.0),
    (-0.707, -0.707),
    (-1.0, 0.0),
    (0.707, 0.707),
    (0.0, 1.0),
    (-0.707, 0.707),
    (0.924, -0.383),
    (0.383, -0.924),
    (-0.383, -0.924),
    (-0.924, -0.383),
    (0.924, 0.383),
    (0.383, 0.924),
    (-0.383, 0.924),
    (-0.924, 0.383),
];

/// Where a label goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placed {
    pub(crate) area: Rect,
    /// The end at the label of the line that leads to it.
    pub(crate) leader: Option<(f64, f64)>,
    /// The side of the label that faces its point.
    pub(crate) anchor: Anchor,
}

/// Places labels one after another where they touch no other label and cover little else.
#[derive(Debug)]
pub(crate) struct Placement {
    area: Rect,
    labels: Vec<Rect>,
    leaders: Vec<((f64, f64), (f64, f64))>,
    columns: usize,
    costs: Vec<f64>,
}

impl Placement {
    pub(crate) fn new(area: Rect) -> Self {
        let columns = cell(area.width) + 1;
        let rows = cell(area.height) + 1;
        Self {
            area,
            labels: Vec::new(),
            leaders: Vec::new(),
            columns,
            costs: vec![0.0; columns * rows],
        }
    }

    /// Counts a mark.
    pub(crate) fn mark(&mut self, (x, y): (f64, f64)) {
        self.cover(Rect::new(x - 4.0, y - 4.0, 8.0, 8.0), MARK_COST);
    }

    /// Counts a filled area, such as a bar.
    pub(crate) fn cover(&mut self, area: Rect, cost: f64) {
        for index in self.cells(area) {
            if let Some(total) = self.costs.get_mut(index) {
                *total = total.max(cost);
            }
        }
    }

    /// Counts a line from one point to another.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64)) {
        for (x, y) in along(from, to) {
            self.cover(Rect::new(x, y, 0.0, 0.0), LINE_COST);
        }
    }

    /// Keeps all other labels out of an area.
    pub(crate) fn block(&mut self, area: Rect) {
        self.labels.push(area);
    }

    /// Whether a label may be there.
    pub(crate) fn is_free(&self, area: Rect) -> bool {
        let apart = area.grown(1.5);
        self.area.contains(area)
            && !self.labels.iter().any(|label| label.overlaps(apart))
            && !self.leaders.iter().any(|&(from, to)| {
                along(from, to).any(|(x, y)| Rect::new(x, y, 0.1, 0.1).overlaps(area))
            })
    }

    /// What an area covers.
    pub(crate) fn cost(&self, area: Rect) -> f64 {
        self.cells(area)
            .filter_map(|index| self.costs.get(index))
            .sum()
    }

    /// Whether no mark and no filled area is under the letters of a text there.
    fn is_unmarked(&self, area: Rect) -> bool {
        self.cells(area.grown(-LETTERS_INSET_PX))
            .filter_map(|index| self.costs.get(index))
            .all(|&cost| cost < MARK_COST)
    }

    /// The first of the free areas without marks that covers least, which is then taken.
    pub(crate) fn take_best(&mut self, areas: impl IntoIterator<Item = Rect>) -> Option<Rect> {
        let free = areas
            .into_iter()
            .filter(|&area| self.is_free(area) && self.is_unmarked(area));
        let best = cheapest(free.map(|area| (self.cost(area), area)))?;
        self.labels.push(best);
        Some(best)
    }

    /// A place for the label of a point, at least so far from it, which is then taken.
    pub(crate) fn label(
        &mut self,
        point: (f64, f64),
        closest: f64,
        (width, height): (f64, f64),
    ) -> Option<Placed> {
        let mut options = Vec::new();
        for distance in DISTANCES_PX {
            if distance < closest {
                continue;
            }
            for (preference, &(cos, sin)) in DIRECTIONS.iter().enumerate() {
                let near = (point.0 + cos * distance, point.1 + sin * distance);
                // The label hangs on its side that faces the point.
                let area = Rect::new(
                    near.0 - width * (1.0 - cos) / 2.0,
                    near.1 - height * (1.0 - sin) / 2.0,
                    width,
                    height,
                );
                if !self.is_free(area) {
                    continue;
                }
                let leader = (distance >= LEADER_FROM_PX).then(|| area.nearest(point));
                if leader.is_some_and(|end| self.crosses(point, end)) {
                    continue;
                }
                let anchor = if cos > 0.3 {
                    Anchor::Start
                } else if cos < -0.3 {
                    Anchor::End
                } else {
                    Anchor::Middle
                };
                let placed = Placed {
                    area,
                    leader,
                    anchor,
                };
                let far = distance * 1.5 + as_f64(preference) * 0.4;
                let tangled = leader.map_or(0.0, |end| self.leader_cost(point, end));
                options.push((far + self.cost(area) + tangled, placed));
            }
        }
        let placed = cheapest(options)?;
        self.labels.push(placed.area);
        if let Some(end) = placed.leader {
            self.line(point, end);
            self.leaders.push((point, end));
        }
        Some(placed)
    }

    /// Whether a leader would run through a label.
    fn crosses(&self, from: (f64, f64), to: (f64, f64)) -> bool {
        along(from, to).any(|(x, y)| {
            let spot = Rect::new(x, y, 0.1, 0.1);
            self.labels.iter().any(|label| label.overlaps(spot))
        })
    }

    /// What a leader runs over beyond the surroundings of its point.
    fn leader_cost(&self, from: (f64, f64), to: (f64, f64)) -> f64 {
        let beyond = along(from, to).filter(|spot| {
            let (across, down) = (spot.0 - from.0, spot.1 - from.1);
            across.abs().max(down.abs()) > 9.0
        });
        let costs = beyond.map(|(x, y)| self.cost(Rect::new(x, y, 0.0, 0.0)));
        costs.sum::<f64>() * 0.6
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

/// The first option of the least cost.
fn cheapest<T>(options: impl IntoIterator<Item = (f64, T)>) -> Option<T> {
    let mut best: Option<(f64, T)> = None;
    for (cost, option) in options {
        // Costs that differ by rounding alone must not decide differently on another machine.
        if best.as_ref().is_none_or(|(least, _)| cost < least - 1e-6) {
            best = Some((cost, option));
        }
    }
    best.map(|(_, option)| option)
}

/// Points of a line, a few pixels apart.
fn along(from: (f64, f64), to: (f64, f64)) -> impl Iterator<Item = (f64, f64)> {
    let (across, down) = (to.0 - from.0, to.1 - from.1);
    let steps = cell(across.abs().max(down.abs())) + 1;
    (0..=steps).map(move |step| {
        let share = as_f64(step) / as_f64(steps);
        (from.0 + across * share, from.1 + down * share)
    })
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

    const LABEL: (f64, f64) = (60.0, 13.0);

    #[test]
    fn labels_of_one_place_stand_apart() {
        let area = Rect::new(0.0, 0.0, 400.0, 300.0);
        let mut placement = Placement::new(area);
        placement.mark((200.0, 150.0));
        let placed: Vec<Placed> = (0..20)
            .map_while(|_| placement.label((200.0, 150.0), CROWDED_FROM_PX, LABEL))
            .collect();
        assert!(placed.len() >= 8, "{}", placed.len());
        for (index, a) in placed.iter().enumerate() {
            assert!(area.contains(a.area));
            assert!(placed[..index].iter().all(|b| !b.area.overlaps(a.area)));
        }
        assert!(placed.iter().all(|placed| placed.leader.is_some()));
        let mut alone = Placement::new(area);
        let label = alone.label((200.0, 150.0), 0.0, LABEL).unwrap();
        assert_eq!(label.leader, None);
    }

    #[test]
    fn a_label_without_room_is_not_placed() {
        let mut placement = Placement::new(Rect::new(0.0, 0.0, 50.0, 50.0));
        assert_eq!(placement.label((25.0, 25.0), 0.0, LABEL), None);
        placement.block(Rect::new(0.0, 0.0, 50.0, 50.0));
        assert_eq!(placement.label((25.0, 25.0), 0.0, (10.0, 10.0)), None);
    }

    #[test]
    fn labels_avoid_marks() {
        let mut placement = Placement::new(Rect::new(0.0, 0.0, 400.0, 300.0));
        let right = Rect::new(207.0, 143.5, 60.0, 13.0);
        placement.cover(right, MARK_COST);
        let placed = placement.label((200.0, 150.0), 0.0, LABEL).unwrap();
        assert!(!placed.area.overlaps(right));
    }
}
