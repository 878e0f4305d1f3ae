//! `rooflab export`: results for other programs.

mod destination;
mod table_choice;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use experiment::{Hypothesis, Outcome, RecordWriter};
use outputs::{Ends, OutputRules, folder_of};
use table_file::{FileFormat, table_bytes};

use crate::counted::counted;
use crate::exit_status::ExitStatus;
use crate::jobs::JobsArgs;
use crate::loading::Loaded;
use crate::message;
use crate::other_data_args::OtherDataArgs;
use crate::output_folder::make_folder;
use crate::replace_args::ReplaceArgs;
use crate::session::Session;
use crate::shown_path::shown;
use destination::Destination;
use table_choice::{TableChoice, TableName, parse_table};

/// Write results as Parquet, NDJSON or CSV for other programs
///
/// Computes the hypotheses and writes what they come to. A file gets everything in one table: verdicts, checks and the
/// values of all tables, each value beside what was published. A folder gets a file for each table of a hypothesis, with
/// the columns that the table has. `rooflab schema results` describes the columns of the one file. A file that is there
/// is replaced when the new one is whole.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab export --out results.parquet         all results in one file
  rooflab export H29 --out h29.ndjson          those of one hypothesis, one JSON object a line
  rooflab export --out tables/                 a Parquet file for each table
  rooflab export --tables H29.decomposition --out tables/ --format ndjson
                                               one table, in its own columns")]
pub(crate) struct ExportArgs {
    /// Hypotheses to export, each by its id (H28) or the name of its folder [default: those of --tables, else all]
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// The file to write, or the folder: one that is there or a name that ends in /
    #[arg(long, value_name = "FILE|DIR/")]
    out: PathBuf,
    /// Format of the files [default: what the ending of the file says (.parquet, .ndjson, .jsonl, .csv); parquet in a folder]
    #[arg(long, value_parser = format_parser())]
    format: Option<FileFormat>,
    /// Only these tables, each as ID.TABLE, with commas between
    #[arg(long, value_name = "ID.TABLE", value_delimiter = ',', value_parser = parse_table)]
    tables: Vec<TableName>,
    #[command(flatten)]
    jobs: JobsArgs,
    #[command(flatten)]
    other_data: OtherDataArgs,
    /// Most cells that one run may have, over what the hypotheses say
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_cells: Option<u64>,
    #[command(flatten)]
    replace: ReplaceArgs,
}

pub(super) fn run(args: &ExportArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    let destination = Destination::of(&args.out, args.format)?;
    let project = session.open()?;
    let rules = args.replace.rules(session);
    rules.refuse_inputs(&args.out)?;
    let options = args.other_data.options(args.max_cells)?;
    let wanted = TableChoice::of(&args.tables, &args.ids, &project)?;
    let loaded = Loaded::of(&project, &wanted.ids(&args.ids), &options, args.jobs)?;
    args.other_data.refuse_unread(&loaded)?;
    wanted.refuse_unknown(&loaded.hypotheses)?;
    let Destination {
        path,
        format,
        is_folder,
    } = &destination;
    let counts = if *is_folder {
        write_folder(&loaded, &wanted, path, *format, &rules)?
    } else {
        write_file(&loaded, &wanted, path, *format, &rules)?
    };
    let hypotheses = counted(loaded.hypotheses.len(), "hypothesis", "hypotheses");
    writeln!(session.out, "{}: {hypotheses}, {counts}", shown(path))?;
    Ok(ExitStatus::Fine)
}

/// Whether a file was written by an export of a table with these columns, in whatever format.
fn is_export(columns: &[&str], ends: &Ends) -> bool {
    let mut formats = FileFormat::ALL.iter();
    formats.any(|format| format.wrote(columns, ends.first_line(), &ends.tail))
}

/// Writes everything to one file; says how many records of how many tables it has.
fn write_file(
    loaded: &Loaded,
    wanted: &TableChoice,
    path: &Path,
    format: FileFormat,
    rules: &OutputRules,
) -> anyhow::Result<String> {
    let cannot = || format!("{}: cannot be written", path.display());
    let columns: Vec<&str> = RecordWriter::<Vec<u8>>::columns().collect();
    let file = rules.file(path, |ends| is_export(&columns, ends))?;
    let mut records = RecordWriter::begin(file, format).with_context(cannot)?;
    let mut tables = 0;
    for hypothesis in &loaded.hypotheses {
        let outcome = outcome(loaded, hypothesis)?;
        let is_wanted = |table: &str| wanted.has(hypothesis.folder(), table);
        records.add(&outcome, is_wanted).with_context(cannot)?;
        tables += outcome
            .tables
            .iter()
            .filter(|(name, _)| is_wanted(name))
            .count();
    }
    let (file, records) = records.finish().with_context(cannot)?;
    file.finish()?;
    let tables = counted(tables, "table", "tables");
    Ok(format!(
        "{tables}, {}",
        counted(records, "record", "records")
    ))
}

/// Writes a file for each table; says how many. Nothing is written before all is computed.
fn write_folder(
    loaded: &Loaded,
    wanted: &TableChoice,
    folder: &Path,
    format: FileFormat,
    rules: &OutputRules,
) -> anyhow::Result<String> {
    let cannot = |path: &Path| format!("{}: cannot be written", path.display());
    make_folder(folder)?;
    let mut files = Vec::new();
    for hypothesis in &loaded.hypotheses {
        let outcome = outcome(loaded, hypothesis)?;
        let below = folder.join(hypothesis.folder().id());
        for (name, table) in &outcome.tables {
            if wanted.has(hypothesis.folder(), name) {
                let path = below.join(format!("{name}.{}", format.name()));
                let bytes = table_bytes(table.columns(), format);
                let bytes = bytes.with_context(|| cannot(&path))?;
                // What is in the way of one shows before another is replaced.
                let names = table.columns().iter().map(|column| column.name.as_str());
                let names: Vec<&str> = names.collect();
                rules.refuse_inputs(&path)?;
                rules.refuse_others(&path, |ends| is_export(&names, ends))?;
                files.push((path, bytes));
            }
        }
    }
    for (path, bytes) in &files {
        make_folder(folder_of(path))?;
        let mut file = rules.file(path, |_| true)?;
        file.write_all(bytes).with_context(|| cannot(path))?;
        file.finish()?;
    }
    Ok(counted(files.len(), "file", "files"))
}

fn outcome(loaded: &Loaded, hypothesis: &Hypothesis) -> anyhow::Result<Outcome> {
    let outcome = loaded.pool.install(|| hypothesis.run())?;
    message::warnings_of(&outcome);
    Ok(outcome)
}

/// The formats by their names.
fn format_parser() -> impl TypedValueParser<Value = FileFormat> {
    let names = FileFormat::ALL.iter().map(|format| format.name());
    PossibleValuesParser::new(names)
        .try_map(|name| FileFormat::of_name(&name).ok_or("unknown format"))
}
