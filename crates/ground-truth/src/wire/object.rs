use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

/// Types that are read from objects alone. Derived code would take a list for an object whose keys were left out.
pub(super) trait FromObject<'de>: Sized {
    /// The derived code.
    fn from_object<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Implements `Deserialize` for types that derive it with `#[serde(remote = "Self")]`.
macro_rules! from_objects_alone {
    ($($type:ident),+ $(,)?) => {$(
        impl<'de> $crate::wire::object::FromObject<'de> for $type {
            fn from_object<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $type::deserialize(deserializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::object::deserialize(deserializer)
            }
        }
    )+};
}
pub(super) use from_objects_alone;

pub(super) fn deserialize<'de, T: FromObject<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: FromObject<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<T, A::Error> {
        T::from_object(MapAccessDeserializer::new(entries))
    }
}
