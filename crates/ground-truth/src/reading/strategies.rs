use super::findings::Findings;
use crate::measured_run::Schema;
use crate::strategy::Strategy;
use crate::tree::Tree;
use crate::wire;

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
    let Some(wire) = wire else {
        findings.problem(place, format!("is missing, expected {}", one_of_names()));
        return None;
    };
    let Some(kind) = wire.get("type_").and_then(Tree::as_text) else {
        let place = format!("{place}.type_");
        findings.problem(place, format!("is missing, expected {}", one_of_names()));
        return None;
    };
    let mut bound = || {
        let stated = optional(wire, "max_concurrency", place, findings, |value| {
            value.as_u32().filter(|most| *most > 0)
        })?;
        let default = match schema {
            Schema::V0_1 | Schema::V0_2 => Some(BOUND_V02),
            Schema::V0_4 | Schema::V0_5 | Schema::V0_7 => None,
        };
        Some(stated.or(default))
    };
    match kind {
        "synchronous" => Some(Strategy::Synchronous),
        "concurrent" => {
            let streams = Some(required(wire, "streams", place, findings, |value| {
                value.as_u32().filter(|streams| *streams > 0)
            })?);
            streams.map(|streams| Strategy::Concurrent { streams })
        }
        "throughput" => bound().map(|max_concurrency| Strategy::Throughput { max_concurrency }),
        "constant" => {
            let max_concurrency = bound();
            let rate_per_s = required(wire, "rate", place, findings, positive)?;
            Some(Strategy::Constant {
                rate_per_s,
                max_concurrency: max_concurrency?,
            })
        }
        "poisson" => {
            let max_concurrency = bound();
            let rate_per_s = required(wire, "rate", place, findings, positive)?;
            Some(Strategy::Poisson {
                rate_per_s,
                max_concurrency: max_concurrency?,
            })
        }
        "trace" => {
            let max_concurrency = bound();
            let time_scale = optional(wire, "time_scale", place, findings, positive)?;
            Some(Strategy::Trace {
                time_scale,
                max_concurrency: max_concurrency?,
            })
        }
        other => {
            findings.problem(
                format!("{place}.type_"),
                format!(
                    "is {}, expected {}",
                    diagnostic::Quoted(other),
                    one_of_names()
                ),
            );
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
    const MODES: &str = "one of synchronous, throughput, asynchronous";
    let max_concurrency = Some(BOUND_V01);
    match inner.mode.as_deref() {
        Some("synchronous") => Some(Strategy::Synchronous),
        Some("throughput") => Some(Strategy::Throughput { max_concurrency }),
        Some("asynchronous") => {
            let rate_per_s = inner.rate.filter(|rate| *rate > 0.0 && rate.is_finite());
            let Some(rate_per_s) = rate_per_s else {
                findings.problem(
                    format!("{place}.rate"),
                    "is no rate, expected a number above 0",
                );
                return None;
            };
            let mode = told.and_then(|told| told.get("mode")?.as_text());
            Some(if mode == Some("poisson") {
                Strategy::Poisson {
                    rate_per_s,
                    max_concurrency,
                }
            } else {
                Strategy::Constant {
                    rate_per_s,
                    max_concurrency,
                }
            })
        }
        Some(other) => {
            let other = diagnostic::Quoted(other);
            findings.problem(
                format!("{place}.mode"),
                format!("is {other}, expected {MODES}"),
            );
            None
        }
        None => {
            findings.problem(
                format!("{place}.mode"),
                format!("is missing, expected {MODES}"),
            );
            None
        }
    }
}

fn one_of_names() -> String {
    format!("one of {}", Strategy::NAMES.join(", "))
}

fn positive(value: &Tree) -> Option<f64> {
    value.as_f64().filter(|number| *number > 0.0)
}

/// None after a report.
fn required<T>(
    wire: &Tree,
    key: &str,
    place: &str,
    findings: &mut Findings,
    read: impl Fn(&Tree) -> Option<T>,
) -> Option<T> {
    let value = optional(wire, key, place, findings, read)?;
    if value.is_none() {
        findings.problem(
            format!("{place}.{key}"),
            "is missing, expected a number above 0",
        );
    }
    value
}

/// None after a report, none inside where there is no value.
#[expect(
    clippy::option_option,
    reason = "a value that cannot be used is not one that is missing"
)]
fn optional<T>(
    wire: &Tree,
    key: &str,
    place: &str,
    findings: &mut Findings,
    read: impl Fn(&Tree) -> Option<T>,
) -> Option<Option<T>> {
    let Some(value) = wire.get(key) else {
        return Some(None);
    };
    let number = read(value);
    if number.is_none() {
        findings.problem(
            format!("{place}.{key}"),
            format!("is {value}, expected a number above 0"),
        );
        return None;
    }
    Some(number)
}
