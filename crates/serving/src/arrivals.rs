/// When requests are sent.
///
/// Where `max_concurrency` bounds an open load, as GuideLLM's clients do, a request that is due while so many are not
/// answered waits at the client: it is sent when one of them ends or is refused, and its latency counts from then. In
/// line are the requests in the order in which they are due. None: no bound.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// So many clients, each of which sends the next request the moment its last one ended or was refused. One client is
    /// what GuideLLM calls synchronous.
    ClosedLoop {
        /// Clients, at least 1.
        concurrency: u32,
    },
    /// One request every `1 / rate`, the first of them `1 / rate` after the start, as in GuideLLM from 0.4; up to 0.3 the
    /// first is sent at the start. That decides about the duration, by which throughput is divided, and no latency.
    Constant {
        /// Requests per second.
        rate_per_s: f64,
        /// Requests at a time, at least 1.
        max_concurrency: Option<u32>,
    },
    /// Requests at random: the times between two, and to the first, are exponentially distributed.
    Poisson {
        /// Requests per second, on average.
        rate_per_s: f64,
        /// Requests at a time, at least 1.
        max_concurrency: Option<u32>,
    },
    /// All requests at once; with a bound, so many at a time, which is a closed loop.
    Throughput {
        /// Requests at a time, at least 1.
        max_concurrency: Option<u32>,
    },
    /// Requests at recorded times, in any order; of two at the same time the one with the smaller index comes first.
    Replay {
        /// For each request, seconds after the start.
        start_s: Vec<f64>,
        /// Requests at a time, at least 1.
        max_concurrency: Option<u32>,
    },
}
