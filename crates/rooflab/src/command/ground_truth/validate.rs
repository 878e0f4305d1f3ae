//! `rooflab ground-truth validate`: examines the files of measured runs.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use ground_truth::{GroundTruth, Problem, Severity};
use serde::Serialize;

use crate::counted::counted;
use crate::exit_status::ExitStatus;
use crate::experiment_folders::experiment_folders;
use crate::format::{Format, write_json_line};
use crate::session::Session;
use crate::shown_path::shown;

/// Examine the files of measured runs, and list every problem of every folder
///
/// An error is what keeps a run from being loaded; any makes the exit code 2. A warning is what a reader of its figures
/// should know: requests left out of them, contradictions between the report and profile.yaml, keys that are not read.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab ground-truth validate
  rooflab ground-truth validate ~/sweeps/llama-tp1 ~/sweeps/llama-tp2
  rooflab ground-truth validate ~/sweeps --strict --format json | jq .problems")]
pub(crate) struct ValidateArgs {
    /// Experiments, or folders of experiments [default: `eval/ground_truth` of the project]
    #[arg(value_name = "DIR")]
    dirs: Vec<PathBuf>,
    /// End with 1 where there are warnings
    #[arg(long)]
    strict: bool,
    /// How to print the problems
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What was found in one folder: a line of `--format json`.
#[derive(Serialize)]
struct Report {
    folder: String,
    errors: usize,
    warnings: usize,
    problems: Vec<Problem>,
}

impl Report {
    fn of(folder: &Path, problems: Vec<Problem>) -> Self {
        let count = |severity| {
            let all = problems
                .iter()
                .filter(|problem| problem.severity == severity);
            all.count()
        };
        Self {
            folder: shown(folder),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            problems,
        }
    }
}

pub(super) fn run(args: &ValidateArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    let folders = experiment_folders(&args.dirs, session)?;
    let out = &mut session.out;
    let (mut errors, mut warnings) = (0, 0);
    let of_collections = folders.collections.iter().filter_map(|folder| {
        // The splits are the only file of such a folder.
        let problem = GroundTruth::open(folder).err()?;
        Some((folder, Problem::of_error(&problem)))
    });
    let experiments = folders.experiments.iter();
    let of_experiments = experiments.map(|folder| (folder, ground_truth::validate(folder)));
    for (folder, problems) in of_collections.chain(of_experiments) {
        let report = Report::of(folder, problems);
        errors += report.errors;
        warnings += report.warnings;
        if args.format == Format::Json {
            write_json_line(out, &report)?;
            continue;
        }
        for problem in &report.problems {
            match &problem.shown {
                Some(shown) => writeln!(out, "{shown}")?,
                None => writeln!(out, "{problem}")?,
            }
        }
    }
    if args.format == Format::Table {
        writeln!(
            out,
            "{}: {}, {}",
            counted(folders.experiments.len(), "experiment", "experiments"),
            counted(errors, "error", "errors"),
            counted(warnings, "warning", "warnings")
        )?;
    }
    Ok(if errors == 0 && args.strict && warnings > 0 {
        ExitStatus::Drifted
    } else {
        ExitStatus::of_failed(errors)
    })
}
