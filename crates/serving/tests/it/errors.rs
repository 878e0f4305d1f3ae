//! Input that has no simulation: one error each, which says what is right.

use roofline::Batch;
use serving::{
    Arrivals, LatencyModel, Limits, LinearLatency, ServerConfig, ServerSpec, SimulationError,
    TokenLengthSpec, TokenLengths, simulate,
};

use crate::workload::{LINEAR, ROOMY, SYNCHRONOUS, constant, poisson, request};

fn error(arrivals: &Arrivals, latency: &dyn LatencyModel, limits: &Limits) -> SimulationError {
    let server = ServerConfig::new(ROOMY).unwrap();
    let requests = [request(10, 3); 2];
    simulate(&server, &requests, arrivals, latency, 0, limits, &mut ()).unwrap_err()
}

fn arrivals_error(arrivals: &Arrivals) -> String {
    error(arrivals, &LINEAR, &Limits::default()).to_string()
}

fn latency_error(latency_us: Option<f64>) -> String {
    struct Fixed(Option<f64>);
    impl LatencyModel for Fixed {
        fn step_us(&self, _: &Batch) -> Option<f64> {
            self.0
        }
    }
    error(&SYNCHRONOUS, &Fixed(latency_us), &Limits::default()).to_string()
}

#[test]
fn arrivals() {
    let message = arrivals_error(&Arrivals::ClosedLoop { concurrency: 0 });
    assert_eq!(message, "`concurrency` is 0, expected at least 1");
    let max_concurrency = Some(0);
    let rate_per_s = 1.0;
    for arrivals in [
        Arrivals::Throughput { max_concurrency },
        Arrivals::Constant {
            rate_per_s,
            max_concurrency,
        },
        Arrivals::Poisson {
            rate_per_s,
            max_concurrency,
        },
        Arrivals::Replay {
            start_s: vec![0.0, 1.0],
            max_concurrency,
        },
    ] {
        let message = arrivals_error(&arrivals);
        assert_eq!(message, "`max_concurrency` is 0, expected at least 1");
    }
    for (rate_per_s, shown) in [
        (0.0, "0"),
        (-1.0, "-1"),
        (f64::NAN, "NaN"),
        (f64::INFINITY, "inf"),
        (-1e308, "-1e308"),
    ] {
        let expected = format!("`rate_per_s` is {shown}, expected a positive number");
        assert_eq!(arrivals_error(&constant(rate_per_s)), expected);
        assert_eq!(arrivals_error(&poisson(rate_per_s)), expected);
    }
    let replay = |start_s: &[f64]| {
        arrivals_error(&Arrivals::Replay {
            start_s: start_s.to_vec(),
            max_concurrency: None,
        })
    };
    assert_eq!(
        replay(&[0.0]),
        "`start_s` has 1 times for 2 requests, expected one for each"
    );
    assert_eq!(
        replay(&[0.0, -1.0]),
        "`start_s` of request 1 is -1, expected a number of seconds from 0"
    );
    assert_eq!(
        replay(&[-1e300, 0.0]),
        "`start_s` of request 0 is -1e300, expected a number of seconds from 0"
    );
    let too_late = "request 1 arrives later than simulated time can tell (292 years)";
    assert_eq!(replay(&[0.0, 1e300]), too_late);
    let seldom = "request 0 arrives later than simulated time can tell (292 years)";
    assert_eq!(arrivals_error(&constant(1e-300)), seldom);
}

#[test]
fn latencies() {
    for (latency_us, shown) in [
        (-1.0, "-1"),
        (f64::NAN, "NaN"),
        (f64::INFINITY, "inf"),
        (1e300, "1e300"),
    ] {
        let expected = format!("step 0 takes {shown} us, expected 0 to 9.2e15");
        assert_eq!(latency_error(Some(latency_us)), expected);
    }
    assert_eq!(
        latency_error(Some(9e15)),
        "step 1 ends later than simulated time can tell (292 years)"
    );
}

/// A step is never taken for one of no time, the first as little as a later one.
#[test]
fn a_latency_that_cannot_be_told() {
    struct PromptsAlone;
    impl LatencyModel for PromptsAlone {
        fn step_us(&self, batch: &Batch) -> Option<f64> {
            (batch.decode_requests() == 0).then_some(1.0)
        }
    }
    assert_eq!(
        latency_error(None),
        "step 0 takes a time that the latency model cannot tell"
    );
    assert_eq!(
        error(&SYNCHRONOUS, &PromptsAlone, &Limits::default()).to_string(),
        "step 1 takes a time that the latency model cannot tell"
    );
}

#[test]
fn a_step_takes_at_least_a_nanosecond() {
    let server = ServerConfig::new(ROOMY).unwrap();
    let requests = [request(10, 3)];
    let none = LinearLatency::default();
    let simulation = simulate(
        &server,
        &requests,
        &SYNCHRONOUS,
        &none,
        0,
        &Limits::default(),
        &mut (),
    );
    let times = simulation.unwrap().served[0].times;
    assert!((times.e2e_ms() - 3e-6).abs() < 1e-12);
}

#[test]
fn limits() {
    let few = Limits {
        max_steps: 5,
        ..Limits::default()
    };
    assert_eq!(
        error(&SYNCHRONOUS, &LINEAR, &few).to_string(),
        "not done after `max_steps` (5) steps"
    );
    let enough = Limits {
        max_steps: 6,
        ..Limits::default()
    };
    let server = ServerConfig::new(ROOMY).unwrap();
    let requests = [request(10, 3); 2];
    assert!(
        simulate(
            &server,
            &requests,
            &SYNCHRONOUS,
            &LINEAR,
            0,
            &enough,
            &mut ()
        )
        .is_ok()
    );
    for (duration_s, shown) in [(-1.0, "-1"), (f64::NAN, "NaN"), (1e300, "1e300")] {
        let limits = Limits {
            duration_s: Some(duration_s),
            ..Limits::default()
        };
        let message = error(&SYNCHRONOUS, &LINEAR, &limits).to_string();
        let expected = format!("`duration_s` is {shown}, expected 0 to 9.2e9");
        assert_eq!(message, expected);
    }
}

#[test]
fn servers() {
    let message = |spec| ServerConfig::new(spec).unwrap_err().to_string();
    let expected = "`max_num_seqs` is 0, expected 1 to 1048576";
    assert_eq!(
        message(ServerSpec {
            max_num_seqs: 0,
            ..ROOMY
        }),
        expected
    );
    // Numbers that are small again where 32 bits are kept.
    for kv_blocks in [0, 1 << 32, (1 << 32) + 1] {
        let expected = format!("`kv_blocks` is {kv_blocks}, expected 1 to 4294967294");
        assert_eq!(message(ServerSpec { kv_blocks, ..ROOMY }), expected);
    }
    let most = ServerSpec {
        kv_blocks: 4_294_967_294,
        ..ROOMY
    };
    let most = ServerConfig::new(most).unwrap();
    assert_eq!(most.kv_blocks(), ServerConfig::MAX_KV_BLOCKS);
    let expected = "`kv_blocks` is 18446744073709551615, expected 1 to 4294967294";
    assert_eq!(
        message(ServerSpec {
            kv_blocks: u64::MAX,
            ..ROOMY
        }),
        expected
    );
    let expected = "`block_size` is 65537, expected 1 to 65536";
    assert_eq!(
        message(ServerSpec {
            block_size_tokens: 65_537,
            ..ROOMY
        }),
        expected
    );
    let expected =
        "`max_num_batched_tokens` is 255, expected at least `max_num_seqs`, which is 256";
    assert_eq!(
        message(ServerSpec {
            max_num_batched_tokens: 255,
            ..ROOMY
        }),
        expected
    );
    let expected = "`max_model_len` is 4294967295, expected 1 to 16777216";
    assert_eq!(
        message(ServerSpec {
            max_model_len: u32::MAX,
            ..ROOMY
        }),
        expected
    );
}

#[test]
fn token_lengths() {
    let fine = TokenLengthSpec {
        mean: 100.0,
        std_dev: Some(10.0),
        min: None,
        max: None,
    };
    let message = |spec| TokenLengths::new(spec).unwrap_err().to_string();
    for (mean, shown) in [
        (0.0, "0"),
        (-5.0, "-5"),
        (f64::NAN, "NaN"),
        (1e9, "1000000000"),
        (1e300, "1e300"),
    ] {
        let expected = format!("`mean` is {shown}, expected 1 to 16777216");
        assert_eq!(message(TokenLengthSpec { mean, ..fine }), expected);
    }
    let expected = "`min` is 0, expected 1 to 16777216";
    assert_eq!(
        message(TokenLengthSpec {
            min: Some(0),
            ..fine
        }),
        expected
    );
    let std_dev = Some(f64::INFINITY);
    let expected = "`std_dev` is inf, expected 0 to 16777216";
    assert_eq!(message(TokenLengthSpec { std_dev, ..fine }), expected);
}

/// What is wrong is what was given; the bound that nobody gave is said to be derived.
#[test]
fn token_lengths_in_the_wrong_order() {
    let spec = |std_dev, min, max| TokenLengthSpec {
        mean: 100.0,
        std_dev,
        min,
        max,
    };
    let message = |std_dev, min, max| {
        TokenLengths::new(spec(std_dev, min, max))
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        message(Some(10.0), Some(120), Some(119)),
        "`min` is 120 and `max` is 119, expected `min` up to `max`"
    );
    assert_eq!(
        message(None, Some(200), None),
        "`min` is 200, expected at most 100: where `max` is not given, that follows from `mean` and `std_dev`"
    );
    assert_eq!(
        message(Some(10.0), None, Some(49)),
        "`max` is 49, expected at least 50: where `min` is not given, that follows from `mean` and `std_dev`"
    );
    for bounds in [
        spec(None, Some(100), None),
        spec(None, None, Some(100)),
        spec(Some(10.0), None, Some(50)),
        spec(Some(10.0), Some(150), None),
        spec(Some(10.0), Some(120), Some(120)),
    ] {
        assert!(TokenLengths::new(bounds).is_ok());
    }
}
