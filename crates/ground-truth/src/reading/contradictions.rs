use std::path::Path;

use super::data_description::DataDescription;
use super::findings::Findings;
use super::instructions::{Instructions, Stated, quoted_rates};
use super::recorded_lengths::{LengthDifference, RecordedLengths};
use crate::benchmark::Benchmark;
use crate::measured_run::Schema;
use crate::plain_number::PlainNumber;
use crate::profile::{LengthProfile, RateType};
use crate::strategy::Strategy;
use crate::tree::Tree;
use crate::warning::WarningKind;
use crate::wire;

/// What a report says that its client was told. What cannot be used of it is left out with a warning: the figures of the
/// report do not depend on it.
pub(super) fn told(report: &wire::Report, schema: Schema, findings: &mut Findings) -> Instructions {
    let mut found = findings.of_part();
    let first = report.benchmarks.as_deref().unwrap_or_default().first();
    let first_args = first.and_then(|benchmark| benchmark.args.as_ref());
    let mut read = |map: Option<&Tree>, base: &str| match map {
        Some(map) => Instructions::read(map, base, &mut found),
        None => Instructions::default(),
    };
    let told = match schema {
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
    };
    findings.add_optional(found);
    told
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
            |seconds| format!("`{}`", PlainNumber(*seconds)),
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
        let of_strategies = |done: Vec<f64>| {
            let there = format!("strategies with {}", quoted_rates(&done));
            (done, there)
        };
        let (done, there) = match rate_type.value {
            RateType::Concurrent => of_strategies(loads(|strategy| match strategy {
                Strategy::Concurrent { streams } => Some(f64::from(*streams)),
                Strategy::Synchronous
                | Strategy::Throughput { .. }
                | Strategy::Constant { .. }
                | Strategy::Poisson { .. }
                | Strategy::Trace { .. } => None,
            })),
            RateType::Constant | RateType::Poisson | RateType::Async => {
                of_strategies(loads(Strategy::rate_per_s))
            }
            RateType::Sweep => {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "a sweep has a handful of benchmarks"
                )]
                let steps = self.benchmarks.len() as f64;
                (vec![steps], format!("{} benchmarks", self.benchmarks.len()))
            }
            RateType::Synchronous
            | RateType::Throughput
            | RateType::Replay
            | RateType::Goodput
            | RateType::Knee => return,
        };
        if done != rates.value {
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
                value: DataDescription::SeveralPrefixes { prefixes },
            }) => self.contradiction(
                &ours.place,
                "one prefix at most".to_owned(),
                place,
                format!("{prefixes} prefixes"),
                findings,
            ),
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
        self.warn_of_other_lengths(&ours.place, lengths, findings);
    }

    /// Compares the lengths with those of each benchmark; warns of a key where it is contradicted first.
    fn warn_of_other_lengths(&self, place: &str, lengths: &LengthProfile, findings: &mut Findings) {
        let mut found: Vec<(usize, LengthDifference, usize)> = Vec::new();
        for (index, benchmark) in self.benchmarks.iter().enumerate() {
            for difference in (RecordedLengths { lengths, benchmark }).differences() {
                let known = found
                    .iter_mut()
                    .find(|(_, first, _)| first.key == difference.key);
                match known {
                    Some((_, _, more)) => *more += 1,
                    None => found.push((index, difference, 0)),
                }
            }
        }
        for (index, LengthDifference { key, here, there }, more) in found {
            let there = match more {
                0 => there,
                1 => format!("{there} (and so in another benchmark)"),
                more => format!("{there} (and so in {more} more benchmarks)"),
            };
            let other_place = format!("benchmarks[{index}]");
            self.contradiction(
                &format!("{place}.{key}"),
                here,
                &other_place,
                there,
                findings,
            );
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
