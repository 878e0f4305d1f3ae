//! Simulations whose answer is known without one.

use request_metrics::Metric;
use serving::{Arrivals, Limits, ServerConfig, simulate};

use crate::workload::{
    AT_ONCE, LINEAR, ROOMY, SYNCHRONOUS, assert_ms, constant, linear, replay, request,
};

/// 1 ms + 100 * 10 us for the prompt, then 1.1 ms for each of four tokens.
const ALONE_MS: f64 = 6.4;

#[test]
fn one_request_alone() {
    let (simulation, steps) = linear(ROOMY, &[request(100, 5)], &SYNCHRONOUS);
    let served = simulation.served[0];
    assert_eq!(served.times.ttft_ms().to_bits(), 2.0_f64.to_bits());
    assert_ms(served.times.itl_ms().unwrap(), 1.1);
    assert_ms(served.times.e2e_ms(), ALONE_MS);
    assert_ms(served.times.tpot_ms(), ALONE_MS / 5.0);
    assert_eq!((simulation.steps, steps.len()), (5, 5));
    assert_eq!((simulation.injected, simulation.in_flight), (1, 0));
}

#[test]
fn one_token_is_first_and_last() {
    let (simulation, _) = linear(ROOMY, &[request(100, 1)], &SYNCHRONOUS);
    let times = simulation.served[0].times;
    assert_ms(times.ttft_ms(), 2.0);
    assert_ms(times.e2e_ms(), 2.0);
    assert_eq!(simulation.distribution(Metric::Itl), None);
    assert_eq!(simulation.steps, 1);
}

#[test]
fn below_capacity_nobody_queues() {
    let requests = [request(100, 5); 20];
    let (simulation, _) = linear(ROOMY, &requests, &constant(100.0));
    assert_ms(simulation.queueing_ms().unwrap().max, 0.0);
    let e2e = simulation.distribution(Metric::E2e).unwrap();
    assert_ms(e2e.min, ALONE_MS);
    assert_ms(e2e.max, ALONE_MS);
    // The first of 20 arrives after 10 ms.
    assert_ms(simulation.served[0].sent_ms, 10.0);
    assert_ms(simulation.duration_us / 1e3, 200.0 + ALONE_MS);
    assert!((simulation.occupancy.busy - 20.0 * ALONE_MS / 206.4).abs() < 1e-9);
}

#[test]
fn one_client_sends_when_the_last_answer_is_complete() {
    let requests = [request(100, 5), request(200, 3), request(100, 1)];
    let (simulation, _) = linear(ROOMY, &requests, &SYNCHRONOUS);
    let sent: Vec<_> = simulation
        .served
        .iter()
        .map(|served| served.sent_ms)
        .collect();
    // 3 ms for the second prompt and 2.2 ms for two more tokens.
    assert_ms(sent[1], ALONE_MS);
    assert_ms(sent[2], ALONE_MS + 5.2);
    assert_ms(simulation.duration_us / 1e3, ALONE_MS + 5.2 + 2.0);
    let throughput = simulation.throughput().unwrap();
    assert!((throughput.requests_per_s - 3.0 / 13.6e-3).abs() < 1e-6);
    assert!((throughput.output_tokens_per_s - 9.0 / 13.6e-3).abs() < 1e-6);
    assert!((throughput.total_tokens_per_s - 409.0 / 13.6e-3).abs() < 1e-6);
}

#[test]
fn clients_in_step_run_as_one_batch() {
    // Eight clients, all requests alike: prompts together take 1 ms + 8 ms, then 19 steps of 1.8 ms; 10 rounds.
    let requests = [request(100, 20); 80];
    let (simulation, steps) = linear(ROOMY, &requests, &Arrivals::ClosedLoop { concurrency: 8 });
    for served in &simulation.served {
        assert_ms(served.times.ttft_ms(), 9.0);
        assert_ms(served.times.itl_ms().unwrap(), 1.8);
    }
    assert_eq!(steps.len(), 200);
    assert_ms(simulation.duration_us / 1e3, 10.0 * (9.0 + 19.0 * 1.8));
    let occupancy = simulation.occupancy;
    assert!((occupancy.mean_batch_requests - 8.0).abs() < 1e-9);
    assert_eq!(
        (occupancy.max_batch_requests, occupancy.max_waiting_requests),
        (8, 0)
    );
}

#[test]
fn blocks_are_held_for_what_is_computed() {
    // 31 tokens, then one more in each of two steps: two blocks, two, and three.
    let (simulation, steps) = linear(ROOMY, &[request(31, 3)], &SYNCHRONOUS);
    let used: Vec<_> = steps.iter().map(|step| step.kv_blocks_used).collect();
    assert_eq!(used, [2, 2, 3]);
    let occupancy = simulation.occupancy;
    let expected = (2.0 * (1.31 + 1.1) + 3.0 * 1.1) / (1.31 + 2.0 * 1.1);
    assert!((occupancy.mean_kv_blocks - expected).abs() < 1e-9);
    assert_eq!((occupancy.max_kv_blocks, occupancy.kv_blocks), (3, 100_000));
    assert!((occupancy.mean_running_requests - 1.0).abs() < 1e-9);
}

#[test]
fn a_bound_on_concurrency_makes_a_closed_loop() {
    let requests: Vec<_> = (1..40)
        .map(|n| request(n * 7 % 90 + 1, n % 9 + 1))
        .collect();
    let bounded = Arrivals::Throughput {
        max_concurrency: Some(5),
    };
    let closed = Arrivals::ClosedLoop { concurrency: 5 };
    assert_eq!(
        linear(ROOMY, &requests, &bounded),
        linear(ROOMY, &requests, &closed)
    );
}

#[test]
fn places_are_given_first_come_first_served() {
    // Two places: each pair takes 3 ms for two prompts and 1.2 ms for the second tokens.
    let server = serving::ServerSpec {
        max_num_seqs: 2,
        ..ROOMY
    };
    let (simulation, steps) = linear(server, &[request(100, 2); 6], &AT_ONCE);
    let queueing: Vec<_> = simulation
        .served
        .iter()
        .map(|served| served.queueing_ms)
        .collect();
    for (queueing, expected) in queueing.iter().zip([0.0, 0.0, 4.2, 4.2, 8.4, 8.4]) {
        assert_ms(*queueing, expected);
    }
    assert_eq!(steps[0].waiting, 4);
    assert!((simulation.occupancy.mean_waiting_requests - 2.0).abs() < 1e-9);
}

#[test]
fn recorded_times_are_replayed_in_order_of_time() {
    let requests = [request(100, 1), request(200, 1), request(300, 1)];
    let start_s = vec![0.5, 0.1, 0.5];
    let (simulation, _) = linear(ROOMY, &requests, &replay(start_s, None));
    let of = |index: usize| simulation.served[index];
    assert_ms(of(1).sent_ms, 100.0);
    assert_ms(of(1).times.ttft_ms(), 3.0);
    // The other two share a step: 1 ms + 400 tokens.
    assert_ms(of(0).times.ttft_ms(), 5.0);
    assert_ms(of(2).times.ttft_ms(), 5.0);
    assert_ms(simulation.duration_us / 1e3, 505.0);
}

#[test]
fn the_end_leaves_requests_in_flight() {
    let limits = Limits {
        duration_s: Some(0.01),
        ..Limits::default()
    };
    let mut steps = Vec::new();
    let simulation = simulate(
        &ServerConfig::new(ROOMY).unwrap(),
        &[request(100, 5); 20],
        &constant(500.0),
        &LINEAR,
        7,
        &limits,
        &mut steps,
    )
    .unwrap();
    // One every 2 ms.
    assert_eq!(simulation.injected, 5);
    assert_eq!(simulation.in_flight, 5 - simulation.served.len() as u64);
    assert!(simulation.in_flight > 0 && simulation.kv_blocks_held > 0);
    assert_ms(simulation.duration_us / 1e3, 10.0);
    // From the first arrival on there is always a step in progress.
    assert!((simulation.occupancy.busy - 0.8).abs() < 1e-9);
    assert_eq!(simulation.steps, steps.len() as u64);
    assert!(
        steps
            .iter()
            .all(|step| step.start_us + step.duration_us <= 10_000.0)
    );
}

#[test]
fn nothing_to_do_takes_no_time() {
    let (simulation, steps) = linear(ROOMY, &[], &AT_ONCE);
    assert_eq!(
        (simulation.injected, simulation.steps, steps.len()),
        (0, 0, 0)
    );
    assert_eq!(simulation.throughput(), None);
    assert_eq!(simulation.queueing_ms(), None);
}
