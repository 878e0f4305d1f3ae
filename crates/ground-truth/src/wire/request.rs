use serde::Deserialize;

use super::object::from_objects_alone;

/// A request of 0.2 and later. Times are seconds since the Unix epoch.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(remote = "Self")]
pub(crate) struct Request {
    pub(crate) prompt_tokens: Option<f64>,
    pub(crate) output_tokens: Option<f64>,
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

/// When a request was sent and what came how long after. None where the file does not say.
#[expect(
    clippy::struct_field_names,
    reason = "the unit is part of the name of every time"
)]
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stamps {
    /// Seconds since the Unix epoch.
    pub(crate) start_s: Option<f64>,
    /// Seconds after the start.
    pub(crate) first_token_s: Option<f64>,
    /// Seconds after the start.
    pub(crate) last_token_s: Option<f64>,
    /// Seconds after the start.
    pub(crate) end_s: Option<f64>,
}

impl Stamps {
    /// From times that all count from the Unix epoch.
    fn of_day(
        start: Option<f64>,
        first_token: Option<f64>,
        last_token: Option<f64>,
        end: Option<f64>,
    ) -> Self {
        let after_start = |time: Option<f64>| Some(time? - start?);
        Self {
            start_s: start,
            first_token_s: after_start(first_token),
            last_token_s: after_start(last_token),
            end_s: after_start(end),
        }
    }
}

impl Request {
    /// The times, wherever the release puts them.
    pub(crate) fn stamps(&self) -> Stamps {
        if let Some(timings) = self.info.as_ref().and_then(|info| info.timings.as_ref()) {
            return Stamps::of_day(
                timings.request_start,
                timings.first_token_iteration,
                timings.last_token_iteration,
                timings.request_end,
            );
        }
        // What 0.2 and 0.3 write for a token that never came.
        let came = |time: Option<f64>| time.filter(|time| time.total_cmp(&-1.0).is_ne());
        Stamps::of_day(
            self.start_time,
            came(self.first_token_time),
            came(self.last_token_time),
            self.end_time,
        )
    }
}

/// A request of 0.1.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(remote = "Self")]
pub(crate) struct RequestV01 {
    pub(crate) prompt_token_count: Option<f64>,
    pub(crate) output_token_count: Option<f64>,
    /// When it was sent, in seconds since the Unix epoch.
    start_time: Option<f64>,
    /// When it ended, in seconds since the Unix epoch.
    end_time: Option<f64>,
    /// How long after `start_time` the first token came, in seconds: not a time of day.
    first_token_time: Option<f64>,
    /// When the last token came, in seconds since the Unix epoch; `start_time` where none did.
    last_time: Option<f64>,
}

impl RequestV01 {
    /// The times.
    pub(crate) fn stamps(&self) -> Stamps {
        Stamps {
            first_token_s: self.first_token_time,
            ..Stamps::of_day(self.start_time, None, self.last_time, self.end_time)
        }
    }
}
