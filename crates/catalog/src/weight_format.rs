use std::fmt;

/// How the weights of a model are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeightFormat {
    /// IEEE double precision.
    Float64,
    /// IEEE single precision.
    Float32,
    /// IEEE half precision.
    Float16,
    /// Brain float, 16 bits.
    BFloat16,
    /// One of the 8-bit floating-point formats.
    Float8,
    /// 8-bit integers.
    Int8,
    /// Weights that a quantisation method packed into fewer bits.
    Quantized {
        /// The method.
        method: QuantizationMethod,
        /// Bits of one weight, scales and zero points not counted.
        bits: u8,
    },
}

/// The quantisation methods of `quantization_config` that are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuantizationMethod {
    /// `awq`
    Awq,
    /// `gptq`
    Gptq,
    /// `fp8`
    Fp8,
    /// `fbgemm_fp8`
    FbgemmFp8,
    /// `mxfp4`
    Mxfp4,
    /// `modelopt`
    ModelOpt,
    /// `compressed-tensors`
    CompressedTensors,
    /// `bitsandbytes`
    BitsAndBytes,
}

impl WeightFormat {
    /// The names that configurations use, for messages.
    pub(crate) const NAMES: [&'static str; 7] = [
        "bfloat16",
        "float16",
        "float32",
        "float64",
        "float8_e4m3fn",
        "float8_e5m2",
        "int8",
    ];

    /// The format that `torch_dtype` names, with or without `torch.` in front.
    pub(crate) fn from_torch_name(name: &str) -> Option<Self> {
        match name.strip_prefix("torch.").unwrap_or(name) {
            "bfloat16" | "bf16" => Some(Self::BFloat16),
            "float16" | "half" | "fp16" => Some(Self::Float16),
            "float32" | "float" | "fp32" => Some(Self::Float32),
            "float64" | "double" => Some(Self::Float64),
            "float8_e4m3fn" | "float8_e4m3fnuz" | "float8_e5m2" | "float8_e5m2fnuz" => {
                Some(Self::Float8)
            }
            "int8" => Some(Self::Int8),
            _ => None,
        }
    }

    /// Bits of one weight.
    #[must_use]
    pub fn bits(self) -> u8 {
        match self {
            Self::Float64 => 64,
            Self::Float32 => 32,
            Self::Float16 | Self::BFloat16 => 16,
            Self::Float8 | Self::Int8 => 8,
            Self::Quantized { bits, .. } => bits,
        }
    }

    /// Bytes of one weight: 0.5 for 4 bits. The scales and zero points of quantised weights are not
    /// counted.
    #[must_use]
    pub fn bytes_per_param(self) -> f64 {
        f64::from(self.bits()) / 8.0
    }
}

impl fmt::Display for WeightFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Float64 => f.write_str("float64"),
            Self::Float32 => f.write_str("float32"),
            Self::Float16 => f.write_str("float16"),
            Self::BFloat16 => f.write_str("bfloat16"),
            Self::Float8 => f.write_str("float8"),
            Self::Int8 => f.write_str("int8"),
            Self::Quantized { method, bits } => write!(f, "{method}, {bits} bits"),
        }
    }
}

impl QuantizationMethod {
    /// All methods, in the order messages list them.
    pub(crate) const ALL: [Self; 8] = [
        Self::Awq,
        Self::BitsAndBytes,
        Self::CompressedTensors,
        Self::FbgemmFp8,
        Self::Fp8,
        Self::Gptq,
        Self::ModelOpt,
        Self::Mxfp4,
    ];

    /// The method's name in `quant_method`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Awq => "awq",
            Self::Gptq => "gptq",
            Self::Fp8 => "fp8",
            Self::FbgemmFp8 => "fbgemm_fp8",
            Self::Mxfp4 => "mxfp4",
            Self::ModelOpt => "modelopt",
            Self::CompressedTensors => "compressed-tensors",
            Self::BitsAndBytes => "bitsandbytes",
        }
    }
}

impl fmt::Display for QuantizationMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
