//! Simulations whose answer is known without one.

use request_metrics::Metric;
use serving::Arrivals;

use crate::workload::{ROOMY, SYNCHRONOUS, linear, request};

#[test]
fn one_request_alone() {
    let (simulation, steps) = linear(ROOMY, &[request(100, 5)], &SYNCHRONOUS);
    let times = simulation.served[0].times;
    // 1 ms + 100 * 10 us; then 1.1 ms for each of four tokens.
    assert_eq!(times.ttft_ms().to_bits(), 2.0_f64.to_bits());
    assert!((times.itl_ms().unwrap() - 1.1).abs() < 1e-12);
    assert!((times.e2e_ms() - 6.4).abs() < 1e-12);
    assert_eq!((simulation.steps, steps.len()), (5, 5));
    assert_eq!(simulation.kv_blocks_held, 0);
}

#[test]
fn below_capacity_nobody_queues() {
    // A request takes 6.4 ms: at 100 a second each is alone.
    let requests = [request(100, 5); 20];
    let (simulation, _) = linear(ROOMY, &requests, &Arrivals::Constant { rate_per_s: 100.0 });
    let queueing = simulation.queueing_ms().unwrap();
    assert!(queueing.max <= 0.0);
    let e2e = simulation.distribution(Metric::E2e).unwrap();
    assert!((e2e.min - 6.4).abs() < 1e-9 && (e2e.max - 6.4).abs() < 1e-9);
    // The last of 20 arrives after 190 ms.
    assert!((simulation.duration_us - 196_400.0).abs() < 1e-6);
}
