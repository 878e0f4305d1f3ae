//! `rooflab schema`: descriptions of the hypothesis format and of the commands, generated from the code.

use clap::{Args, CommandFactory, ValueEnum};
use experiment::{columns_markdown, hypothesis_schema, keys_markdown, record_columns_markdown};

use super::print;
use crate::cli::Cli;
use crate::commands_markdown::commands_markdown;
use crate::exit_status::ExitStatus;
use crate::standard_output::StandardOutput;

/// Print the JSON Schema of hypothesis.yaml, or the reference of its keys, of columns, results or commands
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab schema > hypotheses/hypothesis.schema.json
  rooflab schema keys > docs/keys.md
  rooflab schema columns > docs/columns.md
  rooflab schema commands > docs/commands.md")]
pub(crate) struct SchemaArgs {
    /// What to print
    #[arg(value_enum, default_value_t)]
    what: Description,
}

/// A description of the format or of the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Description {
    /// The JSON Schema, for editors
    #[default]
    Hypothesis,
    /// Every key of hypothesis.yaml, as Markdown
    Keys,
    /// Every column of every probe, as Markdown
    Columns,
    /// Every column of the one file that `rooflab export` writes, as Markdown
    Results,
    /// Every command with its arguments, as Markdown
    Commands,
}

pub(super) fn run(args: &SchemaArgs, out: &mut StandardOutput) -> anyhow::Result<ExitStatus> {
    let text = match args.what {
        Description::Hypothesis => hypothesis_schema()?,
        Description::Keys => keys_markdown()?,
        Description::Columns => columns_markdown(),
        Description::Results => record_columns_markdown(),
        Description::Commands => commands_markdown(Cli::command())?,
    };
    print(out, &text)
}
