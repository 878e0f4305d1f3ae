use request_metrics::PlainNumber;

use crate::arrivals::Arrivals;
use crate::sim_time::SimTime;
use crate::simulation_error::SimulationError;
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
    ) -> Result<Self, SimulationError> {
        let (due, max_concurrency) = match arrivals {
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
            let field = match arrivals {
                Arrivals::ClosedLoop { .. } => "concurrency",
                _open => "max_concurrency",
            };
            let message = format_args!("`{field}` is 0, expected at least 1");
            return Err(SimulationError::new(message));
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

    fn listed(requests: u32, mut start_s: impl FnMut(u32) -> f64) -> Result<Self, SimulationError> {
        let mut reversed = (0..requests)
            .map(|index| {
                SimTime::from_seconds(start_s(index))
                    .map(|time| (time, index))
                    .ok_or_else(|| {
                        SimulationError::new(format_args!(
                            "request {index} arrives later than simulated time can tell (292 years)"
                        ))
                    })
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

fn check_rate(rate_per_s: f64) -> Result<(), SimulationError> {
    if rate_per_s.is_finite() && rate_per_s > 0.0 {
        return Ok(());
    }
    let rate = PlainNumber(rate_per_s);
    Err(SimulationError::new(format_args!(
        "`rate_per_s` is {rate}, expected a positive number"
    )))
}

fn check_starts(start_s: &[f64], requests: u32) -> Result<(), SimulationError> {
    let count = start_s.len();
    if count != requests as usize {
        return Err(SimulationError::new(format_args!(
            "`start_s` has {count} times for {requests} requests, expected one for each"
        )));
    }
    let wrong = start_s
        .iter()
        .position(|start_s| !(start_s.is_finite() && *start_s >= 0.0));
    let Some(index) = wrong else {
        return Ok(());
    };
    let wrong = PlainNumber(start_s[index]);
    Err(SimulationError::new(format_args!(
        "`start_s` of request {index} is {wrong}, expected a number of seconds from 0"
    )))
}
