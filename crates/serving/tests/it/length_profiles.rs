//! Lengths that are made up.

use serving::{LengthProfile, LengthSampling, Request, TokenLengthSpec, TokenLengths};

fn lengths(mean: f64, std_dev: Option<f64>, min: Option<u32>, max: Option<u32>) -> TokenLengths {
    TokenLengths::new(TokenLengthSpec {
        mean,
        std_dev,
        min,
        max,
    })
    .unwrap()
}

fn normal(mean: f64, std_dev: f64, min: u32, max: u32) -> TokenLengths {
    lengths(mean, Some(std_dev), Some(min), Some(max))
}

fn profile(prompt: TokenLengths, output: TokenLengths) -> LengthProfile {
    LengthProfile {
        prefix_tokens: 0,
        prompt,
        output,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "token counts are far below 2^53"
)]
fn mean(requests: &[Request], tokens: impl Fn(&Request) -> u32) -> f64 {
    let sum: u64 = requests
        .iter()
        .map(|request| u64::from(tokens(request)))
        .sum();
    sum as f64 / requests.len() as f64
}

fn correlation(requests: &[Request]) -> f64 {
    let of = |request: &Request| [request.prompt_tokens, request.output_tokens].map(f64::from);
    let (x, y) = (
        mean(requests, |request| request.prompt_tokens),
        mean(requests, |request| request.output_tokens),
    );
    let sum = |term: &dyn Fn(f64, f64) -> f64| -> f64 {
        requests
            .iter()
            .map(of)
            .map(|[a, b]| term(a - x, b - y))
            .sum()
    };
    sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
}

/// The workloads of the measured experiments with the means of their clamped normal distributions, by
/// `a F(a) + b (1 - F(b)) + m (F(b) - F(a)) - s (f(b) - f(a))`, computed with Python's `statistics.NormalDist`.
const WORKLOADS: [(f64, f64, u32, u32, f64); 8] = [
    (70.0, 35.0, 2, 200, 70.345),
    (215.0, 80.0, 1, 512, 215.09),
    (2048.0, 1974.0, 2, 3500, 1935.911),
    (28.0, 60.0, 6, 200, 42.491),
    (4096.0, 500.0, 100, 7168, 4096.0),
    (512.0, 150.0, 10, 1024, 512.004),
    (2048.0, 500.0, 100, 4096, 2048.003),
    (32.0, 16.0, 1, 64, 32.025),
];

#[test]
fn strata_have_the_mean_of_the_clamped_distribution_at_fifty_requests() {
    for (mean_tokens, std_dev, min, max, expected) in WORKLOADS {
        let lengths = normal(mean_tokens, std_dev, min, max);
        let requests = profile(lengths, lengths).requests(50, LengthSampling::Stratified, 42);
        for mean in [
            mean(&requests, |request| request.prompt_tokens),
            mean(&requests, |request| request.output_tokens),
        ] {
            assert!(
                (mean / expected - 1.0).abs() < 0.005,
                "{mean} instead of {expected} for {mean_tokens}"
            );
        }
    }
}

#[test]
fn draws_have_the_mean_of_the_clamped_distribution() {
    for (mean_tokens, std_dev, min, max, expected) in WORKLOADS {
        let lengths = normal(mean_tokens, std_dev, min, max);
        let requests = profile(lengths, lengths).requests(100_000, LengthSampling::Seeded, 42);
        let of_draws = mean(&requests, |request| request.prompt_tokens);
        // Five standard errors, with the standard deviation from before clamping.
        assert!((of_draws - expected).abs() < 5.0 * std_dev / 100_000.0_f64.sqrt());
    }
}

#[test]
fn what_is_beyond_a_bound_is_put_on_it() {
    // A normal distribution has 15.9% beyond one standard deviation.
    let lengths = normal(100.0, 20.0, 80, 120);
    for sampling in [LengthSampling::Seeded, LengthSampling::Stratified] {
        let requests = profile(lengths, lengths).requests(10_000, sampling, 1);
        let share = |tokens| {
            mean(&requests, |request| {
                u32::from(request.prompt_tokens == tokens)
            })
        };
        // Half a token beyond the bound is rounded onto it too.
        for bound in [80, 120] {
            assert!((0.15..0.18).contains(&share(bound)), "{}", share(bound));
        }
    }
}

#[test]
fn without_deviation_lengths_are_uniform() {
    for std_dev in [None, Some(0.0)] {
        let uniform = lengths(50.0, std_dev, Some(11), Some(20));
        let requests = profile(uniform, uniform).requests(1000, LengthSampling::Stratified, 3);
        for tokens in 11..=20 {
            let count = requests
                .iter()
                .filter(|request| request.prompt_tokens == tokens)
                .count();
            assert_eq!(count, 100, "{tokens}");
        }
    }
}

#[test]
fn missing_bounds_follow_from_the_mean() {
    let of = |lengths: TokenLengths| (lengths.min(), lengths.max());
    assert_eq!(of(lengths(100.0, Some(10.0), None, None)), (50, 150));
    assert_eq!(of(lengths(100.0, Some(30.0), None, None)), (1, 250));
    assert_eq!(of(lengths(100.0, None, None, None)), (100, 100));
    assert_eq!(of(lengths(100.0, None, Some(20), None)), (20, 100));
    assert_eq!(of(TokenLengths::fixed(128).unwrap()), (128, 128));
}

#[test]
fn prompts_and_outputs_are_not_correlated() {
    for (count, most) in [(40, 0.02), (50, 0.02), (1000, 0.001)] {
        let prompt = normal(2048.0, 500.0, 100, 4096);
        let output = normal(512.0, 150.0, 10, 1024);
        let requests = profile(prompt, output).requests(count, LengthSampling::Stratified, 9);
        let found = correlation(&requests);
        assert!(found.abs() < most, "{found} of {count}");
    }
    let lengths = normal(2048.0, 500.0, 100, 4096);
    let requests = profile(lengths, lengths).requests(100_000, LengthSampling::Seeded, 9);
    assert!(correlation(&requests).abs() < 0.01);
}

#[test]
fn the_seed_of_strata_changes_their_order_alone() {
    let lengths = normal(100.0, 50.0, 1, 300);
    let of = |seed| profile(lengths, lengths).requests(50, LengthSampling::Stratified, seed);
    let sorted = |seed| {
        let mut requests = of(seed);
        requests.sort_by_key(|request| (request.prompt_tokens, request.output_tokens));
        requests
    };
    assert_ne!(of(1), of(2));
    assert_eq!(sorted(1), sorted(2));
}

#[test]
fn a_prefix_comes_before_the_prompt() {
    let with_prefix = LengthProfile {
        prefix_tokens: 284,
        ..profile(
            TokenLengths::fixed(70).unwrap(),
            TokenLengths::fixed(5).unwrap(),
        )
    };
    let request = with_prefix.requests(1, LengthSampling::Seeded, 0)[0];
    let prefix = request.shared_prefix.unwrap();
    assert_eq!(
        (request.prompt_tokens, prefix.group, prefix.tokens),
        (354, 0, 284)
    );
}

/// These lengths must not change: a seed means the same in every version. They were computed with an implementation of
/// `ChaCha8` in Python and `statistics.NormalDist`.
#[test]
fn seeds_are_stable() {
    let chat = profile(normal(70.0, 35.0, 2, 200), normal(215.0, 80.0, 1, 512));
    let assert_lengths = |sampling, seed, expected: [(u32, u32); 6]| {
        let requests = chat.requests(6, sampling, seed);
        let lengths = |request: &Request| (request.prompt_tokens, request.output_tokens);
        assert!(requests.iter().map(lengths).eq(expected));
    };
    let expected = [
        (56, 276),
        (50, 148),
        (69, 242),
        (58, 116),
        (103, 241),
        (18, 214),
    ];
    assert_lengths(LengthSampling::Seeded, 42, expected);
    let expected = [
        (89, 166),
        (44, 176),
        (84, 317),
        (63, 252),
        (73, 139),
        (74, 159),
    ];
    assert_lengths(LengthSampling::Seeded, u64::MAX, expected);
    let expected = [
        (22, 161),
        (118, 104),
        (77, 198),
        (46, 269),
        (63, 232),
        (94, 326),
    ];
    assert_lengths(LengthSampling::Stratified, 42, expected);
}
