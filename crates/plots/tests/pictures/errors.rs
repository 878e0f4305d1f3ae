use plots::{
    AgreementChart, Axis, BarChart, BarSeries, Categories, ColourScale, ComputeRoof, Heatmap,
    MemoryRoof, PlotError, ReferenceLine, RooflineChart, Series, XyChart,
};

use crate::layout::caption;

fn error(drawn: Result<String, PlotError>) -> String {
    drawn.unwrap_err().to_string()
}

fn points(pairs: &[(f64, f64)]) -> XyChart {
    let series = Series::from_pairs("s", pairs.iter().copied());
    XyChart::points(caption(), Axis::new("x"), Axis::new("y"), vec![series])
}

fn bars(values: &[Option<f64>]) -> BarChart {
    BarChart::new(
        caption(),
        Categories::new("c", ["a", "b"]),
        Axis::new("v"),
        vec![BarSeries::new("s", values.iter().copied())],
    )
}

fn heatmap(cells: &[Option<f64>], colours: ColourScale) -> Heatmap {
    Heatmap {
        caption: caption(),
        columns: Categories::new("c", ["a", "b"]),
        rows: Categories::new("r", ["top"]),
        value: Axis::new("v"),
        colours,
        cells: cells.to_vec(),
    }
}

fn roofline(bytes_per_s: f64, peaks: &[f64]) -> RooflineChart {
    RooflineChart {
        caption: caption(),
        memory: MemoryRoof {
            name: "HBM".to_owned(),
            bytes_per_s,
        },
        compute: peaks
            .iter()
            .map(|&flops_per_s| ComputeRoof {
                name: "BF16".to_owned(),
                flops_per_s,
            })
            .collect(),
        series: Vec::new(),
    }
}

#[test]
fn points_that_cannot_be_shown_are_refused() {
    assert_eq!(
        error(points(&[(1.0, 2.0), (1.0, f64::NAN)]).svg()),
        "y of point 1 of series `s` is NaN, not a finite number"
    );
    assert_eq!(
        error(points(&[(f64::NEG_INFINITY, 2.0)]).svg()),
        "x of point 0 of series `s` is -inf, not a finite number"
    );
    assert_eq!(
        error(points(&[(1.0, 1e200)]).svg()),
        "y of point 0 of series `s` is 1e200, beyond the range of an axis (valid: magnitudes up to 1e100)"
    );
    let mut log = points(&[(1.0, 1.0), (0.0, 1.0)]);
    log.x = Axis::new("x").log().into();
    assert_eq!(
        error(log.svg()),
        "x of point 1 of series `s` is 0, and a log scale needs values above 0 (from 1e-100 on)"
    );
    assert_eq!(error(points(&[]).svg()), "chart has no points");
    let mut none = points(&[]);
    none.series.clear();
    assert_eq!(error(none.svg()), "chart has no series");
}

#[test]
fn too_much_is_refused() {
    let mut many = points(&[(1.0, 1.0)]);
    many.series = vec![many.series[0].clone(); 19];
    assert_eq!(
        error(many.svg()),
        "chart has 19 series, more than the 18 that can be drawn legibly"
    );
    assert_eq!(
        error(points(&vec![(1.0, 1.0); 20_001]).svg()),
        "chart has 20001 points, more than the 20000 that can be drawn legibly"
    );
    let mut lines = points(&[(1.0, 1.0)]);
    lines.y_references = vec![ReferenceLine::new(1.0, "r"); 9];
    assert_eq!(
        error(lines.svg()),
        "chart has 9 reference lines of one axis, more than the 8 that can be drawn legibly"
    );
    let mut lines = points(&[(1.0, 1.0)]);
    lines.y_references = vec![ReferenceLine::new(f64::NAN, "r")];
    assert_eq!(
        error(lines.svg()),
        "reference line `r` is NaN, not a finite number"
    );
    let mut wide = points(&[(1.0, 1.0)]);
    wide.x = Categories::new("c", (0..201).map(|n| n.to_string())).into();
    assert_eq!(
        error(wide.svg()),
        "chart has 201 categories, more than the 200 that can be drawn legibly"
    );
}

#[test]
fn categories_are_counted() {
    let mut outside = points(&[(0.0, 1.0), (2.0, 1.0)]);
    outside.x = Categories::new("c", ["a", "b"]).into();
    let message = "x of point 1 of series `s` is 2, not the index of a category (valid: whole numbers from 0 to 1)";
    assert_eq!(error(outside.clone().svg()), message);
    outside.series[0].points[1].x = 0.5;
    assert_eq!(error(outside.svg()), message.replace("is 2,", "is 0.5,"));
    assert_eq!(
        error(bars(&[Some(1.0)]).svg()),
        "series `s` has 1 values where 2 are needed"
    );
    assert_eq!(error(bars(&[None, None]).svg()), "chart has no points");
    assert_eq!(
        error(bars(&[Some(1.0), Some(f64::INFINITY)]).svg()),
        "series `s` at `b` is inf, not a finite number"
    );
}

#[test]
fn bars_need_zero() {
    let mut log = bars(&[Some(1.0), Some(2.0)]);
    log.value = Axis::new("v").log();
    assert_eq!(
        error(log.svg()),
        "bars start at zero, which a logarithmic axis does not have (valid scales: linear, linear from zero)"
    );
}

#[test]
fn heatmaps_need_their_cells() {
    let even = ColourScale::Sequential;
    assert_eq!(
        error(heatmap(&[Some(1.0)], even).svg()),
        "heatmap of 1 rows and 2 columns has 1 values where 2 are needed"
    );
    assert_eq!(
        error(heatmap(&[None, None], even).svg()),
        "chart has no cells with a value"
    );
    assert_eq!(
        error(heatmap(&[Some(1.0), Some(-2.0)], ColourScale::SequentialLog).svg()),
        "cell at r `top`, c `b` is -2, and a log scale needs values above 0 (from 1e-100 on)"
    );
    let centre = ColourScale::Diverging { centre: f64::NAN };
    assert_eq!(
        error(heatmap(&[Some(1.0), None], centre).svg()),
        "centre of the colours is NaN, not a finite number"
    );
}

#[test]
fn bands_lie_about_the_diagonal() {
    let chart = |percent| AgreementChart {
        bands_percent: vec![percent],
        ..AgreementChart::new(
            caption(),
            Axis::new("ITL"),
            vec![Series::from_pairs("s", [(1.0, 1.0)])],
        )
    };
    for percent in [0.0, -5.0, 100.0, f64::NAN] {
        assert_eq!(
            error(chart(percent).svg()),
            format!("band of {percent} % is not one about a diagonal (valid: above 0, below 100)")
        );
    }
    let mut four = chart(10.0);
    four.bands_percent = vec![1.0, 2.0, 3.0, 4.0];
    assert_eq!(
        error(four.svg()),
        "chart has 4 bands, more than the 3 that can be drawn legibly"
    );
}

#[test]
fn roofs_are_above_zero() {
    assert_eq!(
        error(roofline(0.0, &[1e15]).svg()),
        "bandwidth of `HBM` is 0, and a log scale needs values above 0 (from 1e-100 on)"
    );
    assert_eq!(
        error(roofline(1e12, &[]).svg()),
        "chart has no compute roofs"
    );
    assert_eq!(
        error(roofline(1e12, &[f64::NAN]).svg()),
        "peak of `BF16` is NaN, not a finite number"
    );
    assert_eq!(
        error(roofline(1e-90, &[1e90]).svg()),
        "ridge of `BF16` is 1e180, beyond the range of an axis (valid: magnitudes up to 1e100)"
    );
}
