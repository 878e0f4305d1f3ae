//! What holds of every picture, of random data.

use plots::{
    AgreementChart, Axis, BarChart, BarSeries, Categories, ComputeRoof, MemoryRoof, Point,
    ReferenceLine, RooflineChart, Scale, Series, XyChart,
};
use proptest::prelude::*;

use crate::layout::caption;
use crate::picture::check;

/// Numbers of all magnitudes, also equal ones and zero.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        Just(1.0),
        -1000.0..1000.0,
        (-1.0..1.0_f64, -12..18).prop_map(|(digits, exponent)| digits * 10_f64.powi(exponent)),
        (0..20).prop_map(|power| 2_f64.powi(power)),
    ]
}

fn positive() -> impl Strategy<Value = f64> {
    number().prop_map(|number| {
        if number == 0.0 {
            1.0
        } else {
            number.abs().max(1e-30)
        }
    })
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z0-9-]{0,60}", "[ -~]{1,12}"]
}

fn series(number: impl Strategy<Value = f64> + Clone) -> impl Strategy<Value = Vec<Series>> {
    let point = (number.clone(), number, prop::option::of(name()));
    let points =
        prop::collection::vec(point.prop_map(|(x, y, label)| Point { x, y, label }), 1..30);
    let one = (name(), points).prop_map(|(name, points)| Series::new(name, points));
    prop::collection::vec(one, 1..8)
}

fn lines(values: impl Strategy<Value = f64>) -> impl Strategy<Value = Vec<ReferenceLine>> {
    let line = (values, name()).prop_map(|(at, label)| ReferenceLine { at, label });
    prop::collection::vec(line, 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn linear_charts(
        series in series(number().boxed()),
        x_references in lines(number()),
        y_references in lines(number()),
        from_zero in any::<bool>(),
    ) {
        let y = if from_zero { Axis::new("y").from_zero() } else { Axis::new("y") };
        let mut chart = XyChart::lines(caption(), Axis::new("x").unit("s"), y, series);
        chart.x_references = x_references;
        chart.y_references = y_references;
        check(&chart.svg().unwrap());
    }

    #[test]
    fn logarithmic_charts(
        series in series(positive().boxed()),
        references in lines(positive()),
    ) {
        let mut chart = XyChart::points(
            caption(),
            Axis::new("x").log(),
            Axis::new("y").unit("FLOP/s").log().engineering(),
            series,
        );
        chart.x_references.clone_from(&references);
        chart.y_references = references;
        check(&chart.svg().unwrap());
    }

    #[test]
    fn agreement_charts(
        series in series(positive().boxed()),
        scale in prop_oneof![Just(Scale::Linear), Just(Scale::Log), Just(Scale::LinearFromZero)],
    ) {
        let chart = AgreementChart::new(caption(), Axis::new("q").scale(scale), series);
        check(&chart.svg().unwrap());
    }

    #[test]
    fn bar_charts(
        values in prop::collection::vec(prop::collection::vec(prop::option::of(number()), 5), 1..6),
        names in prop::collection::vec(name(), 5),
        references in lines(number()),
    ) {
        let any = values.iter().flatten().any(Option::is_some);
        let series = values.into_iter().zip(0..).map(|(values, n)| BarSeries::new(format!("s {n}"), values));
        let mut chart = BarChart::new(
            caption(),
            Categories::new("c", names),
            Axis::new("v"),
            series.collect(),
        );
        chart.references = references;
        let drawn = chart.svg();
        prop_assert_eq!(drawn.is_ok(), any);
        if let Ok(svg) = drawn {
            check(&svg);
        }
    }

    #[test]
    fn rooflines(
        series in series(positive().boxed()),
        bytes_per_s in 1e9..1e14_f64,
        peaks in prop::collection::vec(1e9..1e17_f64, 1..5),
    ) {
        let chart = RooflineChart {
            caption: caption(),
            memory: MemoryRoof { name: "HBM".to_owned(), bytes_per_s },
            compute: peaks
                .into_iter()
                .map(|flops_per_s| ComputeRoof { name: "peak".to_owned(), flops_per_s })
                .collect(),
            series,
        };
        check(&chart.svg().unwrap());
    }
}
