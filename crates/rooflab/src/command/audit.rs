//! `rooflab audit`: all hypotheses side by side with what was published.

use std::io::{self, Write};

use clap::Args;
use experiment::Audit;

use super::run::write_checks;
use crate::exit_status::ExitStatus;
use crate::format::{Format, write_json_lines};
use crate::jobs::JobsArgs;
use crate::loading::Loaded;
use crate::other_data_args::OtherDataArgs;
use crate::session::Session;
use crate::standard_output::StandardOutput;
use crate::text_table::Align::{Left, Right};
use crate::text_table::TextTable;
use crate::wrapped_text::one_line;

/// Compare every hypothesis with what was published, and print what holds
///
/// Computes the hypotheses and writes nothing: verdicts beside the published ones, how many values are equal,
/// within a stated tolerance or different, why they differ, and what the published findings get wrong. `rooflab run`
/// writes the same of all to hypotheses/README.md. Ends with 0 whatever it finds, and with 2 where a hypothesis could
/// not be computed; `rooflab check` is the command that judges.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab audit                print the audit
  rooflab audit H28 H33        print that of two hypotheses
  rooflab audit --format json  the same for a program, one object a line
  rooflab audit I2-H1 --data step_trace=steps.parquet
                               compare it on your own trace")]
pub(crate) struct AuditArgs {
    /// Hypotheses to compare, each by its id (H28) or the name of its folder [default: all]
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    other_data: OtherDataArgs,
    #[command(flatten)]
    jobs: JobsArgs,
    /// How to print the audit
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(args: &AuditArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    let project = session.open()?;
    let options = args.other_data.options(None)?;
    let loaded = Loaded::readable(&project, &args.ids, &options, args.jobs)?;
    args.other_data.refuse_unread(&loaded)?;
    let mut outcomes = Vec::with_capacity(loaded.hypotheses.len());
    let failed = loaded.run_each(session.bars, |_, outcome| {
        outcomes.push(outcome);
        Ok(())
    })?;
    let audit = Audit::of(&outcomes);
    let out = &mut session.out;
    match args.format {
        Format::Json => write_json_lines(out, &audit.rows)?,
        Format::Table => {
            write_audit(&audit, out)?;
            // Of those on other data no file has the checks.
            if args.other_data.is_given() {
                write_checks(&outcomes, out)?;
            }
        }
    }
    Ok(ExitStatus::of_failed(failed))
}

fn write_audit(audit: &Audit, out: &mut StandardOutput) -> io::Result<()> {
    out.table(&TextTable::of(
        &audit.rows,
        &[
            ("ID", Left, |row| row.id.clone()),
            ("FAMILY", Left, |row| row.family.name().into()),
            ("VERDICT", Left, |row| row.verdict.name().into()),
            ("PUBLISHED", Left, |row| row.published_words()),
            ("AGREEMENT", Left, |row| row.agreement.name().into()),
            ("EQUAL", Right, |row| {
                let values = row.reproduction;
                format!("{}/{}", values.equal, values.compared())
            }),
            ("WITHIN", Right, |row| row.within_tolerance()),
            ("DIFFERENT", Right, |row| {
                row.reproduction.different.to_string()
            }),
            ("NEEDS DATA", Right, |row| {
                row.reproduction.needs_data.to_string()
            }),
            ("TITLE", Left, |row| row.heading()),
        ],
    ))?;
    writeln!(out)?;
    out.text(&audit.totals())?;
    let reasons = audit
        .rows
        .iter()
        .filter_map(|row| Some((row.id.clone(), row.why.as_ref()?)));
    write_remarks("why they differ", reasons, out)?;
    let defects = audit.with_defects().flat_map(|row| {
        let of_row = row.defects.iter();
        of_row.map(|defect| (format!("{}: {}", row.id, defect.id), &defect.what))
    });
    write_remarks("what the published findings get wrong", defects, out)
}

/// Lines below a head, each with what it is about; without any, nothing.
fn write_remarks<'r>(
    head: &str,
    remarks: impl Iterator<Item = (String, &'r String)>,
    out: &mut StandardOutput,
) -> io::Result<()> {
    for (index, (about, text)) in remarks.enumerate() {
        if index == 0 {
            writeln!(out, "\n{head}")?;
        }
        out.text(&format!("  {about}: {}", one_line(text)))?;
    }
    Ok(())
}
