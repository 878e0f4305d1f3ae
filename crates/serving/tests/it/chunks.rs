//! What steps compute under a token budget.

use serving::ServerSpec;

use crate::recorded_batches::batches;
use crate::workload::{AT_ONCE, ROOMY, SYNCHRONOUS, request};

const BUDGET_OF_TEN: ServerSpec = ServerSpec {
    max_num_batched_tokens: 10,
    max_num_seqs: 4,
    prefix_caching: false,
    ..ROOMY
};

#[test]
fn a_long_prompt_is_computed_in_chunks() {
    let (_, steps) = batches(BUDGET_OF_TEN, &[request(25, 3)], &SYNCHRONOUS);
    let expected = vec![
        (vec![(0, 10)], vec![]),
        (vec![(10, 10)], vec![]),
        (vec![(20, 5)], vec![]),
        // The first token came with the end of the prompt, and has neither keys nor values yet.
        (vec![], vec![25]),
        (vec![], vec![26]),
    ];
    assert_eq!(steps, expected);
}

#[test]
fn running_requests_come_before_the_queue() {
    let (_, steps) = batches(
        BUDGET_OF_TEN,
        &[request(4, 4), request(13, 2), request(6, 1)],
        &AT_ONCE,
    );
    let expected = vec![
        (vec![(0, 4), (0, 6)], vec![]),
        // One token for the first request, seven for the second, two are left for the third.
        (vec![(6, 7), (0, 2)], vec![4]),
        (vec![(2, 4)], vec![5, 13]),
        (vec![], vec![6]),
    ];
    assert_eq!(steps, expected);
}

#[test]
fn without_chunks_a_prompt_waits_for_its_budget() {
    let server = ServerSpec {
        chunked_prefill: false,
        ..BUDGET_OF_TEN
    };
    let (_, steps) = batches(
        server,
        &[request(6, 2), request(9, 2), request(1, 1)],
        &AT_ONCE,
    );
    let expected = vec![
        // The second prompt does not fit, and the third does not overtake it.
        (vec![(0, 6)], vec![]),
        (vec![(0, 9)], vec![6]),
        (vec![(0, 1)], vec![9]),
    ];
    assert_eq!(steps, expected);
}
