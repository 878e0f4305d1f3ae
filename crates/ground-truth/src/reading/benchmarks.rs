use request_metrics::Metric;

use super::aggregates::{Stated, missing_counted_as_zero, usable};
use super::findings::Findings;
use super::requests::ReadRequests;
use super::strategies::{strategy, strategy_v01};
use crate::benchmark::{Benchmark, ExclusionReason, Listed, RequestCounts};
use crate::measured_metric::{MeasuredMetric, Metrics, Origin};
use crate::measured_run::{Client, Schema};
use crate::strategy::Strategy;
use crate::tree::Tree;
use crate::wire::{self, MOST_SECONDS, RequestList, Span};

/// Largest relative difference between a mean that a report states and that of its requests. Both are sums of the same
/// numbers in another order, which differ by some 1e-12.
const MEAN_TOLERANCE: f64 = 1e-6;

/// The layout of a report, and who wrote it. None after a report of what is wrong.
pub(super) fn client(report: &wire::Report, findings: &mut Findings) -> Option<Client> {
    let benchmarks = report.benchmarks.as_deref();
    if benchmarks.is_none_or(<[_]>::is_empty) {
        let state = benchmarks.map_or("is missing", |_| "is empty");
        let reason = format!("{state}, expected the benchmarks of a GuideLLM report");
        findings.problem("benchmarks", reason);
        return None;
    }
    let (schema, version) = match &report.metadata {
        Some(metadata) => (
            schema_of_version(metadata.version.as_ref(), findings)?,
            metadata.guidellm_version.clone(),
        ),
        None => (schema_of_layout(benchmarks?, findings)?, None),
    };
    Some(Client { schema, version })
}

fn schema_of_version(version: Option<&Tree>, findings: &mut Findings) -> Option<Schema> {
    let state = match version.map(|version| (version.as_u64(), version)) {
        Some((Some(1), _)) => return Some(Schema::V0_5),
        Some((Some(2), _)) => return Some(Schema::V0_7),
        Some((_, other)) => format!("is {other}"),
        None => "is missing".to_owned(),
    };
    findings.problem(
        "metadata.version",
        format!("{state}, expected 1 (GuideLLM 0.5-0.6) or 2 (GuideLLM 0.7-0.8)"),
    );
    None
}

/// The layout of a report without a version.
fn schema_of_layout(benchmarks: &[wire::Benchmark], findings: &mut Findings) -> Option<Schema> {
    let any = |has: fn(&wire::Benchmark) -> bool| benchmarks.iter().any(has);
    if any(|benchmark| benchmark.benchmarks.is_some()) {
        Some(Schema::V0_1)
    } else if any(|benchmark| benchmark.config.is_some()) {
        Some(Schema::V0_4)
    } else if any(|benchmark| benchmark.args.is_some()) {
        Some(Schema::V0_2)
    } else {
        findings.problem(
            "benchmarks",
            "has no known layout, expected `metadata` beside it (GuideLLM 0.5 and later), or benchmarks with `config` (0.4), `args` \
             (0.2-0.3) or `benchmarks` (0.1)",
        );
        None
    }
}

/// The benchmarks of a report. Those that cannot be read are reported and left out.
pub(super) fn benchmarks(
    report: &mut wire::Report,
    schema: Schema,
    findings: &mut Findings,
) -> Vec<Benchmark> {
    let mut read = Vec::new();
    let benchmarks = report.benchmarks.as_deref_mut().unwrap_or_default();
    for (index, benchmark) in benchmarks.iter_mut().enumerate() {
        let place = format!("benchmarks[{index}]");
        if schema > Schema::V0_1 {
            let lists = benchmark.requests.as_mut();
            let list = lists.and_then(|lists| lists.successful.take());
            let reader = Reader {
                wire: benchmark,
                schema,
                place,
            };
            read.extend(reader.read(list, findings));
            continue;
        }
        let inner = benchmark.benchmarks.as_deref_mut().unwrap_or_default();
        if inner.is_empty() {
            findings.problem(
                format!("{place}.benchmarks"),
                "is missing or empty, expected the benchmarks of a GuideLLM 0.1 report",
            );
        }
        for (index, inner) in inner.iter_mut().enumerate() {
            let place = format!("{place}.benchmarks[{index}]");
            let told = benchmark.args.as_ref();
            read.extend(benchmark_v01(inner, told, &place, findings));
        }
    }
    read
}

struct Reader<'a> {
    wire: &'a wire::Benchmark,
    schema: Schema,
    place: String,
}

impl Reader<'_> {
    /// Reads the benchmark, whose successful requests are `list`.
    fn read(&self, list: Option<RequestList>, findings: &mut Findings) -> Option<Benchmark> {
        let wire = self.wire;
        let metrics = wire.metrics.as_ref();
        let ((config, strategy_key), (totals, totals_key)) = if self.schema < Schema::V0_4 {
            let config = (&wire.args, "args.strategy");
            (config, (wire.request_totals, "request_totals"))
        } else {
            let totals = metrics.and_then(|metrics| metrics.request_totals);
            let config = (&wire.config, "config.strategy");
            (config, (totals, "metrics.request_totals"))
        };
        let strategy = strategy(
            config.as_ref().and_then(|config| config.get("strategy")),
            self.schema,
            &self.field(strategy_key),
            findings,
        );
        let listed = list.as_ref().map(|list| list.len() as u64);
        let mut counts = self.counts(totals, listed, &self.field(totals_key), findings);
        let requests = ReadRequests::read(
            list.unwrap_or_default(),
            self.measured_span(),
            &self.field("requests.successful"),
            findings,
        );
        if totals.is_none() && counts.successful.is_some() {
            counts.successful = Some(requests.listed);
        }
        let stated = Stated::read(metrics, self.schema, &self.field("metrics"), findings);
        let duration_s = self.duration_s(findings);
        let draft = Draft {
            schema: self.schema,
            place: &self.place,
            counts,
            duration_s,
            requests,
            stated,
        };
        Some(draft.finish(strategy?, findings))
    }

    fn field(&self, name: &str) -> String {
        format!("{}.{name}", self.place)
    }

    /// How many requests ended how: as the report counts them, else by the length of its lists.
    fn counts(
        &self,
        totals: Option<wire::Totals>,
        listed: Option<u64>,
        place: &str,
        findings: &mut Findings,
    ) -> RequestCounts {
        let Some(totals) = totals else {
            let lists = self.wire.requests.as_ref();
            return RequestCounts {
                successful: listed,
                errored: lists.and_then(|lists| lists.errored),
                incomplete: lists.and_then(|lists| lists.incomplete),
            };
        };
        let mut count = |key: &str, value: Option<f64>| {
            let (place, value) = (format!("{place}.{key}"), Tree::Number(value?));
            findings.expect(&place, &value, "a whole number of requests", Tree::as_u64)
        };
        RequestCounts {
            successful: count("successful", totals.successful),
            errored: count("errored", totals.errored),
            incomplete: count("incomplete", totals.incomplete),
        }
    }

    /// Up to 0.3 the requests of warm-up and cool-down are in no list.
    fn measured_span(&self) -> Option<Span> {
        if self.schema < Schema::V0_4 {
            return None;
        }
        Some(Span {
            start_s: self.wire.start_time?,
            end_s: self.wire.end_time?,
        })
    }

    fn duration_s(&self, findings: &mut Findings) -> Option<f64> {
        let span = || Some(self.wire.end_time? - self.wire.start_time?);
        let duration_s = self.wire.duration.or_else(span)?;
        usable(duration_s, MOST_SECONDS, &self.field("duration"), findings)
    }
}

fn benchmark_v01(
    inner: &mut wire::InnerBenchmark,
    told: Option<&Tree>,
    place: &str,
    findings: &mut Findings,
) -> Option<Benchmark> {
    let strategy = strategy_v01(inner, told, place, findings);
    let list = inner.results.take();
    let listed = list.as_ref().map(|list| list.len() as u64);
    let requests = ReadRequests::read(
        list.unwrap_or_default(),
        None,
        &format!("{place}.results"),
        findings,
    );
    let ends = requests
        .requests
        .iter()
        .map(|request| request.start_s + request.times.e2e_ms() / 1000.0);
    let draft = Draft {
        schema: Schema::V0_1,
        place,
        counts: RequestCounts {
            successful: listed,
            errored: inner.errors,
            incomplete: None,
        },
        duration_s: ends.max_by(f64::total_cmp),
        requests,
        stated: Stated::default(),
    };
    Some(draft.finish(strategy?, findings))
}

/// A benchmark before it is decided which figures are shown.
struct Draft<'a> {
    schema: Schema,
    place: &'a str,
    counts: RequestCounts,
    duration_s: Option<f64>,
    requests: ReadRequests,
    stated: Stated,
}

impl Draft<'_> {
    fn finish(self, strategy: Strategy, findings: &mut Findings) -> Benchmark {
        let listed = self.listed(findings);
        let usable = !self.requests.requests.is_empty();
        let metrics = Metrics::of(|metric| {
            let of_requests = |origin| {
                let times = self.requests.requests.iter().map(|request| &request.times);
                let distribution = metric.distribution(times)?;
                Some(MeasuredMetric::of_requests(origin, &distribution))
            };
            let stated = self.stated.latencies.get(metric).copied();
            match listed {
                Listed::All if usable => of_requests(Origin::Requests),
                Listed::Sample => stated.or_else(|| of_requests(Origin::Sample)),
                Listed::All | Listed::None => stated,
            }
        });
        let all_listed = listed == Listed::All && usable;
        if all_listed {
            self.compare_means(&metrics, findings);
        }
        let choose = |of_requests: Option<f64>, stated: Option<f64>| {
            if all_listed {
                of_requests.or(stated)
            } else {
                stated.or(of_requests)
            }
        };
        Benchmark {
            strategy,
            counts: self.counts,
            duration_s: self.duration_s,
            metrics,
            prompt_tokens_mean: choose(
                self.requests.prompt_tokens_mean(),
                self.stated.prompt_tokens_mean,
            ),
            output_tokens_mean: choose(
                self.requests.output_tokens_mean(),
                self.stated.output_tokens_mean,
            ),
            listed,
            requests: self.requests.requests,
            excluded: self.requests.excluded,
        }
    }

    fn listed(&self, findings: &mut Findings) -> Listed {
        let listed = self.requests.listed;
        let successful = self.counts.successful.unwrap_or(listed);
        if successful == 0 && listed == 0 {
            if self.counts.successful.is_some() || self.stated.latencies.get(Metric::E2e).is_none()
            {
                findings.warn(self.place, "no successful request, so no figures");
            }
            return Listed::None;
        }
        let place = format!("{}.requests.successful", self.place);
        if listed > successful {
            let message =
                format!("{listed} successful requests are listed, but {successful} counted");
            findings.warn(&place, message);
        }
        if listed >= successful {
            Listed::All
        } else if listed == 0 {
            Listed::None
        } else {
            let message = format!(
                "{listed} of {successful} successful requests are listed: figures are the report's own where it states them"
            );
            findings.warn(place, message);
            Listed::Sample
        }
    }

    /// Compares the means of the requests with those that the report states.
    fn compare_means(&self, metrics: &Metrics, findings: &mut Findings) {
        let missing_first = self.requests.excluded_for(ExclusionReason::NoFirstToken);
        let outside = self
            .requests
            .excluded_for(ExclusionReason::OutsideMeasurement);
        for metric in Metric::ALL {
            let stated = self.stated.latencies.get(metric).zip(metrics.get(metric));
            let Some((stated, recomputed)) = stated else {
                continue;
            };
            // From 0.7 these cover the requests whose first token fell into the measured span, which are others.
            let by_first_token = matches!(metric, Metric::Ttft | Metric::Itl);
            let other_requests = outside > 0 && self.schema >= Schema::V0_7 && by_first_token;
            if stated.origin != Origin::Aggregate || other_requests {
                continue;
            }
            if metric == Metric::Ttft && missing_first > 0 && self.schema < Schema::V0_7 {
                let place = format!("{}.metrics.time_to_first_token_ms", self.place);
                let message = missing_counted_as_zero(Some(missing_first), stated.mean);
                findings.warn(place, message);
                continue;
            }
            let (recomputed, stated) = (Some(recomputed.mean), Some(stated.mean));
            self.compare_mean(metric.key(), recomputed, stated, findings);
        }
        let (requests, stated) = (&self.requests, &self.stated);
        let (recomputed, stated_mean) = (requests.prompt_tokens_mean(), stated.prompt_tokens_mean);
        self.compare_mean("prompt tokens", recomputed, stated_mean, findings);
        let (recomputed, stated_mean) = (requests.output_tokens_mean(), stated.output_tokens_mean);
        self.compare_mean("output tokens", recomputed, stated_mean, findings);
    }

    fn compare_mean(
        &self,
        figure: &str,
        recomputed: Option<f64>,
        stated: Option<f64>,
        findings: &mut Findings,
    ) {
        let Some((recomputed, stated)) = recomputed.zip(stated) else {
            return;
        };
        if (recomputed - stated).abs() > MEAN_TOLERANCE * recomputed.max(stated) {
            let message = format!(
                "mean {figure} is {recomputed:.4} over the listed requests, but the report states {stated:.4}"
            );
            findings.warn(format!("{}.metrics", self.place), message);
        }
    }
}
