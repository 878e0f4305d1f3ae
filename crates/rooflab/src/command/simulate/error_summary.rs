//! Errors over many benchmarks.

use request_metrics::Metric;
use serde::{Serialize, Serializer};

use super::comparison::BenchmarkComparison;
use crate::text_table::{Align, TextTable};

/// The errors of each metric.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ErrorSummary([(Metric, Option<MetricErrors>); 4]);

/// Errors of one metric over the benchmarks that have it, each of which counts once.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct MetricErrors {
    /// Mean absolute percentage error.
    pub(super) mape_pct: f64,
    /// Mean signed percentage error.
    pub(super) bias_pct: f64,
    /// The largest absolute percentage error.
    pub(super) worst_pct: f64,
    /// How many benchmarks have the metric, measured and simulated.
    pub(super) benchmarks: usize,
}

impl ErrorSummary {
    /// The errors of these benchmarks.
    pub(super) fn of(benchmarks: &[&BenchmarkComparison<'_>]) -> Self {
        Self(Metric::ALL.map(|metric| {
            let errors: Vec<f64> = benchmarks
                .iter()
                .filter_map(|benchmark| benchmark.error_pct(metric))
                .collect();
            (metric, MetricErrors::of(&errors))
        }))
    }

    /// The errors of a metric.
    pub(super) fn metric(&self, metric: Metric) -> Option<&MetricErrors> {
        let found = self.0.iter().find(|(known, _)| *known == metric);
        found.and_then(|(_, errors)| errors.as_ref())
    }

    /// A row for each metric.
    pub(super) fn table(&self) -> TextTable {
        let mut table = TextTable::new([
            ("METRIC", Align::Left),
            ("MAPE", Align::Right),
            ("BIAS", Align::Right),
            ("WORST", Align::Right),
            ("BENCHMARKS", Align::Right),
        ]);
        for (metric, errors) in &self.0 {
            if let Some(errors) = errors {
                table.push([
                    metric.name().to_owned(),
                    format!("{:.1} %", errors.mape_pct),
                    format!("{:+.1} %", errors.bias_pct),
                    format!("{:.1} %", errors.worst_pct),
                    errors.benchmarks.to_string(),
                ]);
            }
        }
        table
    }
}

impl MetricErrors {
    fn of(errors_pct: &[f64]) -> Option<Self> {
        if errors_pct.is_empty() {
            return None;
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "benchmarks are far fewer than 2^53"
        )]
        let count = errors_pct.len() as f64;
        Some(Self {
            mape_pct: errors_pct.iter().map(|error| error.abs()).sum::<f64>() / count,
            bias_pct: errors_pct.iter().sum::<f64>() / count,
            worst_pct: errors_pct
                .iter()
                .fold(0.0, |worst, error| f64::max(worst, error.abs())),
            benchmarks: errors_pct.len(),
        })
    }
}

impl Serialize for ErrorSummary {
    /// By the keys of the metrics.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(metric, errors)| (metric.key(), errors)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_errors_do_not_cancel_and_signed_ones_do() {
        let errors = MetricErrors::of(&[-10.0, 10.0, 30.0, -30.0, 0.0]).unwrap();
        assert_eq!(
            errors,
            MetricErrors {
                mape_pct: 16.0,
                bias_pct: 0.0,
                worst_pct: 30.0,
                benchmarks: 5
            }
        );
        assert_eq!(MetricErrors::of(&[]), None);
    }
}
