//! Where values are drawn: places are read back and compared with what geometry says.

use plots::{
    AgreementChart, Axis, BarChart, BarSeries, Categories, ColourScale, ComputeRoof, Heatmap,
    MemoryRoof, ReferenceLine, RooflineChart, Series, XyChart,
};

use crate::layout::caption;
use crate::picture::{Picture, number, place, scale, title};

/// Places are rounded to a hundredth of a pixel.
const ROUNDING_PX: f64 = 0.011;

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 2.0 * ROUNDING_PX
}

fn places(svg: &str) -> Vec<(f64, f64)> {
    let picture = Picture::read(svg);
    picture
        .with_class("plot-mark")
        .into_iter()
        .map(place)
        .collect()
}

#[test]
fn linear_axes_are_even_and_logarithmic_ones_even_by_ratio() {
    let pairs = [(1.0, 10.0), (4.0, 20.0), (16.0, 30.0)];
    let chart = XyChart::points(
        caption(),
        Axis::new("x").log(),
        Axis::new("y"),
        vec![Series::from_pairs("s", pairs)],
    );
    let svg = chart.svg().unwrap();
    let at = places(&svg);
    assert!(near(at[1].0 - at[0].0, at[2].0 - at[1].0) && at[1].0 > at[0].0 + 100.0);
    assert!(near(at[0].1 - at[1].1, at[1].1 - at[2].1) && at[0].1 > at[1].1 + 100.0);
    let picture = Picture::read(&svg);
    assert_eq!(picture.contents("plot-ticks-x"), ["1", "2", "4", "8", "16"]);
    assert_eq!(picture.contents("plot-title-x"), ["x"]);
}

#[test]
fn ticks_stand_at_their_values() {
    let pairs = [(0.0, 0.0), (50.0, 1.0), (100.0, 2.0)];
    let chart = XyChart::points(
        caption(),
        Axis::new("x"),
        Axis::new("y"),
        vec![Series::from_pairs("s", pairs)],
    );
    let svg = chart.svg().unwrap();
    let picture = Picture::read(&svg);
    let at = places(&svg);
    let ticks = picture.texts("plot-ticks-x");
    for (index, label) in ["0", "50", "100"].iter().enumerate() {
        let tick = ticks.iter().find(|tick| tick.name == *label).unwrap();
        assert!(near(f64::midpoint(tick.left, tick.right), at[index].0));
    }
}

#[test]
fn bars_are_as_long_as_their_values() {
    let chart = |names: [&str; 3]| {
        BarChart::new(
            caption(),
            Categories::new("c", names),
            Axis::new("v").unit("ms"),
            vec![BarSeries::new("s", [Some(10.0), Some(-5.0), Some(20.0)])],
        )
    };
    let svg = chart(["a", "b", "c"]).svg().unwrap();
    let marks = Picture::read(&svg).marks();
    let heights: Vec<f64> = marks.iter().map(|mark| mark.bottom - mark.top).collect();
    assert!(near(heights[2], 2.0 * heights[0]) && near(heights[0], 2.0 * heights[1]));
    assert!(heights[1] > 20.0);
    // All start at zero: two above, one below.
    assert!(near(marks[0].bottom, marks[2].bottom) && near(marks[1].top, marks[0].bottom));
    assert_eq!(marks[1].name, "s, b: -5 ms");

    // Names that have no room under the bars stand beside them.
    let lying = chart(["an.experiment.whose.name.has.no.place.to.break", "b", "c"]);
    let svg = lying.svg().unwrap();
    let marks = Picture::read(&svg).marks();
    let widths: Vec<f64> = marks.iter().map(|mark| mark.right - mark.left).collect();
    assert!(near(widths[2], 2.0 * widths[0]) && near(widths[0], 2.0 * widths[1]));
    assert!(near(marks[1].right, marks[0].left) && marks[0].top < marks[1].top);
}

#[test]
fn what_agrees_lies_on_the_diagonal() {
    for axis in [
        Axis::new("ITL").unit("ms"),
        Axis::new("ITL").unit("ms").log(),
    ] {
        let pairs = [(10.0, 10.0), (37.0, 37.0), (90.0, 99.0)];
        let chart = AgreementChart::new(caption(), axis, vec![Series::from_pairs("s", pairs)]);
        let svg = chart.svg().unwrap();
        let picture = Picture::read(&svg);
        let frame = picture.frame();
        assert!(near(frame.right - frame.left, frame.bottom - frame.top));
        let from_diagonal: Vec<f64> = places(&svg)
            .into_iter()
            .map(|(x, y)| (frame.bottom - y) - (x - frame.left))
            .collect();
        assert!(near(from_diagonal[0], 0.0) && near(from_diagonal[1], 0.0));
        assert!(from_diagonal[2] > 5.0);
        assert_eq!(picture.contents("plot-title-x"), ["measured ITL (ms)"]);
        assert_eq!(picture.contents("plot-title-y"), ["predicted ITL (ms)"]);
        let bands = picture.contents("plot-legend");
        assert_eq!(
            bands,
            ["s", "predicted = measured", "within ±10 %", "within ±25 %"]
        );
    }
}

#[test]
fn the_edge_of_a_band_is_off_by_its_percentage() {
    let pairs = [(50.0, 55.0), (80.0, 72.0), (0.0, 0.0)];
    let chart = AgreementChart {
        bands_percent: vec![10.0],
        ..AgreementChart::new(
            caption(),
            Axis::new("ITL"),
            vec![Series::from_pairs("s", pairs)],
        )
    };
    let svg = chart.svg().unwrap();
    let picture = Picture::read(&svg);
    let clipped = picture
        .document
        .descendants()
        .find(|node| node.attribute("clip-path").is_some())
        .unwrap();
    let path = clipped.first_element_child().unwrap();
    let outline: Vec<(f64, f64)> = path
        .attribute("d")
        .unwrap()
        .trim_end_matches('Z')
        .split(['M', 'L'])
        .skip(1)
        .map(|pair| {
            let (x, y) = pair.split_once(' ').unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        })
        .collect();
    // Left to zero to right along the upper edge, and back along the lower.
    let on_edge = |(x, y): (f64, f64), zero: (f64, f64), end: (f64, f64)| {
        let slope = (end.1 - zero.1) / (end.0 - zero.0);
        (zero.1 + slope * (x - zero.0) - y).abs() < 0.05
    };
    let at = places(&svg);
    assert_eq!(outline.len(), 6);
    assert!(on_edge(at[0], outline[1], outline[2]));
    assert!(on_edge(at[1], outline[4], outline[3]));
}

#[test]
fn roofs_meet_at_the_ridge_point() {
    let (bytes_per_s, flops_per_s) = (2e12, 1e15);
    // On the memory roof, on the ridge, on the compute roof.
    let pairs = [(50.0, 1e14), (500.0, 1e15), (2000.0, 1e15)];
    let chart = RooflineChart {
        caption: caption(),
        memory: MemoryRoof {
            name: "HBM".to_owned(),
            bytes_per_s,
        },
        compute: vec![ComputeRoof {
            name: "BF16".to_owned(),
            flops_per_s,
        }],
        series: vec![Series::from_pairs("s", pairs)],
    };
    let svg = chart.svg().unwrap();
    let picture = Picture::read(&svg);
    let at = places(&svg);
    let ridge = picture.with_class("plot-ridge")[0];
    let (x, y) = place(ridge);
    assert!(near(x, at[1].0) && near(y, at[1].1));
    assert_eq!(title(ridge), "ridge point of BF16: 500 FLOP/byte");
    let roofs = picture.with_class("plot-roof");
    let ends = |index: usize| ["x1", "y1", "x2", "y2"].map(|name| number(roofs[index], name));
    let [x1, y1, x2, y2] = ends(0);
    assert!(near(x2, x) && near(y2, y));
    let along = y1 + (at[0].0 - x1) / (x2 - x1) * (y2 - y1);
    assert!((along - at[0].1).abs() < 0.05);
    let [x1, y1, x2, y2] = ends(1);
    assert!(near(x1, x) && near(y1, y) && near(y2, at[2].1));
    assert!(near(x2, picture.frame().right));
    assert_eq!(picture.contents("plot-roof-name"), ["HBM 2 TB/s"]);
    assert!(
        picture
            .contents("plot-label")
            .contains(&"BF16 1 PFLOP/s".to_owned())
    );
    assert_eq!(
        picture.contents("plot-note"),
        ["ridge point of BF16: 500 FLOP/byte"]
    );
}

#[test]
fn reference_lines_stand_at_their_values() {
    let mut chart = XyChart::points(
        caption(),
        Axis::new("x"),
        Axis::new("y"),
        vec![Series::from_pairs("s", [(1.0, 5.0), (2.0, 8.0)])],
    );
    chart
        .x_references
        .push(ReferenceLine::new(2.0, "at the second"));
    chart
        .y_references
        .push(ReferenceLine::new(5.0, "at the first"));
    let svg = chart.svg().unwrap();
    let picture = Picture::read(&svg);
    let at = places(&svg);
    let lines: Vec<_> = picture
        .document
        .descendants()
        .filter(|node| node.has_tag_name("line") && node.has_children())
        .collect();
    assert_eq!(title(lines[0]), "at the second: 2");
    assert!(near(number(lines[0], "x1"), at[1].0) && near(number(lines[0], "x2"), at[1].0));
    assert_eq!(title(lines[1]), "at the first: 5");
    assert!(near(number(lines[1], "y1"), at[0].1) && near(number(lines[1], "y2"), at[0].1));
}

#[test]
fn cells_take_the_colours_of_their_scale() {
    let map = |colours, cells: [Option<f64>; 4]| Heatmap {
        caption: caption(),
        columns: Categories::new("c", ["a", "b"]),
        rows: Categories::new("r", ["top", "bottom"]),
        value: Axis::new("v"),
        colours,
        cells: cells.to_vec(),
    };
    let fills = |map: &Heatmap| {
        let svg = map.svg().unwrap();
        let picture = Picture::read(&svg);
        let marks = picture.with_class("plot-mark").into_iter();
        marks
            .map(|node| (title(node), node.attribute("fill").unwrap().to_owned()))
            .collect::<Vec<_>>()
    };
    let sequential = fills(&map(
        ColourScale::Sequential,
        [Some(0.0), Some(5.0), None, Some(10.0)],
    ));
    // The ends of viridis.
    assert_eq!(
        sequential[0],
        ("top, a: 0".to_owned(), "#440154".to_owned())
    );
    assert_eq!(
        sequential[3],
        ("bottom, b: 10".to_owned(), "#fde725".to_owned())
    );
    assert_eq!(sequential[2].0, "bottom, a: no value");
    assert!(sequential[2].1.starts_with("url(#plot-"));
    let diverging = fills(&map(
        ColourScale::Diverging { centre: 1.0 },
        [Some(1.0), Some(0.5), Some(1.5), None],
    ));
    assert_eq!(diverging[0].1, "#f7f7f7");
    assert_eq!(diverging[1].1, "#1d4f91");
    assert_eq!(diverging[2].1, "#9a4a05");
    // In the middle by ratio, not by difference.
    let logarithmic = fills(&map(
        ColourScale::SequentialLog,
        [Some(1.0), Some(100.0), Some(10.0), None],
    ));
    let even = fills(&map(
        ColourScale::Sequential,
        [Some(0.0), Some(100.0), Some(50.0), None],
    ));
    assert_eq!(logarithmic[2].1, even[2].1);
}

#[test]
fn titles_of_points_say_name_and_values() {
    let mut series = Series::from_pairs("dense", [(64.0, 10_217.5)]);
    series.points[0].label = Some("decode".to_owned());
    let chart = XyChart::points(
        caption(),
        Axis::new("batch size").unit("requests"),
        Axis::new("step time").unit("µs"),
        vec![series],
    );
    let svg = chart.svg().unwrap();
    let marks = Picture::read(&svg).marks();
    assert_eq!(marks[0].name, "dense, decode: 64 requests, 10,217.5 µs");
}

#[test]
fn series_that_lie_on_others_are_drawn_around_them() {
    let low = [(1.0, 1.0), (2.0, 2.0), (3.0, 3.0)];
    let crossing = [(1.0, 3.0), (2.0, 2.0), (3.0, 1.0)];
    let chart = |series: [&[(f64, f64)]; 4]| {
        let series = series.map(|pairs| Series::from_pairs("s", pairs.iter().copied()));
        let (x, y) = (Axis::new("x"), Axis::new("y"));
        let chart = XyChart::lines(caption(), x, y, series.to_vec());
        chart.svg().unwrap()
    };
    let scales = |svg: &str| {
        let picture = Picture::read(svg);
        let marks = picture.with_class("plot-mark").into_iter();
        marks.map(scale).collect::<Vec<_>>()
    };
    // The second and third lie on the first, each wider than the one below; the fourth crosses them at one point.
    let svg = chart([&low, &low, &low[..2], &crossing]);
    let found = scales(&svg);
    assert_eq!(found.len(), 11);
    assert!(found[..3].iter().all(|scale| *scale <= 1.0));
    assert!(found[3..6].iter().all(|scale| *scale > 1.0));
    assert!(found[6..8].iter().all(|scale| *scale > found[3]));
    assert!(found[8..].iter().all(|scale| *scale <= 1.0));
    let picture = Picture::read(&svg);
    let outlines: Vec<_> = picture
        .with_class("plot-hollow")
        .into_iter()
        .map(|node| {
            let of = |name| {
                node.attribute(name)
                    .or_else(|| node.parent()?.attribute(name))
            };
            (of("fill"), of("stroke"))
        })
        .collect();
    // Five points and two samples of the legend.
    assert_eq!(outlines, [(Some("none"), Some("currentColor")); 7]);
    // What lies apart is as ever.
    let apart = chart([&low, &crossing, &[(1.0, 2.0)], &[(3.0, 2.0)]]);
    assert!(!apart.contains("plot-hollow") && !apart.contains("scale("));
}
