//! Which model on which GPUs is simulated, and who said so.

use anyhow::Context;
use catalog::Catalog;
use clap::Args;
use ground_truth::MeasuredRun;
use serde::Serialize;

/// What the server runs on.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct HostArgs {
    /// Folder below `model_configs`, or a hub id with such a folder [default: that of the experiment]
    #[arg(long, required_unless_present = "ground_truth")]
    model: Option<String>,
    /// Folder below `bench_data`, in any case [default: that of the experiment; h100 without --ground-truth]
    #[arg(long)]
    gpu: Option<String>,
    /// GPUs that split the model [default: that of the experiment, else 1]
    #[arg(long, visible_alias = "tp", value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    tensor_parallel: Option<u32>,
}

/// Who stated a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum StatedBy {
    /// A flag.
    Flag,
    /// The experiment: exp-config.yaml, or the report for a model.
    Experiment,
    /// The model's config.json.
    Model,
    /// Nobody; it follows from the memory of the GPUs.
    Memory,
    /// Nobody; it is vLLM's default.
    Default,
}

impl StatedBy {
    /// All of them, the most certain first.
    pub(super) const ALL: [Self; 5] = [
        Self::Flag,
        Self::Experiment,
        Self::Model,
        Self::Memory,
        Self::Default,
    ];

    /// The words for it in reports.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Flag => "by flag",
            Self::Experiment => "stated",
            Self::Model => "of the model",
            Self::Memory => "computed from memory",
            Self::Default => "default",
        }
    }
}

/// A model on GPUs, by the names of their folders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct HostChoice {
    pub(super) model: String,
    pub(super) gpu: String,
    pub(super) tensor_parallel: u32,
    #[serde(skip)]
    pub(super) tensor_parallel_by: StatedBy,
}

/// The GPU of a workload without an experiment, as for single steps.
const USUAL_GPU: &str = "h100";

impl HostChoice {
    /// What the flags say, else what the experiment says.
    ///
    /// # Errors
    ///
    /// Neither says it, with the choices and, where the command has it, the flag.
    pub(super) fn of_run(
        run: &MeasuredRun,
        args: &HostArgs,
        has_flags: bool,
        catalog: &Catalog,
    ) -> anyhow::Result<Self> {
        let experiment = &run.experiment;
        let flag = |flag: &'static str| if has_flags { flag } else { "" };
        let Some(model) = args.model.as_deref().or(run.model.as_deref()) else {
            anyhow::bail!(
                "{experiment}: which model was measured? add {}`model: NAME` to exp-config.yaml (known models: {})",
                flag("--model NAME, or "),
                catalog.model_names()?.join(", ")
            );
        };
        let model = catalog.model_folder(model)?;
        let known = catalog.model_names()?;
        if !known.contains(&model) {
            anyhow::bail!(
                "{experiment}: model `{model}` has no folder in model_configs; add one (docs/data.md){} (known models: {})",
                flag(", or --model NAME"),
                known.join(", ")
            );
        }
        let Some(gpu) = args.gpu.as_deref().or(run.gpu.as_deref()) else {
            anyhow::bail!(
                "{experiment}: which GPU was it measured on? add {}`gpu: NAME` to exp-config.yaml (GPUs with tables: {})",
                flag("--gpu NAME, or "),
                gpus_with_tables(catalog)?.join(", ")
            );
        };
        Ok(Self::new(
            model,
            gpu,
            args.tensor_parallel,
            run.tensor_parallel,
        ))
    }

    fn new(model: String, gpu: &str, by_flag: Option<u32>, stated: Option<u32>) -> Self {
        let (tensor_parallel, tensor_parallel_by) = match (by_flag, stated) {
            (Some(gpus), _) => (gpus, StatedBy::Flag),
            (None, Some(gpus)) => (gpus, StatedBy::Experiment),
            (None, None) => (1, StatedBy::Default),
        };
        let gpu = gpu.to_lowercase();
        Self {
            model,
            gpu,
            tensor_parallel,
            tensor_parallel_by,
        }
    }

    /// What the experiment says otherwise than this choice, in words. Then predictions are of another server than the
    /// measured one.
    pub(super) fn contradictions(&self, run: &MeasuredRun, catalog: &Catalog) -> Vec<String> {
        let words = |what: &str, simulated: &str, stated: &str| {
            format!("simulated with {what} `{simulated}`, but the experiment states `{stated}`")
        };
        let mut all = Vec::new();
        if let Some(stated) = &run.model {
            let folder = catalog.model_folder(stated);
            if !folder.is_ok_and(|folder| folder == self.model) {
                all.push(words("model", &self.model, stated));
            }
        }
        if let Some(stated) = &run.gpu
            && stated.to_lowercase() != self.gpu
        {
            all.push(words("GPU", &self.gpu, stated));
        }
        if let Some(stated) = run.tensor_parallel
            && stated != self.tensor_parallel
        {
            all.push(words(
                "tensor parallel degree",
                &self.tensor_parallel.to_string(),
                &stated.to_string(),
            ));
        }
        all
    }

    /// What the flags say.
    ///
    /// # Errors
    ///
    /// No flag names the model, or the models cannot be listed.
    pub(super) fn of_flags(args: &HostArgs, catalog: &Catalog) -> anyhow::Result<Self> {
        let model = args.model.as_ref().context("--model is missing")?;
        let model = catalog.model_folder(model)?;
        let gpu = args.gpu.as_deref().unwrap_or(USUAL_GPU);
        Ok(Self::new(model, gpu, args.tensor_parallel, None))
    }
}

fn gpus_with_tables(catalog: &Catalog) -> anyhow::Result<Vec<String>> {
    let mut names = catalog.gpu_names()?;
    names.retain(|name| catalog.gpu(name).is_ok_and(|gpu| gpu.mfu_tables().is_ok()));
    Ok(names)
}
