//! A hypothesis that was read and checked, and what running it comes to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use catalog::Catalog;
use diagnostic::{Diagnostic, Reporter, SourceText, nearest};

use crate::check::{
    CheckedQueries, check_head, check_plots, check_published, check_queries, check_runs,
};
use crate::decide::{AmbiguousRow, CheckOutcome, Comparison, Derivation, VerdictRule};
use crate::format::{Family, HypothesisSpec, Kind, Verdict, yaml};
use crate::lock::{
    Criteria, Lock, LockError, LockPlan, LockState, lock_state, plan_lock, read_locks,
    recorded_lock,
};
use crate::project::{
    ExperimentError, HYPOTHESIS_FILE, HypothesisFolder, Inputs, LOCK_FILE, LoadOptions, Measured,
    NARRATIVE_FILE, OUTCOME_FILE, Project, RESULTS_FOLDER, Sha256Hex, TEMPLATE_FILE, TraceData,
    Traces, max_cells, read_traces,
};
use crate::report::{
    CriteriaContext, Drawn, Facts, FindingsInput, Remarks, check_remarks, check_syntax, draw,
    render_findings,
};
use crate::results::{Outcome, output_files};
use crate::sweep::{Probe, ProgressObserver, Run};
use crate::table::{PublishedTable, Table};

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
    /// The oldest first.
    locks: Vec<Lock>,
    /// The lock that the results on disk were written under.
    recorded_lock: Option<Sha256Hex>,
    /// Whether there are results on disk.
    has_results: bool,
    narrative: Option<SourceText>,
    template: Option<SourceText>,
    hashes: Vec<(PathBuf, String)>,
    /// What is to be known of the measured runs.
    measured_warnings: Vec<String>,
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
        let source = project.read_text(&folder.path().join(HYPOTHESIS_FILE))?;
        let spec: HypothesisSpec = yaml::parse(&source)?;
        let mut reporter = Reporter::new(&source);
        check_head(&mut reporter, &spec, folder);
        let mut inputs = Inputs::default();
        let on_disk = project.root().join(folder.path());
        let traces = read_traces(&mut reporter, &spec, &on_disk, &options.data);
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
        reporter.finish()?;
        let queries = check_queries(&mut reporter, &spec, &mut runs);
        let layouts = &queries.layouts;
        check_plots(&mut reporter, &spec, layouts);
        let published = check_published(&mut reporter, project, folder, &spec, layouts, &traces);
        check_remarks(&mut reporter, spec.published.as_ref());
        let narrative = read_template(&mut reporter, project, &folder.path().join(NARRATIVE_FILE))?;
        let template = read_template(&mut reporter, project, &folder.path().join(TEMPLATE_FILE))?;
        reporter.finish()?;
        let criteria = Criteria::of(&spec).map_err(ExperimentError::Criteria)?;
        let (locks, lock_text) = read_locks(project, &folder.path().join(LOCK_FILE))?;
        let recorded_lock = recorded_lock(&on_disk);
        let has_results = on_disk.join(RESULTS_FOLDER).join(OUTCOME_FILE).exists();
        let own = [
            Some(&source),
            narrative.as_ref(),
            template.as_ref(),
            lock_text.as_ref(),
        ];
        let texts = own
            .into_iter()
            .flatten()
            .chain(published.iter().map(|(_, text)| text));
        let mut hashes: Vec<(PathBuf, String)> = texts
            .map(|text| {
                (
                    text.path().to_owned(),
                    Sha256Hex::of(text.text().as_bytes()).to_string(),
                )
            })
            .collect();
        hashes.extend(hashes_of(project, &inputs)?);
        hashes.extend(measured.files());
        hashes.extend(traces.values().filter_map(TraceData::hash));
        hashes.sort();
        let other_ground_truth = options
            .ground_truth
            .as_ref()
            .filter(|_| reads_ground_truth(&runs))
            .map(|_| measured.shown().to_owned());
        let published = published.into_iter().map(|(table, _)| table).collect();
        let folder = folder.clone();
        Ok(Self {
            folder,
            source,
            spec,
            runs,
            max_cells,
            inputs,
            queries,
            published,
            criteria,
            locks,
            recorded_lock,
            has_results,
            narrative,
            template,
            hashes,
            measured_warnings: measured.warnings(),
            traces,
            other_ground_truth,
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
        lock_state(&self.criteria, &self.locks, self.recorded_lock.as_ref())
    }

    /// What locking its criteria on the day `today` (YYYY-MM-DD) comes to; nothing is written yet.
    ///
    /// # Errors
    ///
    /// The criteria changed since the last lock, or that lock is gone, or it is the first one and results are there, and
    /// there is no reason; the reason is no line of text; or the last lock is of a later day.
    pub fn plan_lock(&self, today: &str, because: Option<&str>) -> Result<LockPlan, LockError> {
        let path = self.folder.path().join(LOCK_FILE);
        if self.has_results && self.lock_state() == LockState::Unlocked && because.is_none() {
            let id = self.id().to_owned();
            return Err(LockError::KnownResults { id });
        }
        plan_lock(
            self.id(),
            path,
            &self.criteria,
            &self.locks,
            self.recorded_lock.as_ref(),
            today,
            because,
        )
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
        let Derivation {
            runs,
            tables,
            notes,
            ..
        } = derivation;
        let facts = Facts {
            tables,
            observed: checks
                .iter()
                .map(|check| (check.id.clone(), check.observed.clone()))
                .collect(),
            published: self
                .published
                .iter()
                .map(|published| (published.table.clone(), published.clone()))
                .collect(),
            intervals: ranges(&checks),
        };
        let verdict = VerdictRule::of(
            checks
                .iter()
                .filter_map(|check| Some((check.role, check.holds?))),
        )
        .verdict();
        let mut comparison = Comparison::default();
        // What was published was published of the project's own ground truth.
        let compares = self.other_ground_truth.is_none();
        for published in self.published.iter().filter(|_| compares) {
            if let Some(shown) = facts.tables.get(&published.table) {
                comparison
                    .add(published, &shown.table)
                    .map_err(|problem| self.published_error(&published.table, &problem))?;
            }
        }
        let facts = Arc::new(facts);
        let published = self.spec.published.as_ref().filter(|_| compares);
        let remarks = match published {
            Some(published) => Remarks::render(&self.source, published, &facts, &self.traces)?,
            None => Remarks::default(),
        };
        let Drawn {
            pictures,
            warnings: undrawn,
        } = draw(&self.source, &self.spec, &facts.tables)?;
        let waits_for = self.waits_for();
        let mut warnings = [self.measured_warnings.clone(), notes].concat();
        // Tables lack rows as long as data is missing, which says nothing of a plot.
        warnings.extend(undrawn.into_iter().filter(|_| waits_for.is_empty()));
        let findings = render_findings(&FindingsInput {
            spec: &self.spec,
            criteria: CriteriaContext::new(&self.lock_state(), &self.locks),
            runs: &runs,
            inputs: &self.inputs,
            verdict,
            checks: &checks,
            comparison: &comparison,
            facts: &facts,
            narrative: self.narrative.as_ref(),
            template: self.template.as_ref(),
            hashes: &self.hashes,
            published,
            remarks: &remarks,
            pictures: &pictures,
            other_ground_truth: self.other_ground_truth.as_deref(),
            traces: &self.traces,
            warnings: &warnings,
        })?;

        let mut outcome = Outcome {
            id: self.spec.id.value.clone(),
            title: self.spec.title.clone(),
            family: self.spec.family,
            kind: self.spec.kind,
            date: self.spec.date.value.clone(),
            folder: self.folder.name().to_owned(),
            verdict,
            published_verdict: published.map(|published| published.verdict),
            verdict_differs: remarks.verdict_differs,
            lock: self.locks.last().map(|last| last.criteria.combined()),
            lost_lock: self.lock_state().lost().cloned(),
            changed_criteria: self.lock_state().into_changed(),
            defects: remarks.defects,
            checks,
            comparison,
            waits_for,
            warnings,
            tables: self.tables_in_order(&facts),
            files: Vec::new(),
        };
        outcome.files = output_files(findings, &outcome, pictures)?;
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
