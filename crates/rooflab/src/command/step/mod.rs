//! `rooflab step`: predicts steps.

mod breakdown;
mod json_line;
mod requests;
mod step_request;
mod stream;
mod time_bars;

use std::io::stdin;

use anyhow::{Context, ensure};
use catalog::Catalog;
use clap::Args;
use roofline::{Batch, Preset};

use self::breakdown::write_breakdown;
use self::json_line::PredictedLine;
use self::requests::{DecodeRequests, PrefillRequests};
use self::step_request::StepRequest;
use self::stream::predict_lines;
use crate::exit_status::ExitStatus;
use crate::format::{Format, write_json_line};
use crate::overrides::{AssumptionOverrides, FactorOverrides, HardwareOverrides, choice};
use crate::session::Session;
use crate::step_setup::{SetupLoader, StepSetup};

/// Predict the time of one step with all its parts, or of many steps from standard input
///
/// With --jsonl each line of standard input is one step, a JSON object with `model`, `gpu`, `tensor_parallel`,
/// `preset` and, where wanted, `hardware`, `assumptions`, `prefill` (`[{cached, new}]`) and `decode` (`[kv]`). It is written
/// back with all its keys and the object `predicted`. --format json prints such a line.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab step --model llama-3.1-8b-instruct --decode 4096,64x15
  rooflab step --model llama-2-70b-hf --tp 4 --prefill 512+1024x2 --decode 2048x32
  rooflab step --jsonl < steps.jsonl | jq .predicted.step_us")]
pub(crate) struct StepArgs {
    /// Read steps from standard input, one JSON object a line
    #[arg(
        long,
        conflicts_with_all = ["OneStep", "AssumptionOverrides", "FactorOverrides", "HardwareOverrides"]
    )]
    jsonl: bool,
    #[command(flatten)]
    one: OneStep,
    #[command(flatten)]
    assumptions: AssumptionOverrides,
    #[command(flatten)]
    factors: FactorOverrides,
    #[command(flatten)]
    hardware: HardwareOverrides,
}

/// The flags of one step but for its overrides: the parser makes a group of the flags of a struct only where it flattens
/// no other.
#[derive(Args, Debug)]
struct OneStep {
    /// How to print the step
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Folder below `model_configs`
    #[arg(long, required_unless_present = "jsonl")]
    model: Option<String>,
    /// Folder below `bench_data`, in any case
    #[arg(long, default_value = "h100")]
    gpu: String,
    /// GPUs that split the model
    #[arg(
        long,
        visible_alias = "tensor-parallel",
        value_name = "N",
        default_value_t = 1
    )]
    tp: u32,
    /// Requests that generate one token: KV length, and xN for N of them
    #[arg(
        long,
        value_name = "KV[xN]",
        value_parser = DecodeRequests::parse,
        value_delimiter = ',',
        help_heading = "Batch"
    )]
    decode: Vec<DecodeRequests>,
    /// Requests that process a prompt: new tokens, +CACHED for those in the cache already, and xN for N of them
    #[arg(
        long,
        value_name = "NEW[+CACHED][xN]",
        value_parser = PrefillRequests::parse,
        value_delimiter = ',',
        help_heading = "Batch"
    )]
    prefill: Vec<PrefillRequests>,
    /// Assumptions to start from
    #[arg(
        long,
        default_value_t,
        value_parser = choice::<Preset>(Preset::NAMES),
        help_heading = "Assumptions"
    )]
    preset: Preset,
}

pub(super) fn run(args: &StepArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    let project = session.open()?;
    let mut setups = SetupLoader::new(Catalog::new(project.root()));
    let out = &mut session.out;
    if args.jsonl {
        predict_lines(&mut setups, stdin().lock(), out)?;
        return Ok(ExitStatus::Fine);
    }
    let request = args.request()?;
    let (step, setup) = request.predict(&mut setups)?;
    match args.one.format {
        Format::Json => write_json_line(out, &PredictedLine::new(&request, &step))?,
        Format::Table => write_breakdown(out, &request, &setup, &step)?,
    }
    Ok(ExitStatus::Fine)
}

impl StepArgs {
    fn request(&self) -> anyhow::Result<StepRequest> {
        let mut batch = Batch::new();
        let one = &self.one;
        for requests in &one.prefill {
            requests.push_to(&mut batch).context("--prefill")?;
        }
        for requests in &one.decode {
            requests.push_to(&mut batch).context("--decode")?;
        }
        ensure!(
            !batch.is_empty(),
            "the batch is empty: add --decode KV or --prefill NEW"
        );
        let setup = StepSetup {
            model: one.model.clone().context("--model is missing")?,
            gpu: one.gpu.clone(),
            tensor_parallel: one.tp,
            preset: one.preset,
            assumptions: self.assumptions.clone().with_factors(self.factors.clone()),
            hardware: self.hardware.clone(),
        };
        Ok(StepRequest { setup, batch })
    }
}

#[cfg(test)]
mod tests {
    use clap::error::ErrorKind;
    use clap::{CommandFactory, Parser};

    use crate::cli::Cli;

    #[test]
    fn lines_of_json_leave_no_room_for_flags() {
        let cli = Cli::command();
        let step = cli.find_subcommand("step").unwrap();
        let mut flags = 0;
        for argument in step.get_arguments() {
            let name = argument.get_long().unwrap();
            if ["jsonl", "root", "color", "quiet", "help"].contains(&name) {
                continue;
            }
            let choices = argument.get_possible_values();
            let value = choices.first().map_or("1", |choice| choice.get_name());
            let flag = format!("--{name}={value}");
            let error = Cli::try_parse_from(["rooflab", "step", "--jsonl", &flag]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ArgumentConflict, "{flag}");
            flags += 1;
        }
        assert_eq!(flags, 23);
        assert!(Cli::try_parse_from(["rooflab", "step", "--jsonl", "--root", "x"]).is_ok());
    }
}
