//! Numbers at the points that have names, and the list under the chart that says them.

use crate::canvas::{Anchor, Canvas, Text};
use crate::drawn_series::DrawnSeries;
use crate::legend::{Entry, Swatch};
use crate::plane::Plane;
use crate::rect::Rect;
use crate::room::Room;
use crate::sheet::Sheet;
use crate::text;

/// Named points of one chart that have numbers: a list of more is not read, and their names show on hover.
const MOST_NUMBERED: usize = 24;

const NUMBER_PX: f64 = 10.0;

/// Marks closer than this cover each other, and have one number.
const SHARED_PX: f64 = 8.0;

/// From the middle of a mark to its number.
const GAP_PX: f64 = 5.0;

/// The sides of a mark on which its number is tried, in order of preference.
const SIDES: [(f64, f64); 8] = [
    (1.0, 0.0),
    (0.0, -1.0),
    (-1.0, 0.0),
    (0.0, 1.0),
    (1.0, -1.0),
    (-1.0, -1.0),
    (1.0, 1.0),
    (-1.0, 1.0),
];

/// A number in the chart: where it stands, and the points that it is of.
struct Numbered<'a> {
    spot: (f64, f64),
    area: Rect,
    points: Vec<(&'a str, &'a DrawnSeries<'a>)>,
}

/// Numbers the named points from left to right, and lists their names under the chart.
pub(crate) fn draw(
    body: &mut Canvas,
    sheet: &mut Sheet<'_>,
    drawn: &[DrawnSeries<'_>],
    plane: &Plane,
    room: &mut Room,
) {
    let (numbers, without_room) = numbered(drawn, plane, room);
    for (number, Numbered { area, points, .. }) in (1..).zip(&numbers) {
        let all: Vec<&str> = points.iter().map(|(name, _)| *name).collect();
        let (shown, names) = (number.to_string(), all.join(", "));
        let baseline = (
            area.left + area.width / 2.0,
            area.bottom() - NUMBER_PX / 4.0,
        );
        let text = Text::new(baseline, NUMBER_PX, &shown).anchor(Anchor::Middle);
        body.text(&text.class("plot-number plot-halo").full(&names));
        sheet.key.extend(points.iter().map(|(name, one)| Entry {
            swatch: Swatch::Numbered(one.mark, number),
            name: (*name).to_owned(),
        }));
    }
    if !without_room.is_empty() {
        let names = without_room.join(", ");
        sheet
            .notes
            .push(format!("without room for a number: {names}"));
    }
}

/// The numbers from left to right, and the names of points at which there is no room for one.
fn numbered<'a>(
    drawn: &'a [DrawnSeries<'a>],
    plane: &Plane,
    room: &mut Room,
) -> (Vec<Numbered<'a>>, Vec<&'a str>) {
    let mut named = Vec::new();
    for one in drawn {
        for point in &one.series.points {
            if let Some(name) = &point.label {
                named.push((plane.spot(point.x, point.y), name.as_str(), one));
            }
        }
    }
    if named.len() > MOST_NUMBERED {
        named.clear();
    }
    named.sort_by(|(a, ..), (b, ..)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut numbered: Vec<Numbered<'_>> = Vec::new();
    let mut without_room = Vec::new();
    for (spot, name, one) in named {
        let near = |other: (f64, f64)| (other.0 - spot.0).hypot(other.1 - spot.1) < SHARED_PX;
        if let Some(shared) = numbered.iter_mut().find(|known| near(known.spot)) {
            shared.points.push((name, one));
            continue;
        }
        let next = (numbered.len() + 1).to_string();
        match room.take_best(beside(spot, text::width(&next, NUMBER_PX) + 2.0)) {
            Some(area) => numbered.push(Numbered {
                spot,
                area,
                points: vec![(name, one)],
            }),
            None => without_room.push(name),
        }
    }
    (numbered, without_room)
}

/// The areas about a mark in which a number has its room.
fn beside((x, y): (f64, f64), width: f64) -> impl Iterator<Item = Rect> {
    let height = NUMBER_PX * 1.2;
    SIDES.into_iter().map(move |(across, down)| {
        let left = x + across * (width / 2.0 + GAP_PX) - width / 2.0;
        let top = y + down * (height / 2.0 + GAP_PX) - height / 2.0;
        Rect::new(left, top, width, height)
    })
}
