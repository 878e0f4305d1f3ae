//! Settings as a hypothesis file writes them: each a value with its place, by the table of settings.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Map;
use serde_yaml::Spanned;
use settings::{
    ASSUMPTIONS, FACTORS, Given, HARDWARE, InFile, Nested, OVERHEAD, SECTIONS, SERVER, SETUP,
    Setting,
};

use super::scalar::Scalar;

/// The settings of a section. Every leaf is a value; inside a run it may also be the name of an axis.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct SettingsSpec<const SECTION: usize>(Nested<SECTION, Spanned<Scalar>>);

/// What `setup` says.
pub(crate) type SetupSpec = SettingsSpec<SETUP>;

impl<const SECTION: usize> SettingsSpec<SECTION> {
    /// The value that the file gives a setting.
    pub(crate) fn get(&self, setting: Setting) -> Option<&Spanned<Scalar>> {
        self.0.0.get(&setting)
    }
}

impl<const SECTION: usize> Serialize for SettingsSpec<SECTION> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let whole = InFile {
            section: SECTION,
            values: &self.0.0,
            with_empty: true,
        };
        whole.serialize(serializer)
    }
}

impl From<&Scalar> for Given {
    fn from(value: &Scalar) -> Self {
        match value {
            Scalar::Int(whole) => match u64::try_from(*whole) {
                Ok(whole) => Self::Whole(whole),
                #[expect(clippy::cast_precision_loss, reason = "settings are far below 2^53")]
                Err(_) => Self::Number(*whole as f64),
            },
            Scalar::Float(number) => Self::Number(*number),
            Scalar::Text(word) => Self::Word(word.clone()),
            Scalar::Bool(switch) => Self::Switch(*switch),
        }
    }
}

impl<const SECTION: usize> JsonSchema for SettingsSpec<SECTION> {
    fn schema_name() -> Cow<'static, str> {
        SECTIONS[SECTION].name.into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = section_schema(SECTION, false, generator);
        // Of the others the keys say what they hold.
        if matches!(SECTION, SETUP | OVERHEAD | SERVER) {
            schema.insert("description".to_owned(), SECTIONS[SECTION].meaning.into());
        }
        schema
    }
}

/// The schema of the setup that all runs share. There are no axes to name in it: words are choices, and the rest are
/// numbers.
pub(super) fn shared_setup_schema(generator: &mut SchemaGenerator) -> Schema {
    section_schema(SETUP, true, generator)
}

fn section_schema(section: usize, shared: bool, generator: &mut SchemaGenerator) -> Schema {
    let mut properties = Map::new();
    let mut insert = |key: &str, meaning: &str, mut schema: Schema| {
        schema.insert("description".to_owned(), meaning.into());
        properties.insert(key.to_owned(), schema.to_value());
    };
    for setting in Setting::of_section(section) {
        let schema = match (setting.choices(), shared) {
            ([], false) => generator.subschema_for::<Option<Scalar>>(),
            (words, false) => words_schema(words),
            ([], true) if [Setting::MODEL, Setting::GPU].contains(&setting) => {
                json_schema!({ "type": ["string", "null"] })
            }
            ([], true) => json_schema!({ "type": ["number", "null"] }),
            (words, true) => json_schema!({ "anyOf": [{ "enum": words }, { "type": "null" }] }),
        };
        insert(setting.key(), &setting.meaning(), schema);
    }
    for below in SECTIONS[section].below {
        let schema = match *below {
            below if shared => section_schema(below, true, generator),
            ASSUMPTIONS => generator.subschema_for::<SettingsSpec<ASSUMPTIONS>>(),
            FACTORS => generator.subschema_for::<SettingsSpec<FACTORS>>(),
            _ => generator.subschema_for::<SettingsSpec<HARDWARE>>(),
        };
        insert(SECTIONS[*below].key, SECTIONS[*below].meaning, schema);
    }
    json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// One of the words, or the name of an axis.
pub(super) fn words_schema(words: &[&str]) -> Schema {
    json_schema!({
        "anyOf": [
            { "enum": words },
            { "type": "string", "description": "the name of an axis" },
            { "type": "null" }
        ]
    })
}
