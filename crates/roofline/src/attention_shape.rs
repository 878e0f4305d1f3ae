use std::fmt;

/// The heads of one layer of a whole model, before any tensor parallel split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttentionShape {
    /// Query heads, h.
    pub heads: u32,
    /// Key and value heads, g.
    pub kv_heads: u32,
    /// Width of one head, e.
    pub head_dim: u32,
}

impl AttentionShape {
    /// Squared Euclidean distance over `(h, g, e)`.
    pub(crate) fn distance_squared(self, other: Self) -> u128 {
        squared_difference(self.heads, other.heads)
            + squared_difference(self.kv_heads, other.kv_heads)
            + squared_difference(self.head_dim, other.head_dim)
    }
}

impl fmt::Display for AttentionShape {
    /// `32-8-128`: heads, KV heads, head width.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.heads, self.kv_heads, self.head_dim)
    }
}

fn squared_difference(a: u32, b: u32) -> u128 {
    let difference = u128::from(a.abs_diff(b));
    difference * difference
}
