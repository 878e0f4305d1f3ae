use std::path::Path;

use request_metrics::PlainNumber;

use super::data_description::DataDescription;
use super::findings::Findings;
use super::instructions::{Instructions, Stated, quoted_rates};
use super::profile_file::unknown_data;
use super::recorded_lengths::{LengthDifference, RecordedLengths};
use crate::benchmark::Benchmark;
use crate::measured_run::Schema;
use crate::profile::{LengthProfile, RateType, TokenLengths};
use crate::strategy::Strategy;
use crate::tree::Tree;
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
        let (ours, theirs) = (self.profile, self.told);
        let may_be = |ours: &RateType, theirs: &RateType| ours.may_be(*theirs);
        let types = (&ours.rate_type, &theirs.rate_type);
        let types_agree = self.compare(types, may_be, |kind| format!("`{kind}`"), findings);
        // Rates of different types are numbers of different things.
        let rates = (&ours.rates, &theirs.rates);
        let show_rates = |rates: &Vec<f64>| quoted_rates(rates);
        if types_agree && self.compare(rates, PartialEq::eq, show_rates, findings) {
            self.warn_of_other_strategies(findings);
        }
        let whole = |number: &u64| format!("`{number}`");
        let requests = (&ours.max_requests, &theirs.max_requests);
        self.compare(requests, PartialEq::eq, whole, findings);
        self.warn_of_more_requests(findings);
        let seconds = (&ours.max_seconds, &theirs.max_seconds);
        let show_seconds = |seconds: &f64| format!("`{}`", PlainNumber(*seconds));
        self.compare(seconds, PartialEq::eq, show_seconds, findings);
        let seeds = (&ours.random_seed, &theirs.random_seed);
        self.compare(seeds, PartialEq::eq, whole, findings);
        self.compare_data(findings);
    }

    /// Whether two values agree, as far as both are stated; warns where not.
    fn compare<T>(
        &self,
        (ours, theirs): (&Option<Stated<T>>, &Option<Stated<T>>),
        same: impl Fn(&T, &T) -> bool,
        show: impl Fn(&T) -> String,
        findings: &mut Findings,
    ) -> bool {
        let Some((ours, theirs)) = ours.as_ref().zip(theirs.as_ref()) else {
            return true;
        };
        let agree = same(&ours.value, &theirs.value);
        if !agree {
            let (here, there) = (show(&ours.value), show(&theirs.value));
            self.contradiction(&ours.place, &here, &theirs.place, &there, findings);
        }
        agree
    }

    fn contradiction(
        &self,
        place: &str,
        here: &str,
        other_place: &str,
        there: &str,
        findings: &mut Findings,
    ) {
        let file = self.report_file.display();
        let message = format!("{here} contradicts {file}: `{other_place}`: {there}");
        findings.warn(place, message);
    }

    /// The strategies of the benchmarks follow from the rates.
    fn warn_of_other_strategies(&self, findings: &mut Findings) {
        let profile = self.profile;
        let Some((rate_type, rates)) = profile.rate_type.as_ref().zip(profile.rates.as_ref())
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
                _other => None,
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
            _without_rates => return,
        };
        if done != rates.value {
            let here = quoted_rates(&rates.value);
            self.contradiction(&rates.place, &here, "benchmarks", &there, findings);
        }
    }

    fn warn_of_more_requests(&self, findings: &mut Findings) {
        let Some(most) = &self.profile.max_requests else {
            return;
        };
        for (index, benchmark) in self.benchmarks.iter().enumerate() {
            let counts = [benchmark.counts.successful, benchmark.counts.errored];
            let made = counts.into_iter().flatten().fold(0, u64::saturating_add);
            if made > most.value {
                let here = format!("`{}`", most.value);
                let there = format!("{made} requests were answered");
                let other_place = format!("benchmarks[{index}]");
                self.contradiction(&most.place, &here, &other_place, &there, findings);
            }
        }
    }

    fn compare_data(&self, findings: &mut Findings) {
        let Some(Stated {
            place: ours,
            value: DataDescription::Lengths(lengths),
        }) = &self.profile.data
        else {
            return;
        };
        if let Some(Stated { place, value }) = &self.told.data {
            let mut contradict = |ours: &str, here: &str, there: &str| {
                self.contradiction(ours, here, place, there, findings);
            };
            match value {
                DataDescription::Lengths(theirs) => {
                    for (key, here, there) in differences(lengths, theirs) {
                        let there = format!("`{key}` is {there}");
                        contradict(&format!("{ours}.{key}"), &here, &there);
                    }
                }
                DataDescription::SeveralPrefixes { prefixes } => {
                    contradict(ours, "one prefix at most", &format!("{prefixes} prefixes"));
                }
                DataDescription::Other(found) => contradict(ours, "synthetic data", found),
                DataDescription::TooLong => {
                    let file = self.report_file.display();
                    let found = format!("`{place}` of {file} is a text of more than 1024 bytes");
                    findings.warn(ours, unknown_data(&found));
                }
            }
        }
        self.warn_of_other_lengths(ours, lengths, findings);
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
            let (place, other_place) = (format!("{place}.{key}"), format!("benchmarks[{index}]"));
            self.contradiction(&place, &here, &other_place, &there, findings);
        }
    }
}

/// The keys in which two descriptions of data differ, with both values.
fn differences(ours: &LengthProfile, theirs: &LengthProfile) -> Vec<(String, String, String)> {
    fn entries(lengths: &LengthProfile) -> impl Iterator<Item = (String, Option<u32>)> {
        let of = |name: &str, lengths: &TokenLengths| {
            [
                (name.to_owned(), Some(lengths.mean)),
                (format!("{name}_stdev"), lengths.std_dev),
                (format!("{name}_min"), lengths.min),
                (format!("{name}_max"), lengths.max),
            ]
        };
        let prefix = ("prefix_tokens".to_owned(), Some(lengths.prefix_tokens));
        let prompt = of("prompt_tokens", &lengths.prompt);
        std::iter::once(prefix)
            .chain(prompt)
            .chain(of("output_tokens", &lengths.output))
    }
    let show = |value: Option<u32>| {
        value.map_or_else(|| "not set".to_owned(), |value| format!("`{value}`"))
    };
    entries(ours)
        .zip(entries(theirs))
        .filter(|((_, ours), (_, theirs))| ours != theirs)
        .map(|((key, ours), (_, theirs))| (key, show(ours), show(theirs)))
        .collect()
}
