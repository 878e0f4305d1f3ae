use std::fmt;

use roofline::Factors;

/// How the FLOPs of one row of a table may have been counted. Symbols are the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FlopsConvention {
    /// `2 m k n`: a multiplication and an addition for each element of the product.
    MultiplyAdd,
    /// `4 heads head_dim seq_len^2 / 2`: half of the score matrix, as a causal mask leaves it.
    CausalHalf,
    /// `4 heads head_dim seq_len^2` over the causal divisor of the roofline model's default
    /// factors: what a prediction charges.
    CausalCharged,
    /// `4 heads head_dim seq_len^2`: the whole score matrix.
    FullSquare,
    /// `4 heads/tensor_parallel head_dim batch_size kv_len`: the heads of one GPU.
    HeadsOfOneGpu,
    /// `4 heads head_dim batch_size kv_len`: the heads of the whole model.
    HeadsOfWholeModel,
}

impl fmt::Display for FlopsConvention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let formula = match self {
            Self::MultiplyAdd => "2 m k n",
            Self::CausalHalf => "4 heads head_dim seq_len^2 / 2",
            Self::CausalCharged => {
                let divisor = Factors::default().causal_divisor;
                return write!(f, "4 heads head_dim seq_len^2 / {divisor}");
            }
            Self::FullSquare => "4 heads head_dim seq_len^2",
            Self::HeadsOfOneGpu => "4 heads/tensor_parallel head_dim batch_size kv_len",
            Self::HeadsOfWholeModel => "4 heads head_dim batch_size kv_len",
        };
        f.write_str(formula)
    }
}
