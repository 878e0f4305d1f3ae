//! Blocks that are found again.

use serving::{Arrivals, Request, ServerSpec, SharedPrefix};

use crate::recorded_batches::batches;
use crate::workload::{AT_ONCE, ROOMY, SYNCHRONOUS, linear, request, sharing};

fn cached(server: ServerSpec, requests: &[Request], arrivals: &Arrivals) -> Vec<u32> {
    let (simulation, _) = linear(server, requests, arrivals);
    assert_eq!(simulation.kv_blocks_held, 0);
    let cached: Vec<_> = simulation
        .served
        .iter()
        .map(|served| served.cached_tokens)
        .collect();
    let looked_up: u32 = requests.iter().map(|request| request.prompt_tokens).sum();
    assert_eq!(
        simulation.prefix_cache.hit_tokens,
        u64::from(cached.iter().sum::<u32>())
    );
    assert_eq!(
        simulation.prefix_cache.looked_up_tokens,
        u64::from(looked_up)
    );
    cached
}

#[test]
fn full_blocks_of_the_prefix_are_found() {
    // 40 tokens are two blocks of 16, and 8 that share a block with others.
    let requests = [
        sharing(40, 50, 3),
        sharing(40, 90, 3),
        sharing(15, 50, 3),
        request(50, 3),
    ];
    assert_eq!(cached(ROOMY, &requests, &SYNCHRONOUS), [0, 32, 0, 0]);
}

#[test]
fn what_was_found_is_not_computed() {
    let (_, steps) = batches(
        ROOMY,
        &[sharing(40, 50, 1), sharing(40, 50, 2)],
        &SYNCHRONOUS,
    );
    let expected = vec![
        (vec![(0, 50)], vec![]),
        (vec![(32, 18)], vec![]),
        (vec![], vec![50]),
    ];
    assert_eq!(steps, expected);
}

#[test]
fn the_last_token_is_always_computed() {
    assert_eq!(
        cached(ROOMY, &[sharing(64, 64, 1); 2], &SYNCHRONOUS),
        [0, 48]
    );
    assert_eq!(
        cached(ROOMY, &[sharing(65, 65, 1); 2], &SYNCHRONOUS),
        [0, 64]
    );
    assert_eq!(cached(ROOMY, &[sharing(1, 1, 1); 2], &SYNCHRONOUS), [0, 0]);
}

#[test]
fn a_prefix_is_found_in_the_step_that_computes_it() {
    assert_eq!(
        cached(ROOMY, &[sharing(64, 70, 2); 3], &AT_ONCE),
        [0, 64, 64]
    );
}

#[test]
fn groups_share_nothing() {
    let of = |group| Request {
        shared_prefix: Some(SharedPrefix { group, tokens: 32 }),
        ..request(40, 1)
    };
    let requests = [of(7), of(u32::MAX), of(7), of(u32::MAX), of(0)];
    assert_eq!(cached(ROOMY, &requests, &SYNCHRONOUS), [0, 0, 32, 32, 0]);
}

#[test]
fn a_longer_prefix_of_a_group_extends_a_shorter_one() {
    let requests = [sharing(32, 40, 1), sharing(64, 70, 1), sharing(64, 70, 1)];
    assert_eq!(cached(ROOMY, &requests, &SYNCHRONOUS), [0, 32, 64]);
}

#[test]
fn without_prefix_caching_nothing_is_found() {
    let server = ServerSpec {
        prefix_caching: false,
        ..ROOMY
    };
    assert_eq!(
        cached(server, &[sharing(64, 70, 1); 3], &SYNCHRONOUS),
        [0, 0, 0]
    );
}

#[test]
fn what_follows_the_prefix_is_not_found() {
    // The third and fourth block of the first request are its own.
    let requests = [sharing(32, 80, 1), sharing(64, 70, 1), sharing(64, 70, 1)];
    assert_eq!(cached(ROOMY, &requests, &SYNCHRONOUS), [0, 32, 64]);
}

#[test]
fn a_prefix_that_is_computed_in_chunks_is_found() {
    let server = ServerSpec {
        max_num_batched_tokens: 20,
        max_num_seqs: 4,
        ..ROOMY
    };
    let requests = [sharing(64, 70, 1); 2];
    assert_eq!(cached(server, &requests, &SYNCHRONOUS), [0, 64]);
}

/// Ten blocks: a prefix of two, and a request that needs more than the other eight.
#[test]
fn the_blocks_that_were_used_last_stay() {
    let server = ServerSpec {
        kv_blocks: 10,
        ..ROOMY
    };
    let prefix = sharing(32, 33, 1);
    let of_blocks = |blocks: u32| request(blocks * 16, 1);
    // The third block of the first request goes before those of its prefix.
    assert_eq!(
        cached(server, &[prefix, of_blocks(8), prefix], &SYNCHRONOUS),
        [0, 0, 32]
    );
    // The second block of the prefix goes before the first.
    assert_eq!(
        cached(server, &[prefix, of_blocks(9), prefix], &SYNCHRONOUS),
        [0, 0, 16]
    );
    assert_eq!(
        cached(server, &[prefix, of_blocks(10), prefix], &SYNCHRONOUS),
        [0, 0, 0]
    );
    // Computed again, in other blocks than before, it can be found again.
    let all = of_blocks(10);
    assert_eq!(
        cached(server, &[prefix, all, all, prefix, prefix], &SYNCHRONOUS),
        [0, 0, 0, 0, 32]
    );
    // Used in between, the prefix is the last to go.
    let requests = [prefix, of_blocks(5), prefix, of_blocks(8), prefix];
    assert_eq!(cached(server, &requests, &SYNCHRONOUS), [0, 0, 32, 0, 32]);
}
