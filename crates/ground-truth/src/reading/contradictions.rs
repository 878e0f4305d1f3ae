use std::path::Path;

use super::data_description::DataDescription;
use super::findings::Findings;
use super::instructions::{Instructions, Stated, quoted_rates};
use crate::benchmark::Benchmark;
use crate::measured_run::Schema;
use crate::profile::{LengthProfile, RateType, TokenLengths};
use crate::strategy::Strategy;
use crate::tree::Tree;
use crate::warning::WarningKind;
use crate::wire;

/// What a report says that its client was told.
pub(super) fn told(report: &wire::Report, schema: Schema) -> Instructions {
    // What cannot be read in a report is compared with nothing.
    let mut unread = Findings::new(Path::new(""));
    let first = report.benchmarks.as_deref().unwrap_or_default().first();
    let first_args = first.and_then(|benchmark| benchmark.args.as_ref());
    let mut read = |map: Option<&Tree>, base: &str| match map {
        Some(map) => Instructions::read(map, base, &mut unread),
        None => Instructions::default(),
    };
    match schema {
        Schema::V0_1 => read(first_args, "benchmarks[0].args"),
        Schema::V0_2 => {
            let loader = first.and_then(|benchmark| benchmark.request_loader.as_ref());
            Instructions {
                data: read(loader, "benchmarks[0].request_loader").data,
                ..read(first_args, "benchmarks[0].args")
            }
        }
        Schema::V0_4 | Schema::V0_5 => read(report.args.as_ref(), "args"),
        Schema::V0_7 => {
            let spec = report.config.as_ref().and_then(|config| config.get("spec"));
            read(spec, "config.spec")
        }
    }
}

/// Compares a profile with a report: with what that says its client was told, and with what was done.
pub(super) struct Comparison<'a> {
    pub(super) profile: &'a Instructions,
    pub(super) told: &'a Instructions,
    pub(super) benchmarks: &'a [Benchmark],
    pub(super) report_file: &'a Path,
}

impl Comparison<'_> {
    /// Warns, in the name of the profile, of all that differs.
    pub(super) fn warn(&self, findings: &mut Findings) {
        let (profile, told) = (self.profile, self.told);
        let same_type = |ours: &RateType, theirs: &RateType| ours.may_be(*theirs);
        let types_agree = self.compare(
            profile.rate_type.as_ref(),
            told.rate_type.as_ref(),
            same_type,
            |rate_type| format!("`{rate_type}`"),
            findings,
        );
        // Rates of different types are numbers of different things.
        let rates_agree = types_agree
            && self.compare(
                profile.rates.as_ref(),
                told.rates.as_ref(),
                |ours, theirs| ours == theirs,
                |rates| quoted_rates(rates),
                findings,
            );
        if rates_agree {
            self.warn_of_other_strategies(findings);
        }
        self.compare(
            profile.max_requests.as_ref(),
            told.max_requests.as_ref(),
            |ours, theirs| ours == theirs,
            |count| format!("`{count}`"),
            findings,
        );
        self.warn_of_more_requests(findings);
        self.compare(
            profile.max_seconds.as_ref(),
            told.max_seconds.as_ref(),
            |ours, theirs| ours.total_cmp(theirs).is_eq(),
            |seconds| format!("`{seconds}`"),
            findings,
        );
        self.compare(
            profile.random_seed.as_ref(),
            told.random_seed.as_ref(),
            |ours, theirs| ours == theirs,
            |seed| format!("`{seed}`"),
            findings,
        );
        self.compare_data(findings);
    }

    /// Whether two values agree, as far as both are stated; warns where not.
    fn compare<T>(
        &self,
        ours: Option<&Stated<T>>,
        theirs: Option<&Stated<T>>,
        same: impl Fn(&T, &T) -> bool,
        show: impl Fn(&T) -> String,
        findings: &mut Findings,
    ) -> bool {
        let Some((ours, theirs)) = ours.zip(theirs) else {
            return true;
        };
        let agree = same(&ours.value, &theirs.value);
        if !agree {
            self.contradiction(
                &ours.place,
                show(&ours.value),
                &theirs.place,
                show(&theirs.value),
                findings,
            );
        }
        agree
    }

    fn contradiction(
        &self,
        place: &str,
        here: String,
        other_place: &str,
        there: String,
        findings: &mut Findings,
    ) {
        let kind = WarningKind::Contradiction {
            here,
            other_file: self.report_file.to_owned(),
            other_place: other_place.to_owned(),
            there,
        };
        findings.warn(place, kind);
    }

    /// The strategies of the benchmarks follow from the rates.
    fn warn_of_other_strategies(&self, findings: &mut Findings) {
        let Some((rate_type, rates)) = self
            .profile
            .rate_type
            .as_ref()
            .zip(self.profile.rates.as_ref())
        else {
            return;
        };
        let loads = |load: fn(&Strategy) -> Option<f64>| -> Vec<f64> {
            let strategies = self.benchmarks.iter().map(|benchmark| &benchmark.strategy);
            strategies.filter_map(load).collect()
        };
        let done = match rate_type.value {
            RateType::Concurrent => loads(|strategy| match strategy {
                Strategy::Concurrent { streams } => Some(f64::from(*streams)),
                Strategy::Synchronous
                | Strategy::Throughput { .. }
                | Strategy::Constant { .. }
                | Strategy::Poisson { .. }
                | Strategy::Trace { .. } => None,
            }),
            RateType::Constant | RateType::Poisson | RateType::Async => loads(Strategy::rate_per_s),
            RateType::Sweep => {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "a sweep has a handful of benchmarks"
                )]
                let steps = self.benchmarks.len() as f64;
                vec![steps]
            }
            RateType::Synchronous
            | RateType::Throughput
            | RateType::Replay
            | RateType::Goodput
            | RateType::Knee => return,
        };
        if done != rates.value {
            let there = match rate_type.value {
                RateType::Sweep => format!("{} benchmarks", self.benchmarks.len()),
                _ => format!("strategies with {}", quoted_rates(&done)),
            };
            self.contradiction(
                &rates.place,
                quoted_rates(&rates.value),
                "benchmarks",
                there,
                findings,
            );
        }
    }

    fn warn_of_more_requests(&self, findings: &mut Findings) {
        let Some(most) = &self.profile.max_requests else {
            return;
        };
        for (index, benchmark) in self.benchmarks.iter().enumerate() {
            let counts = benchmark.counts;
            let made = [counts.successful, counts.errored]
                .into_iter()
                .flatten()
                .fold(0, u64::saturating_add);
            if made > most.value {
                self.contradiction(
                    &most.place,
                    format!("`{}`", most.value),
                    &format!("benchmarks[{index}]"),
                    format!("{made} requests were answered"),
                    findings,
                );
            }
        }
    }

    fn compare_data(&self, findings: &mut Findings) {
        let Some(ours) = &self.profile.data else {
            return;
        };
        let DataDescription::Lengths(lengths) = &ours.value else {
            return;
        };
        match &self.told.data {
            Some(Stated {
                place,
                value: DataDescription::Lengths(theirs),
            }) => {
                for (key, here, there) in differences(lengths, theirs) {
                    self.contradiction(
                        &format!("{}.{key}", ours.place),
                        here,
                        place,
                        format!("`{key}` is {there}"),
                        findings,
                    );
                }
            }
            Some(Stated {
                place,
                value: DataDescription::Other(found),
            }) => self.contradiction(
                &ours.place,
                "synthetic data".to_owned(),
                place,
                found.clone(),
                findings,
            ),
            Some(Stated {
                place,
                value: DataDescription::TooLong,
            }) => {
                let file = self.report_file.display();
                let found = format!("`{place}` of {file} is a text of more than 1024 bytes");
                findings.warn(ours.place.clone(), WarningKind::UnknownData { found });
            }
            None => {}
        }
        self.warn_of_other_outputs(&ours.place, &lengths.output, findings);
    }

    /// A mean of outputs lies between the bounds of the outputs.
    fn warn_of_other_outputs(&self, place: &str, output: &TokenLengths, findings: &mut Findings) {
        for (index, benchmark) in self.benchmarks.iter().enumerate() {
            let Some(mean) = benchmark.output_tokens_mean else {
                continue;
            };
            let below = output.min.filter(|min| mean < f64::from(*min));
            let above = output.max.filter(|max| mean > f64::from(*max));
            let bounds = [("output_tokens_min", below), ("output_tokens_max", above)];
            for (key, bound) in bounds {
                if let Some(bound) = bound {
                    self.contradiction(
                        &format!("{place}.{key}"),
                        format!("`{bound}`"),
                        &format!("benchmarks[{index}]"),
                        format!("outputs have {mean:.1} tokens on average"),
                        findings,
                    );
                }
            }
        }
    }
}

/// The keys in which two descriptions of data differ, with both values.
fn differences(ours: &LengthProfile, theirs: &LengthProfile) -> Vec<(String, String, String)> {
    let mut differences = Vec::new();
    let mut compare = |key: String, ours: Option<u32>, theirs: Option<u32>| {
        if ours != theirs {
            let show = |value: Option<u32>| match value {
                Some(value) => format!("`{value}`"),
                None => "not set".to_owned(),
            };
            differences.push((key, show(ours), show(theirs)));
        }
    };
    compare(
        "prefix_tokens".to_owned(),
        Some(ours.prefix_tokens),
        Some(theirs.prefix_tokens),
    );
    for (name, ours, theirs) in [
        ("prompt_tokens", &ours.prompt, &theirs.prompt),
        ("output_tokens", &ours.output, &theirs.output),
    ] {
        compare(name.to_owned(), Some(ours.mean), Some(theirs.mean));
        compare(format!("{name}_stdev"), ours.std_dev, theirs.std_dev);
        compare(format!("{name}_min"), ours.min, theirs.min);
        compare(format!("{name}_max"), ours.max, theirs.max);
    }
    differences
}
