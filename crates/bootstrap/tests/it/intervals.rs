//! Intervals against published samples, exact distributions and an implementation by others.
//!
//! What is compared with `scipy` 1.x was computed with a million resamples by
//!
//! ```python
//! from scipy.stats import bootstrap
//! bootstrap(data, statistic, paired=paired, vectorized=True, method=method, n_resamples=1_000_000, batch=20_000,
//!           confidence_level=0.95, rng=numpy.random.default_rng(1))
//! ```
//!
//! with `paired=True` for the correlation and `method` `percentile` or `BCa`.

use bootstrap::{Bounds, Interval, NoInterval, Resampling, ResamplingSpec, Sample, interval};

/// Average LSAT and GPA of 15 law schools (Efron and Tibshirani 1993, table 3.1).
const LAW_SCHOOLS: [[f64; 2]; 15] = [
    [576.0, 3.39],
    [635.0, 3.30],
    [558.0, 2.81],
    [578.0, 3.03],
    [666.0, 3.44],
    [580.0, 3.07],
    [555.0, 3.00],
    [661.0, 3.43],
    [651.0, 3.36],
    [605.0, 3.13],
    [653.0, 3.12],
    [575.0, 2.74],
    [545.0, 2.76],
    [572.0, 2.88],
    [594.0, 2.96],
];

/// Days that mice survived with and without a treatment (Efron and Tibshirani 1993, table 2.1).
const TREATED: [f64; 7] = [94.0, 197.0, 16.0, 38.0, 99.0, 141.0, 23.0];
const CONTROLS: [f64; 9] = [52.0, 104.0, 146.0, 10.0, 51.0, 30.0, 40.0, 27.0, 46.0];

/// A sample whose mean is far from normal.
const SKEWED: [f64; 10] = [0.1, 0.3, 0.4, 0.9, 1.2, 1.3, 2.2, 2.9, 4.5, 9.7];

const MANY: ResamplingSpec = ResamplingSpec {
    level: 0.95,
    resamples: 100_000,
    block: 1,
    seed: 7,
};

#[track_caller]
fn of(sample: &Sample, spec: ResamplingSpec) -> Interval {
    interval(sample, &Resampling::new(spec).unwrap()).unwrap()
}

/// The ends agree within the error of Monte Carlo: the 2.5% quantile of B replicates has a standard deviation of about
/// `sqrt(0.025 0.975 / B) / 0.058` standard errors, 0.0085 for 100,000 of them, and the upper end of a BCa interval lies
/// farther out. Five of those, and as much for the reference.
#[track_caller]
fn assert_near(bounds: Bounds, low: f64, high: f64, standard_error: f64) {
    let tolerance = 0.06 * standard_error;
    assert!(
        (bounds.low - low).abs() < tolerance && (bounds.high - high).abs() < tolerance,
        "{bounds:?} against {low} to {high}"
    );
}

#[test]
fn the_correlation_of_the_law_schools() {
    let interval = of(&Sample::Correlation(LAW_SCHOOLS.to_vec()), MANY);
    // The book has 0.776.
    assert!((interval.estimate - 0.776_374_491_289_407).abs() < 1e-12);
    assert_near(interval.percentile, 0.4604, 0.9619, 0.1335);
    assert_near(interval.bca.unwrap(), 0.3320, 0.9418, 0.1335);
    assert_eq!(interval.rows, [15]);
    assert_eq!(interval.undefined, 0);
}

#[test]
fn the_mean_of_a_skewed_sample() {
    let interval = of(&Sample::Mean(SKEWED.to_vec()), MANY);
    assert!((interval.estimate - 2.35).abs() < 1e-12);
    assert_near(interval.percentile, 0.93, 4.28, 0.8756);
    assert_near(interval.bca.unwrap(), 1.16, 5.08, 0.8756);
    let narrower = of(
        &Sample::Mean(SKEWED.to_vec()),
        ResamplingSpec { level: 0.9, ..MANY },
    );
    assert_near(narrower.percentile, 1.08, 3.93, 0.8756);
    assert_near(narrower.bca.unwrap(), 1.29, 4.54, 0.8756);
}

#[test]
fn the_difference_of_two_groups_of_mice() {
    let sample = Sample::DifferenceOfGroups([TREATED.to_vec(), CONTROLS.to_vec()]);
    let interval = of(&sample, MANY);
    // The book has 30.63.
    assert!((interval.estimate - 30.634_920_634_920_6).abs() < 1e-12);
    assert_near(interval.percentile, -20.984, 84.159, 26.888);
    assert_near(interval.bca.unwrap(), -19.302, 85.952, 26.888);
    assert_eq!(interval.rows, [7, 9]);
}

#[test]
fn a_share_follows_the_binomial_distribution() {
    // Eight ones among 25 rows: a resample has binomially many, and 4 and 13 are the quantiles of 2.5% and 97.5% (the
    // cumulative probabilities are 0.0207 and 0.0610 at 3 and 4, 0.9701 and 0.9888 at 12 and 13).
    let rows = (0..25).map(|row| if row < 8 { 1.0 } else { 0.0 }).collect();
    let interval = of(&Sample::Mean(rows), MANY);
    // Sums of whole numbers are exact, and going back from distances to the first row rounds once.
    let is = |value: f64, count: f64| (value - count / 25.0).abs() < 1e-15;
    let Bounds { low, high } = interval.percentile;
    assert!(is(interval.estimate, 8.0), "{}", interval.estimate);
    assert!(is(low, 4.0) && is(high, 13.0), "{low} to {high}");
}

#[test]
fn blocks_follow_every_choice_of_their_starts() {
    let rows = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];
    // Blocks of two begin at rows 0 to 5; the last of four is cut to one row. All choices are as likely.
    let mut means = Vec::new();
    for a in 0..6 {
        for b in 0..6 {
            for c in 0..6 {
                for d in 0..6 {
                    let sum: f64 = [a, a + 1, b, b + 1, c, c + 1, d]
                        .map(|row| rows[row])
                        .iter()
                        .sum();
                    means.push(sum / 7.0);
                }
            }
        }
    }
    means.sort_by(f64::total_cmp);
    let interval = of(
        &Sample::Mean(rows.to_vec()),
        ResamplingSpec { block: 2, ..MANY },
    );
    // A share of 100,000 replicates has a standard deviation of 0.0005 here.
    let place = |basis_points: usize| means[means.len() * basis_points / 10_000];
    let Bounds { low, high } = interval.percentile;
    assert!((place(225)..=place(275)).contains(&low), "{low}");
    assert!((place(9725)..=place(9775)).contains(&high), "{high}");
    assert_eq!(interval.block, 2);
}

#[test]
fn rows_that_follow_one_another_alike_have_a_wider_interval_in_blocks() {
    // Runs of 20 equal rows: 400 rows that are worth 20.
    let rows: Vec<f64> = (0..400_u32)
        .map(|row| f64::from((row / 20 * 7919) % 23))
        .collect();
    let width = |block| {
        let Bounds { low, high } = of(
            &Sample::Mean(rows.clone()),
            ResamplingSpec { block, ..MANY },
        )
        .percentile;
        high - low
    };
    // Blocks of the length of the runs hold two of them: sqrt(20) would be the ratio for blocks that fit the runs, and
    // sqrt(2/3) of that is left where blocks begin anywhere.
    let ratio = width(20) / width(1);
    let expected = (20.0_f64 * 2.0 / 3.0).sqrt();
    assert!((ratio / expected - 1.0).abs() < 0.15, "{ratio}");
}

#[test]
fn of_a_symmetric_sample_both_intervals_agree() {
    let rows: Vec<f64> = (-20..=20).map(f64::from).collect();
    let interval = of(&Sample::Mean(rows), MANY);
    let Bounds { low, high } = interval.percentile;
    // The standard error is sqrt((41² - 1) / 12 / 41) = 1.848.
    assert_near(interval.bca.unwrap(), low, high, 1.848);
    assert_near(interval.percentile, -1.96 * 1.848, 1.96 * 1.848, 1.848);
}

#[test]
fn a_paired_difference_is_the_mean_of_differences() {
    let pairs = LAW_SCHOOLS.map(|[x, y]| [x, 100.0 * y]).to_vec();
    let differences = pairs.iter().map(|[a, b]| a - b).collect();
    let paired = of(&Sample::Difference(pairs), MANY);
    assert_eq!(paired, of(&Sample::Mean(differences), MANY));
}

#[test]
fn threads_change_no_byte() {
    let values: Vec<f64> = (0..500_u32)
        .map(|row| f64::from(row * row % 101) / 7.0)
        .collect();
    let pairs: Vec<[f64; 2]> = values.windows(2).map(|pair| [pair[0], pair[1]]).collect();
    let samples = [
        Sample::Mean(values.clone()),
        Sample::Difference(pairs.clone()),
        Sample::Correlation(pairs),
        Sample::DifferenceOfGroups([values[..200].to_vec(), values[200..].to_vec()]),
    ];
    let all = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let specs = [1, 9].map(|block| ResamplingSpec {
                block,
                ..ResamplingSpec::default()
            });
            let intervals: Vec<Interval> = specs
                .iter()
                .flat_map(|spec| samples.iter().map(|sample| of(sample, *spec)))
                .collect();
            format!("{intervals:?}")
        })
    };
    let one = all(1);
    for threads in [2, 3, 8] {
        assert!(all(threads) == one, "{threads} threads");
    }
}

#[test]
fn the_seed_decides() {
    let sample = Sample::Mean(SKEWED.to_vec());
    let with = |seed| {
        of(
            &sample,
            ResamplingSpec {
                seed,
                ..ResamplingSpec::default()
            },
        )
    };
    assert_eq!(with(1).percentile, with(1).percentile);
    assert_ne!(with(1).percentile, with(2).percentile);
}

#[track_caller]
fn none(sample: &Sample, block: usize) -> NoInterval {
    let spec = ResamplingSpec {
        block,
        ..ResamplingSpec::default()
    };
    interval(sample, &Resampling::new(spec).unwrap()).unwrap_err()
}

#[test]
fn few_rows_have_no_interval() {
    for rows in 0..3 {
        let pairs = LAW_SCHOOLS[..rows].to_vec();
        let values: Vec<f64> = SKEWED[..rows].to_vec();
        for sample in [
            Sample::Mean(values.clone()),
            Sample::Difference(pairs.clone()),
            Sample::Correlation(pairs),
            Sample::DifferenceOfGroups([values, SKEWED.to_vec()]),
        ] {
            assert_eq!(none(&sample, 1), NoInterval::TooFewRows { rows });
        }
    }
    assert_eq!(
        none(&Sample::Mean(SKEWED.to_vec()), 4).to_string(),
        "an interval needs 3 blocks, and 10 rows have 2 of 4"
    );
}

#[test]
fn rows_that_do_not_differ_have_no_interval() {
    for sample in [
        Sample::Mean(vec![0.1; 10]),
        Sample::Difference(vec![[0.3, 0.1]; 10]),
        // Equal differences of different rows.
        Sample::Difference(vec![[5.0, 3.0], [4.0, 2.0], [3.0, 1.0]]),
        Sample::Correlation(vec![[0.1, 1.0], [0.1, 2.0], [0.1, 4.0]]),
        Sample::Correlation(vec![[1.0, 0.7], [2.0, 0.7], [4.0, 0.7]]),
        Sample::DifferenceOfGroups([vec![0.1; 3], vec![0.2; 4]]),
    ] {
        assert_eq!(none(&sample, 1), NoInterval::NoSpread, "{sample:?}");
    }
    // On a line every resample has the correlation 1, as far as it has one.
    let line = (0..40)
        .map(|x| [f64::from(x), 3.0 * f64::from(x) + 0.1])
        .collect();
    assert_eq!(none(&Sample::Correlation(line), 1), NoInterval::NoSpread);
}

#[test]
fn one_group_without_spread_is_fine() {
    let sample = Sample::DifferenceOfGroups([SKEWED.to_vec(), vec![1.0; 4]]);
    let interval = of(&sample, MANY);
    assert_near(interval.percentile, 0.93 - 1.0, 4.28 - 1.0, 0.8756);
    assert_near(interval.bca.unwrap(), 1.16 - 1.0, 5.08 - 1.0, 0.8756);
}

#[test]
fn resamples_without_a_correlation_are_counted_or_too_many() {
    // Of three rows a ninth of the resamples repeats one of them.
    let sample = Sample::Correlation(vec![[1.0, 2.0], [2.0, 1.0], [3.0, 5.0]]);
    match none(&sample, 1) {
        NoInterval::Undefined {
            undefined,
            resamples: 10_000,
        } => assert!((900..1300).contains(&undefined), "{undefined}"),
        other => panic!("{other}"),
    }
    // Of five rows 5 / 5^5 = 0.16% of the resamples do.
    let few = of(&Sample::Correlation(LAW_SCHOOLS[..5].to_vec()), MANY);
    assert!((110..210).contains(&few.undefined), "{}", few.undefined);
    assert!(few.percentile.low >= -1.0 && few.percentile.high <= 1.0);
}

#[test]
fn numbers_that_overflow_have_no_interval() {
    let most = f64::MAX;
    for sample in [
        Sample::Mean(vec![most, -most, most, 0.0]),
        Sample::Difference(vec![[most, -most], [1.0, 2.0], [2.0, 5.0]]),
        Sample::DifferenceOfGroups([vec![most, -most, most], vec![0.0, 1.0, 2.0]]),
    ] {
        assert_eq!(none(&sample, 1), NoInterval::TooLarge, "{sample:?}");
    }
    let large = LAW_SCHOOLS.map(|[x, y]| [x * 1e300, y * 1e-300]).to_vec();
    let interval = of(&Sample::Correlation(large), MANY);
    assert!((interval.estimate - 0.776_374_491_289_407).abs() < 1e-12);
}

#[test]
fn there_is_an_end_to_the_draws() {
    let pairs: Vec<[f64; 2]> = (0..500_001)
        .map(|row| [f64::from(row % 7), f64::from(row)])
        .collect();
    assert_eq!(
        none(&Sample::Difference(pairs), 1).to_string(),
        "the resamples are 5000010000 draws, of at most 5000000000"
    );
}
