use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{Criterion, Throughput};
use serving::Simulation;

/// Wall time, which criterion prints as steps and requests per second instead of elements and bytes.
pub(crate) struct WorkRate(WallTime);

/// What was simulated.
#[derive(Clone, Copy)]
pub(crate) struct Work {
    pub(crate) steps: u64,
    pub(crate) requests: u64,
}

const NS_PER_S: f64 = 1e9;

impl Work {
    pub(crate) fn of<'s>(simulations: impl IntoIterator<Item = &'s Simulation>) -> Self {
        let none = Self {
            steps: 0,
            requests: 0,
        };
        simulations.into_iter().fold(none, |work, one| Self {
            steps: work.steps + one.steps,
            requests: work.requests + one.served.len() as u64,
        })
    }

    /// The two numbers that criterion divides by the time. It knows no other two, and [`WorkRate`] renames them.
    pub(crate) fn throughput(self) -> Throughput {
        Throughput::ElementsAndBytes {
            elements: self.steps,
            bytes: self.requests,
        }
    }
}

impl WorkRate {
    pub(crate) fn criterion() -> Criterion<Self> {
        Criterion::default().with_measurement(Self(WallTime))
    }
}

impl Measurement for WorkRate {
    type Intermediate = <WallTime as Measurement>::Intermediate;
    type Value = <WallTime as Measurement>::Value;

    fn start(&self) -> Self::Intermediate {
        self.0.start()
    }

    fn end(&self, start: Self::Intermediate) -> Self::Value {
        self.0.end(start)
    }

    fn add(&self, a: &Self::Value, b: &Self::Value) -> Self::Value {
        self.0.add(a, b)
    }

    fn zero(&self) -> Self::Value {
        self.0.zero()
    }

    fn to_f64(&self, value: &Self::Value) -> f64 {
        self.0.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        self
    }
}

impl ValueFormatter for WorkRate {
    fn scale_values(&self, typical_ns: f64, values: &mut [f64]) -> &'static str {
        let formatter = self.0.formatter();
        formatter.scale_values(typical_ns, values)
    }

    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    fn scale_throughputs(
        &self,
        _: f64,
        throughput: &Throughput,
        values: &mut [f64],
    ) -> &'static str {
        let (count, unit) = match *throughput {
            Throughput::Elements(steps) => (steps, "thousand steps/s"),
            Throughput::Bytes(requests) => (requests, "thousand requests/s"),
            Throughput::Bits(_)
            | Throughput::BytesDecimal(_)
            | Throughput::ElementsAndBytes { .. } => unreachable!("`Work` has steps and requests"),
        };
        for ns in values {
            *ns = count as f64 * NS_PER_S / *ns / 1e3;
        }
        unit
    }

    fn scale_for_machines(&self, values: &mut [f64]) -> &'static str {
        self.0.formatter().scale_for_machines(values)
    }
}
