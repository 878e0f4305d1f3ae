use request_metrics::RequestTimes;

/// A request that got its last token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServedRequest {
    /// Which request, counted from 0.
    pub index: u32,
    /// When it was sent, in milliseconds after the start of the simulation.
    pub sent_ms: f64,
    /// From then until it was first admitted to a step.
    pub queueing_ms: f64,
    /// When its tokens came. It ends with the last token: there is no network.
    pub times: RequestTimes,
    /// Tokens of its prompt.
    pub prompt_tokens: u32,
    /// Tokens of those that were in the cache when it was first admitted.
    pub cached_tokens: u32,
    /// How often it lost its blocks and was computed again.
    pub preemptions: u32,
}
