use std::collections::BTreeMap;

use request_metrics::RequestTimes;

use super::findings::Findings;
use crate::benchmark::{Exclusion, ExclusionReason, MeasuredRequest};
use crate::tree::whole;
use crate::warning::WarningKind;
use crate::wire::{Request, RequestV01, Stamps};

/// Longest time of a request that is taken for one: a month of 31 days. No benchmark runs that long.
pub(super) const MOST_SECONDS: f64 = 31.0 * 24.0 * 3600.0;

/// What a report has of one successful request.
#[derive(Debug, Clone, Copy)]
pub(super) struct ListedRequest {
    stamps: Stamps,
    prompt_tokens: Option<f64>,
    output_tokens: Option<f64>,
}

/// From when to when a benchmark measured, in seconds since the Unix epoch; the rest was warm-up or cool-down.
#[derive(Debug, Clone, Copy)]
pub(super) struct MeasuredSpan {
    pub(super) start_s: f64,
    pub(super) end_s: f64,
}

/// The successful requests of a benchmark.
#[derive(Debug, Default)]
pub(super) struct ReadRequests {
    pub(super) requests: Vec<MeasuredRequest>,
    pub(super) excluded: Vec<Exclusion>,
    /// Length of the list, without the requests outside of the measured span.
    pub(super) listed: u64,
}

impl From<&Request> for ListedRequest {
    fn from(wire: &Request) -> Self {
        Self {
            stamps: wire.stamps(),
            prompt_tokens: wire.prompt_tokens,
            output_tokens: wire.output_tokens,
        }
    }
}

impl From<&RequestV01> for ListedRequest {
    fn from(wire: &RequestV01) -> Self {
        Self {
            stamps: wire.stamps(),
            prompt_tokens: wire.prompt_token_count,
            output_tokens: wire.output_token_count,
        }
    }
}

impl ReadRequests {
    /// Reads the list at `place` and reports what is excluded, once for each reason.
    pub(super) fn read(
        list: impl Iterator<Item = ListedRequest>,
        span: Option<MeasuredSpan>,
        place: &str,
        findings: &mut Findings,
    ) -> Self {
        let mut read = Self::default();
        let mut length = 0;
        for (index, listed) in list.enumerate() {
            length += 1;
            match listed.measured(span) {
                Ok(request) => read.requests.push(request),
                Err(reason) => read.excluded.push(Exclusion { index, reason }),
            }
        }
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
            let kind = WarningKind::Excluded {
                reason,
                count,
                listed: length,
            };
            findings.warn(format!("{place}[{first}]"), kind);
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

impl ListedRequest {
    /// The request, if it is usable. Its `start_s` counts from the Unix epoch.
    fn measured(&self, span: Option<MeasuredSpan>) -> Result<MeasuredRequest, ExclusionReason> {
        let stamps = self.stamps;
        let start_s = stamps.start_s.ok_or(ExclusionReason::NoStart)?;
        let first_s = stamps.first_token_s.ok_or(ExclusionReason::NoFirstToken);
        let end_s = stamps.end_s.ok_or(ExclusionReason::NoEnd);
        if start_s < 0.0 {
            return Err(ExclusionReason::NegativeTime);
        }
        // GuideLLM counts what overlaps the span, its ends included.
        if let (Some(span), Ok(end_s)) = (span, end_s)
            && (start_s + end_s < span.start_s || start_s > span.end_s)
        {
            return Err(ExclusionReason::OutsideMeasurement);
        }
        let (first_s, end_s) = (first_s?, end_s?);
        let last_s = stamps.last_token_s.ok_or(ExclusionReason::NoLastToken)?;
        let output_tokens = self.output_tokens.ok_or(ExclusionReason::NoOutputTokens)?;
        let output_tokens = tokens(output_tokens).ok_or(ExclusionReason::BadTokenCount)?;
        let prompt_tokens = match self.prompt_tokens {
            Some(count) => Some(tokens(count).ok_or(ExclusionReason::BadTokenCount)?),
            None => None,
        };
        if [first_s, last_s, end_s]
            .iter()
            .any(|time| *time > MOST_SECONDS)
        {
            return Err(ExclusionReason::ImplausiblyLong);
        }
        let times = RequestTimes::new(
            1000.0 * first_s,
            1000.0 * last_s,
            1000.0 * end_s,
            output_tokens,
        )
        .map_err(ExclusionReason::InvalidTimes)?;
        Ok(MeasuredRequest {
            start_s,
            times,
            prompt_tokens,
        })
    }
}

fn tokens(count: f64) -> Option<u32> {
    whole(count).and_then(|count| u32::try_from(count).ok())
}
