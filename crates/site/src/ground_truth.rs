/// Measured experiments beside what the model predicts of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GroundTruth {
    /// The experiments, in order.
    pub experiments: Vec<Experiment>,
    /// The errors over all of their benchmarks.
    pub errors: Vec<MetricErrors>,
    /// A command that prints the same.
    pub command: String,
}

/// One measured experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct Experiment {
    /// Its name.
    pub name: String,
    /// The name of its workload.
    pub workload: Option<String>,
    /// The model that was served.
    pub model: String,
    /// The GPUs that served it.
    pub gpu: String,
    /// How many there are.
    pub tensor_parallel: u32,
    /// What the simulation rests on, as lines of text; empty where there is none, and a warning says why.
    pub settings: String,
    /// The benchmarks, in order.
    pub loads: Vec<MeasuredLoad>,
    /// The errors over them.
    pub errors: Vec<MetricErrors>,
    /// What to know of the measured files.
    pub warnings: Vec<String>,
}

/// A benchmark: one load.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuredLoad {
    /// Its number in the report.
    pub number: usize,
    /// The load in words.
    pub load: String,
    /// Each latency.
    pub metrics: Vec<MetricComparison>,
}

/// A mean latency, measured and predicted.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricComparison {
    /// Its name.
    pub metric: String,
    /// The measured mean in milliseconds.
    pub measured_ms: Option<f64>,
    /// Where the measured figure comes from.
    pub origin: Option<String>,
    /// The predicted mean in milliseconds.
    pub predicted_ms: Option<f64>,
    /// By how much the prediction is above the measurement, in percent of that.
    pub error_pct: Option<f64>,
}

/// The errors of one metric over benchmarks.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricErrors {
    /// Its name.
    pub metric: String,
    /// Mean absolute percentage error.
    pub mape_pct: f64,
    /// Mean signed percentage error.
    pub bias_pct: f64,
    /// Largest absolute percentage error.
    pub worst_pct: f64,
    /// How many benchmarks have the metric.
    pub benchmarks: usize,
}
