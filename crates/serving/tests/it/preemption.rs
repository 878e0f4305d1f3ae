//! Too few blocks for all who run.

use serving::ServerSpec;

use crate::recorded_batches::batches;
use crate::workload::{AT_ONCE, ROOMY, assert_ms, linear, request};

/// Four blocks of four tokens.
const SCARCE: ServerSpec = ServerSpec {
    block_size_tokens: 4,
    kv_blocks: 4,
    ..ROOMY
};

/// Both requests fill two blocks with their prompts and the first token, and need a third one each at the same time.
#[test]
fn the_last_to_come_is_computed_again() {
    let server = ServerSpec {
        prefix_caching: false,
        ..SCARCE
    };
    let requests = [request(7, 6), request(7, 6)];
    let (simulation, steps) = batches(server, &requests, &AT_ONCE);
    let expected = vec![
        (vec![(0, 7), (0, 7)], vec![]),
        (vec![], vec![7, 7]),
        (vec![], vec![8]),
        (vec![], vec![9]),
        (vec![], vec![10]),
        (vec![], vec![11]),
        // Seven tokens of the prompt and two that had been generated.
        (vec![(0, 9)], vec![]),
        (vec![], vec![9]),
        (vec![], vec![10]),
        (vec![], vec![11]),
    ];
    assert_eq!(steps, expected);
    assert_eq!(simulation.preemptions, 1);
    let preemptions: Vec<_> = simulation
        .served
        .iter()
        .map(|served| served.preemptions)
        .collect();
    assert_eq!(preemptions, [0, 1]);
    assert_eq!(simulation.kv_blocks_held, 0);
    // The preempted request got its first token with the other one.
    for served in &simulation.served {
        assert_ms(served.times.ttft_ms(), 1.14);
    }
    // 1.14 + 1.2 + 4 * 1.1 ms, and then 1.09 + 3 * 1.1 ms.
    assert_ms(simulation.served[0].times.e2e_ms(), 6.74);
    assert_ms(simulation.served[1].times.e2e_ms(), 11.13);
}

#[test]
fn a_preempted_request_finds_what_is_left_of_its_blocks() {
    let requests = [request(7, 6), request(7, 6)];
    let (simulation, steps) = batches(SCARCE, &requests, &AT_ONCE);
    // The first request took the second block; the first block is still there.
    assert_eq!(steps[6], (vec![(4, 5)], vec![]));
    assert_eq!(simulation.prefix_cache.hit_tokens, 4);
    assert_eq!(simulation.served[1].cached_tokens, 0);
    assert_eq!(simulation.kv_blocks_held, 0);
}

#[test]
fn a_preempted_request_comes_before_those_that_wait() {
    let requests = [request(7, 6), request(7, 6), request(4, 1)];
    let (simulation, _) = linear(SCARCE, &requests, &AT_ONCE);
    // One block is free while the first request uses three, enough for the third request, but the second is its turn.
    assert_ms(
        simulation.served[2].queueing_ms,
        simulation.served[0].times.e2e_ms(),
    );
    assert_eq!(simulation.preemptions, 1);
}

/// Without chunks, a prompt with what had been generated can be longer than a step may compute.
#[test]
fn recomputation_beyond_the_budget_of_a_step_ends() {
    let server = ServerSpec {
        max_num_batched_tokens: 16,
        max_num_seqs: 4,
        kv_blocks: 8,
        chunked_prefill: false,
        prefix_caching: false,
        ..SCARCE
    };
    let requests = [request(8, 20), request(8, 20)];
    let (simulation, steps) = batches(server, &requests, &AT_ONCE);
    assert_eq!(simulation.served.len(), 2);
    assert!(simulation.preemptions > 0);
    let prefilled =
        |step: &crate::recorded_batches::Step| step.0.iter().map(|(_, new)| new).sum::<u32>();
    assert!(steps.iter().all(|step| prefilled(step) <= 16));
    assert!(steps.iter().any(|(prefill, _)| prefill.contains(&(0, 16))));
}

#[test]
fn many_requests_in_a_cache_for_one_take_turns() {
    let requests = [request(6, 11); 12];
    let (simulation, steps) = linear(SCARCE, &requests, &AT_ONCE);
    assert_eq!(simulation.served.len(), 12);
    assert!(steps.iter().all(|step| step.kv_blocks_used <= 4));
}
