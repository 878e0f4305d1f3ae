//! The top level of `hypothesis.yaml`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_yaml::Spanned;

use super::check::ChecksSpec;
use super::column_format::ColumnFormat;
use super::data::DataSpec;
use super::ordered_map::OrderedMap;
use super::plot::PlotSpec;
use super::probe::ProbeSpec;
use super::published::PublishedSpec;
use super::setup::{SetupSpec, shared_setup_schema};
use super::table::{FIGURES_TABLE, NamedFigureSpec, TableSpec};
use super::words::name_words;

/// A hypothesis: claim, what would refute it, the sweep, the tables and the checks that decide.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "rooflab hypothesis")]
pub(crate) struct HypothesisSpec {
    /// Short name, as in H28; the folder name begins with it.
    #[schemars(with = "String")]
    pub(crate) id: Spanned<String>,
    /// The claim in one line.
    pub(crate) title: String,
    /// What the claim is about.
    pub(crate) family: Family,
    /// Where its numbers come from.
    #[serde(rename = "type")]
    pub(crate) kind: Kind,
    /// When the hypothesis was stated, as YYYY-MM-DD.
    #[schemars(with = "String")]
    pub(crate) date: Spanned<String>,
    /// The claim in full.
    pub(crate) statement: String,
    /// What would refute it.
    pub(crate) refuted_if: String,
    /// Constants that all runs share.
    #[schemars(schema_with = "shared_setup_schema")]
    pub(crate) setup: SetupSpec,
    /// Measured data that the runs read, by name.
    #[serde(default)]
    pub(crate) data: OrderedMap<DataSpec>,
    /// Parts into which this file divides the experiments of the ground truth, in place of splits.yaml: the experiments of
    /// each by its name, as in `train`.
    #[serde(default)]
    #[schemars(with = "OrderedMap<Vec<String>>")]
    pub(crate) splits: OrderedMap<Vec<Spanned<String>>>,
    /// Most cells that one run may have.
    #[schemars(with = "Option<u64>")]
    pub(crate) max_cells: Option<Spanned<u64>>,
    /// The sweeps, by name.
    pub(crate) runs: OrderedMap<ProbeSpec>,
    /// How columns are shown in every table, by name or by a pattern with `*`, as in `"*_pct"`. A name comes before a
    /// pattern, and what a table says itself before both.
    #[serde(default)]
    pub(crate) columns: OrderedMap<ColumnFormat>,
    /// SQL over the runs and over other tables, by name.
    #[serde(default)]
    pub(crate) tables: OrderedMap<TableSpec>,
    /// Single numbers, each by its name: the rows of the table `figures`, with the columns `figure` and `value`.
    #[serde(default)]
    figures: OrderedMap<NamedFigureSpec>,
    /// What decides, by id.
    pub(crate) checks: ChecksSpec,
    /// Pictures of the tables.
    #[serde(default)]
    pub(crate) plots: Vec<PlotSpec>,
    /// What was published, to compare with.
    pub(crate) published: Option<PublishedSpec>,
}

impl HypothesisSpec {
    /// Puts in what a file may leave out: titles, and the table of its figures.
    #[must_use]
    pub(crate) fn completed(mut self) -> Self {
        let figures = std::mem::take(&mut self.figures);
        let first = figures.iter().next().map(|(first, _)| {
            let name = FIGURES_TABLE.to_owned();
            Spanned::new(name, first.referenced, first.defined)
        });
        if let Some(name) = first {
            self.tables.push(name, TableSpec::of_figures(figures));
        }
        for (name, table) in self.tables.iter_mut() {
            if table.title.is_empty() {
                table.title = name_words(&name.value);
            }
        }
        for plot in &mut self.plots {
            let (table, title) = plot.title_mut();
            if let (true, Some(table)) = (title.is_empty(), self.tables.get(&table.value)) {
                title.clone_from(&table.title);
            }
        }
        self
    }
}

roofline::choice! {
    /// What part of the model or of its use a hypothesis speaks of.
    #[derive(Deserialize, Serialize, JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    "family" Family {
        /// The formulas of the step model.
        StructuralModel = "structural-model",
        /// The measured MFU tables and how they are looked up.
        MfuTables = "mfu-tables",
        /// Constants fitted to measurements.
        Calibration = "calibration",
        /// The simulated server.
        Serving = "serving",
        /// Measured steps or requests.
        Measurement = "measurement",
    }
}

roofline::choice! {
    /// Where the numbers of a hypothesis come from.
    #[derive(Deserialize, Serialize, JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    "type" Kind {
        /// Pure computation: no random numbers, no measurements.
        Deterministic = "deterministic",
        /// Seeded random numbers.
        Statistical = "statistical",
        /// Compared with measured runs.
        GroundTruth = "ground-truth",
    }
}
