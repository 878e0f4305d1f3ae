use crate::arrivals::{Arrivals, InvalidArrivals};
use crate::sim_time::SimTime;
use crate::stream_purpose::StreamPurpose;

/// The requests that were not sent yet, in the order in which they will be.
#[derive(Debug)]
pub(crate) struct ArrivalQueue {
    due: DueTimes,
    /// Who sends them. Without, each is sent when it is due.
    clients: Option<FreeClients>,
}

/// When requests may be sent at the earliest, which nothing that the server does can change.
#[derive(Debug)]
enum DueTimes {
    /// All at the start, in the order in which they were given.
    AtStart { next: u32, requests: u32 },
    /// Each at its time.
    Listed {
        /// Time and request, the next one last.
        reversed: Vec<(SimTime, u32)>,
    },
}

/// Clients without a request. The next request was due before the last of them became free only if none was free then:
/// it is sent at the later of the two times.
#[derive(Debug)]
struct FreeClients {
    count: u32,
    /// When the last one became free.
    since: SimTime,
}

impl ArrivalQueue {
    pub(crate) fn new(
        arrivals: &Arrivals,
        requests: u32,
        seed: u64,
    ) -> Result<Self, InvalidArrivals> {
        let (due, max_concurrency) = match arrivals {
            Arrivals::ClosedLoop { concurrency: 0 } => {
                let field = "concurrency";
                return Err(InvalidArrivals::NoConcurrency { field });
            }
            Arrivals::ClosedLoop { concurrency } => {
                (DueTimes::at_start(requests), Some(*concurrency))
            }
            Arrivals::Throughput { max_concurrency } => {
                (DueTimes::at_start(requests), *max_concurrency)
            }
            Arrivals::Constant {
                rate_per_s,
                max_concurrency,
            } => {
                check_rate(*rate_per_s)?;
                let start_s = |index| (f64::from(index) + 1.0) / rate_per_s;
                (DueTimes::listed(requests, start_s)?, *max_concurrency)
            }
            Arrivals::Poisson {
                rate_per_s,
                max_concurrency,
            } => {
                check_rate(*rate_per_s)?;
                let mut stream = StreamPurpose::Arrivals.stream(seed);
                let mut now_s = 0.0;
                let start_s = |_| {
                    now_s += stream.exponential() / rate_per_s;
                    now_s
                };
                (DueTimes::listed(requests, start_s)?, *max_concurrency)
            }
            Arrivals::Replay {
                start_s,
                max_concurrency,
            } => {
                check_starts(start_s, requests)?;
                let start_s = |index: u32| start_s[index as usize];
                (DueTimes::listed(requests, start_s)?, *max_concurrency)
            }
        };
        if max_concurrency == Some(0) {
            let field = "max_concurrency";
            return Err(InvalidArrivals::NoConcurrency { field });
        }
        let since = SimTime::ZERO;
        let clients = max_concurrency.map(|count| FreeClients { count, since });
        Ok(Self { due, clients })
    }

    /// When the next request is sent; none while it waits for a client, or where there is none.
    pub(crate) fn next_time(&self) -> Option<SimTime> {
        let due = self.due.next_time()?;
        match &self.clients {
            None => Some(due),
            Some(clients) => (clients.count > 0).then_some(due.max(clients.since)),
        }
    }

    /// The next request, if it is sent by `now`.
    pub(crate) fn pop(&mut self, now: SimTime) -> Option<(SimTime, u32)> {
        let sent = self.next_time().filter(|sent| *sent <= now)?;
        let index = self.due.pop()?;
        if let Some(clients) = &mut self.clients {
            clients.count -= 1;
        }
        Some((sent, index))
    }

    /// A request ended or was refused.
    pub(crate) fn client_is_free(&mut self, now: SimTime) {
        if let Some(clients) = &mut self.clients {
            clients.count += 1;
            clients.since = now;
        }
    }
}

impl DueTimes {
    fn at_start(requests: u32) -> Self {
        Self::AtStart { next: 0, requests }
    }

    fn listed(requests: u32, mut start_s: impl FnMut(u32) -> f64) -> Result<Self, InvalidArrivals> {
        let mut reversed = (0..requests)
            .map(|index| {
                SimTime::from_seconds(start_s(index))
                    .map(|time| (time, index))
                    .ok_or(InvalidArrivals::TooLate { index })
            })
            .collect::<Result<Vec<_>, _>>()?;
        reversed.sort_unstable_by(|a, b| b.cmp(a));
        Ok(Self::Listed { reversed })
    }

    fn next_time(&self) -> Option<SimTime> {
        match self {
            Self::AtStart { next, requests } => (next < requests).then_some(SimTime::ZERO),
            Self::Listed { reversed } => reversed.last().map(|(time, _)| *time),
        }
    }

    fn pop(&mut self) -> Option<u32> {
        match self {
            Self::AtStart { next, requests } => {
                let index = (next < requests).then_some(*next)?;
                *next += 1;
                Some(index)
            }
            Self::Listed { reversed } => reversed.pop().map(|(_, index)| index),
        }
    }
}

fn check_rate(rate_per_s: f64) -> Result<(), InvalidArrivals> {
    if rate_per_s.is_finite() && rate_per_s > 0.0 {
        Ok(())
    } else {
        Err(InvalidArrivals::Rate { rate_per_s })
    }
}

fn check_starts(start_s: &[f64], requests: u32) -> Result<(), InvalidArrivals> {
    if start_s.len() != requests as usize {
        return Err(InvalidArrivals::StartCount {
            starts: start_s.len(),
            requests: requests as usize,
        });
    }
    for (index, start_s) in (0..).zip(start_s.iter().copied()) {
        if !(start_s.is_finite() && start_s >= 0.0) {
            return Err(InvalidArrivals::Start { index, start_s });
        }
    }
    Ok(())
}
