use plots::{
    AgreementChart, Axis, BarChart, BarSeries, Caption, Categories, ColourScale, ComputeRoof,
    Heatmap, MemoryRoof, Point, ReferenceLine, RooflineChart, Scale, Series, XyChart,
};

use crate::picture::{Picture, Shape, check, number, title};

const NAMES: [&str; 13] = [
    "20260217-155451-llama-2-7b-tp1-codegen",
    "20260217-162547-llama-2-7b-tp1-roleplay",
    "20260217-170634-llama-2-7b-tp1-reasoning",
    "20260217-202857-llama-2-70b-tp4-general",
    "20260217-203421-llama-2-70b-hf-tp4-codegen",
    "20260218-084319-llama-2-70b-tp4-roleplay",
    "20260218-120914-mixtral-8x7b-v0-1-tp2-codegen",
    "20260218-130541-mixtral-8x7b-v0-1-tp2-roleplay",
    "20260218-141024-mixtral-8x7b-v0-1-tp2-reasoning",
    "20260218-150304-codellama-34b-tp2-general",
    "20260218-155500-codellama-34b-tp2-codegen",
    "20260218-160939-codellama-34b-tp2-roleplay",
    "20260218-164010-codellama-34b-tp2-a-name-that-nobody-should-ever-give-to-an-experiment",
];

pub(crate) fn caption() -> Caption {
    Caption::new("A title", "A description.")
}

fn lines(count: u32) -> XyChart {
    let series = (0..count).map(|n| {
        let pairs =
            (0..10).map(|power| (2_f64.powi(power), f64::from(n * 7 + 3) + f64::from(power)));
        Series::from_pairs(format!("series number {n} of many"), pairs)
    });
    let mut chart = XyChart::lines(
        caption(),
        Axis::new("batch size").unit("requests").log(),
        Axis::new("step time").unit("ms").from_zero(),
        series.collect(),
    );
    let at = |at: f64| ReferenceLine::new(at, format!("a threshold at {at}"));
    chart.x_references = [60.0, 64.0, 65.0, 100.0].map(at).to_vec();
    chart.y_references = [20.0, 21.0, 22.0, 22.0, 22.0].map(at).to_vec();
    chart
}

fn over_words(count: usize) -> XyChart {
    let names = (0..count).map(|n| format!("{}-{n}", NAMES[n % NAMES.len()]));
    let indices = (0..u32::try_from(count).unwrap()).map(f64::from);
    let values = indices.map(|n| (n, n * 7.0 % 11.0));
    XyChart::points(
        caption(),
        Categories::new("experiment", names),
        Axis::new("ITL").unit("ms"),
        vec![Series::from_pairs("simulated", values)],
    )
}

fn bars(names: &[&str]) -> BarChart {
    let series = [3_u32, 5, 11].map(|seed| {
        let values = (0_u32..)
            .take(names.len())
            .map(|n| (n != 1).then(|| f64::from(n * seed * 13 % 83) - 21.0));
        BarSeries::new(format!("metric {seed}"), values)
    });
    BarChart {
        references: vec![
            ReferenceLine::new(15.0, "threshold"),
            ReferenceLine::new(15.5, "goal"),
        ],
        ..BarChart::new(
            caption(),
            Categories::new("experiment", names.iter().copied()),
            Axis::new("error").unit("%"),
            series.to_vec(),
        )
    }
}

fn heatmap(colours: ColourScale, columns: u32) -> Heatmap {
    let places = (0..7).flat_map(|row| (0..columns).map(move |column| (row, column)));
    Heatmap {
        caption: caption(),
        columns: Categories::new("tokens", (0..columns).map(|n| (1_u64 << n).to_string())),
        rows: Categories::new("experiment", NAMES[..7].iter().copied()),
        value: Axis::new("MFU").unit("%"),
        colours,
        cells: places
            .map(|(row, column)| {
                (row != column).then(|| f64::from(row + 1) * 1.7 + f64::from(column))
            })
            .collect(),
    }
}

fn agreement(scale: Scale) -> AgreementChart {
    let points = NAMES.iter().zip(0_u32..).map(|(name, n)| {
        let measured = 12.0 + f64::from(n) * 2.3;
        Point::labelled(
            measured,
            measured * (0.86 + f64::from(n * 5 % 7) * 0.05),
            &name[16..],
        )
    });
    AgreementChart::new(
        caption(),
        Axis::new("ITL").unit("ms").scale(scale),
        vec![Series::new("all", points.collect())],
    )
}

fn roofline(points: u32) -> RooflineChart {
    let near = (0..points).map(|n| {
        let place = f64::from(n);
        Point::labelled(
            60.0 + place,
            (1.6 + 0.03 * place) * 1e14,
            format!("projection {n}"),
        )
    });
    let roof = |name: &str, flops_per_s| ComputeRoof {
        name: name.to_owned(),
        flops_per_s,
    };
    RooflineChart {
        caption: caption(),
        memory: MemoryRoof {
            name: "HBM3".to_owned(),
            bytes_per_s: 3.35e12,
        },
        compute: vec![roof("BF16", 989.5e12), roof("FP8", 1979e12)],
        series: vec![Series::new("GEMM", near.collect())],
    }
}

/// Points with names, some of them at one place.
fn named(count: u32) -> XyChart {
    let points = (0..count).map(|n| {
        let place = f64::from(n / 2);
        Point::labelled(place, place * place, format!("scenario {n}"))
    });
    let mut chart = lines(2);
    chart.x = Axis::new("x").into();
    chart.series[0].points = points.collect();
    chart
}

fn all() -> Vec<String> {
    let short = ["codegen", "general", "roleplay", "a longer workload"];
    let mut pictures = vec![
        lines(1).svg(),
        lines(3).svg(),
        lines(18).svg(),
        named(8).svg(),
        named(24).svg(),
        agreement(Scale::Linear).svg(),
        agreement(Scale::Log).svg(),
        roofline(8).svg(),
        roofline(24).svg(),
        roofline(60).svg(),
        bars(&short).svg(),
        bars(&NAMES).svg(),
    ];
    pictures.extend([1, 3, 13, 40, 200].map(|count| over_words(count).svg()));
    let colours = [
        ColourScale::Sequential,
        ColourScale::SequentialLog,
        ColourScale::Diverging { centre: 5.0 },
    ];
    for colours in colours {
        pictures.extend([1, 12, 60].map(|columns| heatmap(colours, columns).svg()));
    }
    pictures.into_iter().map(Result::unwrap).collect()
}

#[test]
fn nothing_overlaps_and_marks_are_inside() {
    for svg in all() {
        check(&svg);
    }
}

#[test]
fn the_same_data_give_the_same_bytes() {
    assert_eq!(all(), all());
}

#[test]
fn pictures_are_as_wide_as_asked_and_grow_with_their_legend() {
    let size = |chart: XyChart| {
        let svg = chart.svg().unwrap();
        let whole = Picture::read(&svg).whole();
        (whole.right, whole.bottom)
    };
    let mut plain = lines(1);
    plain.x_references.clear();
    let (width, height) = size(plain);
    assert!(
        (width - 760.0).abs() < 1.0 && (height - 440.0).abs() < 12.0,
        "{height}"
    );
    let (width, taller) = size(lines(18));
    assert!((width - 760.0).abs() < 1.0 && taller > height + 60.0);
}

#[test]
fn pictures_are_light_or_dark_as_the_reader_prefers() {
    let svg = lines(2).svg().unwrap();
    assert!(svg.contains("prefers-color-scheme:dark") && svg.contains("[data-theme=dark]"));
    assert!(svg.contains("#ffffff") && svg.contains("#0d1117"));
}

#[test]
fn long_names_turn_bars_and_stay_whole_in_titles() {
    let svg = bars(&NAMES).svg().unwrap();
    let picture = Picture::read(&svg);
    // Names stand beside the bars.
    assert_eq!(picture.contents("plot-ticks-y").len(), NAMES.len());
    let cut = picture.contents("plot-ticks-y").pop().unwrap();
    assert!(cut.contains('…') && cut.ends_with("experiment"), "{cut}");
    let last = NAMES[12];
    assert!(svg.contains(&format!("<title>{last}</title>")));
    let upright = bars(&["codegen", "general"]);
    let svg = upright.svg().unwrap();
    let picture = Picture::read(&svg);
    assert_eq!(picture.contents("plot-ticks-x"), ["codegen", "general"]);
}

#[test]
fn lines_across_bars_leave_values_and_labels_readable() {
    // Short names stand under the bars, long ones beside them.
    for names in [
        ["a", "b", "c", "d"],
        [NAMES[0], NAMES[1], NAMES[2], NAMES[3]],
    ] {
        let values = [0.97, 0.5, -0.03, 1.2].map(Some);
        let mut chart = BarChart::new(
            caption(),
            Categories::new("model", names),
            Axis::new("ratio"),
            vec![BarSeries::new("measured", values)],
        );
        let at = |at: f64| ReferenceLine::new(at, format!("limit of {at}"));
        chart.references = [1.0, 0.55, -0.06].map(at).to_vec();
        let svg = chart.svg().unwrap();
        let picture = Picture::read(&svg);
        let lines: Vec<Shape> = picture
            .document
            .descendants()
            .filter(|node| node.has_tag_name("line") && node.has_children())
            .map(|node| Shape {
                name: title(node),
                left: number(node, "x1"),
                top: number(node, "y1").min(number(node, "y2")),
                right: number(node, "x2"),
                bottom: number(node, "y1").max(number(node, "y2")),
            })
            .collect();
        assert_eq!(lines.len(), 3);
        let texts = picture.texts("plot-values");
        assert_eq!(texts.len(), 4);
        for (text, line) in texts.iter().flat_map(|a| lines.iter().map(move |b| (a, b))) {
            assert!(!text.overlaps(line), "{text:?} under {line:?}");
        }
        let labels = picture.texts("plot-label");
        assert_eq!(labels.len(), 3);
        for (label, bar) in labels
            .iter()
            .flat_map(|label| picture.marks().into_iter().map(move |bar| (label, bar)))
        {
            assert!(!label.overlaps(&bar), "{label:?} on {bar:?}");
        }
    }
}

#[test]
fn numbers_of_points_are_resolved_under_the_chart() {
    let svg = named(8).svg().unwrap();
    let picture = Picture::read(&svg);
    assert_eq!(picture.contents("plot-number"), ["1", "2", "3", "4"]);
    let legend = picture.contents("plot-legend");
    // Two series, then two points at each number.
    assert_eq!(
        legend[2..8],
        ["1", "scenario 0", "1", "scenario 1", "2", "scenario 2"]
    );
    assert_eq!(legend.len(), 2 + 2 * 8);
    let number = picture.with_class("plot-number")[0];
    assert_eq!(title(number), "scenario 0, scenario 1");
    // A list of many is not read.
    let svg = named(26).svg().unwrap();
    assert!(Picture::read(&svg).contents("plot-number").is_empty());
    assert!(svg.contains(", scenario 25: "));
}

#[test]
fn points_without_room_for_a_number_are_named_under_the_chart() {
    let mut crowded = roofline(24);
    for (point, n) in crowded.series[0].points.iter_mut().zip(0_u32..) {
        point.x = 200.0 + 14.0 * f64::from(n);
        point.y = 4e14 + 3e13 * f64::from(n % 5);
    }
    let svg = crowded.svg().unwrap();
    check(&svg);
    let picture = Picture::read(&svg);
    let numbered = picture.contents("plot-legend").into_iter();
    let numbered = numbered
        .filter(|name| name.starts_with("projection"))
        .count();
    let notes = picture.contents("plot-note").join(" ");
    let (_, left_out) = notes.split_once("without room for a number: ").unwrap();
    assert_eq!(numbered + left_out.split(", ").count(), 24, "{notes}");
}

#[test]
fn hostile_names_are_text() {
    let names = [
        "</title><script>alert(1)</script>",
        "\u{0}\u{1}\u{8}\u{b}\u{1f}\u{7f}\u{ffff}",
        "]]> & \" ' <!-- -->",
        "\u{202e}gnal\u{2066}",
        &"very long ".repeat(2000),
        "",
        "\u{1f680}\u{0301}日本語",
    ];
    for name in names {
        let mut chart = lines(2);
        chart.caption = Caption::new(name, name);
        chart.series[0].name = name.to_owned();
        chart.series[0].points[0].label = Some(name.to_owned());
        chart.y_references[0].label = name.to_owned();
        chart.x_references[0].label = name.to_owned();
        chart.y = Axis::new(name).unit(name);
        let mut pictures = vec![chart.svg(), bars(&[name, "b"]).svg()];
        let mut map = heatmap(ColourScale::Sequential, 2);
        map.columns = Categories::new(name, [name, name]);
        pictures.push(map.svg());
        for svg in pictures.into_iter().map(Result::unwrap) {
            assert!(!svg.contains("<script"));
            assert!(svg.len() < 400_000);
            // Reading it back is the test that it is well-formed.
            Picture::read(&svg);
        }
    }
}

#[test]
fn several_pictures_share_a_page_without_sharing_names() {
    let ids = |chart: XyChart| {
        let svg = chart.svg().unwrap();
        let picture = Picture::read(&svg);
        let root = picture.document.root_element();
        root.attribute("aria-labelledby").unwrap().to_owned()
    };
    assert_ne!(ids(lines(1)), ids(lines(2)));
}
