//! A workload as flags.

use anyhow::Context;
use clap::Args;
use ground_truth::{LengthProfile, Strategy, TokenLengths};
use replay::MAX_REQUESTS;
use serving::TokenLengthSpec;

/// Lengths of requests, as a GuideLLM profile has them, and how many there are.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Workload")]
pub(super) struct WorkloadArgs {
    /// Mean prompt length in tokens, the shared prefix not counted
    #[arg(long, value_name = "N", required_unless_present = "ground_truth", value_parser = clap::value_parser!(u32).range(1..))]
    prompt_tokens: Option<u32>,
    /// Standard deviation of prompt lengths [default: 0]
    #[arg(long, value_name = "N")]
    prompt_stdev: Option<u32>,
    /// Shortest prompt
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    prompt_min: Option<u32>,
    /// Longest prompt
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    prompt_max: Option<u32>,
    /// Mean output length in tokens
    #[arg(long, value_name = "N", required_unless_present = "ground_truth", value_parser = clap::value_parser!(u32).range(1..))]
    output_tokens: Option<u32>,
    /// Standard deviation of output lengths [default: 0]
    #[arg(long, value_name = "N")]
    output_stdev: Option<u32>,
    /// Shortest output
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    output_min: Option<u32>,
    /// Longest output
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    output_max: Option<u32>,
    /// Tokens that all prompts begin with [default: 0]
    #[arg(long, value_name = "N")]
    prefix_tokens: Option<u32>,
    /// Requests [default: 100]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=u64::from(MAX_REQUESTS)))]
    requests: Option<u64>,
}

/// How requests are timed.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Load")]
pub(super) struct LoadArgs {
    /// One request at a time
    #[arg(long, conflicts_with_all = ["concurrency", "rate", "throughput"])]
    synchronous: bool,
    /// So many requests at a time
    #[arg(long, value_name = "N", conflicts_with_all = ["rate", "throughput"], value_parser = clap::value_parser!(u32).range(1..))]
    concurrency: Option<u32>,
    /// So many requests a second, at equal intervals
    #[arg(
        long,
        value_name = "X",
        conflicts_with = "throughput",
        allow_negative_numbers = true
    )]
    rate: Option<f64>,
    /// At random intervals instead
    #[arg(long, requires = "rate", conflicts_with_all = ["synchronous", "concurrency", "throughput"])]
    poisson: bool,
    /// All requests at once
    #[arg(long)]
    throughput: bool,
}

impl WorkloadArgs {
    /// The lengths.
    pub(super) fn lengths(&self) -> anyhow::Result<LengthProfile> {
        let prompt = (self.prompt_tokens, self.prompt_stdev);
        let output = (self.output_tokens, self.output_stdev);
        Ok(LengthProfile {
            prefix_tokens: self.prefix_tokens.unwrap_or(0),
            prompt: lengths("--prompt-tokens", prompt, self.prompt_min, self.prompt_max)?,
            output: lengths("--output-tokens", output, self.output_min, self.output_max)?,
        })
    }

    /// How many requests.
    pub(super) fn requests(&self) -> u64 {
        self.requests.unwrap_or(100)
    }
}

fn lengths(
    flag: &'static str,
    (mean, std_dev): (Option<u32>, Option<u32>),
    min: Option<u32>,
    max: Option<u32>,
) -> anyhow::Result<TokenLengths> {
    let mean = mean.with_context(|| format!("{flag} is missing"))?;
    // Checked here to name the flag; the simulation would say the same of a profile.
    serving::TokenLengths::new(TokenLengthSpec {
        mean: f64::from(mean),
        std_dev: std_dev.map(f64::from),
        min,
        max,
    })
    .context(flag)?;
    Ok(TokenLengths {
        mean,
        std_dev,
        min,
        max,
    })
}

impl LoadArgs {
    /// The strategy of GuideLLM that times requests like this.
    pub(super) fn strategy(&self) -> anyhow::Result<Strategy> {
        let max_concurrency = None;
        if let Some(streams) = self.concurrency {
            return Ok(Strategy::Concurrent { streams });
        }
        if let Some(rate_per_s) = self.rate {
            anyhow::ensure!(
                rate_per_s.is_finite() && rate_per_s > 0.0,
                "--rate is {rate_per_s}, expected a positive number of requests a second"
            );
            return Ok(if self.poisson {
                Strategy::Poisson {
                    rate_per_s,
                    max_concurrency,
                }
            } else {
                Strategy::Constant {
                    rate_per_s,
                    max_concurrency,
                }
            });
        }
        if self.throughput {
            return Ok(Strategy::Throughput { max_concurrency });
        }
        anyhow::ensure!(
            self.synchronous,
            "the load is missing: add --synchronous, --concurrency N, --rate X or --throughput"
        );
        Ok(Strategy::Synchronous)
    }
}
