//! Errors over many benchmarks.

use std::collections::BTreeMap;

use request_metrics::Metric;
use serde::{Serialize, Serializer};

use crate::text_table::Align::{Left, Right};
use crate::text_table::TextTable;

/// The errors of each metric that any benchmark has.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ErrorSummary(pub(super) BTreeMap<Metric, MetricErrors>);

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
    /// The errors of benchmarks, each with its metric.
    pub(super) fn of(errors_pct: impl Iterator<Item = (Metric, f64)>) -> Self {
        let mut metrics: BTreeMap<Metric, Vec<f64>> = BTreeMap::new();
        for (metric, error_pct) in errors_pct {
            metrics.entry(metric).or_default().push(error_pct);
        }
        let metrics = metrics.into_iter();
        Self(
            metrics
                .filter_map(|(metric, errors)| Some((metric, MetricErrors::of(&errors)?)))
                .collect(),
        )
    }

    /// A row for each metric.
    pub(super) fn table(&self) -> TextTable {
        TextTable::of(
            &self.0,
            &[
                ("METRIC", Left, |(metric, _)| metric.name().into()),
                ("MAPE", Right, |(_, errors)| {
                    format!("{:.1} %", errors.mape_pct)
                }),
                ("BIAS", Right, |(_, errors)| {
                    format!("{:+.1} %", errors.bias_pct)
                }),
                ("WORST", Right, |(_, errors)| {
                    format!("{:.1} %", errors.worst_pct)
                }),
                ("BENCHMARKS", Right, |(_, errors)| {
                    errors.benchmarks.to_string()
                }),
            ],
        )
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
    /// By the keys of all metrics.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let metrics = Metric::ALL.map(|metric| (metric.key(), self.0.get(&metric)));
        serializer.collect_map(metrics)
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
