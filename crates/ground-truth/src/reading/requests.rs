use std::collections::BTreeMap;

use super::findings::Findings;
use crate::benchmark::{Exclusion, ExclusionReason, MeasuredRequest};
use crate::wire::{RequestList, Span};

/// The successful requests of a benchmark.
#[derive(Debug, Default)]
pub(super) struct ReadRequests {
    pub(super) requests: Vec<MeasuredRequest>,
    pub(super) excluded: Vec<Exclusion>,
    /// Length of the list, without the requests outside of the measured span.
    pub(super) listed: u64,
}

impl ReadRequests {
    /// Reads the list at `place` and reports what is excluded, once for each reason. Requests that were not under way in
    /// the span are warm-up or cool-down.
    pub(super) fn read(
        list: RequestList,
        span: Option<Span>,
        place: &str,
        findings: &mut Findings,
    ) -> Self {
        let length = list.len();
        let (requests, excluded) = list.measured_in(span);
        let mut read = Self {
            requests,
            excluded,
            listed: 0,
        };
        let first_start_s = read.requests.iter().map(|request| request.start_s);
        if let Some(first_start_s) = first_start_s.min_by(f64::total_cmp) {
            for request in &mut read.requests {
                request.start_s -= first_start_s;
            }
        }
        let mut reasons: BTreeMap<ExclusionReason, (usize, usize)> = BTreeMap::new();
        for exclusion in &read.excluded {
            let (_, count) = reasons
                .entry(exclusion.reason)
                .or_insert((exclusion.index, 0));
            *count += 1;
        }
        for (&reason, &(first, count)) in &reasons {
            let message = format!(
                "{count} of {length} requests excluded from all figures, this one first: {reason}"
            );
            findings.warn(format!("{place}[{first}]"), message);
        }
        let outside = read.excluded_for(ExclusionReason::OutsideMeasurement);
        read.listed = (length - outside) as u64;
        read
    }

    /// How many requests are excluded for a reason.
    pub(super) fn excluded_for(&self, reason: ExclusionReason) -> usize {
        let excluded = self.excluded.iter();
        excluded
            .filter(|exclusion| exclusion.reason == reason)
            .count()
    }

    /// Mean prompt length in tokens, where it is known of every request.
    pub(super) fn prompt_tokens_mean(&self) -> Option<f64> {
        let sum = self
            .requests
            .iter()
            .map(|request| request.prompt_tokens.map(u64::from))
            .sum::<Option<u64>>();
        self.mean(sum?)
    }

    /// Mean output length in tokens.
    pub(super) fn output_tokens_mean(&self) -> Option<f64> {
        let tokens = self.requests.iter().map(|request| request.times);
        self.mean(tokens.map(|times| u64::from(times.output_tokens())).sum())
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "token counts and numbers of requests are far below 2^53"
    )]
    fn mean(&self, sum: u64) -> Option<f64> {
        (!self.requests.is_empty()).then(|| sum as f64 / self.requests.len() as f64)
    }
}
