//! Reading an object and nothing but an object: serde also takes a list for a struct, by position.
//! For fields of policies: `#[serde(deserialize_with = "object::object")]`.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

/// The object, as `T`.
///
/// # Errors
/// When it is something else, or no `T`.
pub fn object<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_map(Object(PhantomData))
}

/// The object, as `T`; nothing for null.
///
/// # Errors
/// As [`object`].
pub fn or_null<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let value = Option::<Each<T>>::deserialize(deserializer)?;
    Ok(value.map(|Each(value)| value))
}

/// An object of objects, by their keys.
///
/// # Errors
/// When it, or one of them, is something else, or no `T`.
pub fn objects<'de, T, D>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let each = BTreeMap::<String, Each<T>>::deserialize(deserializer)?;
    Ok(each
        .into_iter()
        .map(|(key, Each(value))| (key, value))
        .collect())
}

/// A list of objects.
///
/// # Errors
/// When it is something else, or one of them is, or no `T`.
pub fn list<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let each = Vec::<Each<T>>::deserialize(deserializer)?;
    Ok(each.into_iter().map(|Each(value)| value).collect())
}

struct Each<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Each<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer).map(Self)
    }
}

struct Object<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<T, M::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}
