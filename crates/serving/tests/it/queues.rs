//! Queues with known mean waiting times, and Little's law.
//!
//! With one place and one output token a request takes one step, so that the server is the one of an M/G/1 queue. Its
//! mean wait is `lambda E[S^2] / (2 (1 - rho))` (Pollaczek and Khinchine). The seed is fixed; the tolerances are a few
//! standard errors of a mean over this many correlated waits.

use serving::{
    LengthProfile, LengthSampling, Limits, Request, ServerConfig, ServerSpec, TokenLengthSpec,
    TokenLengths, simulate,
};

use crate::workload::{LINEAR, ROOMY, linear, poisson, request};

const ONE_PLACE: ServerSpec = ServerSpec {
    max_num_seqs: 1,
    ..ROOMY
};

const REQUESTS: u32 = 200_000;

fn mean_wait_ms(requests: &[Request], rate_per_s: f64) -> f64 {
    let (simulation, _) = linear(ONE_PLACE, requests, &poisson(rate_per_s));
    assert_eq!(simulation.served.len(), requests.len());
    simulation.queueing_ms().unwrap().mean
}

fn assert_near(ours: f64, expected: f64, tolerance: f64) {
    assert!(
        (ours / expected - 1.0).abs() < tolerance,
        "{ours} ms instead of {expected} ms"
    );
}

#[test]
fn equal_requests_at_random_wait_as_in_an_m_d_1_queue() {
    // 2 ms each: at half load a request waits half a service time.
    let requests = vec![request(100, 1); REQUESTS as usize];
    assert_near(mean_wait_ms(&requests, 250.0), 1.0, 0.02);
    // At 80% it waits for two service times.
    assert_near(mean_wait_ms(&requests, 400.0), 4.0, 0.05);
}

#[test]
fn different_requests_at_random_wait_as_in_an_m_g_1_queue() {
    // 2 to 10 ms, uniform in steps of 10 us: E[S] = 6 ms and E[S^2] = 36 + 0.01^2 (801^2 - 1) / 12 ms^2. One request in
    // 10 ms makes a load of 60%.
    let prompt = TokenLengths::new(TokenLengthSpec {
        mean: 500.0,
        std_dev: None,
        min: Some(100),
        max: Some(900),
    });
    let profile = LengthProfile {
        prefix_tokens: 0,
        prompt: prompt.unwrap(),
        output: TokenLengths::fixed(1).unwrap(),
    };
    let requests = profile.requests(REQUESTS, LengthSampling::Seeded, 11);
    assert_near(mean_wait_ms(&requests, 100.0), 5.168, 0.03);
}

#[test]
fn random_arrivals_have_their_rate() {
    let (simulation, _) = linear(
        ROOMY,
        &vec![request(1, 1); REQUESTS as usize],
        &poisson(10.0),
    );
    let last_s = simulation.served.last().unwrap().sent_ms / 1e3;
    // The standard error of a mean of 200,000 gaps is 0.22%.
    assert_near(last_s, 20_000.0, 0.008);
}

/// These times must not change: a seed means the same in every version. They were computed with an implementation of
/// `ChaCha8` in Python, with 42 and the largest number as seeds.
#[test]
fn random_arrivals_are_stable() {
    let sent_ns = |seed| {
        let simulation = simulate(
            &ServerConfig::new(ROOMY).unwrap(),
            &[request(1, 1); 4],
            &poisson(100.0),
            &LINEAR,
            seed,
            &Limits::default(),
            &mut (),
        )
        .unwrap();
        let sent: Vec<_> = simulation
            .served
            .iter()
            .map(|served| (served.sent_ms * 1e6).round())
            .collect();
        sent
    };
    assert_eq!(
        sent_ns(42),
        [7_835_925.0, 11_811_456.0, 13_183_155.0, 13_765_908.0]
    );
    assert_eq!(
        sent_ns(u64::MAX),
        [7_553_474.0, 8_287_206.0, 10_017_486.0, 12_169_652.0]
    );
}

#[test]
fn the_queue_is_as_long_as_waits_make_it() {
    let requests: Vec<_> = (0..500)
        .map(|n| request(n * 37 % 400 + 1, n % 20 + 1))
        .collect();
    let server = ServerSpec {
        max_num_seqs: 3,
        ..ROOMY
    };
    let (simulation, _) = linear(server, &requests, &poisson(150.0));
    let waits: f64 = simulation
        .served
        .iter()
        .map(|served| served.queueing_ms)
        .sum();
    let queue = simulation.occupancy.mean_waiting_requests;
    assert!(queue > 1.0);
    assert!((queue * simulation.duration_us / 1e3 / waits - 1.0).abs() < 1e-9);
}
