use crate::assumptions::LmHead;
use crate::attention_shape::AttentionShape;
use crate::invalid::{Invalid, Problems};

/// The facts a [`ModelConfig`] is made of, as a model card states them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModelFacts {
    /// Transformer layers, L.
    pub layers: u32,
    /// Width of the hidden state, d.
    pub hidden: u32,
    /// Query heads, h.
    pub heads: u32,
    /// Key and value heads, g.
    pub kv_heads: u32,
    /// Width of one head, e. `None`: `hidden / heads`.
    pub head_dim: Option<u32>,
    /// Width of the MLP, f. `None`: `4 * hidden`.
    pub intermediate: Option<u32>,
    /// Tokens in the vocabulary, V.
    pub vocab: u32,
    /// Bytes of one weight, activation or KV element, b: 2 for bfloat16, 0.5 for 4 bits.
    pub bytes_per_param: f64,
}

/// A dense decoder-only transformer with gated MLP and grouped-query attention, checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModelConfig {
    layers: u32,
    hidden: u32,
    heads: u32,
    kv_heads: u32,
    head_dim: u32,
    intermediate: u32,
    vocab: u32,
    bytes_per_param: f64,
}

impl ModelConfig {
    /// The largest number of layers.
    pub const MAX_LAYERS: u32 = 1 << 16;
    /// The largest width: hidden, MLP, vocabulary, all query heads together (`h e`), all KV heads
    /// together (`g e`).
    pub const MAX_WIDTH: u32 = 1 << 24;
    /// The largest number of bytes per parameter.
    pub const MAX_BYTES_PER_PARAM: f64 = 16.0;

    /// Checks the facts and fills in those that follow from others.
    ///
    /// # Errors
    ///
    /// Lists all of: dimensions that are zero or above [`Self::MAX_LAYERS`] or
    /// [`Self::MAX_WIDTH`]; more KV heads than query heads; query heads that KV heads do not
    /// divide; no `head_dim` where heads do not divide the hidden width; bytes per parameter that
    /// are not a positive number up to [`Self::MAX_BYTES_PER_PARAM`].
    pub fn new(facts: ModelFacts) -> Result<Self, Invalid> {
        let mut problems = Problems::default();
        let dimensions = [
            ("layers", Some(facts.layers), Self::MAX_LAYERS),
            ("hidden", Some(facts.hidden), Self::MAX_WIDTH),
            ("heads", Some(facts.heads), Self::MAX_WIDTH),
            ("kv_heads", Some(facts.kv_heads), Self::MAX_WIDTH),
            ("head_dim", facts.head_dim, Self::MAX_WIDTH),
            ("intermediate", facts.intermediate, Self::MAX_WIDTH),
            ("vocab", Some(facts.vocab), Self::MAX_WIDTH),
        ];
        for (field, value, most) in dimensions {
            let Some(value) = value else { continue };
            if value == 0 {
                problems.add(field, format!("is 0, expected 1 to {most}"));
            } else if value > most {
                problems.add(field, format!("is {value}, expected 1 to {most}"));
            }
        }
        check_heads(&facts, &mut problems);
        let bytes = facts.bytes_per_param;
        if !(bytes > 0.0 && bytes <= Self::MAX_BYTES_PER_PARAM) {
            problems.add(
                "bytes_per_param",
                format!(
                    "is {bytes}, expected a positive number up to {}",
                    Self::MAX_BYTES_PER_PARAM
                ),
            );
        }
        let intermediate = facts.intermediate.unwrap_or(facts.hidden.saturating_mul(4));
        if facts.intermediate.is_none()
            && facts.hidden <= Self::MAX_WIDTH
            && intermediate > Self::MAX_WIDTH
        {
            problems.add(
                "intermediate",
                format!(
                    "is absent and 4 * hidden is {intermediate}, above {}",
                    Self::MAX_WIDTH
                ),
            );
        }
        problems.into_result("model config")?;
        Ok(Self {
            layers: facts.layers,
            hidden: facts.hidden,
            heads: facts.heads,
            kv_heads: facts.kv_heads,
            head_dim: facts.head_dim.unwrap_or(facts.hidden / facts.heads),
            intermediate,
            vocab: facts.vocab,
            bytes_per_param: facts.bytes_per_param,
        })
    }

    /// Transformer layers, L.
    #[must_use]
    pub fn layers(&self) -> u32 {
        self.layers
    }

    /// Width of the hidden state, d.
    #[must_use]
    pub fn hidden(&self) -> u32 {
        self.hidden
    }

    /// Query heads, h.
    #[must_use]
    pub fn heads(&self) -> u32 {
        self.heads
    }

    /// Key and value heads, g.
    #[must_use]
    pub fn kv_heads(&self) -> u32 {
        self.kv_heads
    }

    /// Width of one head, e.
    #[must_use]
    pub fn head_dim(&self) -> u32 {
        self.head_dim
    }

    /// Width of all KV heads together, `g e`.
    #[must_use]
    pub fn kv_width(&self) -> u32 {
        self.kv_heads * self.head_dim
    }

    /// Width of the MLP, f.
    #[must_use]
    pub fn intermediate(&self) -> u32 {
        self.intermediate
    }

    /// Tokens in the vocabulary, V.
    #[must_use]
    pub fn vocab(&self) -> u32 {
        self.vocab
    }

    /// Bytes of one parameter, b.
    #[must_use]
    pub fn bytes_per_param(&self) -> f64 {
        self.bytes_per_param
    }

    /// The shape that attention tables are looked up by.
    #[must_use]
    pub fn attention_shape(&self) -> AttentionShape {
        AttentionShape {
            heads: self.heads,
            kv_heads: self.kv_heads,
            head_dim: self.head_dim,
        }
    }

    /// Bytes of the weights that one step reads from memory, on all GPUs together:
    /// `L b (d (d + 2 g e) + d d + 3 d f)`, and `d V b` more with the LM head.
    ///
    /// The query and output projections count `d d` each even where `h e` differs from `d`, as
    /// in the model that predictions were published with. Embeddings, norms and biases are left
    /// out.
    #[must_use]
    pub fn weight_bytes(&self, lm_head: LmHead) -> f64 {
        let hidden = f64::from(self.hidden);
        let kv_width = f64::from(self.kv_width());
        let attention = hidden * (hidden + 2.0 * kv_width) + hidden * hidden;
        let mlp = 3.0 * hidden * f64::from(self.intermediate);
        let layers = f64::from(self.layers) * self.bytes_per_param * (attention + mlp);
        match lm_head {
            LmHead::Excluded => layers,
            LmHead::Included => layers + hidden * f64::from(self.vocab) * self.bytes_per_param,
        }
    }
}

fn check_heads(facts: &ModelFacts, problems: &mut Problems) {
    if facts.heads == 0 || facts.kv_heads == 0 {
        return;
    }
    if facts.kv_heads > facts.heads {
        problems.add(
            "kv_heads",
            format!("is {}, more than the {} heads", facts.kv_heads, facts.heads),
        );
    } else if !facts.heads.is_multiple_of(facts.kv_heads) {
        problems.add(
            "kv_heads",
            format!(
                "is {}, which does not divide the {} heads",
                facts.kv_heads, facts.heads
            ),
        );
    }
    match facts.head_dim {
        None if !facts.hidden.is_multiple_of(facts.heads) => problems.add(
            "head_dim",
            format!(
                "is absent and the {} heads do not divide the hidden width {}",
                facts.heads, facts.hidden
            ),
        ),
        // Then h e is d, whose own bound holds.
        None => {}
        Some(head_dim) => {
            let width = u64::from(head_dim) * u64::from(facts.heads.max(facts.kv_heads));
            if width > u64::from(ModelConfig::MAX_WIDTH) && head_dim <= ModelConfig::MAX_WIDTH {
                problems.add(
                    "head_dim",
                    format!(
                        "is {head_dim}, {width} over all heads, expected up to {}",
                        ModelConfig::MAX_WIDTH
                    ),
                );
            }
        }
    }
}
