//! Settings as files write them: mappings within mappings.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::section::SECTIONS;
use crate::setting::Setting;

/// The settings of a section and of those below it that a file gives a value.
#[derive(Clone, Debug)]
pub struct Nested<const SECTION: usize, V>(pub BTreeMap<Setting, V>);

impl<const SECTION: usize, V> Default for Nested<SECTION, V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'de, const SECTION: usize, V: Deserialize<'de>> Deserialize<'de> for Nested<SECTION, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut values = BTreeMap::new();
        let reader = Reader {
            section: SECTION,
            values: &mut values,
        };
        reader.deserialize(deserializer)?;
        Ok(Self(values))
    }
}

struct Reader<'m, V> {
    section: usize,
    values: &'m mut BTreeMap<Setting, V>,
}

impl<'de, V: Deserialize<'de>> DeserializeSeed<'de> for Reader<'_, V> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, V: Deserialize<'de>> Visitor<'de> for Reader<'_, V> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Answers to lines of JSON call it so.
        let name = SECTIONS[self.section].name.trim_end_matches('s');
        write!(f, "struct {name}Overrides")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let mut settings = Setting::of_section(self.section);
            let mut below = SECTIONS[self.section].below.iter();
            if let Some(setting) = settings.find(|setting| setting.key() == key) {
                let value = map.next_value::<Option<V>>()?;
                if value.is_some_and(|value| self.values.insert(setting, value).is_some()) {
                    return Err(A::Error::duplicate_field(setting.key()));
                }
            } else if let Some(section) = below.find(|section| SECTIONS[**section].key == key) {
                map.next_value_seed(Reader {
                    section: *section,
                    values: self.values,
                })?;
            } else {
                return Err(A::Error::unknown_field(&key, &KEYS[self.section]));
            }
        }
        Ok(())
    }
}

/// The keys of each section, those of settings first.
static KEYS: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let keys = |section: usize| {
        let below = SECTIONS[section].below.iter();
        Setting::of_section(section)
            .map(Setting::key)
            .chain(below.map(|section| SECTIONS[*section].key))
            .collect()
    };
    (0..SECTIONS.len()).map(keys).collect()
});

/// Given settings as a mapping of a section.
#[derive(Clone, Copy, Debug)]
pub struct InFile<'m, V> {
    /// The section.
    pub section: usize,
    /// The settings, among which are those of the section.
    pub values: &'m BTreeMap<Setting, V>,
    /// Whether sections below are written that have no value.
    pub with_empty: bool,
}

impl<'m, V> InFile<'m, V> {
    /// The values of a section, without empty sections below.
    #[must_use]
    pub fn of(values: &'m BTreeMap<Setting, V>, section: usize) -> Self {
        Self {
            section,
            values,
            with_empty: false,
        }
    }
}

impl<V: Serialize> Serialize for InFile<'_, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for setting in Setting::of_section(self.section) {
            if let Some(value) = self.values.get(&setting) {
                map.serialize_entry(setting.key(), value)?;
            }
        }
        for section in SECTIONS[self.section].below {
            let mut settings = Setting::below(*section).into_iter();
            if self.with_empty || settings.any(|setting| self.values.contains_key(&setting)) {
                let below = Self {
                    section: *section,
                    ..*self
                };
                map.serialize_entry(SECTIONS[*section].key, &below)?;
            }
        }
        map.end()
    }
}
