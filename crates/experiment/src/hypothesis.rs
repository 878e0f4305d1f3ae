//! A hypothesis that was read and checked, and what running it comes to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use catalog::Catalog;
use sha2::{Digest, Sha256};

use crate::check::{
    CheckedQueries, RunChecker, check_head, check_plots, check_published, check_queries,
};
use crate::check_outcome::CheckOutcome;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::engine::{Engine, EngineProblem, figure_frame, to_table};
use crate::error::ExperimentError;
use crate::inputs::Inputs;
use crate::outcome::{FINDINGS_FILE, Outcome, OutputFile, RESULTS_FOLDER};
use crate::project::{HYPOTHESIS_FILE, HypothesisFolder, Project};
use crate::published::{AmbiguousRow, Comparison, PublishedTable};
use crate::report::{
    Facts, FindingsInput, OwnedValue, ShownTable, check_syntax, render_findings, show_number,
};
use crate::run::Run;
use crate::source_text::SourceText;
use crate::spec::{CheckSpec, Family, HypothesisSpec, Kind, TableSpec, VALUE_COLUMN};
use crate::sweep::{Kept, sweep};
use crate::table::{Table, Value};
use crate::verdict::Verdict;
use crate::yaml;

/// Most cells of a run where neither the file nor the command line says otherwise.
const DEFAULT_MAX_CELLS: u64 = 2_000_000;

/// Most cells of a run, whatever is asked for: more than fit into memory.
const MOST_CELLS: u64 = 50_000_000;

/// The words of a hypothesis.
const NARRATIVE_FILE: &str = "narrative.md.tera";

/// A hypothesis' own form of the findings.
const TEMPLATE_FILE: &str = "findings.md.tera";

/// How a hypothesis is to be read.
#[derive(Debug, Clone, Copy, Default)]
pub struct LoadOptions {
    /// Most cells of a run, over what the file says.
    pub max_cells: Option<u64>,
}

/// A hypothesis in which everything that can be checked without running it was found to be in order.
#[derive(Debug)]
pub struct Hypothesis {
    folder: HypothesisFolder,
    source: SourceText,
    spec: HypothesisSpec,
    runs: Vec<Run>,
    inputs: Inputs,
    queries: CheckedQueries,
    published: Vec<PublishedTable>,
    narrative: Option<SourceText>,
    template: Option<SourceText>,
    hashes: Vec<(PathBuf, String)>,
}

impl Hypothesis {
    /// Reads and checks a hypothesis with all files it depends on.
    ///
    /// # Errors
    ///
    /// Every problem that was found, each with file, line, the offending text and the valid choices.
    pub fn load(
        project: &Project,
        folder: &HypothesisFolder,
        options: LoadOptions,
    ) -> Result<Self, ExperimentError> {
        let source = project.read_text(&folder.path().join(HYPOTHESIS_FILE))?;
        let spec: HypothesisSpec = yaml::parse(&source)?;
        let mut problems = Diagnostics::default();
        check_head(&source, &spec, folder, &mut problems);
        let catalog = Catalog::new(project.root());
        let mut inputs = Inputs::default();
        let runs = check_runs(
            &source,
            &spec,
            &catalog,
            options,
            &mut inputs,
            &mut problems,
        );
        if !problems.is_empty() {
            return Err(problems.into());
        }
        let queries = check_queries(&source, &spec, &runs, &mut problems);
        check_plots(&source, &spec, &queries.layouts, &mut problems);
        let published = check_published(
            project,
            folder,
            &source,
            &spec,
            &queries.layouts,
            &mut problems,
        );
        let narrative = read_template(project, &folder.path().join(NARRATIVE_FILE), &mut problems)?;
        let template = read_template(project, &folder.path().join(TEMPLATE_FILE), &mut problems)?;
        if !problems.is_empty() {
            return Err(problems.into());
        }
        let own = [Some(&source), narrative.as_ref(), template.as_ref()];
        let texts = own
            .into_iter()
            .flatten()
            .chain(published.iter().map(|(_, text)| text));
        let mut hashes: Vec<(PathBuf, String)> = texts
            .map(|text| (text.path().to_owned(), hash(text.text().as_bytes())))
            .collect();
        for path in inputs.files() {
            let bytes = std::fs::read(project.root().join(&path)).map_err(|source| {
                ExperimentError::Read {
                    path: path.clone(),
                    source,
                }
            })?;
            hashes.push((path, hash(&bytes)));
        }
        hashes.sort();
        let published = published.into_iter().map(|(table, _)| table).collect();
        let folder = folder.clone();
        Ok(Self {
            folder,
            source,
            spec,
            runs,
            inputs,
            queries,
            published,
            narrative,
            template,
            hashes,
        })
    }

    /// The short name, as in H28.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.spec.id.value
    }

    /// The claim in one line.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.spec.title
    }

    /// What the claim is about.
    #[must_use]
    pub fn family(&self) -> Family {
        self.spec.family
    }

    /// Where its numbers come from.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.spec.kind
    }

    /// When it was stated, as YYYY-MM-DD.
    #[must_use]
    pub fn date(&self) -> &str {
        &self.spec.date.value
    }

    /// The folder it was read from.
    #[must_use]
    pub fn folder(&self) -> &HypothesisFolder {
        &self.folder
    }

    /// The verdict that was published, where one was.
    #[must_use]
    pub fn published_verdict(&self) -> Option<Verdict> {
        self.spec
            .published
            .as_ref()
            .map(|published| published.verdict)
    }

    /// How many cells all runs have together.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.runs.iter().map(|run| run.axes.cells()).sum()
    }

    /// Sweeps, computes the tables, decides and writes the findings to memory. Sweeps use the rayon pool that this
    /// is called in; the outcome does not depend on its size.
    ///
    /// # Errors
    ///
    /// A cell that makes no batch, a table with a number that is not finite, a check without one clear answer, a
    /// template that asks for something that is not there.
    pub fn run(&self) -> Result<Outcome, ExperimentError> {
        let mut engine = Engine::default();
        for run in &self.runs {
            let kept = self.queries.kept.get(&run.name).unwrap_or(&Kept::All);
            let frame = sweep(run, &self.inputs, kept).map_err(|problem| {
                let place = self
                    .spec
                    .runs
                    .iter()
                    .find(|(name, _)| name.value == run.name);
                match place {
                    Some((name, _)) => self.source.error_for(name, problem.to_string()),
                    None => Diagnostic::new(self.source.path().to_owned(), problem.to_string()),
                }
            })?;
            engine.register(&run.name, frame);
        }
        let tables = self.tables(&mut engine)?;
        let mut facts = Facts {
            tables,
            observed: BTreeMap::new(),
        };
        let mut checks = Vec::with_capacity(self.spec.checks.len());
        for check in &self.spec.checks {
            let (outcome, value) = self.decide(&mut engine, check)?;
            facts
                .observed
                .insert(outcome.id.clone(), (value, outcome.observed.clone()));
            checks.push(outcome);
        }
        let verdict = Verdict::decide(checks.iter().map(|check| (check.role, check.holds)));
        let mut comparison = Comparison::default();
        for published in &self.published {
            if let Some(shown) = facts.tables.get(&published.table) {
                comparison
                    .add(published, &shown.table)
                    .map_err(|problem| self.published_error(&published.table, &problem))?;
            }
        }
        let facts = Arc::new(facts);
        let findings = render_findings(&FindingsInput {
            spec: &self.spec,
            runs: &self.runs,
            inputs: &self.inputs,
            verdict,
            checks: &checks,
            comparison: &comparison,
            facts: &facts,
            narrative: self.narrative.as_ref(),
            template: self.template.as_ref(),
            hashes: &self.hashes,
        })?;
        Ok(Outcome {
            id: self.spec.id.value.clone(),
            title: self.spec.title.clone(),
            folder: self.folder.name().to_owned(),
            verdict,
            published_verdict: self.published_verdict(),
            verdict_differs: self
                .spec
                .published
                .as_ref()
                .and_then(|published| published.verdict_differs.as_ref())
                .map(|why| why.value.clone()),
            checks,
            comparison,
            files: self.files(findings, &facts)?,
        })
    }

    fn published_error(&self, table: &str, problem: &AmbiguousRow) -> Diagnostic {
        let tables = self
            .spec
            .published
            .iter()
            .flat_map(|published| published.tables.iter());
        let message = problem.to_string();
        match tables
            .map(|(name, _)| name)
            .find(|name| name.value == table)
        {
            Some(name) => self.source.error_for(name, message),
            None => Diagnostic::new(self.source.path().to_owned(), message),
        }
    }

    fn tables(&self, engine: &mut Engine) -> Result<BTreeMap<String, ShownTable>, ExperimentError> {
        let mut tables = BTreeMap::new();
        for name in &self.queries.order {
            let Some(spec) = self.spec.tables.get(name) else {
                continue;
            };
            let table = match &spec.sql {
                Some(sql) => {
                    let failed = |problem: &EngineProblem| {
                        self.source
                            .error_for(sql, format!("table `{name}`: {problem}"))
                    };
                    let frame = engine.run(&sql.value).map_err(|problem| failed(&problem))?;
                    let table = to_table(&frame).map_err(|problem| failed(&problem))?;
                    let order = self.queries.ordered_by.get(name);
                    if let Some(row) = order.and_then(|columns| table.first_tie(columns)) {
                        let message = format!(
                            "table `{name}`: rows {row} and {} tie in all columns of ORDER BY, which leaves their order open",
                            row + 1
                        );
                        return Err(self
                            .source
                            .error_for(sql, message)
                            .with_help("order by another column too")
                            .into());
                    }
                    engine.register(name, frame);
                    table
                }
                None => self.figures(engine, name, spec)?,
            };
            tables.insert(name.clone(), ShownTable::new(table, spec));
        }
        Ok(tables)
    }

    /// A table of single figures, each by its own query.
    fn figures(
        &self,
        engine: &mut Engine,
        name: &str,
        spec: &TableSpec,
    ) -> Result<Table, ExperimentError> {
        let mut values = Vec::with_capacity(spec.figures.len());
        for (what, sql) in spec.queries(name) {
            let failed = |reason: String| self.source.error_for(sql, format!("{what}: {reason}"));
            let answer = engine
                .run(&sql.value)
                .and_then(|frame| to_table(&frame))
                .map_err(|problem| failed(problem.to_string()))?;
            if answer.rows() != 1 {
                return Err(failed(format!(
                    "its SQL returns {} rows, and a figure is one number",
                    answer.rows()
                ))
                .into());
            }
            let value = first(&answer, VALUE_COLUMN).as_f64().ok_or_else(|| {
                failed("its value is NULL: the rows it reads are missing".to_owned())
            })?;
            values.push(value);
        }
        let names: Vec<&str> = spec
            .figures
            .iter()
            .map(|figure| figure.name.value.as_str())
            .collect();
        let failed = |problem: EngineProblem| {
            Diagnostic::new(
                self.source.path().to_owned(),
                format!("table `{name}`: {problem}"),
            )
        };
        let frame = figure_frame(&names, &values).map_err(failed)?;
        let table = to_table(&frame).map_err(failed)?;
        engine.register(name, frame);
        Ok(table)
    }

    fn decide(
        &self,
        engine: &mut Engine,
        check: &CheckSpec,
    ) -> Result<(CheckOutcome, OwnedValue), ExperimentError> {
        let failed = |reason: String| {
            self.source
                .error_for(&check.sql, format!("check `{}`: {reason}", check.id.value))
        };
        let answer = engine
            .run(&check.sql.value)
            .and_then(|frame| to_table(&frame))
            .map_err(|problem| failed(problem.to_string()))?;
        if answer.rows() != 1 {
            return Err(failed(format!(
                "its SQL returns {} rows, and a check has one answer",
                answer.rows()
            ))
            .into());
        }
        let holds = match first(&answer, "holds") {
            Value::Bool(holds) => holds,
            Value::Null | Value::Int(_) | Value::Float(_) | Value::Text(_) => {
                return Err(
                    failed("`holds` is NULL: the rows it compares are missing".to_owned()).into(),
                );
            }
        };
        let observed = first(&answer, "observed");
        let value = OwnedValue::of(observed).ok_or_else(|| {
            failed("`observed` is NULL: the rows it reads are missing".to_owned())
        })?;
        let shown = format!(
            "{}{}",
            show_number(value.borrow(), check.digits),
            check.suffix.as_deref().unwrap_or("")
        );
        let outcome = CheckOutcome {
            id: check.id.value.clone(),
            role: check.role,
            claim: check.claim.clone(),
            observed: shown,
            holds,
        };
        Ok((outcome, value))
    }

    fn files(&self, findings: String, facts: &Facts) -> Result<Vec<OutputFile>, ExperimentError> {
        let mut files = vec![OutputFile {
            path: PathBuf::from(FINDINGS_FILE),
            bytes: findings.into_bytes(),
        }];
        for name in self.spec.tables.names() {
            let Some(shown) = facts.tables.get(name) else {
                continue;
            };
            let bytes = shown
                .table
                .to_csv()
                .map_err(|source| ExperimentError::Csv {
                    name: name.to_owned(),
                    source,
                })?;
            files.push(OutputFile {
                path: Path::new(RESULTS_FOLDER).join(format!("{name}.csv")),
                bytes,
            });
        }
        Ok(files)
    }
}

fn first<'t>(table: &'t Table, column: &str) -> Value<'t> {
    table
        .column(column)
        .map_or(Value::Null, |column| column.values.at(0))
}

fn check_runs(
    source: &SourceText,
    spec: &HypothesisSpec,
    catalog: &Catalog,
    options: LoadOptions,
    inputs: &mut Inputs,
    problems: &mut Diagnostics,
) -> Vec<Run> {
    if spec.runs.is_empty() {
        problems.push(source.error_for(&spec.id, "the hypothesis has no runs"));
    }
    let max_cells = options
        .max_cells
        .or(spec.max_cells.as_ref().map(|limit| limit.value))
        .unwrap_or(DEFAULT_MAX_CELLS)
        .min(MOST_CELLS);
    let mut checker = RunChecker {
        source,
        catalog,
        shared: &spec.setup,
        max_cells,
        inputs,
        problems,
    };
    checker.check_shared();
    let runs: Vec<_> = spec
        .runs
        .iter()
        .filter_map(|(name, probe)| Some((name, checker.check(name, probe)?)))
        .collect();
    if checker.problems.is_empty() {
        for (name, run) in &runs {
            checker.check_models(name, run);
        }
    }
    runs.into_iter().map(|(_, run)| run).collect()
}

/// Reads a template that may be absent.
fn read_template(
    project: &Project,
    path: &Path,
    problems: &mut Diagnostics,
) -> Result<Option<SourceText>, ExperimentError> {
    if !project.root().join(path).exists() {
        return Ok(None);
    }
    let text = project.read_text(path)?;
    if let Err(problem) = check_syntax(&text) {
        problems.push(problem);
    }
    Ok(Some(text))
}

/// SHA-256 in hexadecimal.
fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0xf])
        .filter_map(|nibble| char::from_digit(nibble.into(), 16))
        .collect()
}
