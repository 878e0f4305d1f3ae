//! How long 10,000 resamples take.

use std::hint::black_box;

use bootstrap::{Resampling, ResamplingSpec, Sample, interval};
use criterion::{Criterion, criterion_group, criterion_main};

/// Pairs without a pattern that resamples would meet.
fn pairs(rows: u32) -> Vec<[f64; 2]> {
    let scrambled = |row: u32, factor: u32| f64::from(row.wrapping_mul(factor) >> 8);
    (0..rows)
        .map(|row| [scrambled(row, 2_654_435_769), scrambled(row, 2_246_822_519)])
        .collect()
}

#[expect(
    clippy::expect_used,
    reason = "a benchmark that cannot begin says so by ending"
)]
fn ten_thousand_resamples(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("10,000 resamples");
    group.sample_size(10);
    let cases = [
        ("difference of 13 rows", Sample::Difference(pairs(13)), 1),
        (
            "difference of 20,000 rows",
            Sample::Difference(pairs(20_000)),
            1,
        ),
        (
            "correlation of 20,000 rows",
            Sample::Correlation(pairs(20_000)),
            1,
        ),
        (
            "correlation of 125,000 rows",
            Sample::Correlation(pairs(125_000)),
            1,
        ),
        (
            "correlation of 125,000 rows in blocks of 50",
            Sample::Correlation(pairs(125_000)),
            50,
        ),
    ];
    for (name, sample, block) in cases {
        let spec = ResamplingSpec {
            block,
            ..ResamplingSpec::default()
        };
        let resampling = Resampling::new(spec).expect("a resampling in order");
        group.bench_function(name, |bencher| {
            bencher.iter(|| interval(black_box(&sample), &resampling).expect("an interval"));
        });
    }
    group.finish();
}

criterion_group!(benches, ten_thousand_resamples);
criterion_main!(benches);
