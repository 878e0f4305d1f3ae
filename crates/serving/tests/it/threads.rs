//! Equal arguments give equal results, wherever they are run.

use std::thread;

use serving::{
    LengthProfile, LengthSampling, ServerSpec, Simulation, StepRecord, TokenLengthSpec,
    TokenLengths,
};

use crate::workload::{ROOMY, linear, poisson};

fn simulation(seed: u64) -> (Simulation, Vec<StepRecord>) {
    let lengths = TokenLengths::new(TokenLengthSpec {
        mean: 100.0,
        std_dev: Some(60.0),
        min: Some(2),
        max: Some(300),
    })
    .unwrap();
    let profile = LengthProfile {
        prefix_tokens: 50,
        prompt: lengths,
        output: lengths,
    };
    let server = ServerSpec {
        kv_blocks: 200,
        ..ROOMY
    };
    let requests = profile.requests(400, LengthSampling::Seeded, seed);
    linear(server, &requests, &poisson(200.0))
}

#[test]
fn on_one_thread_and_on_eight() {
    let one_by_one: Vec<_> = (0..8).map(simulation).collect();
    assert!(
        one_by_one
            .iter()
            .all(|(simulation, _)| simulation.preemptions > 0)
    );
    let together: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|seed| scope.spawn(move || simulation(seed)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(one_by_one, together);
    assert_ne!(one_by_one[0], one_by_one[1]);
}
