use request_metrics::RequestTimes;

use super::request::ListedRequest;
use crate::benchmark::{Exclusion, ExclusionReason, MeasuredRequest};
use crate::bounds::{MOST_REQUESTS, OverBound};
use crate::tree::whole;

/// Longest time of a request that is taken for one: a month of 31 days. No benchmark runs that long.
pub(crate) const MOST_SECONDS: f64 = 31.0 * 24.0 * 3600.0;

/// Successful requests in the order of the report, each in its final form from the moment that it is read: a list is much
/// larger than what is kept of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct RequestList {
    /// Their `start_s` counts from the Unix epoch.
    usable: Vec<MeasuredRequest>,
    /// The others.
    unusable: Vec<Unusable>,
}

/// A request that is in no figure.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Unusable {
    index: u32,
    reason: ExclusionReason,
    /// When it was under way, where that is known.
    span: Option<Span>,
}

/// From when to when, in seconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Span {
    pub(crate) start_s: f64,
    pub(crate) end_s: f64,
}

impl RequestList {
    /// How many requests were listed.
    pub(crate) fn len(&self) -> usize {
        self.usable.len() + self.unusable.len()
    }

    /// Adds the next request of the report.
    pub(crate) fn push(&mut self, listed: &ListedRequest) -> Result<(), OverBound> {
        let index = self.len();
        if index >= MOST_REQUESTS {
            return Err(OverBound::Requests);
        }
        match listed.measured() {
            Ok(request) => self.usable.push(request),
            Err(reason) => self.unusable.push(Unusable {
                index: u32::try_from(index).map_err(|_| OverBound::Requests)?,
                reason,
                span: listed
                    .span()
                    .filter(|span| 0.0 <= span.start_s && span.start_s <= span.end_s),
            }),
        }
        Ok(())
    }

    /// The usable requests, and all others with why they are not, by place. Those that were not under way in the span
    /// that was measured are among the others.
    pub(crate) fn measured_in(
        self,
        measured: Option<Span>,
    ) -> (Vec<MeasuredRequest>, Vec<Exclusion>) {
        let is_outside =
            |span: Option<Span>| span.zip(measured).is_some_and(|(a, b)| !a.overlaps(b));
        let excluded_as = |request: Unusable| Exclusion {
            index: request.index as usize,
            reason: if is_outside(request.span) {
                ExclusionReason::OutsideMeasurement
            } else {
                request.reason
            },
        };
        let mut excluded = Vec::new();
        let mut unusable = self.unusable.into_iter().peekable();
        let mut usable = self.usable;
        let mut index = 0;
        usable.retain(|request| {
            while let Some(other) = unusable.next_if(|other| other.index as usize == index) {
                excluded.push(excluded_as(other));
                index += 1;
            }
            let outside = is_outside(Some(Span {
                start_s: request.start_s,
                end_s: request.start_s + request.times.e2e_ms() / 1000.0,
            }));
            if outside {
                let reason = ExclusionReason::OutsideMeasurement;
                excluded.push(Exclusion { index, reason });
            }
            index += 1;
            !outside
        });
        excluded.extend(unusable.map(excluded_as));
        (usable, excluded)
    }
}

impl Span {
    /// GuideLLM counts what overlaps the measured span, its ends included.
    fn overlaps(self, measured: Self) -> bool {
        self.end_s >= measured.start_s && self.start_s <= measured.end_s
    }
}

impl ListedRequest {
    /// When it was under way.
    fn span(&self) -> Option<Span> {
        let start_s = self.start_s?;
        let end_s = start_s + self.end_s?;
        Some(Span { start_s, end_s })
    }

    /// The request, if it is usable. Its `start_s` counts from the Unix epoch.
    fn measured(&self) -> Result<MeasuredRequest, ExclusionReason> {
        let start_s = self.start_s.ok_or(ExclusionReason::NoStart)?;
        if start_s < 0.0 {
            return Err(ExclusionReason::NegativeTime);
        }
        let first_s = self.first_token_s.ok_or(ExclusionReason::NoFirstToken)?;
        let end_s = self.end_s.ok_or(ExclusionReason::NoEnd)?;
        let last_s = self.last_token_s.ok_or(ExclusionReason::NoLastToken)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: ListedRequest = ListedRequest {
        start_s: None,
        first_token_s: None,
        last_token_s: None,
        end_s: None,
        prompt_tokens: None,
        output_tokens: None,
    };

    /// A request from `start_s` to a second later.
    fn good(start_s: f64) -> ListedRequest {
        ListedRequest {
            start_s: Some(start_s),
            first_token_s: Some(0.5),
            last_token_s: Some(1.0),
            end_s: Some(1.0),
            prompt_tokens: None,
            output_tokens: Some(2.0),
        }
    }

    #[test]
    fn refuses_more_requests_than_a_report_has() {
        let mut list = RequestList::default();
        for _ in 0..MOST_REQUESTS {
            list.push(&NOTHING).unwrap();
        }
        assert_eq!(list.push(&NOTHING), Err(OverBound::Requests));
        assert_eq!(list.push(&good(1.0)), Err(OverBound::Requests));
        // Each of them in less than the JSON of a request that has its times.
        assert!(size_of::<MeasuredRequest>() <= 48 && size_of::<Unusable>() <= 40);
    }

    #[test]
    fn tells_places_in_the_whole_list() {
        use ExclusionReason::{NoFirstToken, NoStart, OutsideMeasurement};
        let without_first = |start_s| ListedRequest {
            first_token_s: None,
            ..good(start_s)
        };
        let listed = [
            NOTHING,
            good(1.0),
            good(10.0),
            without_first(2.0),
            without_first(11.0),
            good(14.0),
            NOTHING,
            good(99.0),
            good(15.0),
            NOTHING,
        ];
        let mut list = RequestList::default();
        for request in &listed {
            list.push(request).unwrap();
        }
        assert_eq!(list.len(), listed.len());
        let starts = |requests: &[MeasuredRequest]| -> Vec<f64> {
            requests.iter().map(|request| request.start_s).collect()
        };
        let places = |excluded: &[Exclusion]| -> Vec<(usize, ExclusionReason)> {
            let all = excluded.iter();
            all.map(|one| (one.index, one.reason)).collect()
        };
        let (requests, excluded) = list.clone().measured_in(None);
        assert_eq!(starts(&requests), [1.0, 10.0, 14.0, 99.0, 15.0]);
        let no_start = [0, 6, 9].map(|place| (place, NoStart));
        let no_first = [3, 4].map(|place| (place, NoFirstToken));
        let mut expected = [&no_start[..], &no_first].concat();
        expected.sort_unstable();
        assert_eq!(places(&excluded), expected);
        // A request that ends as the measurement starts, or starts as it ends, counts.
        let (requests, excluded) = list.measured_in(Some(Span {
            start_s: 11.0,
            end_s: 15.0,
        }));
        assert_eq!(starts(&requests), [10.0, 14.0, 15.0]);
        assert_eq!(
            places(&excluded),
            [
                (0, NoStart),
                (1, OutsideMeasurement),
                (3, OutsideMeasurement),
                (4, NoFirstToken),
                (6, NoStart),
                (7, OutsideMeasurement),
                (9, NoStart)
            ]
        );
    }
}
