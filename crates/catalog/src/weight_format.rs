use std::fmt;

/// How the weights of a model are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeightFormat {
    /// Numbers of one data type.
    Plain {
        /// The data type, as in `bfloat16`.
        name: &'static str,
        /// Bits of one weight.
        bits: u8,
    },
    /// Weights that a quantisation method packed into fewer bits.
    Quantized {
        /// The method, as `quant_method` names it.
        method: &'static str,
        /// Bits of one weight, scales and zero points not counted.
        bits: u8,
    },
}

/// The names that configurations have for a data type, the one for messages first; what it is called; its bits.
const DATA_TYPES: [(&[&str], &str, u8); 7] = [
    (&["bfloat16", "bf16"], "bfloat16", 16),
    (&["float16", "half", "fp16"], "float16", 16),
    (&["float32", "float", "fp32"], "float32", 32),
    (&["float64", "double"], "float64", 64),
    (&["float8_e4m3fn", "float8_e4m3fnuz"], "float8", 8),
    (&["float8_e5m2", "float8_e5m2fnuz"], "float8", 8),
    (&["int8"], "int8", 8),
];

impl WeightFormat {
    /// The names of data types, for messages.
    pub(crate) fn names() -> [&'static str; 7] {
        DATA_TYPES.map(|(names, ..)| names[0])
    }

    /// The format that `torch_dtype` names, with or without `torch.` in front.
    pub(crate) fn from_torch_name(given: &str) -> Option<Self> {
        let given = given.strip_prefix("torch.").unwrap_or(given);
        let mut known = DATA_TYPES.into_iter();
        let (_, name, bits) = known.find(|(names, ..)| names.contains(&given))?;
        Some(Self::Plain { name, bits })
    }

    /// Bytes of one weight: 0.5 for 4 bits. The scales and zero points of quantised weights are not
    /// counted.
    #[must_use]
    pub fn bytes_per_param(self) -> f64 {
        let (Self::Plain { bits, .. } | Self::Quantized { bits, .. }) = self;
        f64::from(bits) / 8.0
    }
}

impl fmt::Display for WeightFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain { name, .. } => f.write_str(name),
            Self::Quantized { method, bits } => write!(f, "{method}, {bits} bits"),
        }
    }
}
