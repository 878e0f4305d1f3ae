use serde::Deserialize;

use super::object::from_objects_alone;

/// A request of 0.2 and later. Times are seconds since the Unix epoch.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(remote = "Self")]
pub(crate) struct Request {
    prompt_tokens: Option<f64>,
    output_tokens: Option<f64>,
    // 0.2 and 0.3.
    start_time: Option<f64>,
    end_time: Option<f64>,
    first_token_time: Option<f64>,
    last_token_time: Option<f64>,
    // 0.4 and later.
    info: Option<Info>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(remote = "Self")]
struct Info {
    timings: Option<Timings>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(remote = "Self")]
struct Timings {
    request_start: Option<f64>,
    first_token_iteration: Option<f64>,
    last_token_iteration: Option<f64>,
    request_end: Option<f64>,
}

from_objects_alone!(Request, Info, Timings, RequestV01);

/// What a report has of one successful request. None where it does not say.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct ListedRequest {
    /// When it was sent, in seconds since the Unix epoch.
    pub(super) start_s: Option<f64>,
    /// Seconds after the start.
    pub(super) first_token_s: Option<f64>,
    /// Seconds after the start.
    pub(super) last_token_s: Option<f64>,
    /// Seconds after the start.
    pub(super) end_s: Option<f64>,
    pub(super) prompt_tokens: Option<f64>,
    pub(super) output_tokens: Option<f64>,
}

impl ListedRequest {
    /// From start, first token, last token and end, which all count from the Unix epoch, and the tokens of prompt and
    /// output.
    fn of_day(
        [start_s, first_token, last_token, end]: [Option<f64>; 4],
        [prompt_tokens, output_tokens]: [Option<f64>; 2],
    ) -> Self {
        let after_start = |time: Option<f64>| Some(time? - start_s?);
        Self {
            start_s,
            first_token_s: after_start(first_token),
            last_token_s: after_start(last_token),
            end_s: after_start(end),
            prompt_tokens,
            output_tokens,
        }
    }
}

/// The times are wherever the release puts them.
impl From<Request> for ListedRequest {
    fn from(wire: Request) -> Self {
        let times = if let Some(timings) = wire.info.and_then(|info| info.timings) {
            [
                timings.request_start,
                timings.first_token_iteration,
                timings.last_token_iteration,
                timings.request_end,
            ]
        } else {
            // What 0.2 and 0.3 write for a token that never came.
            let came = |time: Option<f64>| time.filter(|time| time.total_cmp(&-1.0).is_ne());
            let (first, last) = (came(wire.first_token_time), came(wire.last_token_time));
            [wire.start_time, first, last, wire.end_time]
        };
        Self::of_day(times, [wire.prompt_tokens, wire.output_tokens])
    }
}

/// A request of 0.1.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(remote = "Self")]
pub(crate) struct RequestV01 {
    prompt_token_count: Option<f64>,
    output_token_count: Option<f64>,
    /// When it was sent, in seconds since the Unix epoch.
    start_time: Option<f64>,
    /// When it ended, in seconds since the Unix epoch.
    end_time: Option<f64>,
    /// How long after `start_time` the first token came, in seconds: not a time of day.
    first_token_time: Option<f64>,
    /// When the last token came, in seconds since the Unix epoch; `start_time` where none did.
    last_time: Option<f64>,
}

impl From<RequestV01> for ListedRequest {
    fn from(wire: RequestV01) -> Self {
        let times = [wire.start_time, None, wire.last_time, wire.end_time];
        let tokens = [wire.prompt_token_count, wire.output_token_count];
        Self {
            first_token_s: wire.first_token_time,
            ..Self::of_day(times, tokens)
        }
    }
}
