//! How does an override change one label or annotation?

use serde_json::{Map, Value};

use super::failure::Failure;
use super::native::KeysOverride;

/// The two maps of an object's metadata that have texts as values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    Labels,
    Annotations,
}

/// A change of one of their keys.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct KeyChange {
    pub(super) of: Keys,
    pub(super) key: String,
    pub(super) how: How,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) enum How {
    Set(String),
    Replace(String),
    Remove,
}

impl Keys {
    /// The field that holds them, in metadata and in overrides.
    pub(super) const fn field(self) -> &'static str {
        match self {
            Self::Labels => "labels",
            Self::Annotations => "annotations",
        }
    }

    /// The changes of an override, in order, each with the way to it in the override's field.
    pub(super) fn changes(
        self,
        source: &KeysOverride,
    ) -> impl Iterator<Item = (KeyChange, [String; 2])> {
        let change = move |key: &str, how| KeyChange {
            of: self,
            key: key.to_owned(),
            how,
        };
        let set = source.set.iter().map(move |(key, value)| {
            let way = ["set".to_owned(), key.clone()];
            (change(key, How::Set(value.clone())), way)
        });
        let replace = source.replace.iter().map(move |(key, value)| {
            let way = ["replace".to_owned(), key.clone()];
            (change(key, How::Replace(value.clone())), way)
        });
        let remove = source.remove.iter().enumerate().map(move |(index, key)| {
            let way = ["remove".to_owned(), index.to_string()];
            (change(key, How::Remove), way)
        });
        set.chain(replace).chain(remove)
    }
}

impl KeyChange {
    /// What it does, as it is shown.
    pub(super) const fn op(&self) -> &'static str {
        match self.how {
            How::Set(_) => "set",
            How::Replace(_) => "replace",
            How::Remove => "remove",
        }
    }

    /// The value that it writes.
    pub(super) fn value(&self) -> Option<&str> {
        match &self.how {
            How::Set(value) | How::Replace(value) => Some(value),
            How::Remove => None,
        }
    }

    pub(super) fn apply(&self, object: &mut Value) -> Result<(), Failure> {
        let Some(object) = object.as_object_mut() else {
            return Err(Failure::because("it is no object"));
        };
        let creates = matches!(self.how, How::Set(_));
        let Some(metadata) = map(object, "metadata", creates)? else {
            return Ok(());
        };
        let Some(keys) = map(metadata, self.of.field(), creates)? else {
            return Ok(());
        };
        match &self.how {
            How::Set(value) => {
                keys.insert(self.key.clone(), value.as_str().into());
            }
            How::Replace(value) => {
                if let Some(old) = keys.get_mut(&self.key) {
                    *old = value.as_str().into();
                }
            }
            How::Remove => {
                keys.remove(&self.key);
            }
        }
        Ok(())
    }
}

/// The map in a field, which is made where it is missing if that is wanted.
fn map<'o>(
    fields: &'o mut Map<String, Value>,
    field: &str,
    creates: bool,
) -> Result<Option<&'o mut Map<String, Value>>, Failure> {
    let missing = fields.get(field).is_none_or(Value::is_null);
    if missing && !creates {
        return Ok(None);
    }
    if missing {
        fields.insert(field.to_owned(), Value::Object(Map::new()));
    }
    match fields.get_mut(field) {
        Some(Value::Object(map)) => Ok(Some(map)),
        _ => Err(Failure::because(format!("its {field} is no map"))),
    }
}
