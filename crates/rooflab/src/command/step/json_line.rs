//! Steps as lines of JSON.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Context, anyhow};
use roofline::{Batch, InvalidRequest, Step};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::step_request::StepRequest;
use crate::step_setup::StepSetup;

/// Keys longer than this are no slips of ours, and comparing them takes time.
const COMPARED_BYTES: usize = 32;

/// How many letters of a known key stand for one slip that is taken for a misspelling of it.
const LETTERS_PER_SLIP: usize = 4;

/// The keys of a line that mean something here. All others are passed through.
const KEYS: [&str; 9] = [
    "model",
    "gpu",
    "tensor_parallel",
    "preset",
    "hardware",
    "assumptions",
    "prefill",
    "decode",
    PREDICTED,
];

/// Written, and replaced where it is there already.
const PREDICTED: &str = "predicted";

/// A line whose values are still text.
#[derive(Debug, Default)]
pub(super) struct JsonLine<'l> {
    text: &'l str,
    values: BTreeMap<&'static str, &'l RawValue>,
    /// A key that is perhaps one of ours, and which.
    misspelt: Option<(String, &'static str)>,
}

#[derive(serde::Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct PrefillEntry {
    cached: u32,
    new: u32,
}

/// The key that `given` is probably meant to be.
fn meant_by(given: &str) -> Option<&'static str> {
    if given.len() > COMPARED_BYTES {
        return None;
    }
    let given = given.to_lowercase();
    KEYS.into_iter()
        .map(|key| (strsim::damerau_levenshtein(&given, key), key))
        .filter(|(slips, key)| *slips <= key.len() / LETTERS_PER_SLIP)
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, key)| key)
}

impl<'l> JsonLine<'l> {
    /// Finds the keys.
    pub(super) fn parse(text: &'l str) -> anyhow::Result<Self> {
        let line: Self = serde_json::from_str(text).map_err(|error| {
            let (reason, column) = (reason_of(&error), error.column());
            anyhow!("cannot be read as a step: {reason} at column {column}")
        })?;
        if let Some((given, meant)) = &line.misspelt {
            // A slip of a key that is there as well is a key of the user's own.
            anyhow::ensure!(
                line.values.contains_key(meant),
                "unknown field `{given}`; did you mean `{meant}`?"
            );
        }
        Ok(Self { text, ..line })
    }

    /// The step that the line asks for.
    pub(super) fn request(&self) -> anyhow::Result<StepRequest> {
        let mut batch = Batch::new();
        let prefill: Vec<PrefillEntry> = self.optional("prefill")?;
        for (index, request) in prefill.iter().enumerate() {
            let pushed = batch.push_prefill(request.cached, request.new);
            pushed.map_err(refused("prefill", index))?;
        }
        let decode: Vec<u32> = self.optional("decode")?;
        for (index, kv) in decode.iter().enumerate() {
            batch
                .push_decode(*kv, 1)
                .map_err(refused("decode", index))?;
        }
        let setup = StepSetup {
            model: self.required("model")?,
            gpu: self.required("gpu")?,
            tensor_parallel: self.required("tensor_parallel")?,
            preset: self.required("preset")?,
            assumptions: self.optional("assumptions")?,
            hardware: self.optional("hardware")?,
        };
        Ok(StepRequest { setup, batch })
    }

    /// The line with its prediction, everything else as it was written.
    pub(super) fn with_predicted(&self, step: &Step) -> serde_json::Result<String> {
        let predicted = serde_json::to_string(step)?;
        if let Some(old) = self.values.get(PREDICTED) {
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

    fn required<T: Deserialize<'l>>(&self, key: &str) -> anyhow::Result<T> {
        self.value(key)?
            .with_context(|| format!("field `{key}` is missing"))
    }

    fn optional<T: Deserialize<'l> + Default>(&self, key: &str) -> anyhow::Result<T> {
        Ok(self.value(key)?.unwrap_or_default())
    }

    fn value<T: Deserialize<'l>>(&self, key: &str) -> anyhow::Result<Option<T>> {
        let value = self
            .values
            .get(key)
            .map(|raw| serde_json::from_str(raw.get()));
        value
            .transpose()
            .map_err(|error| anyhow!("field `{key}`: {}", reason_of(&error)))
    }
}

fn refused(key: &str, index: usize) -> impl Fn(InvalidRequest) -> anyhow::Error + '_ {
    move |reason| anyhow!("field `{key}`, entry {}: {reason}", index + 1)
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
            match KEYS.into_iter().find(|key| *key == name) {
                Some(key) if line.values.insert(key, value).is_some() => {
                    return Err(A::Error::duplicate_field(key));
                }
                Some(_) => {}
                None => {
                    if let Some(meant) = meant_by(&name) {
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
    #[serde(flatten)]
    setup: &'s StepSetup,
    #[serde(serialize_with = "prefill_entries")]
    prefill: &'s Batch,
    #[serde(serialize_with = "decode_entries")]
    decode: &'s Batch,
    predicted: &'s Step,
}

impl<'s> PredictedLine<'s> {
    /// The line of this step.
    pub(super) fn new(request: &'s StepRequest, predicted: &'s Step) -> Self {
        let StepRequest { setup, batch } = request;
        Self {
            setup,
            prefill: batch,
            decode: batch,
            predicted,
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
            ("hardwear", Some("hardware")),
            ("Model", Some("model")),
            ("decodes", Some("decode")),
            ("tensor-parallel", Some("tensor_parallel")),
            ("id", None),
            ("step_us_exact", None),
            ("measured", None),
            ("tp", None),
        ] {
            assert_eq!(meant_by(given), meant, "{given}");
        }
    }
}
