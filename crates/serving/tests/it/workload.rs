//! Servers and requests that tests share.

use serving::{
    Arrivals, Limits, LinearLatency, Request, ServerConfig, ServerSpec, SharedPrefix, Simulation,
    StepRecord, simulate,
};

/// A server that nothing in a small test can fill.
pub(crate) const ROOMY: ServerSpec = ServerSpec {
    max_num_batched_tokens: 8192,
    max_num_seqs: 256,
    max_model_len: 8192,
    block_size_tokens: 16,
    kv_blocks: 100_000,
    chunked_prefill: true,
    prefix_caching: true,
};

/// 1 ms a step, 10 us a token of the prompt, 100 us a token of the output.
pub(crate) const LINEAR: LinearLatency = LinearLatency {
    fixed_us: 1000.0,
    prefill_token_us: 10.0,
    decode_request_us: 100.0,
};

/// Simulated times are whole nanoseconds: a sum of a few thousand steps is off by less than this, in milliseconds.
pub(crate) const ROUNDING_MS: f64 = 1e-5;

pub(crate) const SYNCHRONOUS: Arrivals = Arrivals::ClosedLoop { concurrency: 1 };

pub(crate) const AT_ONCE: Arrivals = Arrivals::Throughput {
    max_concurrency: None,
};

pub(crate) fn constant(rate_per_s: f64) -> Arrivals {
    Arrivals::Constant {
        rate_per_s,
        max_concurrency: None,
    }
}

pub(crate) fn poisson(rate_per_s: f64) -> Arrivals {
    Arrivals::Poisson {
        rate_per_s,
        max_concurrency: None,
    }
}

pub(crate) fn replay(start_s: Vec<f64>, max_concurrency: Option<u32>) -> Arrivals {
    Arrivals::Replay {
        start_s,
        max_concurrency,
    }
}

pub(crate) fn request(prompt_tokens: u32, output_tokens: u32) -> Request {
    Request {
        prompt_tokens,
        shared_prefix: None,
        output_tokens,
    }
}

/// A request of group 0.
pub(crate) fn sharing(prefix_tokens: u32, prompt_tokens: u32, output_tokens: u32) -> Request {
    Request {
        shared_prefix: Some(SharedPrefix {
            group: 0,
            tokens: prefix_tokens,
        }),
        ..request(prompt_tokens, output_tokens)
    }
}

/// The simulation under [`LINEAR`] and its steps.
pub(crate) fn linear(
    server: ServerSpec,
    requests: &[Request],
    arrivals: &Arrivals,
) -> (Simulation, Vec<StepRecord>) {
    let mut steps = Vec::new();
    let simulation = simulate(
        &ServerConfig::new(server).unwrap(),
        requests,
        arrivals,
        &LINEAR,
        7,
        &Limits::default(),
        &mut steps,
    )
    .unwrap();
    (simulation, steps)
}

#[track_caller]
pub(crate) fn assert_ms(ours: f64, expected: f64) {
    assert!(
        (ours - expected).abs() < ROUNDING_MS,
        "{ours} ms instead of {expected} ms"
    );
}
