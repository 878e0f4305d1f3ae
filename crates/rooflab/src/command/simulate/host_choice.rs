//! Which model on which GPUs is simulated, and who said so.

use catalog::Catalog;
use ground_truth::MeasuredRun;
use serde::Serialize;
use settings::Setup;

use super::HostArgs;

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
    /// Neither says it, with the choices and the flag.
    pub(super) fn of_run(
        run: &MeasuredRun,
        args: &HostArgs,
        catalog: &Catalog,
    ) -> anyhow::Result<Self> {
        let experiment = &run.experiment;
        let Some(model) = args.model.as_deref().or(run.model.as_deref()) else {
            anyhow::bail!(
                "{experiment}: which model was measured? add --model NAME, or `model: NAME` to exp-config.yaml (known models: {})",
                catalog.model_names()?.join(", ")
            );
        };
        let model = catalog.model_folder(model)?;
        let known = catalog.model_names()?;
        if !known.contains(&model) {
            anyhow::bail!(
                "{experiment}: model `{model}` has no folder in model_configs; add one (docs/data.md), or --model NAME (known models: {})",
                known.join(", ")
            );
        }
        let Some(gpu) = args.gpu.as_deref().or(run.gpu.as_deref()) else {
            anyhow::bail!(
                "{experiment}: which GPU was it measured on? add --gpu NAME, or `gpu: NAME` to exp-config.yaml (GPUs with tables: {})",
                gpus_with_tables(catalog)?.join(", ")
            );
        };
        let (tensor_parallel, tensor_parallel_by) =
            match (args.tensor_parallel, run.tensor_parallel) {
                (Some(gpus), _) => (gpus, StatedBy::Flag),
                (None, Some(gpus)) => (gpus, StatedBy::Experiment),
                (None, None) => (1, StatedBy::Default),
            };
        Ok(Self {
            model,
            gpu: gpu.to_lowercase(),
            tensor_parallel,
            tensor_parallel_by,
        })
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

    /// A setup with this model and these GPUs.
    pub(super) fn in_setup(&self, setup: Setup) -> Setup {
        Setup {
            model: Some(self.model.clone()),
            gpu: Some(self.gpu.clone()),
            tensor_parallel: self.tensor_parallel,
            ..setup
        }
    }

    /// What the flags say.
    ///
    /// # Errors
    ///
    /// No flag names the model, or the models cannot be listed.
    pub(super) fn of_flags(args: &HostArgs, catalog: &Catalog) -> anyhow::Result<Self> {
        let Some(model) = &args.model else {
            anyhow::bail!("--model is missing");
        };
        let (tensor_parallel, tensor_parallel_by) = match args.tensor_parallel {
            Some(gpus) => (gpus, StatedBy::Flag),
            None => (1, StatedBy::Default),
        };
        Ok(Self {
            model: catalog.model_folder(model)?,
            gpu: args.gpu.as_deref().unwrap_or(USUAL_GPU).to_lowercase(),
            tensor_parallel,
            tensor_parallel_by,
        })
    }
}

fn gpus_with_tables(catalog: &Catalog) -> anyhow::Result<Vec<String>> {
    let mut names = catalog.gpu_names()?;
    names.retain(|name| catalog.gpu(name).is_ok_and(|gpu| gpu.mfu_tables().is_ok()));
    Ok(names)
}
