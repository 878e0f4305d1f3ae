//! `rooflab export`: results for other programs.

mod destination;
mod table_choice;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use experiment::{Hypothesis, LoadOptions, Outcome, RecordWriter};
use rayon::ThreadPool;
use table_file::{FileFormat, table_bytes};

use crate::counted::counted;
use crate::exit_status::ExitStatus;
use crate::jobs::JobsArgs;
use crate::loading::load_all;
use crate::message;
use crate::other_data_args::OtherDataArgs;
use crate::output_file::OutputFile;
use crate::project_args::ProjectArgs;
use crate::shown_path::ShownPaths;
use crate::standard_output::StandardOutput;
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
}

/// Hypotheses with those of their tables that are wanted, ready to be computed.
struct Work<'w> {
    hypotheses: &'w [Hypothesis],
    wanted: &'w TableChoice,
    pool: &'w ThreadPool,
}

pub(super) fn run(
    args: &ExportArgs,
    project: &ProjectArgs,
    out: &mut StandardOutput,
) -> anyhow::Result<ExitStatus> {
    let destination = Destination::of(&args.out, args.format)?;
    let project = project.open()?;
    refuse_inputs(&args.out, project.root())?;
    let pool = args.jobs.pool()?;
    let options = LoadOptions {
        max_cells: args.max_cells,
        ..args.other_data.options()?
    };
    let wanted = TableChoice::of(&args.tables, &args.ids, &project)?;
    let ids = wanted.ids(&args.ids);
    let Some(hypotheses) = pool.install(|| load_all(&project, &ids, &options)) else {
        return Ok(ExitStatus::Rejected);
    };
    args.other_data.refuse_unread(&hypotheses)?;
    wanted.refuse_unknown(&hypotheses)?;
    let work = Work {
        hypotheses: &hypotheses,
        wanted: &wanted,
        pool: &pool,
    };
    let paths = ShownPaths::from_here();
    match destination {
        Destination::File { path, format } => {
            let (records, tables) = work.write_file(&path, format)?;
            writeln!(
                out,
                "{}: {}, {}, {}",
                paths.show(&path),
                counted(hypotheses.len(), "hypothesis", "hypotheses"),
                counted(tables, "table", "tables"),
                counted(records, "record", "records")
            )?;
        }
        Destination::Folder { path, format } => {
            let files = work.write_folder(&path, format)?;
            writeln!(
                out,
                "{}: {}, {}",
                paths.show(&path),
                counted(hypotheses.len(), "hypothesis", "hypotheses"),
                counted(files, "file", "files")
            )?;
        }
    }
    Ok(ExitStatus::Fine)
}

/// The folders of a project that hold what results are computed from, or the results themselves.
const INPUT_FOLDERS: [&str; 4] = ["hypotheses", "model_configs", "bench_data", "eval"];

/// Refuses to write an export over what it is computed from.
fn refuse_inputs(out: &Path, root: &Path) -> anyhow::Result<()> {
    let absolute = std::path::absolute(out)?;
    // What is not there yet lies where the nearest folder above it really is.
    let Some(real) = absolute
        .ancestors()
        .find_map(|path| path.canonicalize().ok())
    else {
        return Ok(());
    };
    for folder in INPUT_FOLDERS {
        let is_within = root
            .join(folder)
            .canonicalize()
            .is_ok_and(|input| real.starts_with(input));
        anyhow::ensure!(
            !is_within,
            "--out: `{}` lies in `{folder}`, which holds what results are computed from (name a file or folder elsewhere)",
            out.display()
        );
    }
    Ok(())
}

impl Work<'_> {
    /// Writes everything to one file; says how many records of how many tables it has.
    fn write_file(&self, path: &Path, format: FileFormat) -> anyhow::Result<(usize, usize)> {
        let cannot = || format!("{}: cannot be written", path.display());
        let file = OutputFile::create(path)?;
        let mut records = RecordWriter::begin(file, format).with_context(cannot)?;
        let mut tables = 0;
        for hypothesis in self.hypotheses {
            let outcome = self.outcome(hypothesis)?;
            let is_wanted = |table: &str| self.wanted.has(hypothesis.folder(), table);
            records.add(&outcome, is_wanted).with_context(cannot)?;
            tables += outcome
                .tables
                .iter()
                .filter(|(name, _)| is_wanted(name))
                .count();
        }
        let (file, count) = records.finish().with_context(cannot)?;
        file.finish()?;
        Ok((count, tables))
    }

    /// Writes a file for each table; says how many. Nothing is written before all is computed.
    fn write_folder(&self, folder: &Path, format: FileFormat) -> anyhow::Result<usize> {
        make_folder(folder)?;
        let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
        for hypothesis in self.hypotheses {
            let outcome = self.outcome(hypothesis)?;
            let below = folder.join(hypothesis.folder().id());
            for (name, table) in &outcome.tables {
                if self.wanted.has(hypothesis.folder(), name) {
                    let path = below.join(format!("{name}.{}", format.name()));
                    let bytes = table_bytes(table.columns(), format)
                        .with_context(|| format!("{}: cannot be written", path.display()))?;
                    files.push((path, bytes));
                }
            }
        }
        for (path, bytes) in &files {
            if let Some(folder) = path.parent() {
                make_folder(folder)?;
            }
            let mut file = OutputFile::create(path)?;
            file.write_all(bytes)
                .with_context(|| format!("{}: cannot be written", path.display()))?;
            file.finish()?;
        }
        Ok(files.len())
    }

    fn outcome(&self, hypothesis: &Hypothesis) -> anyhow::Result<Outcome> {
        let outcome = self.pool.install(|| hypothesis.run())?;
        for warning in &outcome.warnings {
            message::warning(format_args!("{}: {warning}", outcome.id));
        }
        Ok(outcome)
    }
}

fn make_folder(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))
}

/// The formats by their names.
fn format_parser() -> impl TypedValueParser<Value = FileFormat> {
    let names = FileFormat::ALL.iter().map(|format| format.name());
    PossibleValuesParser::new(names)
        .try_map(|name| FileFormat::of_name(&name).ok_or("unknown format"))
}
