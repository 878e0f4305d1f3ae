use std::fmt;

/// The heads of one layer of a whole model, before any tensor parallel split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AttentionShape {
    /// Query heads, h.
    pub heads: u32,
    /// Key and value heads, g.
    pub kv_heads: u32,
    /// Width of one head, e.
    pub head_dim: u32,
}

impl AttentionShape {
    /// `[h, g, e]`, the coordinates that distances between shapes are taken in.
    pub(crate) fn coordinates(self) -> [u32; 3] {
        [self.heads, self.kv_heads, self.head_dim]
    }
}

impl fmt::Display for AttentionShape {
    /// `32-8-128`: heads, KV heads, head width.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.heads, self.kv_heads, self.head_dim)
    }
}
