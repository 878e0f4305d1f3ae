/// When a simulation stops before every request is served.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Simulated seconds after which nothing more happens: requests that are not finished by then count as in flight.
    pub duration_s: Option<f64>,
    /// More steps are an error, so that no input keeps a machine busy for ever.
    pub max_steps: u64,
}

impl Limits {
    /// Steps that are taken unless another bound is set: minutes of computing.
    pub const DEFAULT_MAX_STEPS: u64 = 200_000_000;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            duration_s: None,
            max_steps: Self::DEFAULT_MAX_STEPS,
        }
    }
}
