//! The runs of a hypothesis: what is computed in each cell of a sweep.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_yaml::Spanned;

use super::axis::AxisSpec;
use super::length::LengthSpec;
use super::ordered_map::OrderedMap;
use super::scalar::Scalar;
use super::serve::ServeSpec;
use super::setup::SetupSpec;

/// One run: a probe over the cartesian product of its axes.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Run")]
pub(crate) enum ProbeSpec {
    /// The time of one batch, with its parts.
    Step(StepSpec),
    /// One look-up in an MFU table.
    Mfu(MfuSpec),
    /// The time of one projection, or of all of a layer's.
    Gemm(GemmSpec),
    /// A measured benchmark, simulated and compared.
    Serve(Box<ServeSpec>),
    /// Measured steps, each beside what formulas and the model say of it.
    Trace(TraceSpec),
}

impl ProbeSpec {
    pub(crate) fn vary(&self) -> &OrderedMap<AxisSpec> {
        match self {
            Self::Step(spec) => &spec.vary,
            Self::Mfu(spec) => &spec.vary,
            Self::Gemm(spec) => &spec.vary,
            Self::Serve(spec) => &spec.vary,
            Self::Trace(spec) => &spec.vary,
        }
    }

    pub(crate) fn setup(&self) -> &SetupSpec {
        match self {
            Self::Step(spec) => &spec.setup,
            Self::Mfu(spec) => &spec.setup,
            Self::Gemm(spec) => &spec.setup,
            Self::Serve(spec) => &spec.setup,
            Self::Trace(spec) => &spec.setup,
        }
    }
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Step")]
pub(crate) struct StepSpec {
    /// The axes of the sweep.
    #[serde(default)]
    pub(crate) vary: OrderedMap<AxisSpec>,
    /// What differs from the file's setup; a word that names an axis stands for its value.
    #[serde(default)]
    pub(crate) setup: SetupSpec,
    /// The requests of the step.
    pub(crate) batch: BatchSpec,
}

/// The requests of one step.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Batch")]
pub(crate) struct BatchSpec {
    /// Requests that process prompt tokens.
    #[serde(default)]
    #[schemars(with = "Vec<PrefillSpec>")]
    pub(crate) prefill: Vec<Spanned<PrefillSpec>>,
    /// Requests that produce one token each.
    #[serde(default)]
    #[schemars(with = "Vec<DecodeSpec>")]
    pub(crate) decode: Vec<Spanned<DecodeSpec>>,
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Prefill")]
pub(crate) struct PrefillSpec {
    /// Prompt tokens processed in this step.
    #[schemars(with = "LengthSpec")]
    pub(crate) new: Spanned<LengthSpec>,
    /// Prompt tokens whose keys and values are cached already; 0 where absent.
    #[schemars(with = "Option<LengthSpec>")]
    pub(crate) cached: Option<Spanned<LengthSpec>>,
    /// How many such requests; 1 where absent.
    #[schemars(with = "Option<Scalar>")]
    pub(crate) count: Option<Spanned<Scalar>>,
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Decode")]
pub(crate) struct DecodeSpec {
    /// Tokens in the KV cache of the request.
    #[schemars(with = "LengthSpec")]
    pub(crate) kv: Spanned<LengthSpec>,
    /// How many such requests; 1 where absent.
    #[schemars(with = "Option<Scalar>")]
    pub(crate) count: Option<Spanned<Scalar>>,
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Mfu")]
pub(crate) struct MfuSpec {
    /// The axes of the sweep.
    #[serde(default)]
    pub(crate) vary: OrderedMap<AxisSpec>,
    /// What differs from the file's setup.
    #[serde(default)]
    pub(crate) setup: SetupSpec,
    /// The table and the place in it.
    pub(crate) lookup: LookupSpec,
}

/// One look-up. The attention shape is the model's.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schemars(rename = "Lookup")]
pub(crate) enum LookupSpec {
    /// C\[m,n\] = A\[m,k\] B\[k,n\].
    Gemm {
        /// Rows of A: tokens.
        #[schemars(with = "Scalar")]
        m: Spanned<Scalar>,
        /// Columns of A.
        #[schemars(with = "Scalar")]
        k: Spanned<Scalar>,
        /// Columns of B.
        #[schemars(with = "Scalar")]
        n: Spanned<Scalar>,
    },
    /// Attention of one new token per request.
    Decode {
        /// Requests in the batch.
        #[schemars(with = "Scalar")]
        batch: Spanned<Scalar>,
        /// KV length in tokens.
        #[schemars(with = "Scalar")]
        kv: Spanned<Scalar>,
    },
    /// Attention of a prompt.
    Prefill {
        /// Sequence length in tokens.
        #[schemars(with = "Scalar")]
        seq_len: Spanned<Scalar>,
    },
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Gemm")]
pub(crate) struct GemmSpec {
    /// The axes of the sweep.
    #[serde(default)]
    pub(crate) vary: OrderedMap<AxisSpec>,
    /// What differs from the file's setup.
    #[serde(default)]
    pub(crate) setup: SetupSpec,
    /// Tokens in the batch: m of each GEMM.
    #[schemars(with = "Scalar")]
    pub(crate) tokens: Spanned<Scalar>,
    /// One projection, the name of an axis, or `all` for the seven of every layer.
    #[schemars(with = "Scalar")]
    pub(crate) projection: Spanned<Scalar>,
}

/// Every step of a trace; the experiments of the trace are an axis of their own, in front of the others.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Trace")]
pub(crate) struct TraceSpec {
    /// The trace, by its name under `data`.
    #[schemars(with = "String")]
    pub(crate) data: Spanned<String>,
    /// The axes of the sweep.
    #[serde(default)]
    pub(crate) vary: OrderedMap<AxisSpec>,
    /// What differs from the file's setup. Model and tensor parallel are those of the trace where it maps them.
    #[serde(default)]
    pub(crate) setup: SetupSpec,
}
