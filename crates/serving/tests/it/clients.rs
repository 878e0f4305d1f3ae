//! Open loads with a bound on the clients that send them.

use serving::{Arrivals, Limits, ServerConfig, Simulation, simulate};

use crate::workload::{LINEAR, ROOMY, SYNCHRONOUS, assert_ms, linear, replay, request};

fn sent_ms(simulation: &Simulation) -> Vec<f64> {
    simulation
        .served
        .iter()
        .map(|served| served.sent_ms)
        .collect()
}

#[test]
fn one_client_sends_what_is_overdue_when_it_is_free() {
    // One is due every millisecond and takes 6.4 ms: all but the first wait at the client.
    let arrivals = Arrivals::Constant {
        rate_per_s: 1000.0,
        max_concurrency: Some(1),
    };
    let (simulation, _) = linear(ROOMY, &[request(100, 5); 4], &arrivals);
    for (sent_ms, expected) in sent_ms(&simulation).iter().zip([1.0, 7.4, 13.8, 20.2]) {
        assert_ms(*sent_ms, expected);
    }
    for served in &simulation.served {
        // What a request waited at the client is in none of its times.
        assert_ms(served.times.e2e_ms(), 6.4);
        assert_ms(served.queueing_ms, 0.0);
    }
    assert_eq!(simulation.occupancy.max_waiting_requests, 0);
    assert_ms(simulation.duration_us / 1e3, 26.6);
}

#[test]
fn clients_that_are_free_do_not_make_requests_early() {
    // Two prompts share the first step, of 3 ms; both clients are free again when the fourth request is due.
    let starts_s = vec![0.0, 0.0, 0.001, 0.009];
    let (simulation, _) = linear(ROOMY, &[request(100, 1); 4], &replay(starts_s, Some(2)));
    for (sent_ms, expected) in sent_ms(&simulation).iter().zip([0.0, 0.0, 3.0, 9.0]) {
        assert_ms(*sent_ms, expected);
    }
}

#[test]
fn what_waits_at_the_client_is_sent_in_the_order_in_which_it_was_due() {
    let starts_s = vec![0.0, 0.003, 0.001, 0.002];
    let (simulation, _) = linear(ROOMY, &[request(400, 1); 4], &replay(starts_s, Some(1)));
    // 5 ms each.
    for (sent_ms, expected) in sent_ms(&simulation).iter().zip([0.0, 15.0, 5.0, 10.0]) {
        assert_ms(*sent_ms, expected);
    }
}

#[test]
fn a_refused_request_keeps_no_client() {
    // The second has no prompt, and comes during the step of the first; the third would find both clients taken.
    let requests = [request(100, 1), request(0, 1), request(100, 1)];
    let (simulation, _) = linear(ROOMY, &requests, &replay(vec![0.0, 0.001, 0.0015], Some(2)));
    assert_eq!(simulation.rejected[0].index, 1);
    assert_ms(simulation.served[1].sent_ms, 1.5);
    assert_ms(simulation.served[1].queueing_ms, 0.5);
}

#[test]
fn random_arrivals_wait_for_clients_too() {
    // So many a second that all but the first are overdue when the client is free.
    let arrivals = Arrivals::Poisson {
        rate_per_s: 1e6,
        max_concurrency: Some(1),
    };
    let requests = [request(100, 5); 50];
    let (open, _) = linear(ROOMY, &requests, &arrivals);
    let (closed, _) = linear(ROOMY, &requests, &SYNCHRONOUS);
    let first_ms = open.served[0].sent_ms;
    assert!(first_ms > 0.0);
    for (open, closed) in open.served.iter().zip(&closed.served) {
        assert_ms(open.sent_ms - first_ms, closed.sent_ms);
    }
}

#[test]
fn what_waits_at_the_client_at_the_end_was_not_sent() {
    let simulation = simulate(
        &ServerConfig::new(ROOMY).unwrap(),
        &[request(100, 5); 20],
        &replay(vec![0.0; 20], Some(3)),
        &LINEAR,
        0,
        &Limits {
            duration_s: Some(0.001),
            ..Limits::default()
        },
        &mut (),
    )
    .unwrap();
    assert_eq!((simulation.injected, simulation.in_flight), (3, 3));
}
