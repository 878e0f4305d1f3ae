//! Requests that no server of the kind can serve.

use serving::{Rejection, RejectionReason, Request, ServerSpec};

use crate::workload::{AT_ONCE, ROOMY, SYNCHRONOUS, linear, poisson, request, sharing};

fn reason(server: ServerSpec, refused: Request) -> Option<RejectionReason> {
    // In the middle of others, so that a queue behind it would show.
    let requests = [request(10, 2), refused, request(10, 2)];
    for arrivals in [AT_ONCE, SYNCHRONOUS, poisson(100.0)] {
        let (simulation, _) = linear(server, &requests, &arrivals);
        assert_eq!(simulation.injected, 3);
        assert_eq!(simulation.served.len() + simulation.rejected.len(), 3);
    }
    let (simulation, _) = linear(server, &requests, &AT_ONCE);
    let rejected = simulation.rejected.first().copied();
    rejected.map(|Rejection { index, reason }| {
        assert_eq!(index, 1);
        reason
    })
}

#[test]
fn each_for_its_reason() {
    assert_eq!(
        reason(ROOMY, request(0, 5)),
        Some(RejectionReason::EmptyPrompt)
    );
    assert_eq!(
        reason(ROOMY, request(5, 0)),
        Some(RejectionReason::NoOutput)
    );
    assert_eq!(
        reason(ROOMY, sharing(6, 5, 1)),
        Some(RejectionReason::PrefixOverPrompt)
    );
    assert_eq!(reason(ROOMY, sharing(5, 5, 1)), None);
}

#[test]
fn the_longest_request_fits() {
    let server = ServerSpec {
        max_model_len: 64,
        ..ROOMY
    };
    assert_eq!(reason(server, request(60, 4)), None);
    assert_eq!(
        reason(server, request(60, 5)),
        Some(RejectionReason::OverMaxModelLen)
    );
    assert_eq!(
        reason(server, request(u32::MAX, u32::MAX)),
        Some(RejectionReason::OverMaxModelLen)
    );
}

#[test]
fn the_largest_request_fills_the_cache() {
    let server = ServerSpec {
        kv_blocks: 4,
        ..ROOMY
    };
    // The last token needs no place.
    assert_eq!(reason(server, request(60, 5)), None);
    assert_eq!(
        reason(server, request(60, 6)),
        Some(RejectionReason::OverKvCache)
    );
}

#[test]
fn the_longest_prompt_without_chunks_fills_a_step() {
    let budget = ServerSpec {
        max_num_batched_tokens: 100,
        max_num_seqs: 10,
        ..ROOMY
    };
    let whole = ServerSpec {
        chunked_prefill: false,
        ..budget
    };
    assert_eq!(reason(whole, request(100, 50)), None);
    assert_eq!(
        reason(whole, request(101, 50)),
        Some(RejectionReason::OverTokenBudget)
    );
    assert_eq!(reason(budget, request(101, 50)), None);
}

#[test]
fn all_refused_takes_no_time() {
    for arrivals in [AT_ONCE, SYNCHRONOUS] {
        let (simulation, steps) = linear(ROOMY, &vec![request(0, 0); 1000], &arrivals);
        assert_eq!((simulation.rejected.len(), steps.len()), (1000, 0));
        assert_eq!(simulation.throughput(), None);
    }
}
