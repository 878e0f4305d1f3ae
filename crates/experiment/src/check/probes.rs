//! What a run computes: batches, look-ups, projections.

use roofline::Projection;
use serde_yaml::Spanned;

use super::run_checker::{Names, RunChecker};
use crate::format::{BatchSpec, CaseValue, GemmSpec, LengthSpec, LookupSpec, Scalar};
use crate::sweep::{
    ALL_PROJECTIONS, BatchPlan, DecodePlan, LengthSource, Lookup, NumberSource, PrefillPlan, Probe,
    ProjectionSource, value_text, value_words,
};

impl RunChecker<'_, '_> {
    pub(super) fn check_batch(
        &mut self,
        name: &Spanned<String>,
        spec: &BatchSpec,
        names: &mut Names<'_>,
    ) -> Option<BatchPlan> {
        if spec.prefill.is_empty() && spec.decode.is_empty() {
            let message = format!("the batch of run `{}` has no requests", name.value);
            self.reporter
                .at(name, message)
                .help("give it `prefill: [{new: 512}]`, `decode: [{kv: 1024, count: 8}]` or both");
            return None;
        }
        let mut plan = BatchPlan {
            prefill: Vec::new(),
            decode: Vec::new(),
        };
        for entry in &spec.prefill {
            let new = self.check_length(&entry.value.new, names);
            let cached = match &entry.value.cached {
                Some(cached) => self.check_length(cached, names),
                None => Some(LengthSource::Each(NumberSource::Fixed(0))),
            };
            let lists = [new.as_ref(), cached.as_ref()];
            let count = self.check_count(entry.value.count.as_ref(), &lists, entry, names);
            if let (Some(new), Some(cached), Some(count)) = (new, cached, count) {
                plan.prefill.push(PrefillPlan { new, cached, count });
            }
        }
        for entry in &spec.decode {
            let kv = self.check_length(&entry.value.kv, names);
            let count = self.check_count(entry.value.count.as_ref(), &[kv.as_ref()], entry, names);
            if let (Some(kv), Some(count)) = (kv, count) {
                plan.decode.push(DecodePlan { kv, count });
            }
        }
        Some(plan)
    }

    /// The count of an entry: absent with a list, needed with a generator.
    fn check_count<T>(
        &mut self,
        count: Option<&Spanned<Scalar>>,
        lengths: &[Option<&LengthSource>],
        entry: &Spanned<T>,
        names: &mut Names<'_>,
    ) -> Option<NumberSource> {
        let (mut listed, mut generated) = (false, false);
        for length in lengths.iter().flatten() {
            match length {
                LengthSource::Each(_) => {}
                LengthSource::List(_) | LengthSource::VariedList(_) => listed = true,
                LengthSource::Linspace(_) | LengthSource::Steps { .. } => generated = true,
            }
        }
        match count {
            Some(count) if listed => {
                let message = "a list has a request for each value: leave `count` out";
                self.reporter.at(count, message);
                None
            }
            Some(count) => self.check_number(count, names),
            None if generated => {
                let message = "a generator needs `count`: how many requests it makes";
                self.reporter.at(entry, message);
                None
            }
            None => Some(NumberSource::Fixed(1)),
        }
    }

    fn check_length(
        &mut self,
        spec: &Spanned<LengthSpec>,
        names: &mut Names<'_>,
    ) -> Option<LengthSource> {
        match &spec.value {
            LengthSpec::List(values) => Some(LengthSource::List(values.clone())),
            LengthSpec::Linspace(ends) => Some(LengthSource::Linspace(*ends)),
            LengthSpec::Steps { start, step } => Some(LengthSource::Steps {
                start: *start,
                step: *step,
            }),
            LengthSpec::One(scalar) => {
                let place = Spanned::new(scalar.clone(), spec.referenced, spec.defined);
                if let Some(field) = scalar
                    .as_value()
                    .as_text()
                    .and_then(|word| names.axes.find(word))
                    && names.axes.field(field).is_of_lengths()
                {
                    names.used.insert(field.axis);
                    return Some(LengthSource::VariedList(field));
                }
                self.check_number(&place, names).map(LengthSource::Each)
            }
        }
    }

    /// A whole number or the name of an axis whose values all are whole numbers.
    fn check_number(
        &mut self,
        value: &Spanned<Scalar>,
        names: &mut Names<'_>,
    ) -> Option<NumberSource> {
        if let Some(number) = value.value.as_value().as_u32() {
            return Some(NumberSource::Fixed(number));
        }
        let Some(word) = value.value.as_value().as_text() else {
            let message = format!(
                "`{}` is not a whole number from 0 to {} or the name of an axis",
                value.value,
                u32::MAX
            );
            self.reporter.at(value, message);
            return None;
        };
        let Some(field) = names.find(word) else {
            let message = format!("run `{}` has no axis `{word}`", names.run);
            let known = names.axes.names();
            self.reporter
                .at(value, message)
                .choices("its axes and fields", word, known);
            return None;
        };
        let wrong = names
            .axes
            .field(field)
            .values()
            .iter()
            .find(|candidate| match candidate {
                CaseValue::One(scalar) => scalar.as_value().as_u32().is_none(),
                CaseValue::Lengths(_) => true,
            });
        if let Some(wrong) = wrong {
            let message = format!(
                "axis `{word}` has {}, and a whole number from 0 to {} is needed here",
                value_words(wrong),
                u32::MAX
            );
            self.reporter.at(value, message);
            return None;
        }
        Some(NumberSource::Varied(field))
    }

    pub(super) fn check_lookup(
        &mut self,
        spec: &LookupSpec,
        names: &mut Names<'_>,
    ) -> Option<Lookup> {
        match spec {
            LookupSpec::Gemm { m, k, n } => {
                let [m, k, n] = [m, k, n].map(|size| self.check_number(size, names));
                Some(Lookup::Gemm {
                    m: m?,
                    k: k?,
                    n: n?,
                })
            }
            LookupSpec::Decode { batch, kv } => {
                let [batch, kv] = [batch, kv].map(|size| self.check_number(size, names));
                Some(Lookup::Decode {
                    batch: batch?,
                    kv: kv?,
                })
            }
            LookupSpec::Prefill { seq_len } => self
                .check_number(seq_len, names)
                .map(|seq_len| Lookup::Prefill { seq_len }),
        }
    }

    pub(super) fn check_gemm(&mut self, spec: &GemmSpec, names: &mut Names<'_>) -> Option<Probe> {
        let tokens = self.check_number(&spec.tokens, names);
        let choices = || std::iter::once(ALL_PROJECTIONS).chain(Projection::NAMES.iter().copied());
        let given = spec.projection.value.to_string();
        let projection = if let Some(field) = names.find(&given) {
            let mut values = names.axes.field(field).values().iter().map(value_text);
            let wrong = values.find(|word| !choices().any(|choice| choice == word));
            if let Some(wrong) = wrong {
                let message =
                    format!("axis `{given}` has the value `{wrong}`, which is no projection");
                self.reporter.at(&spec.projection, message).choices(
                    "projections",
                    &wrong,
                    choices(),
                );
                return None;
            }
            ProjectionSource::Varied(field)
        } else if given == ALL_PROJECTIONS {
            ProjectionSource::All
        } else if let Ok(one) = given.parse() {
            ProjectionSource::One(one)
        } else {
            let message = format!(
                "`{given}` is no projection and no axis of run `{}`",
                names.run
            );
            self.reporter
                .at(&spec.projection, message)
                .choices("projections", &given, choices());
            return None;
        };
        Some(Probe::Gemm {
            tokens: tokens?,
            projection,
        })
    }
}
