//! `rooflab audit`: all hypotheses side by side with what was published.

use std::io::Write;

use clap::Args;
use experiment::{Audit, AuditRow, Outcome, Verdict};

use super::run::{one_line, write_checks};
use crate::exit_status::ExitStatus;
use crate::format::{Format, write_json_line};
use crate::jobs::JobsArgs;
use crate::loading::load_all;
use crate::message;
use crate::other_data_args::OtherDataArgs;
use crate::progress::{ProgressBars, run_each};
use crate::project_args::ProjectArgs;
use crate::standard_output::StandardOutput;
use crate::text_table::{Align, TextTable};
use crate::wrapped_text::on_screen;

/// Compare every hypothesis with what was published, and print what holds
///
/// Computes the hypotheses and writes nothing: verdicts beside the published ones, values reproduced, why the others
/// differ, and what the published findings get wrong. `rooflab run` writes the same of all to hypotheses/README.md. Ends
/// with 0 whatever it finds; `rooflab check` is the command that judges.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab audit                print the audit
  rooflab audit H28 H33        print that of two hypotheses
  rooflab audit --format json  the same for a program, one object a line
  rooflab audit I2-H1 --data step_trace=steps.parquet
                               compare it on a trace of one's own")]
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

pub(super) fn run(
    args: &AuditArgs,
    project: &ProjectArgs,
    bars: ProgressBars,
    out: &mut StandardOutput,
) -> anyhow::Result<ExitStatus> {
    let project = project.open()?;
    let pool = args.jobs.pool()?;
    let options = args.other_data.options()?;
    let Some(hypotheses) = pool.install(|| load_all(&project, &args.ids, &options)) else {
        return Ok(ExitStatus::Rejected);
    };
    args.other_data.refuse_unread(&hypotheses)?;
    let mut status = ExitStatus::Fine;
    let mut rows = Vec::with_capacity(hypotheses.len());
    // Those on other data, of which no file has the checks.
    let mut elsewhere: Vec<Outcome> = Vec::new();
    for (_, outcome) in run_each(&hypotheses, &pool, bars) {
        match outcome {
            Ok(outcome) => {
                rows.push(AuditRow::of(&outcome));
                if args.other_data.is_given() {
                    elsewhere.push(outcome);
                }
            }
            Err(problem) => {
                message::experiment_error(&problem);
                status = ExitStatus::Rejected;
            }
        }
    }
    let audit = Audit { rows };
    match args.format {
        Format::Json => {
            for row in &audit.rows {
                write_json_line(out, row)?;
            }
        }
        Format::Table => {
            write_audit(&audit, out)?;
            write_checks(&elsewhere, out)?;
        }
    }
    Ok(status)
}

fn write_audit(audit: &Audit, out: &mut StandardOutput) -> std::io::Result<()> {
    let mut table = TextTable::new([
        ("ID", Align::Left),
        ("FAMILY", Align::Left),
        ("VERDICT", Align::Left),
        ("PUBLISHED", Align::Left),
        ("AGREEMENT", Align::Left),
        ("REPRODUCED", Align::Right),
        ("TITLE", Align::Left),
    ]);
    for row in &audit.rows {
        table.push([
            row.id.clone(),
            row.family.name().to_owned(),
            row.verdict.name().to_owned(),
            row.published_verdict.map_or("-", Verdict::name).to_owned(),
            row.agreement.name().to_owned(),
            row.values(),
            row.title.clone(),
        ]);
    }
    let screen = out.screen();
    writeln!(out, "{}", table.on(screen))?;
    write!(out, "{}", on_screen(&audit.totals(), screen))?;
    let mut reasons = audit
        .rows
        .iter()
        .filter_map(|row| Some((row, row.why.as_deref()?)))
        .peekable();
    if reasons.peek().is_some() {
        writeln!(out, "\nwhy they differ")?;
    }
    for (row, why) in reasons {
        let why = format!("  {}: {}", row.id, one_line(why));
        write!(out, "{}", on_screen(&why, screen))?;
    }
    let mut defects = audit.with_defects().peekable();
    if defects.peek().is_some() {
        writeln!(out, "\nwhat the published findings get wrong")?;
    }
    for row in defects {
        for defect in &row.defects {
            let what = format!("  {}: {}: {}", row.id, defect.id, one_line(&defect.what));
            write!(out, "{}", on_screen(&what, screen))?;
        }
    }
    Ok(())
}
