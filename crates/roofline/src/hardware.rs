use crate::invalid::{Invalid, Problems};

/// The facts a [`Hardware`] is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct HardwareSpec {
    /// Peak dense FLOP/s at the precision of the model, of one GPU.
    pub peak_flops_per_s: f64,
    /// Peak memory bandwidth of one GPU, in bytes/s.
    pub bandwidth_bytes_per_s: f64,
    /// Share of the bandwidth that is reached, in [0, 1]. `None` or 0 means all of it.
    pub bandwidth_efficiency: Option<f64>,
    /// Time per layer that neither FLOPs nor bytes explain, in microseconds; the step pays it
    /// once for each layer, divided by the tensor parallel degree.
    pub per_layer_overhead_us: f64,
}

/// One GPU, checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hardware {
    spec: HardwareSpec,
}

impl Hardware {
    /// Rates must lie between this and [`Self::MAX_RATE`]: a number of TFLOP/s or TB/s given
    /// in place of FLOP/s or bytes/s is caught.
    pub const MIN_RATE: f64 = 1e6;
    /// See [`Self::MIN_RATE`].
    pub const MAX_RATE: f64 = 1e21;
    /// The smallest share of the bandwidth, which is far below any measured one: times stay numbers.
    pub const LEAST_EFFICIENCY: f64 = 1e-6;
    /// The largest overhead per layer, in microseconds (1000 s).
    pub const MAX_OVERHEAD_US: f64 = 1e9;

    /// Checks the facts.
    ///
    /// # Errors
    ///
    /// Lists every rate that is not a number between [`Self::MIN_RATE`] and [`Self::MAX_RATE`],
    /// an efficiency outside [0, 1], and an overhead that is negative, above
    /// [`Self::MAX_OVERHEAD_US`] or not a number.
    pub fn new(spec: HardwareSpec) -> Result<Self, Invalid> {
        let mut problems = Problems::default();
        let rates = [
            ("peak_flops_per_s", spec.peak_flops_per_s, "FLOP/s"),
            (
                "bandwidth_bytes_per_s",
                spec.bandwidth_bytes_per_s,
                "bytes/s",
            ),
        ];
        for (field, rate, unit) in rates {
            if !(Self::MIN_RATE..=Self::MAX_RATE).contains(&rate) {
                problems.add(
                    field,
                    format!(
                        "is {rate} {unit}, expected {:e} to {:e} {unit}",
                        Self::MIN_RATE,
                        Self::MAX_RATE
                    ),
                );
            }
        }
        if let Some(efficiency) = spec.bandwidth_efficiency
            && efficiency != 0.0
            && !(Self::LEAST_EFFICIENCY..=1.0).contains(&efficiency)
        {
            problems.add(
                "bandwidth_efficiency",
                format!(
                    "is {efficiency}, expected a share from {} to 1, or 0 for no derating",
                    Self::LEAST_EFFICIENCY
                ),
            );
        }
        let overhead_us = spec.per_layer_overhead_us;
        if !(0.0..=Self::MAX_OVERHEAD_US).contains(&overhead_us) {
            problems.add(
                "per_layer_overhead_us",
                format!(
                    "is {overhead_us} us, expected 0 to {:e} us",
                    Self::MAX_OVERHEAD_US
                ),
            );
        }
        problems.into_result("hardware")?;
        Ok(Self { spec })
    }

    /// The facts as they were given.
    #[must_use]
    pub fn spec(&self) -> HardwareSpec {
        self.spec
    }

    /// Peak FLOP/s of one GPU.
    #[must_use]
    pub fn peak_flops_per_s(&self) -> f64 {
        self.spec.peak_flops_per_s
    }

    /// Peak memory bandwidth of one GPU, in bytes/s, before the efficiency.
    #[must_use]
    pub fn bandwidth_bytes_per_s(&self) -> f64 {
        self.spec.bandwidth_bytes_per_s
    }

    /// The efficiency as it was given.
    #[must_use]
    pub fn bandwidth_efficiency(&self) -> Option<f64> {
        self.spec.bandwidth_efficiency
    }

    /// Overhead per layer, in microseconds.
    #[must_use]
    pub fn per_layer_overhead_us(&self) -> f64 {
        self.spec.per_layer_overhead_us
    }

    /// Bandwidth times efficiency, in bytes/s; the whole bandwidth where the efficiency is
    /// absent or 0.
    #[must_use]
    pub fn effective_bandwidth_bytes_per_s(&self) -> f64 {
        match self.spec.bandwidth_efficiency {
            Some(efficiency) if efficiency > 0.0 => self.spec.bandwidth_bytes_per_s * efficiency,
            Some(_) | None => self.spec.bandwidth_bytes_per_s,
        }
    }
}
