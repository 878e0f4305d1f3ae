use super::findings::Findings;
use crate::measured_run::Schema;
use crate::strategy::Strategy;
use crate::tree::Tree;
use crate::wire;
use diagnostic::Quoted;

/// Most requests in flight of a client of 0.2 or 0.3 that was not told another number: `settings.max_concurrency`, which
/// `ThroughputStrategy.processing_requests_limit` falls back to, and with it constant and Poisson rates, its subclasses.
const BOUND_V02: u32 = 512;

/// The same of 0.1: `Scheduler._run_async` waits while a request more would make 512.
const BOUND_V01: u32 = 511;

/// The strategy of a benchmark of 0.2 and later. None after a report.
pub(super) fn strategy(
    wire: Option<&Tree>,
    schema: Schema,
    place: &str,
    findings: &mut Findings,
) -> Option<Strategy> {
    let names = format!("one of {}", Strategy::NAMES.join(", "));
    let Some(wire) = wire else {
        findings.problem(place, format!("is missing, expected {names}"));
        return None;
    };
    let Some(kind) = wire.get("type_").and_then(Tree::as_text) else {
        let place = format!("{place}.type_");
        findings.problem(place, format!("is missing, expected {names}"));
        return None;
    };
    let mut reader = Reader {
        wire,
        place,
        findings,
    };
    match kind {
        "synchronous" => Some(Strategy::Synchronous),
        "concurrent" => {
            let streams = reader.required("streams", above_0)?;
            Some(Strategy::Concurrent { streams })
        }
        "throughput" => {
            let max_concurrency = reader.bound(schema)?;
            Some(Strategy::Throughput { max_concurrency })
        }
        "constant" | "poisson" => {
            let max_concurrency = reader.bound(schema);
            let rate_per_s = reader.required("rate", Tree::as_positive)?;
            Some(open_load(kind, rate_per_s, max_concurrency?))
        }
        "trace" => {
            let max_concurrency = reader.bound(schema);
            let time_scale = reader.optional("time_scale", Tree::as_positive)?;
            Some(Strategy::Trace {
                time_scale,
                max_concurrency: max_concurrency?,
            })
        }
        other => {
            let reason = format!("is {}, expected {names}", Quoted(other));
            findings.problem(format!("{place}.type_"), reason);
            None
        }
    }
}

/// The strategy of a benchmark of 0.1, whose `mode` does not tell constant from Poisson: what the client was told does.
/// None after a report.
pub(super) fn strategy_v01(
    inner: &wire::InnerBenchmark,
    told: Option<&Tree>,
    place: &str,
    findings: &mut Findings,
) -> Option<Strategy> {
    let max_concurrency = Some(BOUND_V01);
    let state = match inner.mode.as_deref() {
        Some("synchronous") => return Some(Strategy::Synchronous),
        Some("throughput") => return Some(Strategy::Throughput { max_concurrency }),
        Some("asynchronous") => {
            let rate_per_s = inner.rate.filter(|rate| *rate > 0.0 && rate.is_finite());
            let Some(rate_per_s) = rate_per_s else {
                let reason = "is no rate, expected a number above 0";
                findings.problem(format!("{place}.rate"), reason);
                return None;
            };
            let mode = told.and_then(|told| told.get("mode")?.as_text());
            return Some(open_load(
                mode.unwrap_or("constant"),
                rate_per_s,
                max_concurrency,
            ));
        }
        Some(other) => format!("is {}", Quoted(other)),
        None => "is missing".to_owned(),
    };
    let reason = format!("{state}, expected one of synchronous, throughput, asynchronous");
    findings.problem(format!("{place}.mode"), reason);
    None
}

/// Requests at a rate: at random by the name of Poisson, else at equal intervals.
fn open_load(kind: &str, rate_per_s: f64, max_concurrency: Option<u32>) -> Strategy {
    if kind == "poisson" {
        Strategy::Poisson {
            rate_per_s,
            max_concurrency,
        }
    } else {
        Strategy::Constant {
            rate_per_s,
            max_concurrency,
        }
    }
}

fn above_0(value: &Tree) -> Option<u32> {
    value.as_u32().filter(|number| *number > 0)
}

/// Reads the numbers of a strategy; none after a report.
struct Reader<'a> {
    wire: &'a Tree,
    place: &'a str,
    findings: &'a mut Findings,
}

#[expect(
    clippy::option_option,
    reason = "a value that cannot be used is not one that is missing"
)]
impl Reader<'_> {
    /// Most requests in flight; none inside where it is not known.
    fn bound(&mut self, schema: Schema) -> Option<Option<u32>> {
        let stated = self.optional("max_concurrency", above_0)?;
        Some(stated.or((schema < Schema::V0_4).then_some(BOUND_V02)))
    }

    fn required<T>(&mut self, key: &str, read: impl Fn(&Tree) -> Option<T>) -> Option<T> {
        let value = self.optional(key, read)?;
        if value.is_none() {
            let place = format!("{}.{key}", self.place);
            self.findings
                .problem(place, "is missing, expected a number above 0");
        }
        value
    }

    /// None inside where there is no value.
    fn optional<T>(&mut self, key: &str, read: impl Fn(&Tree) -> Option<T>) -> Option<Option<T>> {
        let Some(value) = self.wire.get(key) else {
            return Some(None);
        };
        let place = format!("{}.{key}", self.place);
        let expected = "a number above 0";
        self.findings
            .expect(&place, value, expected, read)
            .map(Some)
    }
}
