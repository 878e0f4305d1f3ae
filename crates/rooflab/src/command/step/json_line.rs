//! Steps as lines of JSON.

use std::collections::BTreeMap;
use std::fmt;

use roofline::{Batch, InvalidRequest, Preset, Step};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use settings::{Given, GivenSettings, HARDWARE, InFile, Nested, OVERRIDES, Setting, Setup, Slot};

use super::prediction::{PredictionError, StepRequest};

/// Keys longer than this are no slips of ours, and comparing them takes time.
const COMPARED_BYTES: usize = 32;

/// How many letters of a known key stand for one slip that is taken for a misspelling of it.
const LETTERS_PER_SLIP: usize = 4;

/// The keys of a line that mean something here. All others are passed through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Model,
    Gpu,
    TensorParallel,
    Preset,
    Hardware,
    Assumptions,
    Prefill,
    Decode,
    /// Written, and replaced where it is there already.
    Predicted,
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
pub(super) enum LineError {
    #[error("not UTF-8 at byte {0}")]
    NotUtf8(usize),
    #[error("cannot be read as a step: {reason} at column {column}")]
    Unreadable { reason: String, column: usize },
    #[error("field `{0}` is missing")]
    Missing(Key),
    #[error("unknown field `{given}`; did you mean `{meant}`?")]
    Misspelt { given: String, meant: Key },
    #[error("field `{key}`: {reason}")]
    Value { key: Key, reason: String },
    #[error("field `{key}`, entry {entry}: {reason}")]
    Request {
        key: Key,
        entry: usize,
        reason: InvalidRequest,
    },
    #[error(transparent)]
    Prediction(#[from] PredictionError),
}

/// A line whose values are still text.
#[derive(Debug, Default)]
pub(super) struct JsonLine<'l> {
    text: &'l str,
    values: BTreeMap<Key, &'l RawValue>,
    misspelt: Option<(String, Key)>,
}

#[derive(serde::Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct PrefillEntry {
    cached: u32,
    new: u32,
}

impl Key {
    const ALL: [Self; 9] = [
        Self::Model,
        Self::Gpu,
        Self::TensorParallel,
        Self::Preset,
        Self::Hardware,
        Self::Assumptions,
        Self::Prefill,
        Self::Decode,
        Self::Predicted,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Gpu => "gpu",
            Self::TensorParallel => "tensor_parallel",
            Self::Preset => "preset",
            Self::Hardware => "hardware",
            Self::Assumptions => "assumptions",
            Self::Prefill => "prefill",
            Self::Decode => "decode",
            Self::Predicted => "predicted",
        }
    }

    /// The key that `given` is probably meant to be.
    fn meant_by(given: &str) -> Option<Self> {
        if given.len() > COMPARED_BYTES {
            return None;
        }
        let given = given.to_lowercase();
        Self::ALL
            .into_iter()
            .map(|key| (strsim::damerau_levenshtein(&given, key.name()), key))
            .filter(|(slips, key)| *slips <= key.name().len() / LETTERS_PER_SLIP)
            .min()
            .map(|(_, key)| key)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl<'l> JsonLine<'l> {
    /// Finds the keys.
    pub(super) fn parse(text: &'l str) -> Result<Self, LineError> {
        let line: Self = serde_json::from_str(text).map_err(|error| LineError::Unreadable {
            reason: reason_of(&error),
            column: error.column(),
        })?;
        match line.misspelt {
            // A slip of a key that is there as well is a key of the user's own.
            Some((given, meant)) if !line.values.contains_key(&meant) => {
                Err(LineError::Misspelt { given, meant })
            }
            Some(_) | None => Ok(Self {
                text,
                misspelt: None,
                ..line
            }),
        }
    }

    /// The step that the line asks for.
    pub(super) fn request(&self) -> Result<StepRequest, LineError> {
        let mut batch = Batch::new();
        let prefill: Vec<PrefillEntry> = self.optional(Key::Prefill)?;
        for (index, request) in prefill.iter().enumerate() {
            batch
                .push_prefill(request.cached, request.new)
                .map_err(refused(Key::Prefill, index))?;
        }
        let decode: Vec<u32> = self.optional(Key::Decode)?;
        for (index, kv) in decode.iter().enumerate() {
            batch
                .push_decode(*kv, 1)
                .map_err(refused(Key::Decode, index))?;
        }
        let setup = Setup {
            model: Some(self.required(Key::Model)?),
            gpu: Some(self.required(Key::Gpu)?),
            tensor_parallel: self.required(Key::TensorParallel)?,
            ..Setup::default()
        };
        let preset = self.required::<Preset>(Key::Preset)?.name().to_owned();
        let mut given = GivenSettings::from([(Setting::PRESET, Given::Word(preset))]);
        given.extend(self.given::<OVERRIDES>(Key::Assumptions)?);
        given.extend(self.given::<HARDWARE>(Key::Hardware)?);
        Ok(StepRequest::new(setup, given, batch))
    }

    /// The settings of a section.
    fn given<const SECTION: usize>(&self, key: Key) -> Result<GivenSettings, LineError> {
        let Nested::<SECTION, &RawValue>(values) = self.optional(key)?;
        let given = values.into_iter().map(|(setting, raw)| {
            let value = given(setting, raw).map_err(bad_value(key))?;
            Ok((setting, value))
        });
        given.collect()
    }

    /// The line with its prediction, everything else as it was written.
    pub(super) fn with_predicted(&self, step: &Step) -> serde_json::Result<String> {
        let predicted = serde_json::to_string(step)?;
        if let Some(old) = self.values.get(&Key::Predicted) {
            // The value is a part of the text: it was borrowed from it.
            let start = old.get().as_ptr().addr() - self.text.as_ptr().addr();
            let end = start + old.get().len();
            let (before, after) = (&self.text[..start], self.text[end..].trim_end());
            return Ok([before, &predicted, after].concat());
        }
        let end = self.text.rfind('}').unwrap_or(self.text.len());
        let before = self.text[..end].trim_end();
        Ok([before, ", \"predicted\": ", &predicted, "}"].concat())
    }

    fn required<T: Deserialize<'l>>(&self, key: Key) -> Result<T, LineError> {
        self.value(key)?.ok_or(LineError::Missing(key))
    }

    fn optional<T: Deserialize<'l> + Default>(&self, key: Key) -> Result<T, LineError> {
        Ok(self.value(key)?.unwrap_or_default())
    }

    fn value<T: Deserialize<'l>>(&self, key: Key) -> Result<Option<T>, LineError> {
        self.values
            .get(&key)
            .map(|raw| serde_json::from_str(raw.get()))
            .transpose()
            .map_err(bad_value(key))
    }
}

/// The value of a setting, by what it takes.
fn given(setting: Setting, raw: &RawValue) -> serde_json::Result<Given> {
    let mut defaults = Setup::default();
    let Slot::Choice(choice) = setting.slot(&mut defaults) else {
        return serde_json::from_str(raw.get()).map(Given::Number);
    };
    let word: String =
        serde_json::from_str(raw.get()).map_err(|_| serde_json::Error::custom("expected value"))?;
    if !choice.choose(&word) {
        return Err(serde_json::Error::unknown_variant(&word, choice.names()));
    }
    Ok(Given::Word(word))
}

fn bad_value(key: Key) -> impl Fn(serde_json::Error) -> LineError {
    move |error| LineError::Value {
        key,
        reason: reason_of(&error),
    }
}

fn refused(key: Key, index: usize) -> impl Fn(InvalidRequest) -> LineError {
    move |reason| LineError::Request {
        key,
        entry: index + 1,
        reason,
    }
}

/// What the parser says, without the place: it counts from the start of the value.
fn reason_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

impl<'de> Deserialize<'de> for JsonLine<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(LineVisitor)
    }
}

struct LineVisitor;

impl<'de> Visitor<'de> for LineVisitor {
    type Value = JsonLine<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonLine<'de>, A::Error> {
        let mut line = JsonLine::default();
        while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
            let known = Key::ALL.into_iter().find(|key| key.name() == name);
            match known {
                Some(key) if line.values.insert(key, value).is_some() => {
                    return Err(A::Error::duplicate_field(key.name()));
                }
                Some(_) => {}
                None => {
                    if let Some(meant) = Key::meant_by(&name) {
                        line.misspelt = Some((name, meant));
                    }
                }
            }
        }
        Ok(line)
    }
}

/// A request and its prediction in the form of such a line.
#[derive(Serialize)]
pub(super) struct PredictedLine<'s> {
    model: Option<&'s str>,
    gpu: Option<&'s str>,
    hardware: InFile<'s, Given>,
    tensor_parallel: u32,
    preset: Preset,
    assumptions: InFile<'s, Given>,
    #[serde(serialize_with = "prefill_entries")]
    prefill: &'s Batch,
    #[serde(serialize_with = "decode_entries")]
    decode: &'s Batch,
    predicted: &'s Step,
}

impl<'s> PredictedLine<'s> {
    /// The line of this step.
    pub(super) fn new(request: &'s StepRequest, step: &'s Step) -> Self {
        let setup = &request.setup;
        let section = |section| InFile {
            section,
            values: &request.given,
            with_empty: false,
        };
        Self {
            model: setup.model.as_deref(),
            gpu: setup.gpu.as_deref(),
            hardware: section(HARDWARE),
            tensor_parallel: setup.tensor_parallel,
            preset: setup.preset,
            assumptions: section(OVERRIDES),
            prefill: &request.batch,
            decode: &request.batch,
            predicted: step,
        }
    }
}

fn prefill_entries<S: Serializer>(batch: &Batch, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(batch.prefill().iter().map(|request| PrefillEntry {
        cached: request.cached,
        new: request.new,
    }))
}

fn decode_entries<S: Serializer>(batch: &Batch, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(
        batch
            .decode()
            .iter()
            .flat_map(|group| (0..group.requests).map(|_| group.kv)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_a_key_are_noticed_and_other_keys_are_not() {
        for (given, meant) in [
            ("hardwear", Some(Key::Hardware)),
            ("Model", Some(Key::Model)),
            ("decodes", Some(Key::Decode)),
            ("tensor-parallel", Some(Key::TensorParallel)),
            ("id", None),
            ("step_us_exact", None),
            ("measured", None),
            ("tp", None),
        ] {
            assert_eq!(Key::meant_by(given), meant, "{given}");
        }
    }
}
