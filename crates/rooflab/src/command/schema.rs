//! `rooflab schema`: descriptions of the hypothesis format and of the commands, generated from the code.

use std::io::Write;

use clap::{Args, Command, ValueEnum};
use experiment::{columns_markdown, hypothesis_schema, keys_markdown, record_columns_markdown};

use crate::commands_markdown::commands_markdown;
use crate::exit_status::ExitStatus;
use crate::session::Session;

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
pub(super) enum Description {
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

impl Description {
    /// The text, for which `program` declares the commands.
    pub(super) fn text(self, program: fn() -> Command) -> anyhow::Result<String> {
        Ok(match self {
            Self::Hypothesis => hypothesis_schema()?,
            Self::Keys => keys_markdown()?,
            Self::Columns => columns_markdown(),
            Self::Results => record_columns_markdown(),
            Self::Commands => commands_markdown(program())?,
        })
    }
}

pub(super) fn run(args: &SchemaArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    let text = args.what.text(session.program)?;
    session.out.write_all(text.as_bytes())?;
    Ok(ExitStatus::Fine)
}
