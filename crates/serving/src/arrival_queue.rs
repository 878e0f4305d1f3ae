use crate::arrivals::{Arrivals, InvalidArrivals};
use crate::random_stream::{RandomStream, StreamPurpose};
use crate::sim_time::SimTime;

/// The requests that have not arrived yet, in the order in which they will.
#[derive(Debug)]
pub(crate) enum ArrivalQueue {
    /// Arrivals at given times, which nothing that the server does can change.
    Open {
        /// Time and request, the next one last.
        reversed: Vec<(SimTime, u32)>,
    },
    /// Arrivals as clients become free.
    Closed {
        next: u32,
        requests: u32,
        free_clients: u32,
        /// When the last client became free.
        free_since: SimTime,
    },
}

impl ArrivalQueue {
    pub(crate) fn new(
        arrivals: &Arrivals,
        requests: u32,
        seed: u64,
    ) -> Result<Self, InvalidArrivals> {
        match arrivals {
            Arrivals::ClosedLoop { concurrency } => {
                Self::closed("concurrency", *concurrency, requests)
            }
            Arrivals::Throughput { max_concurrency } => match max_concurrency {
                Some(clients) => Self::closed("max_concurrency", *clients, requests),
                None => Self::closed("max_concurrency", requests.max(1), requests),
            },
            Arrivals::Constant { rate_per_s } => {
                check_rate(*rate_per_s)?;
                Self::open(requests, |index| f64::from(index) / rate_per_s)
            }
            Arrivals::Poisson { rate_per_s } => {
                check_rate(*rate_per_s)?;
                let mut stream = RandomStream::new(seed, StreamPurpose::Arrivals);
                let mut now_s = 0.0;
                Self::open(requests, |_| {
                    now_s += stream.exponential() / rate_per_s;
                    now_s
                })
            }
            Arrivals::Replay { start_s } => {
                if start_s.len() != requests as usize {
                    return Err(InvalidArrivals::StartCount {
                        starts: start_s.len(),
                        requests: requests as usize,
                    });
                }
                for (index, start_s) in (0..).zip(start_s) {
                    if !(start_s.is_finite() && *start_s >= 0.0) {
                        let start_s = *start_s;
                        return Err(InvalidArrivals::Start { index, start_s });
                    }
                }
                Self::open(requests, |index| start_s[index as usize])
            }
        }
    }

    /// When the next request arrives.
    pub(crate) fn next_time(&self) -> Option<SimTime> {
        match self {
            Self::Open { reversed } => reversed.last().map(|(time, _)| *time),
            Self::Closed {
                next,
                requests,
                free_clients,
                free_since,
            } => (*free_clients > 0 && next < requests).then_some(*free_since),
        }
    }

    /// The next request, if it has arrived by `now`.
    pub(crate) fn pop(&mut self, now: SimTime) -> Option<(SimTime, u32)> {
        if self.next_time()? > now {
            return None;
        }
        match self {
            Self::Open { reversed } => reversed.pop(),
            Self::Closed {
                next,
                free_clients,
                free_since,
                ..
            } => {
                let index = *next;
                *next += 1;
                *free_clients -= 1;
                Some((*free_since, index))
            }
        }
    }

    /// A request ended or was refused.
    pub(crate) fn client_is_free(&mut self, now: SimTime) {
        match self {
            Self::Open { .. } => {}
            Self::Closed {
                free_clients,
                free_since,
                ..
            } => {
                *free_clients += 1;
                *free_since = now;
            }
        }
    }

    fn closed(field: &'static str, clients: u32, requests: u32) -> Result<Self, InvalidArrivals> {
        if clients == 0 {
            return Err(InvalidArrivals::NoConcurrency { field });
        }
        Ok(Self::Closed {
            next: 0,
            requests,
            free_clients: clients,
            free_since: SimTime::ZERO,
        })
    }

    fn open(requests: u32, mut start_s: impl FnMut(u32) -> f64) -> Result<Self, InvalidArrivals> {
        let mut reversed = (0..requests)
            .map(|index| {
                SimTime::from_seconds(start_s(index))
                    .map(|time| (time, index))
                    .ok_or(InvalidArrivals::TooLate { index })
            })
            .collect::<Result<Vec<_>, _>>()?;
        reversed.sort_unstable_by(|a, b| b.cmp(a));
        Ok(Self::Open { reversed })
    }
}

fn check_rate(rate_per_s: f64) -> Result<(), InvalidArrivals> {
    if rate_per_s.is_finite() && rate_per_s > 0.0 {
        Ok(())
    } else {
        Err(InvalidArrivals::Rate { rate_per_s })
    }
}
