//! A hypothesis that was read and checked, and what running it comes to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use catalog::Catalog;
use diagnostic::{Diagnostic, Diagnostics, Reporter, SourceText, nearest};
use outputs::Replace;
use settings::Inputs;

use crate::check::{
    CheckedQueries, check_head, check_plots, check_published, check_queries, check_runs,
};
use crate::decide::{AmbiguousRow, CheckOutcome, Comparison, Derivation, VerdictRule};
use crate::format::{Family, HypothesisSpec, Kind, PublishedSpec, Verdict, yaml};
use crate::lock::{Criteria, LockError, LockPlan, LockState, Locks, lock_state, plan_lock};
use crate::project::{
    ExperimentError, HYPOTHESIS_FILE, HypothesisFolder, LOCK_FILE, LoadOptions, Measured,
    NARRATIVE_FILE, Project, Sha256Hex, TEMPLATE_FILE, TraceData, Traces, Warning, WarningKind,
    max_cells, read_traces,
};
use crate::report::{
    CriteriaContext, Facts, FindingsInput, Picture, Remarks, check_remarks, check_syntax, draw,
    inputs_text, render_findings,
};
use crate::results::{Outcome, claim_findings, output_files};
use crate::sweep::{Probe, ProgressObserver, Run, SPLIT};
use crate::table::{PublishedTable, ShownTable, Table};

/// A hypothesis in which everything that can be checked without running it was found to be in order.
#[derive(Debug)]
pub struct Hypothesis {
    folder: HypothesisFolder,
    source: SourceText,
    spec: HypothesisSpec,
    /// Axes that take their values from tables have none yet.
    runs: Vec<Run>,
    max_cells: u64,
    inputs: Inputs,
    queries: CheckedQueries,
    published: Vec<PublishedTable>,
    criteria: Criteria,
    locks: Locks,
    words: Words,
    hashes: Vec<(PathBuf, String)>,
    /// What is to be known of the measured runs.
    measured_warnings: Vec<Warning>,
    /// The data that the file names.
    traces: Traces,
    /// What findings call the measured runs that were given in place of the project's own.
    other_ground_truth: Option<PathBuf>,
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
        options: &LoadOptions,
    ) -> Result<Self, ExperimentError> {
        project.has_one(folder)?;
        let source = project.read_text(&folder.path().join(HYPOTHESIS_FILE))?;
        let (spec, slips) = yaml::parse::<HypothesisSpec>(&source);
        let Some(spec) = spec else {
            return Err(slips.into_iter().collect::<Diagnostics>().into());
        };
        let spec = spec.completed();
        let mut reporter = Reporter::new(&source);
        check_head(&mut reporter, &spec, folder);
        let mut inputs = Inputs::default();
        let on_disk = project.root().join(folder.path());
        let traces = read_traces(
            &mut reporter,
            &spec,
            project.root(),
            &on_disk,
            &options.data,
        );
        let mut measured = Measured::new(project.root(), options.ground_truth.as_deref());
        let max_cells = max_cells(&spec, options);
        let mut runs = check_runs(
            &mut reporter,
            &spec,
            max_cells,
            &Catalog::new(project.root()),
            &mut inputs,
            &mut measured,
            &traces,
        );
        for slip in slips {
            reporter.push(slip);
        }
        // Queries are checked against the columns of all runs.
        if runs.is_empty() || runs.len() < spec.runs.len() {
            reporter.finish()?;
        }
        let queries = check_queries(&mut reporter, &spec, &mut runs);
        note_splits(&mut measured, &spec, &runs, &queries);
        let layouts = &queries.layouts;
        check_plots(&mut reporter, &spec, &queries);
        let published = check_published(&mut reporter, project, folder, &spec, layouts, &traces);
        check_remarks(&mut reporter, spec.published.as_ref());
        let words = Words::read(&mut reporter, project, folder)?;
        reporter.finish()?;
        let criteria = Criteria::of(&spec).map_err(ExperimentError::Criteria)?;
        let locks = Locks::read(project, folder)?;
        let own = [Some(&source), locks.text.as_ref()].into_iter().flatten();
        let texts = own
            .chain(words.files())
            .chain(published.iter().map(|(_, text)| text));
        let mut hashes: Vec<(PathBuf, String)> = texts.map(hash_of_text).collect();
        hashes.extend(hashes_of(project, &inputs)?);
        hashes.extend(measured.files());
        hashes.extend(traces.values().filter_map(TraceData::hash));
        hashes.sort();
        Ok(Self {
            folder: folder.clone(),
            source,
            spec,
            max_cells,
            inputs,
            queries,
            published: published.into_iter().map(|(table, _)| table).collect(),
            criteria,
            locks,
            words,
            hashes,
            measured_warnings: measured.warnings(),
            traces,
            other_ground_truth: other_ground_truth(options, &runs, &measured),
            runs,
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

    /// How its criteria relate to those that were locked last.
    #[must_use]
    pub fn lock_state(&self) -> LockState<'_> {
        lock_state(
            &self.criteria,
            &self.locks.all,
            self.locks.recorded.as_ref(),
        )
    }

    /// What locking its criteria on the day `today` (YYYY-MM-DD) comes to; nothing is written yet.
    ///
    /// # Errors
    ///
    /// The criteria changed since the last lock, or that lock is gone, or it is the first one and results are there, and
    /// there is no reason; the reason is no line of text; or the last lock is of a later day.
    pub fn plan_lock(&self, today: &str, because: Option<&str>) -> Result<LockPlan, LockError> {
        let path = self.folder.path().join(LOCK_FILE);
        if self.locks.has_results && self.lock_state() == LockState::Unlocked && because.is_none() {
            let id = self.id().to_owned();
            return Err(LockError::KnownResults { id });
        }
        plan_lock(
            self.id(),
            path,
            &self.criteria,
            &self.locks.all,
            self.locks.recorded.as_ref(),
            today,
            because,
        )
    }

    /// Makes sure that nothing is in the way of its findings in a folder.
    ///
    /// # Errors
    ///
    /// Findings are there that no run wrote and that may not be replaced, or the folder of results is a link.
    pub fn claim(&self, folder: &Path, replace: Replace) -> Result<(), ExperimentError> {
        claim_findings(folder, self.id(), replace)
    }

    /// What the file says.
    pub(crate) fn spec(&self) -> &HypothesisSpec {
        &self.spec
    }

    /// Whether some run simulates measured runs.
    #[must_use]
    pub fn reads_ground_truth(&self) -> bool {
        reads_ground_truth(&self.runs)
    }

    /// The names of the data that the file describes.
    pub fn data_names(&self) -> impl Iterator<Item = &str> {
        self.traces.keys().map(String::as_str)
    }

    /// Makes sure that there is a table of this name.
    ///
    /// # Errors
    ///
    /// There is none; the error lists what there is.
    pub fn require_table(&self, name: &str) -> Result<(), ExperimentError> {
        let known: Vec<&str> = self.spec.tables.names().collect();
        if known.contains(&name) {
            return Ok(());
        }
        Err(ExperimentError::UnknownTable {
            hypothesis: self.id().to_owned(),
            table: name.to_owned(),
            hint: nearest(name, known.iter().copied())
                .map_or_else(String::new, |near| format!("did you mean `{near}`? ")),
            known: if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            },
        })
    }

    /// The verdict that was published, where one was.
    #[must_use]
    pub fn published_verdict(&self) -> Option<Verdict> {
        self.spec
            .published
            .as_ref()
            .map(|published| published.verdict)
    }

    /// How many cells all runs have together, without those whose axes wait for the rows of a query.
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
        self.run_observed(&())
    }

    /// The same, and `progress` is told how far it is.
    ///
    /// # Errors
    ///
    /// Those of [`Self::run`].
    pub fn run_observed(
        &self,
        progress: &dyn ProgressObserver,
    ) -> Result<Outcome, ExperimentError> {
        let derivation = Derivation::of(
            &self.source,
            &self.spec,
            &self.queries,
            &self.inputs,
            self.max_cells,
            self.runs.clone(),
            progress,
        )?;
        let checks = derivation.decide()?;
        let cautions = derivation.cautions(&checks);
        let Derivation {
            runs,
            tables,
            warnings,
            ..
        } = derivation;
        let facts = Arc::new(self.facts(tables, &checks));
        let comparison = self.compare(&facts)?;
        let remarks = match self.own_published() {
            Some(published) => Remarks::render(&self.source, published, &facts, &self.traces)?,
            None => Remarks::default(),
        };
        let drawn = draw(&self.source, &self.spec, &facts.tables)?;
        let mut absent = remarks.absent.clone();
        let mut derived = Derived {
            verdict: VerdictRule::of(
                checks
                    .iter()
                    .filter_map(|check| Some((check.role, check.holds?))),
            )
            .verdict(),
            warnings: self.warnings([warnings, cautions].concat(), drawn.warnings),
            runs,
            checks,
            facts,
            comparison,
            remarks,
            pictures: drawn.pictures,
        };
        let findings = self.findings(&derived, &mut absent)?;
        let absent = absent
            .into_iter()
            .map(|what| format!("the words name what the data do not have: {what}"))
            .map(|what| Warning::new(WarningKind::AbsentRows, what));
        derived.warnings.extend(absent);
        self.outcome(derived, findings)
    }

    /// What was published, where the measured runs are those that it was published of: the project's own.
    fn own_published(&self) -> Option<&PublishedSpec> {
        let published = self.spec.published.as_ref();
        published.filter(|_| self.other_ground_truth.is_none())
    }

    /// What templates may ask for.
    fn facts(&self, tables: BTreeMap<String, ShownTable>, checks: &[CheckOutcome]) -> Facts {
        let observed = checks
            .iter()
            .map(|check| (check.id.clone(), check.observed.clone()));
        let published = self.published.iter();
        Facts {
            tables,
            observed: observed.collect(),
            published: published
                .map(|published| (published.table.clone(), published.clone()))
                .collect(),
            intervals: ranges(checks),
        }
    }

    /// Published values beside ours.
    fn compare(&self, facts: &Facts) -> Result<Comparison, ExperimentError> {
        let mut comparison = Comparison::default();
        let compares = self.own_published().is_some();
        for published in self.published.iter().filter(|_| compares) {
            if let Some(shown) = facts.tables.get(&published.table) {
                comparison
                    .add(published, &shown.table)
                    .map_err(|problem| self.published_error(&published.table, &problem))?;
            }
        }
        Ok(comparison)
    }

    /// What a reader should know of the measured runs, the sweeps and the plots that are not drawn.
    fn warnings(&self, computed: Vec<Warning>, undrawn: Vec<String>) -> Vec<Warning> {
        let mut warnings = [self.measured_warnings.clone(), computed].concat();
        // Tables lack rows as long as data is missing, which says nothing of a plot.
        if self.waits_for().is_empty() {
            let undrawn = undrawn.into_iter();
            warnings.extend(undrawn.map(|what| Warning::new(WarningKind::NotDrawn, what)));
        }
        warnings
    }

    fn findings(&self, derived: &Derived, absent: &mut Vec<String>) -> Result<String, Diagnostic> {
        let input = FindingsInput {
            spec: &self.spec,
            queries: &self.queries,
            inputs_sha256: Sha256Hex::of(inputs_text(&self.hashes).as_bytes()).to_string(),
            criteria: CriteriaContext::new(&self.lock_state(), &self.locks.all),
            runs: &derived.runs,
            inputs: &self.inputs,
            verdict: derived.verdict,
            checks: &derived.checks,
            comparison: &derived.comparison,
            facts: &derived.facts,
            narrative: self.words.narrative.as_ref(),
            template: self.words.template.as_ref(),
            hashes: &self.hashes,
            published: self.own_published(),
            remarks: &derived.remarks,
            pictures: &derived.pictures,
            other_ground_truth: self.other_ground_truth.as_deref(),
            traces: &self.traces,
            warnings: &derived.warnings,
        };
        render_findings(&input, absent)
    }

    fn outcome(&self, derived: Derived, findings: String) -> Result<Outcome, ExperimentError> {
        let mut outcome = Outcome {
            id: self.spec.id.value.clone(),
            title: self.spec.title.clone(),
            family: self.spec.family,
            kind: self.spec.kind,
            date: self.spec.date.value.clone(),
            folder: self.folder.name().to_owned(),
            verdict: derived.verdict,
            published_verdict: self.own_published().map(|published| published.verdict),
            published_status: self
                .own_published()
                .and_then(|published| published.status.clone()),
            verdict_differs: derived.remarks.verdict_differs,
            lock: self.locks.all.last().map(|last| last.criteria.combined()),
            lost_lock: self.lock_state().lost().cloned(),
            changed_criteria: self.lock_state().into_changed(),
            defects: derived.remarks.defects,
            checks: derived.checks,
            comparison: derived.comparison,
            waits_for: self.waits_for(),
            warnings: derived.warnings,
            tables: self.tables_in_order(&derived.facts),
            files: Vec::new(),
        };
        outcome.files = output_files(
            findings,
            inputs_text(&self.hashes),
            &outcome,
            derived.pictures,
        )?;
        Ok(outcome)
    }

    /// The data that the file describes and that is not at hand.
    fn waits_for(&self) -> Vec<String> {
        let missing = self.traces.iter().filter(|(_, data)| data.given.is_none());
        missing.map(|(name, _)| name.clone()).collect()
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

    fn tables_in_order(&self, facts: &Facts) -> Vec<(String, Arc<Table>)> {
        let names = self.spec.tables.names();
        names
            .filter_map(|name| {
                let shown = facts.tables.get(name)?;
                Some((name.to_owned(), Arc::clone(&shown.table)))
            })
            .collect()
    }
}

/// Notes that results depend on splits.yaml, where some query may read the parts that experiments are in.
fn note_splits(
    measured: &mut Measured,
    spec: &HypothesisSpec,
    runs: &[Run],
    queries: &CheckedQueries,
) {
    let serving = runs
        .iter()
        .filter(|run| matches!(run.probe, Probe::Serve(_)));
    let mut kept = serving.filter_map(|run| queries.kept.get(&run.name));
    if spec.splits.is_empty() && kept.any(|kept| kept.has(SPLIT)) {
        measured.note_split();
    }
}

/// What findings call the measured runs that were given, where some run reads them.
fn other_ground_truth(options: &LoadOptions, runs: &[Run], measured: &Measured) -> Option<PathBuf> {
    let given = options.ground_truth.as_ref();
    given
        .filter(|_| reads_ground_truth(runs))
        .map(|_| measured.shown().to_owned())
}

fn reads_ground_truth(runs: &[Run]) -> bool {
    runs.iter().any(|run| matches!(run.probe, Probe::Serve(_)))
}

/// The interval of each check that has one, by the id of the check.
fn ranges(checks: &[CheckOutcome]) -> BTreeMap<String, String> {
    checks
        .iter()
        .filter_map(|check| Some((check.id.clone(), check.interval.as_ref()?.range.clone())))
        .collect()
}

/// What running a hypothesis came to, before anything is written of it.
struct Derived {
    /// With all values of their axes.
    runs: Vec<Run>,
    checks: Vec<CheckOutcome>,
    verdict: Verdict,
    facts: Arc<Facts>,
    comparison: Comparison,
    remarks: Remarks,
    pictures: Vec<Picture>,
    warnings: Vec<Warning>,
}

/// The texts of a hypothesis beside its file.
#[derive(Debug)]
struct Words {
    narrative: Option<SourceText>,
    /// Its own form of the findings.
    template: Option<SourceText>,
}

impl Words {
    fn read(
        reporter: &mut Reporter<'_>,
        project: &Project,
        folder: &HypothesisFolder,
    ) -> Result<Self, ExperimentError> {
        let mut read = |file| read_template(reporter, project, &folder.path().join(file));
        Ok(Self {
            narrative: read(NARRATIVE_FILE)?,
            template: read(TEMPLATE_FILE)?,
        })
    }

    fn files(&self) -> impl Iterator<Item = &SourceText> {
        [&self.narrative, &self.template].into_iter().flatten()
    }
}

fn hash_of_text(text: &SourceText) -> (PathBuf, String) {
    let hash = Sha256Hex::of(text.text().as_bytes());
    (text.path().to_owned(), hash.to_string())
}

/// Reads a template that may be absent.
fn read_template(
    reporter: &mut Reporter<'_>,
    project: &Project,
    path: &Path,
) -> Result<Option<SourceText>, ExperimentError> {
    // A link to nowhere is no absent file: whoever made it wants the words.
    if project.root().join(path).symlink_metadata().is_err() {
        return Ok(None);
    }
    let text = project.read_text(path)?;
    if let Err(problem) = check_syntax(&text) {
        reporter.push(problem);
    }
    Ok(Some(text))
}

/// The files of models and GPUs with their hashes.
fn hashes_of(
    project: &Project,
    inputs: &Inputs,
) -> Result<Vec<(PathBuf, String)>, ExperimentError> {
    let hash = |path: PathBuf| match std::fs::read(project.root().join(&path)) {
        Ok(bytes) => Ok((path, Sha256Hex::of(&bytes).to_string())),
        Err(source) => Err(ExperimentError::Read { path, source }),
    };
    inputs.files().into_iter().map(hash).collect()
}
