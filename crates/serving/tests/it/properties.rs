//! What must hold of every server and workload.

use proptest::prelude::*;
use serving::{
    Arrivals, Limits, Request, ServedRequest, ServerConfig, ServerSpec, SharedPrefix, Simulation,
    StepRecord, simulate,
};

use crate::workload::{LINEAR, SYNCHRONOUS, linear, replay};

/// Simulated times are whole nanoseconds.
const HALF_TICK_MS: f64 = 0.5e-6;

fn servers() -> impl Strategy<Value = ServerSpec> {
    let sizes = (1..40_u32, 1..8_u32, 1..60_u32, 1..6_u32, 1..30_u64);
    (sizes, any::<bool>(), any::<bool>()).prop_map(
        |((beyond_seqs, seqs, model_len, block, blocks), chunked_prefill, prefix_caching)| {
            ServerSpec {
                max_num_batched_tokens: seqs + beyond_seqs,
                max_num_seqs: seqs,
                max_model_len: model_len,
                block_size_tokens: block,
                kv_blocks: blocks,
                chunked_prefill,
                prefix_caching,
            }
        },
    )
}

fn requests() -> impl Strategy<Value = Vec<Request>> {
    // Some are empty, too long, or claim a prefix longer than their prompt.
    let request = (
        0..30_u32,
        0..20_u32,
        prop::option::of((0..3_u32, 0..32_u32)),
    )
        .prop_map(|(prompt_tokens, output_tokens, prefix)| Request {
            prompt_tokens,
            shared_prefix: prefix.map(|(group, tokens)| SharedPrefix { group, tokens }),
            output_tokens,
        });
    prop::collection::vec(request, 0..40)
}

/// Arrivals for up to 40 requests, of which a test uses as many as it has.
fn arrivals() -> impl Strategy<Value = Arrivals> {
    let bound = || prop::option::of(1..10_u32);
    let rate = || 1.0..1000.0;
    let starts = prop::collection::vec(0.0..0.2, 40);
    prop_oneof![
        (1..10_u32).prop_map(|concurrency| Arrivals::ClosedLoop { concurrency }),
        (rate(), bound()).prop_map(|(rate_per_s, max_concurrency)| Arrivals::Constant {
            rate_per_s,
            max_concurrency
        }),
        (rate(), bound()).prop_map(|(rate_per_s, max_concurrency)| Arrivals::Poisson {
            rate_per_s,
            max_concurrency
        }),
        bound().prop_map(|max_concurrency| Arrivals::Throughput { max_concurrency }),
        (starts, bound()).prop_map(|(start_s, bound)| replay(start_s, bound)),
    ]
}

fn for_requests(mut arrivals: Arrivals, requests: &[Request]) -> Arrivals {
    if let Arrivals::Replay { start_s, .. } = &mut arrivals {
        start_s.truncate(requests.len());
    }
    arrivals
}

fn run(
    server: ServerSpec,
    requests: &[Request],
    arrivals: &Arrivals,
    duration_s: Option<f64>,
) -> (Simulation, Vec<StepRecord>) {
    let mut steps = Vec::new();
    // A step gives at least one token or computes at least one: far more steps than this means nothing moves.
    let limits = Limits {
        duration_s,
        max_steps: 100_000,
    };
    let server = ServerConfig::new(server).unwrap();
    let simulation = simulate(&server, requests, arrivals, &LINEAR, 5, &limits, &mut steps);
    (simulation.unwrap(), steps)
}

proptest! {
    #[test]
    fn requests_and_blocks_are_conserved(
        server in servers(),
        requests in requests(),
        arrivals in arrivals(),
        duration_s in prop::option::of(0.0..0.3),
    ) {
        let arrivals = for_requests(arrivals, &requests);
        let (simulation, steps) = run(server, &requests, &arrivals, duration_s);
        let (served, rejected) = (simulation.served.len() as u64, simulation.rejected.len() as u64);
        prop_assert_eq!(simulation.injected, served + rejected + simulation.in_flight);
        if duration_s.is_none() {
            prop_assert_eq!(simulation.injected, requests.len() as u64);
            prop_assert_eq!(simulation.in_flight, 0);
            prop_assert_eq!(simulation.kv_blocks_held, 0);
        }
        for served in &simulation.served {
            let request = requests[served.index as usize];
            prop_assert_eq!(served.times.output_tokens(), request.output_tokens);
            prop_assert!(served.cached_tokens < request.prompt_tokens);
        }
        prop_assert!(simulation.served.is_sorted_by_key(|served| served.index));
        prop_assert!(simulation.rejected.is_sorted_by_key(|rejected| rejected.index));
        for step in &steps {
            let used = u64::from(step.kv_blocks_used);
            prop_assert_eq!(used + u64::from(step.kv_blocks_free), server.kv_blocks);
            prop_assert!(used > 0 && u64::from(step.running) <= used * u64::from(server.max_num_seqs));
        }
        let preempted: u64 = steps.iter().map(|step| u64::from(step.preempted)).sum();
        prop_assert!(preempted <= simulation.preemptions);
    }

    #[test]
    fn steps_keep_to_the_limits_and_follow_one_another(
        server in servers(),
        requests in requests(),
        arrivals in arrivals(),
    ) {
        let arrivals = for_requests(arrivals, &requests);
        let (simulation, steps) = run(server, &requests, &arrivals, None);
        let mut end_us = 0.0;
        for (index, step) in (0..).zip(&steps) {
            prop_assert_eq!(step.step, index);
            let tokens = step.prefill_tokens + u64::from(step.decode_requests);
            prop_assert!(tokens > 0 && tokens <= server.max_num_batched_tokens.into());
            prop_assert!(step.running <= server.max_num_seqs);
            prop_assert!(step.prefill_requests + step.decode_requests <= step.running);
            prop_assert!(step.duration_us > 0.0);
            // Nanoseconds as fractions of microseconds are rounded.
            prop_assert!(step.start_us >= end_us - 1e-6);
            end_us = step.start_us + step.duration_us;
        }
        prop_assert!(simulation.duration_us >= end_us - 1e-6);
        for pair in steps.windows(2).filter(|pair| pair[1].preempted > 0) {
            // Blocks that were taken from one request are not for a later one.
            prop_assert_eq!(pair[1].running + pair[1].preempted + pair[0].finished, pair[0].running);
        }
        let computed: u64 = steps.iter().map(|step| step.prefill_tokens + u64::from(step.decode_requests)).sum();
        let found = simulation.prefix_cache.hit_tokens;
        let needed: u64 = simulation.served.iter().map(|served| {
            u64::from(served.prompt_tokens) + u64::from(served.times.output_tokens()) - 1
        }).sum();
        prop_assert!(computed + found >= needed);
        if simulation.preemptions == 0 {
            prop_assert_eq!(computed + found, needed);
        }
        let finished: u32 = steps.iter().map(|step| step.finished).sum();
        prop_assert_eq!(finished as usize, simulation.served.len());
    }

    #[test]
    fn first_come_is_first_admitted(
        server in servers(),
        requests in requests(),
        arrivals in arrivals(),
    ) {
        let arrivals = for_requests(arrivals, &requests);
        let (simulation, _) = run(server, &requests, &arrivals, None);
        // Two that waited for clients who became free at the same time are sent in the order in which they were due.
        let due_s = |index: u32| match &arrivals {
            Arrivals::Replay { start_s, .. } => start_s[index as usize],
            Arrivals::ClosedLoop { .. }
            | Arrivals::Constant { .. }
            | Arrivals::Poisson { .. }
            | Arrivals::Throughput { .. } => f64::from(index),
        };
        let mut by_arrival = simulation.served;
        by_arrival.sort_by(|a, b| {
            let of = |served: &ServedRequest| (served.sent_ms, due_s(served.index), served.index);
            of(a).partial_cmp(&of(b)).unwrap()
        });
        for pair in by_arrival.windows(2) {
            let admitted = |index: usize| pair[index].sent_ms + pair[index].queueing_ms;
            prop_assert!(admitted(0) <= admitted(1) + 1e-9);
        }
    }

    #[test]
    fn a_smaller_cache_loses_no_request(
        server in servers(),
        requests in requests(),
        arrivals in arrivals(),
    ) {
        let arrivals = for_requests(arrivals, &requests);
        let ample = ServerSpec { kv_blocks: 10_000, ..server };
        let (few, _) = run(server, &requests, &arrivals, None);
        let (many, _) = run(ample, &requests, &arrivals, None);
        let fits = |request: &Request| {
            let kv_tokens = u64::from(request.prompt_tokens) + u64::from(request.output_tokens) - 1;
            kv_tokens <= server.kv_blocks * u64::from(server.block_size_tokens)
        };
        let served_with_few: Vec<_> = few.served.iter().map(|served| served.index).collect();
        let that_fit: Vec<_> = many
            .served
            .iter()
            .map(|served| served.index)
            .filter(|index| fits(&requests[*index as usize]))
            .collect();
        prop_assert_eq!(served_with_few, that_fit);
        prop_assert_eq!(many.preemptions, 0);
    }

    #[test]
    fn no_more_requests_are_open_than_clients_and_none_waits_for_an_idle_one(
        server in servers(),
        requests in requests(),
        starts_s in prop::collection::vec(0.0..0.2, 40),
        bound in 1..10_u32,
    ) {
        let arrivals = replay(starts_s[..requests.len()].to_vec(), Some(bound));
        let (simulation, _) = run(server, &requests, &arrivals, None);
        let end_ms = |served: &ServedRequest| served.sent_ms + served.times.e2e_ms();
        for one in &simulation.served {
            let open_when_sent = simulation.served.iter().filter(|other| {
                other.sent_ms <= one.sent_ms && end_ms(other) > one.sent_ms + HALF_TICK_MS
            });
            prop_assert!(open_when_sent.count() <= bound as usize);
            let due_ms = starts_s[one.index as usize] * 1e3;
            prop_assert!(one.sent_ms >= due_ms - HALF_TICK_MS * 1.001);
            if one.sent_ms > due_ms + HALF_TICK_MS * 1.001 {
                // A client was awaited: until then all had a request.
                let open_until_sent = simulation.served.iter().filter(|other| {
                    other.sent_ms < one.sent_ms - HALF_TICK_MS
                        && end_ms(other) >= one.sent_ms - HALF_TICK_MS
                });
                prop_assert_eq!(open_until_sent.count(), bound as usize);
            }
        }
    }

    #[test]
    fn a_client_for_each_request_is_no_bound(
        server in servers(),
        requests in requests(),
        starts_s in prop::collection::vec(0.0..0.2, 40),
    ) {
        let with = |bound| {
            let arrivals = replay(starts_s[..requests.len()].to_vec(), bound);
            run(server, &requests, &arrivals, None)
        };
        prop_assert_eq!(with(Some(40)), with(None));
    }

    #[test]
    fn what_is_overdue_from_the_start_makes_a_closed_loop(
        server in servers(),
        requests in requests(),
        concurrency in 1..10_u32,
        duration_s in prop::option::of(0.0..0.3),
    ) {
        let overdue = replay(vec![0.0; requests.len()], Some(concurrency));
        let closed = Arrivals::ClosedLoop { concurrency };
        prop_assert_eq!(
            run(server, &requests, &overdue, duration_s),
            run(server, &requests, &closed, duration_s)
        );
    }

    #[test]
    fn what_groups_are_called_decides_nothing(server in servers(), requests in requests()) {
        // Far apart, and in the opposite order.
        let renamed: Vec<_> = requests.iter().map(|request| Request {
            shared_prefix: request.shared_prefix.map(|prefix| SharedPrefix {
                group: u32::MAX - prefix.group * 1_000_000_007,
                ..prefix
            }),
            ..*request
        }).collect();
        prop_assert_eq!(
            run(server, &requests, &SYNCHRONOUS, None),
            run(server, &renamed, &SYNCHRONOUS, None)
        );
    }

    #[test]
    fn one_after_the_other_the_prefix_cache_delays_nobody(server in servers(), requests in requests()) {
        let times = |prefix_caching| {
            let (simulation, _) = linear(ServerSpec { prefix_caching, ..server }, &requests, &SYNCHRONOUS);
            simulation.served.iter().map(|served| served.times.ttft_ms()).collect::<Vec<_>>()
        };
        for (with, without) in times(true).iter().zip(times(false)) {
            prop_assert!(*with <= without + 1e-9);
        }
    }
}
