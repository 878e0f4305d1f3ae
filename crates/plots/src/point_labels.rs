//! Labels beside points.

use crate::canvas::{Anchor, Canvas, Text};
use crate::palette::Role;
use crate::placement::{CROWDED_FROM_PX, Placed, Placement};
use crate::ruler::TICK_PX;
use crate::text::{self, LINE, Weight};

const MOST_LABEL_PX: f64 = 190.0;

/// Labels of one chart: more cannot be told to belong to their points.
pub(crate) const MOST_LABELS: usize = 60;

/// So many points close to each other are a crowd.
const CROWD: usize = 4;
const CLOSE_PX: f64 = 26.0;

/// How many labelled points are close to a place, itself among them.
fn crowd(labels: &[((f64, f64), &str)], (x, y): (f64, f64)) -> usize {
    let close = |other: (f64, f64)| (other.0 - x).hypot(other.1 - y) <= CLOSE_PX;
    labels.iter().filter(|(other, _)| close(*other)).count()
}

/// Texts beside points, laid out.
#[derive(Debug)]
pub(crate) struct PointTexts<'a> {
    placed: Vec<PointText<'a>>,
    left_out: Vec<&'a str>,
}

#[derive(Debug)]
struct PointText<'a> {
    point: (f64, f64),
    place: Placed,
    shown: String,
    full: &'a str,
}

impl<'a> PointTexts<'a> {
    /// Finds room for labels of places, one after another.
    pub(crate) fn new(labels: &[((f64, f64), &'a str)], placement: &mut Placement) -> Self {
        let mut texts = Self {
            placed: Vec::new(),
            left_out: Vec::new(),
        };
        for &(point, full) in labels {
            let shown = text::cut(full, TICK_PX, MOST_LABEL_PX, Weight::Regular);
            let width = text::width(&shown, TICK_PX, Weight::Regular);
            let room = texts.placed.len() < MOST_LABELS;
            let closest = if crowd(labels, point) >= CROWD {
                CROWDED_FROM_PX
            } else {
                0.0
            };
            let size = (width, TICK_PX * LINE);
            match room.then(|| placement.label(point, closest, size)) {
                Some(Some(place)) => texts.placed.push(PointText {
                    point,
                    place,
                    shown,
                    full,
                }),
                Some(None) | None => texts.left_out.push(full),
            }
        }
        texts
    }

    /// Draws the lines between points and their labels, which lie under the marks.
    pub(crate) fn draw_leaders(&self, canvas: &mut Canvas) {
        canvas.start("g", &[("class", Role::Muted.class())]);
        for text in &self.placed {
            if let Some(end) = text.place.leader {
                canvas.line(text.point, end, &[("stroke-width", "0.9")]);
            }
        }
        canvas.end("g");
    }

    pub(crate) fn draw(&self, canvas: &mut Canvas) {
        canvas.start("g", &[("class", "plot-labels")]);
        for PointText {
            place, shown, full, ..
        } in &self.placed
        {
            let x = match place.anchor {
                Anchor::Start => place.area.left,
                Anchor::Middle => place.area.left + place.area.width / 2.0,
                Anchor::End => place.area.right(),
            };
            let text = Text::new(x, place.area.top + TICK_PX, TICK_PX, shown);
            let text = text.anchor(place.anchor).class("plot-label plot-halo");
            canvas.text(&text.full(full));
        }
        canvas.end("g");
    }

    /// Says which labels had no room.
    pub(crate) fn note(&self) -> Option<String> {
        if self.left_out.is_empty() {
            return None;
        }
        Some(format!(
            "no room for {} of the labels: {}",
            self.left_out.len(),
            self.left_out.join(", ")
        ))
    }
}
